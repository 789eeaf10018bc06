use super::*;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

/// For a platform at apps.example.com, good in the year 2030.
fn certificate(names: &[&str], key: &KeyPair) -> String {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut wanted = CertificateParams::new(names).expect("names");
    wanted.distinguished_name.push(DnType::OrganizationName, "Example Trust");
    wanted.not_before = date_time_ymd(2030, 1, 1);
    wanted.not_after = date_time_ymd(2031, 1, 1);
    wanted.self_signed(key).expect("a certificate").pem()
}

fn pem(key: &KeyPair) -> CertificateKey {
    CertificateKey::new(key.serialize_pem())
}

fn hosts() -> [HostName; 2] {
    ["apps.example.com", "any.apps.example.com"].map(|host| host.parse().expect("a host name"))
}

/// The first moment of the month `month` after January 2030, nearly.
fn month(month: i64) -> Timestamp {
    Timestamp(1_893_456_000_000).plus_millis(month * 30 * 24 * 3600 * 1000)
}

#[test]
fn a_good_pair_says_what_stands_in_it() {
    let key = key();
    let chain = certificate(&["apps.example.com", "*.Apps.example.com"], &key);
    let found = usable(&chain, &pem(&key), &hosts(), month(1)).expect("usable");
    assert_eq!(found.names, ["apps.example.com", "*.apps.example.com"]);
    assert!(found.issuer.starts_with("Example Trust"), "{}", found.issuer);
    assert_eq!((found.not_before, found.not_after.to_utc().as_str()), (month(0), "2031-01-01 00:00:00 UTC"));
}

#[test]
fn what_is_wrong_with_a_pair_is_said_in_a_sentence() {
    let (key, other) = (key(), key());
    let names = ["apps.example.com", "*.apps.example.com"];
    let chain = certificate(&names, &key);
    let narrow = certificate(&names[..1], &key);
    let why = |chain: &str, key: &CertificateKey, at| usable(chain, key, &hosts(), at).expect_err("refused");
    let none = CertificateKey::new("-----BEGIN NOTHING-----".to_owned());
    for (said, expected) in [
        (why(&chain, &pem(&other), month(1)), "The certificate does not match the key"),
        (why(&chain, &pem(&key), month(13)), "The certificate ended on 2031-01-01 00:00:00 UTC"),
        (why(&chain, &pem(&key), month(-1)), "The certificate counts only from 2030-01-01 00:00:00 UTC"),
        (why(&narrow, &pem(&key), month(1)), "is for apps.example.com, which any.apps.example.com is not among"),
        (why("", &pem(&key), month(1)), "The certificate cannot be read"),
        (why(key.serialize_pem().as_str(), &pem(&key), month(1)), "The certificate cannot be read"),
        (why(&chain, &none, month(1)), "The key cannot be read"),
        (why(&chain, &CertificateKey::new(chain.clone()), month(1)), "The key cannot be read"),
    ] {
        assert!(said.contains(expected) && said.ends_with('.'), "{said}");
    }
}

#[test]
fn no_sentence_quotes_a_key() {
    let (key, other) = (key(), key());
    let secret = key.serialize_pem();
    let body = secret.lines().nth(1).expect("a line");
    let chain = certificate(&["apps.example.com"], &other);
    let said = usable(&chain, &pem(&key), &[], month(1)).expect_err("refused");
    assert!(!said.contains(body), "{said}");
}
