//! What an app is told about its visitor, signed so that it can tell who says so: a JSON Web Token (RFC 7519) by ES256, whose
//! keys the console publishes. An app that checks it believes nobody else on its network.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::Timestamp;
use domain::gate::{GateKey, Pass};
use http::HeaderValue;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// How long one is good, in seconds.
const SECONDS: i64 = 300;

/// One that ends sooner is made anew.
const SECONDS_LEFT: i64 = 60;

/// Signs.
pub struct Key {
    id: String,
    key: SigningKey,
}

impl Key {
    /// Nothing for bytes that are no key, which is less likely than a broken machine.
    pub fn new(key: &GateKey) -> Option<Self> {
        Some(Self { id: key.id.clone(), key: SigningKey::from_slice(key.assertion.expose()).ok()? })
    }

    fn public(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        // 4, then both coordinates (SEC 1, 2.3.3).
        let (x, y) = point.as_bytes()[1..].split_at(32);
        let [x, y] = [x, y].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id, "x": x, "y": y })
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The public halves, as a key set (RFC 7517).
pub fn key_set(keys: &[GateKey]) -> Value {
    json!({ "keys": keys.iter().filter_map(Key::new).map(|key| key.public()).collect::<Vec<_>>() })
}

/// What is said of one visitor, signed once for many requests.
#[derive(Debug)]
pub struct Assertion {
    claims: Value,
    signed: Mutex<Option<(i64, HeaderValue)>>,
}

impl Assertion {
    pub fn new(pass: &Pass, groups: Vec<String>, console: &str) -> Self {
        let claims = json!({
            "iss": console,
            "aud": pass.host,
            "sub": pass.person_id,
            "email": pass.email,
            "name": pass.name,
            "groups": groups,
        });
        Self { claims, signed: Mutex::default() }
    }

    /// The token.
    pub fn signed(&self, key: &Key, now: Timestamp) -> Option<HeaderValue> {
        let now = now.0 / 1000;
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((ends, token)) =
            signed.as_ref().filter(|(ends, _)| ends - now > SECONDS_LEFT && ends - now <= SECONDS)
        {
            debug_assert!(*ends > now);
            return Some(token.clone());
        }
        let token = HeaderValue::try_from(self.sign(key, now)).ok()?;
        *signed = Some((now + SECONDS, token.clone()));
        Some(token)
    }

    fn sign(&self, key: &Key, now: i64) -> String {
        let mut claims = self.claims.clone();
        claims["iat"] = now.into();
        claims["exp"] = (now + SECONDS).into();
        let head = json!({ "alg": "ES256", "typ": "JWT", "kid": key.id });
        let [head, claims] = [head, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let content = format!("{head}.{claims}");
        let signature: Signature = key.key.sign(content.as_bytes());
        format!("{content}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}
