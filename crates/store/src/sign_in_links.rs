use crate::value::values;
use crate::{Result, SignInLinks, Tx};
use domain::Timestamp;

impl SignInLinks<&mut Tx> {
    /// Adds a link by the hash of its secret part.
    pub async fn insert(self, hash: &str, expires_at: Timestamp) -> Result<()> {
        let text = "insert into sign_in_links (hash, expires_at) values ($1, $2) on conflict do nothing";
        self.0.insert("sign-in link", text, values![hash, expires_at]).await
    }

    /// Uses a link up. True once, and only before it expires.
    pub async fn consume(self, hash: &str, now: Timestamp) -> Result<bool> {
        self.0.change("delete from sign_in_links where hash = $1 and expires_at > $2", values![hash, now]).await
    }

    /// Forgets what has expired, and says how many that were.
    pub async fn delete_expired(self, now: Timestamp) -> Result<u64> {
        self.0.execute("delete from sign_in_links where expires_at <= $1", values![now]).await
    }
}
