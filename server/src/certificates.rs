//! The operator's certificates, in files that something else renews.

use crate::command::RunOptions;
use anyhow::{Result, ensure};
use async_trait::async_trait;
use domain::CertificateKey;
use platform::{CertificateFiles, Pair, Unreachable};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A chain and its key.
struct InFiles {
    chain: PathBuf,
    key: PathBuf,
}

/// The pairs that the operator named, the platform's own first.
pub fn of(options: &RunOptions) -> Result<Vec<Arc<dyn CertificateFiles>>> {
    let (chains, keys) = (&options.https.certificates, &options.https.keys);
    ensure!(chains.len() == keys.len(), "Give a --certificate-key for each --certificate, in the same order.");
    let pairs = chains.iter().zip(keys).map(|(chain, key)| InFiles { chain: chain.clone(), key: key.clone() });
    Ok(pairs.map(|pair| Arc::new(pair) as Arc<dyn CertificateFiles>).collect())
}

#[async_trait]
impl CertificateFiles for InFiles {
    async fn read(&self) -> Result<Pair, Unreachable> {
        Ok((text(&self.chain).await?, CertificateKey::new(text(&self.key).await?)))
    }
}

async fn text(path: &Path) -> Result<String, Unreachable> {
    let unreadable = |error| Unreachable(format!("The file {} cannot be read: {error}.", path.display()));
    tokio::fs::read_to_string(path).await.map_err(unreadable)
}
