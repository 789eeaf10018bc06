//! The cookie by which a visitor passes: `v1.KEY.CONTENT.SEAL`, signed by a key that only ingresses and the server have.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::gate::{GateKey, Pass};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;

const VERSION: &str = "v1";

/// Longer than any pass.
const LONGEST: usize = 2048;

/// Signs passes and tells its own from others.
pub struct PassKey {
    id: String,
    mac: Hmac<Sha256>,
}

impl PassKey {
    pub fn new(key: &GateKey) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mac = Hmac::new_from_slice(key.pass.expose()).expect("a key");
        Self { id: key.id.clone(), mac }
    }

    /// The pass as a cookie's value.
    pub fn seal(&self, pass: &Pass) -> Option<String> {
        let content = BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(pass).ok()?);
        let signed = format!("{VERSION}.{}.{content}", self.id);
        let seal = BASE64_URL_SAFE_NO_PAD.encode(self.over(signed.as_bytes()).finalize().into_bytes());
        Some(format!("{signed}.{seal}"))
    }

    /// The pass in a cookie's value, if this key has sealed it. The seal is looked at before anything of the content.
    pub fn open(&self, cookie: &[u8]) -> Option<Pass> {
        if cookie.len() > LONGEST {
            return None;
        }
        let end = cookie.iter().rposition(|b| *b == b'.')?;
        let (signed, seal) = (&cookie[..end], &cookie[end + 1..]);
        let content = signed.strip_prefix(format!("{VERSION}.{}.", self.id).as_bytes())?;
        let seal = BASE64_URL_SAFE_NO_PAD.decode(seal).ok()?;
        self.over(signed).verify_slice(&seal).ok()?;
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(content).ok()?).ok()
    }

    fn over(&self, signed: &[u8]) -> Hmac<Sha256> {
        self.mac.clone().chain_update(signed)
    }
}

impl fmt::Debug for PassKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassKey").field("id", &self.id).finish_non_exhaustive()
    }
}
