use crate::admission::{Claims, Rules};
use crate::error_chain::whole;
use crate::http::Http;
use crate::issuer::{Issuer, TokenClaims, Tokens};
use crate::{Answer, Identity, IssuerConfig, Pending, Refused, SignIn};
use async_trait::async_trait;
use domain::{Invalid, Timestamp};
use openidconnect::core::{CoreJwsSigningAlgorithm as Alg, CoreResponseType};
use openidconnect::{
    AuthenticationFlow, ClaimsVerificationError, CsrfToken, Nonce, OAuth2TokenResponse, PkceCodeChallenge, Scope,
    SignatureVerificationError, TokenResponse,
};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::RwLock;
use url::Url;

/// How long a discovery document is used before it is read again, in milliseconds. Keys are read earlier when one is missing.
const FRESH: i64 = 24 * 3600 * 1000;

/// Signatures that only the issuer can make. Those made with the client's secret are left out: whoever learns it could make
/// himself anybody.
const ALGORITHMS: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

/// An OpenID Connect issuer: authorization code with PKCE, state and nonce.
#[derive(Debug)]
pub struct Provider {
    config: IssuerConfig,
    name: String,
    http: Http,
    issuer: RwLock<Option<Arc<Issuer>>>,
}

impl Provider {
    /// Checks the configuration. The issuer itself is first asked when somebody signs in, so that one that is down does not
    /// keep the server from starting.
    pub fn new(config: IssuerConfig) -> Result<Self, Invalid> {
        config.check()?;
        let http = Http::new().map_err(|error| Invalid::new("oidc_issuer", whole(&error)))?;
        Ok(Self { name: config.name(), config, http, issuer: RwLock::new(None) })
    }

    /// Asks the issuer now, for an operator who wants to know whether sign-in will work.
    pub async fn check(&self, now: Timestamp) -> Result<(), Refused> {
        self.rediscover(now).await.map(|_| ())
    }

    async fn issuer(&self, now: Timestamp) -> Result<Arc<Issuer>, Refused> {
        let known = self.issuer.read().await.clone();
        match known {
            Some(issuer) if now.millis_since(issuer.discovered_at) < FRESH => Ok(issuer),
            // An old document is better than none.
            known => self.rediscover(now).await.or_else(|refused| known.ok_or(refused)),
        }
    }

    async fn rediscover(&self, now: Timestamp) -> Result<Arc<Issuer>, Refused> {
        let issuer = Arc::new(Issuer::discover(&self.config, &self.http, now).await?);
        *self.issuer.write().await = Some(issuer.clone());
        Ok(issuer)
    }

    /// The claims of the ID token, after everything about it was checked. Keys are read again when it is signed by one that
    /// was not there yet; only the issuer itself can cause that, so it needs no limit.
    async fn claims_of(
        &self,
        issuer: &Issuer,
        tokens: &Tokens,
        nonce: String,
        now: Timestamp,
    ) -> Result<TokenClaims, Refused> {
        let nonce = Nonce::new(nonce);
        match verified(issuer, tokens, &nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let issuer = self.rediscover(now).await?;
                verified(&issuer, tokens, &nonce, now)
            }
            outcome => outcome,
        }
        .map_err(|error| self.token_refused(&error))
    }

    fn token_refused(&self, error: &ClaimsVerificationError) -> Refused {
        let (provider, cause) = (self.name.clone(), whole(error));
        match error {
            ClaimsVerificationError::InvalidNonce(_) => Refused::WrongNonce { provider },
            ClaimsVerificationError::Expired(_) => Refused::TokenExpired { provider, cause },
            _ => Refused::BadToken { provider, cause },
        }
    }

    /// What the issuer says of the account: in the ID token, or where that has no address, at its userinfo endpoint.
    async fn account(&self, issuer: &Issuer, tokens: &Tokens, token: &TokenClaims) -> Result<Claims, Refused> {
        let claims = Claims::from(token);
        if claims.email.is_some() {
            return Ok(claims);
        }
        issuer.ask_about(&self.config, &self.http, tokens.access_token().clone(), token.subject().clone()).await
    }

    fn rules(&self) -> Rules {
        Rules {
            provider: self.name.clone(),
            allowed_domains: self.config.allowed_domains.clone(),
            domain_proof: self.config.domain_proof,
        }
    }
}

#[async_trait]
impl SignIn for Provider {
    fn name(&self) -> &str {
        &self.name
    }

    async fn begin(&self, now: Timestamp) -> Result<(Url, Pending), Refused> {
        let issuer = self.issuer(now).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = issuer
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge);
        for (name, value) in self.config.hints() {
            request = request.add_extra_param(name, value);
        }
        let (url, state, nonce) = request.url();
        let pending = Pending {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            started_at: now,
        };
        Ok((url, pending))
    }

    async fn finish(&self, pending: Pending, answer: Answer, now: Timestamp) -> Result<Identity, Refused> {
        let code = pending.code_in(answer, &self.name, &self.config.issuer, now)?;
        let issuer = self.issuer(now).await?;
        let tokens = issuer.redeem(&self.config, &self.http, code, pending.verifier).await?;
        let token = self.claims_of(&issuer, &tokens, pending.nonce, now).await?;
        let account = self.account(&issuer, &tokens, &token).await?;
        self.rules().admit(account)
    }
}

/// Signature, issuer, audience, expiry and nonce.
fn verified(
    issuer: &Issuer,
    tokens: &Tokens,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<TokenClaims, ClaimsVerificationError> {
    let missing = || ClaimsVerificationError::Other("the answer has no ID token".to_owned());
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(now.0.try_into().unwrap_or(0));
    let verifier = issuer.client.id_token_verifier().set_allowed_algs(ALGORITHMS).set_time_fn(move || moment.into());
    tokens.id_token().ok_or_else(missing)?.claims(&verifier, nonce).cloned()
}
