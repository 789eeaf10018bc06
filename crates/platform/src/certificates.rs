//! Certificates: taken from the operator's files when they change, kept, and given to the ingresses.

mod pair;

use crate::{CertificateFiles, Error, Platform, Result};
use domain::routing::{Https, ServedCertificate};
use domain::{Action, Actor, Certificate, CertificateKey, CertificatesView, HostName};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::KeptCertificate;

/// Operations on certificates.
pub struct Certificates<'a>(pub(crate) &'a Platform);

/// Why files are not in use, by the source they are.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Mutex<HashMap<String, String>>);

impl Certificates<'_> {
    /// What visitors are served by, and what is wrong with it.
    pub async fn list(&self, actor: &Actor) -> Result<CertificatesView> {
        self.0.allow_on_platform(actor, Action::SeeCertificates).await?;
        let now = self.0.now();
        let kept = self.0.certificates_in_use().await?;
        let mut certificates: Vec<_> =
            kept.into_iter().map(|(_, facts)| (facts.validity(now), facts)).map(|(of, facts)| (facts, of)).collect();
        certificates.sort_by_key(|(facts, _)| facts.not_after);
        let is_https = self.0.parts.config.https.is_some();
        Ok(CertificatesView { is_https, certificates, trouble: self.0.troubles.all() })
    }

    /// Takes the operator's files for the first time, so that who starts the platform hears at once what is wrong with them.
    ///
    /// # Errors
    /// They cannot be used, and there is no certificate from before that could.
    pub async fn begin(&self) -> Result<()> {
        self.0.take_certificates().await?;
        let kept = self.0.certificates_in_use().await?;
        let (wanted, trouble) = (self.0.parts.certificates.len(), self.0.troubles.all());
        match trouble.filter(|_| kept.len() < wanted) {
            Some(trouble) => Err(Error::Unavailable(trouble)),
            None => Ok(()),
        }
    }
}

impl Troubles {
    /// Notes what is wrong with a source now; whether that is news.
    fn note(&self, id: &str, trouble: Option<String>) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match trouble.clone() {
            Some(trouble) => all.insert(id.to_owned(), trouble),
            None => all.remove(id),
        };
        before != trouble
    }

    fn all(&self) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sentences: Vec<_> = all.values().cloned().collect();
        sentences.sort();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

impl Platform {
    /// Takes what is in the operator's files, if it is new and can be used. What was taken before stays in use otherwise.
    pub(crate) async fn take_certificates(&self) -> Result<()> {
        for (number, files) in self.parts.certificates.iter().enumerate() {
            let id = source(number);
            let trouble = match files.read().await {
                Ok((chain, key)) => self.take(KeptCertificate { id: id.clone(), chain, key }, number == 0).await?,
                Err(gone) => Some(gone.0),
            };
            if self.troubles.note(&id, trouble.clone()) {
                if let Some(trouble) = trouble {
                    tracing::warn!(certificate = id, "{trouble}");
                } else {
                    tracing::info!(certificate = id, "the certificate's files can be used again");
                }
            }
        }
        Ok(())
    }

    /// Why it cannot be used, in a sentence. The first pair is the platform's own: apps and the console are reached by it.
    async fn take(&self, found: KeptCertificate, is_own: bool) -> Result<Option<String>> {
        let kept = self.parts.store.certificates().all().await?;
        if kept.contains(&found) {
            return Ok(None);
        }
        let hosts = if is_own { self.own_hosts() } else { Vec::new() };
        match pair::usable(&found.chain, &found.key, &hosts, self.now()) {
            Ok(facts) => {
                write!(self, tx => tx.certificates().put(&found, self.now()));
                tracing::info!(certificate = found.id, until = facts.not_after.to_utc(), "a certificate was taken");
                self.gates.notify_one();
                Ok(None)
            }
            Err(sentence) => Ok(Some(sentence)),
        }
    }

    /// What HTTPS is served by, for ingresses.
    pub(crate) async fn https(&self) -> Result<Option<Https>> {
        let Some(https) = &self.parts.config.https else { return Ok(None) };
        let served = |(kept, facts): (KeptCertificate, Certificate)| ServedCertificate {
            names: facts.names,
            chain: kept.chain,
            key: kept.key,
        };
        let certificates = self.certificates_in_use().await?.into_iter().map(served).collect();
        Ok(Some(Https { port: self.parts.config.port, hsts_seconds: https.hsts_seconds, certificates }))
    }

    /// Those whose source the operator still names, the platform's own first.
    pub(crate) async fn certificates_in_use(&self) -> Result<Vec<(KeptCertificate, Certificate)>> {
        let mut kept: HashMap<_, _> =
            self.parts.store.certificates().all().await?.into_iter().map(|kept| (kept.id.clone(), kept)).collect();
        let named = (0..self.parts.certificates.len()).filter_map(|number| kept.remove(&source(number)));
        Ok(named.filter_map(|kept| pair::facts(&kept.chain).ok().map(|facts| (kept, facts))).collect())
    }

    /// The console's host, and any app's.
    fn own_hosts(&self) -> Vec<HostName> {
        let base = &self.parts.config.base_domain;
        std::iter::once(base.clone()).chain(format!("any-app.{base}").parse()).collect()
    }
}

/// What a pair of files is kept under.
fn source(number: usize) -> String {
    format!("files-{number}")
}

/// What an operator's files hold.
pub type Pair = (String, CertificateKey);

/// The pairs of files that an operator named, the platform's own first.
pub(crate) type Sources = Vec<Arc<dyn CertificateFiles>>;
