use domain::CertificateKey;
use domain::routing::ServedCertificate;
use rcgen::generate_simple_self_signed;
use rustls::RootCertStore;

/// A certificate, and who trusts it.
pub struct Issued {
    pub served: ServedCertificate,
    pub trusted: RootCertStore,
}

/// A certificate for these names, signed by nobody else.
pub fn issue(names: &[&str]) -> Issued {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = generate_simple_self_signed(names.clone()).expect("a certificate");
    let mut trusted = RootCertStore::empty();
    trusted.add(made.cert.der().clone()).expect("a certificate");
    let key = CertificateKey::new(made.signing_key.serialize_pem());
    Issued { served: ServedCertificate { names, chain: made.cert.pem(), key }, trusted }
}
