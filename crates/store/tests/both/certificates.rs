use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed};
use domain::CertificateKey;
use store::{KeptCertificate, SealingKey};

fn kept(id: &str, chain: &str, key: &str) -> KeptCertificate {
    KeptCertificate { id: id.to_owned(), chain: chain.to_owned(), key: CertificateKey::new(key.to_owned()) }
}

on_both! {
    async fn a_certificate_takes_the_place_of_the_one_from_the_same_source(db) {
        let store = db.open().await;
        committed!(store, certificates.put(&kept("files-0", "first", "k1"), NOW)).expect("put");
        committed!(store, certificates.put(&kept("files-1", "other", "k2"), NOW)).expect("put");
        committed!(store, certificates.put(&kept("files-0", "second", "k3"), after(1))).expect("put");
        let expected = [kept("files-0", "second", "k3"), kept("files-1", "other", "k2")];
        assert_eq!(store.certificates().all().await.expect("read"), expected);
    }

    async fn no_key_of_a_certificate_stands_in_the_database_in_clear(db) {
        let store = db.open().await;
        committed!(store, certificates.put(&kept("files-0", "chain-in-clear", "correct-horse"), NOW)).expect("put");
        store.close().await;
        let bytes = db.bytes();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds("chain-in-clear"), "the test looks at the right place");
        assert!(!holds("correct-horse"));
    }

    async fn keys_of_certificates_are_sealed_anew_with_everything_else(db) {
        let store = db.open().await;
        committed!(store, certificates.put(&kept("files-0", "chain", "k1"), NOW)).expect("put");
        store.close().await;
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), format!("{}\n{}\n", "09".repeat(32), "07".repeat(32))).expect("two keys");
        let keys = SealingKey::load_or_create(file.path(), [0; 32]).expect("keys");
        let store = store::Store::open(&db.url, keys).await.expect("open");
        assert_eq!(store.reseal().await.expect("resealed"), 2, "the key and the proof");
        store.close().await;
        let store = store::Store::open(&db.url, SealingKey::new([9; 32])).await.expect("under the new key alone");
        assert_eq!(store.certificates().all().await.expect("read"), [kept("files-0", "chain", "k1")]);
    }
}
