//! The one-time link that is printed on the terminal of a machine without an identity provider.

use crate::{Error, Platform, Result, hash};
use domain::{Invalid, Person, Secret};

/// How long a link works.
const LIFETIME_MILLIS: i64 = 30 * 60 * 1000;

/// Operations on one-time links.
pub struct SignInLinks<'a>(pub(crate) &'a Platform);

impl SignInLinks<'_> {
    /// Makes a link's token. Only its hash is kept, and it works once, for 30 minutes.
    pub async fn make(&self) -> Result<Secret<String>> {
        let (token, hash) = self.0.token();
        let expires_at = self.0.now().plus_millis(LIFETIME_MILLIS);
        write!(self.0, tx => tx.sign_in_links().insert(&hash, expires_at));
        Ok(token)
    }

    /// Signs the operator in. `is_local`: the request came from this machine itself.
    ///
    /// # Errors
    /// From elsewhere, or with a token that is wrong, used or too old; which of these is not told.
    pub async fn redeem(&self, token: &str, is_local: bool) -> Result<Person> {
        let refused = || -> Error {
            let sentence = "This link does not work: it is used up, older than 30 minutes, or not opened on the machine that printed it. \
                            Start Slipway again for a new one.";
            Invalid::new("link", sentence).into()
        };
        if !is_local || !write!(self.0, tx => tx.sign_in_links().consume(&hash(token), self.0.now())) {
            return Err(refused());
        }
        self.0.people().welcome_operator().await
    }
}
