//! Does at the provider's pages what a browser does: follows redirects, keeps cookies, fills in the form.

use crate::provider::{CALLBACK, client};
use identity::Answer;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response};
use std::collections::BTreeMap;
use url::Url;

/// More redirects than any sign-in takes.
const PATIENCE: usize = 20;

pub struct Browser {
    client: Client,
    /// By name only: there is one site to visit.
    cookies: BTreeMap<String, String>,
}

/// Where a walk along redirects ended.
enum Stop {
    /// At a page of the provider.
    Page { url: Url, html: String },
    /// At the installation's callback, which nothing serves here.
    Callback(Answer),
}

impl Browser {
    pub fn new() -> Self {
        Self { client: client(), cookies: BTreeMap::new() }
    }

    /// Goes to `url`, types `email` and presses Continue.
    pub async fn sign_in(&mut self, url: &Url, email: &str) -> Answer {
        self.press(url, 0, &[("email", email)]).await
    }

    /// Goes to `url` and presses Cancel.
    pub async fn cancel(&mut self, url: &Url) -> Answer {
        self.press(url, 1, &[]).await
    }

    /// Sends the page's n-th form with `fields`.
    async fn press(&mut self, url: &Url, form: usize, fields: &[(&str, &str)]) -> Answer {
        let Stop::Page { url, html } = self.walk(self.client.get(url.clone()), url.clone()).await else {
            panic!("the provider did not ask who it is");
        };
        let action = html.split("action=\"").nth(form + 1).and_then(|rest| rest.split('"').next()).expect("a form");
        let target = url.join(action).expect("an address");
        match self.walk(self.client.post(target.clone()).form(fields), target).await {
            Stop::Callback(answer) => answer,
            Stop::Page { url, html } => panic!("the provider did not send the browser back but showed {url}:\n{html}"),
        }
    }

    async fn walk(&mut self, request: RequestBuilder, mut url: Url) -> Stop {
        let mut response = self.send(request).await;
        for _ in 0..PATIENCE {
            let Some(location) = response.headers().get(LOCATION) else {
                return Stop::Page { url, html: response.text().await.expect("a page") };
            };
            url = url.join(location.to_str().expect("an address")).expect("an address");
            if url.as_str().starts_with(CALLBACK) {
                let query = url.query_pairs().into_owned().collect::<BTreeMap<_, _>>();
                let json = serde_json::to_value(query).expect("a query");
                return Stop::Callback(serde_json::from_value(json).expect("an answer"));
            }
            response = self.send(self.client.get(url.clone())).await;
        }
        panic!("the provider redirects in a circle, last to {url}");
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let response = request.header(COOKIE, cookies.join("; ")).send().await.expect("the provider answers");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a first part");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }
}
