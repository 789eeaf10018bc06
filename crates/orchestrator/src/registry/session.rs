//! Requests to one registry on behalf of one person: credentials, tokens, redirects.

use super::challenge::Challenge;
use super::policy::{self, RegistryPolicy};
use super::resolver::{LeadsInside, PublicOnly};
use super::{address::Place, words};
use crate::{Credentials, Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// How long a registry may take for one answer, its body included.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection may take.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// Registries send downloads elsewhere, at most so often in a row.
const MOST_REDIRECTS: usize = 5;
/// The longest body that is read: manifests and lists are far shorter.
const LONGEST_BODY: usize = 8 * 1024 * 1024;

/// Two ways out: one that reaches public addresses only, and one for registries for which the operator vouches.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    public: Client,
    vouched: Client,
    pub policy: RegistryPolicy,
}

impl Clients {
    pub(super) fn new(policy: RegistryPolicy) -> Result<Self> {
        // Redirects are followed by hand, since each target has to be judged; a proxy would look names up for itself.
        let builder = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .no_proxy()
                .timeout(PATIENCE)
                .connect_timeout(CONNECT_PATIENCE)
                .user_agent(concat!("slipway/", env!("CARGO_PKG_VERSION")))
        };
        let broken = |error: reqwest::Error| Error::Refused(format!("No HTTP client can be made: {error}."));
        Ok(Self {
            public: builder().dns_resolver(Arc::new(PublicOnly)).build().map_err(broken)?,
            vouched: builder().build().map_err(broken)?,
            policy,
        })
    }

    fn for_url(&self, url: &Url) -> Result<&Client> {
        self.policy.check(url)?;
        Ok(if self.policy.vouches_for(url) { &self.vouched } else { &self.public })
    }
}

/// One person's dealings with one repository.
pub(super) struct Session<'a> {
    clients: &'a Clients,
    pub place: &'a Place,
    pub credentials: Option<&'a Credentials>,
    authorization: Mutex<Option<HeaderValue>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(clients: &'a Clients, place: &'a Place, credentials: Option<&'a Credentials>) -> Self {
        Self { clients, place, credentials, authorization: Mutex::default() }
    }

    /// Asks, and once more with authorization when the registry wants it. The status is the caller's to judge.
    pub(super) async fn ask(&self, method: Method, url: Url, accept: &str) -> Result<Response> {
        let answer = self.follow(&method, url.clone(), accept).await?;
        if answer.status() != StatusCode::UNAUTHORIZED || !self.place.is_home(answer.url()) {
            return Ok(answer);
        }
        let demands = answer.headers().get_all(WWW_AUTHENTICATE);
        let Some(challenge) = Challenge::read(demands.iter().filter_map(|demand| demand.to_str().ok())) else {
            return Ok(answer);
        };
        let authorization = self.meet(challenge).await?;
        *self.authorization.lock().unwrap_or_else(PoisonError::into_inner) = Some(authorization);
        self.follow(&method, url, accept).await
    }

    async fn follow(&self, method: &Method, mut url: Url, accept: &str) -> Result<Response> {
        for _ in 0..=MOST_REDIRECTS {
            let mut request = self.clients.for_url(&url)?.request(method.clone(), url.clone()).header(ACCEPT, accept);
            // A store to which the registry sends us has no business with its credentials.
            if let Some(authorization) = self.authorization().filter(|_| self.place.is_home(&url)) {
                request = request.header(AUTHORIZATION, authorization);
            }
            let answer = request.send().await.map_err(|error| no_answer(&url, &self.place.registry, &error))?;
            let target = answer.headers().get(LOCATION).and_then(|target| target.to_str().ok());
            match target.filter(|_| answer.status().is_redirection()) {
                Some(target) => {
                    url =
                        url.join(target).map_err(|_| words::nonsense(&self.place.registry, "a redirect to nowhere"))?;
                }
                None => return Ok(answer),
            }
        }
        Err(words::nonsense(&self.place.registry, "one redirect after the other"))
    }

    fn authorization(&self) -> Option<HeaderValue> {
        self.authorization.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn meet(&self, challenge: Challenge) -> Result<HeaderValue> {
        match challenge {
            Challenge::Basic => self.basic().ok_or_else(|| words::refused(self)),
            Challenge::Bearer { realm, service, scope } => {
                let scope = scope.unwrap_or_else(|| format!("repository:{}:pull", self.place.path));
                self.token(&realm, service, scope).await
            }
        }
    }

    fn basic(&self) -> Option<HeaderValue> {
        let credentials = self.credentials?;
        let pair = format!("{}:{}", credentials.username, credentials.password.expose());
        sensitive(&format!("Basic {}", STANDARD.encode(pair)))
    }

    async fn token(&self, realm: &str, service: Option<String>, scope: String) -> Result<HeaderValue> {
        #[derive(Deserialize)]
        struct Token {
            #[serde(alias = "access_token")]
            token: String,
        }
        let registry = &self.place.registry;
        let mut url = Url::parse(realm).map_err(|_| words::nonsense(registry, "a token server without an address"))?;
        url.query_pairs_mut().extend_pairs(service.iter().map(|service| ("service", service)));
        url.query_pairs_mut().append_pair("scope", &scope);
        let mut request = self.clients.for_url(&url)?.get(url.clone());
        if let Some(basic) = self.basic() {
            request = request.header(AUTHORIZATION, basic);
        }
        let answer = request.send().await.map_err(|error| no_answer(&url, registry, &error))?;
        if !answer.status().is_success() {
            return Err(words::status(self, answer.status()));
        }
        let token = serde_json::from_slice::<Token>(&body(answer, registry).await?).ok();
        token
            .and_then(|token| sensitive(&format!("Bearer {}", token.token)))
            .ok_or_else(|| words::nonsense(registry, "no token"))
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Reads a body, but not an endless one.
pub(super) async fn body(mut answer: Response, registry: &str) -> Result<Vec<u8>> {
    let url = answer.url().clone();
    let mut read = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| no_answer(&url, registry, &error))? {
        read.extend_from_slice(&chunk);
        if read.len() > LONGEST_BODY {
            return Err(words::nonsense(registry, "more than 8 MiB of description"));
        }
    }
    Ok(read)
}

/// Says why a request came to nothing. `url` may be another host than the registry, which is then named.
fn no_answer(url: &Url, registry: &str, error: &reqwest::Error) -> Error {
    let host = url.host_str().unwrap_or(registry);
    let host = if registry.starts_with(host) || host.ends_with(&format!(".{registry}")) { registry } else { host };
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        if source.downcast_ref::<LeadsInside>().is_some() {
            return policy::private(host);
        }
        cause = source;
    }
    if error.is_timeout() {
        return words::too_late(host, if error.is_connect() { CONNECT_PATIENCE } else { PATIENCE });
    }
    words::no_answer(host, &cause.to_string())
}
