//! Reads a certificate with its key, and says in a sentence why a pair cannot be used.

use domain::{Certificate, CertificateKey, HostName, Timestamp, Validity};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// What the first certificate of a chain says.
///
/// # Errors
/// There is none, in a sentence.
pub fn facts(chain: &str) -> Result<Certificate, String> {
    let unreadable = "The certificate cannot be read: its file has to hold PEM text, the host's own certificate first and \
                      those it was issued by after it.";
    let first = CertificateDer::pem_slice_iter(chain.as_bytes()).next().and_then(Result::ok).ok_or(unreadable)?;
    let (_, parsed) = X509Certificate::from_der(&first).map_err(|_| unreadable)?;
    let names = parsed.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter().filter_map(dns_name).collect()).unwrap_or_default();
    let issuer = parsed.issuer();
    let called = |mut parts: Vec<&str>| parts.drain(..).next().map(str::to_owned);
    let organization = called(issuer.iter_organization().filter_map(|part| part.as_str().ok()).collect());
    let common = called(issuer.iter_common_name().filter_map(|part| part.as_str().ok()).collect());
    let millis = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
    Ok(Certificate {
        names,
        issuer: organization.into_iter().chain(common).collect::<Vec<_>>().join(", "),
        not_before: millis(parsed.validity().not_before.timestamp()),
        not_after: millis(parsed.validity().not_after.timestamp()),
    })
}

fn dns_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    }
}

/// The same of a pair that can be used now, for at least these hosts.
///
/// # Errors
/// It cannot be used, in a sentence.
pub fn usable(chain: &str, key: &CertificateKey, hosts: &[HostName], now: Timestamp) -> Result<Certificate, String> {
    let certificate = facts(chain)?;
    match certificate.validity(now) {
        Validity::Ended => {
            return Err(format!("The certificate ended on {}. Get a new one.", certificate.not_after.to_utc()));
        }
        Validity::NotYet => {
            let from = certificate.not_before.to_utc();
            return Err(format!(
                "The certificate counts only from {from} on. Wait for that, or set this machine's clock."
            ));
        }
        Validity::Good | Validity::EndsSoon => {}
    }
    if let Some(host) = hosts.iter().find(|host| !certificate.covers(host)) {
        let names = certificate.names.join(", ");
        return Err(format!(
            "The certificate is for {names}, which {host} is not among. Get one that has this name too."
        ));
    }
    fits(chain, key).map(|()| certificate)
}

fn fits(chain: &str, key: &CertificateKey) -> Result<(), String> {
    let whole: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
    let whole = whole.map_err(|_| "A certificate further down in the certificate's file cannot be read.".to_owned())?;
    let no_key = "The key cannot be read: its file has to hold a private key as PEM text, without a password.";
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| no_key)?;
    match CertifiedKey::from_der(whole, key, &ring::default_provider()) {
        Ok(_) => Ok(()),
        Err(rustls::Error::InconsistentKeys(_)) => {
            Err("The certificate does not match the key: take both from the same request.".to_owned())
        }
        Err(error) => Err(format!("The certificate and its key cannot be used: {error}.")),
    }
}

#[cfg(test)]
mod tests;
