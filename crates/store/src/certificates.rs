use crate::executor::sql;
use crate::value::values;
use crate::{Certificates, Executor, Result, Tx};
use domain::{CertificateKey, Timestamp};

/// A certificate with its key, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCertificate {
    /// Where it comes from.
    pub id: String,
    /// The certificate and those it was issued by, as PEM.
    pub chain: String,
    /// Its key.
    pub key: CertificateKey,
}

impl<E: Executor> Certificates<E> {
    /// All of them.
    pub async fn all(mut self) -> Result<Vec<KeptCertificate>> {
        let key = self.0.key();
        let read = |row: &dyn crate::row::Row| {
            let id: String = row.get("id")?;
            let opened = key.open(&place(&id), &row.get::<String>("private_key")?)?;
            Ok(KeptCertificate { chain: row.get("chain")?, key: CertificateKey::new(opened), id })
        };
        self.0.all(sql("select id, chain, private_key from certificates order by id", values![]), read).await
    }
}

impl Certificates<&mut Tx> {
    /// Puts a certificate in the place of the one from the same source. The key is sealed.
    pub async fn put(self, kept: &KeptCertificate, now: Timestamp) -> Result<()> {
        let sealed = self.0.key().seal(&place(&kept.id), kept.key.expose())?;
        let text = "insert into certificates (id, chain, private_key, taken_at) values ($1, $2, $3, $4) \
                    on conflict (id) do update set chain = excluded.chain, private_key = excluded.private_key, \
                    taken_at = excluded.taken_at";
        self.0.execute(text, values![kept.id, kept.chain, sealed, now]).await.map(|_| ())
    }
}

/// Where the key of a certificate stands, for the seal.
pub(crate) fn place(id: &str) -> String {
    format!("certificates/{id}/private_key")
}
