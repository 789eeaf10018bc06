use crate::databases::on_both;
use crate::fixtures::{NOW, committed, world};
use domain::Secret;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::{Error, SealingKey, Store};

const OLD: [u8; 32] = [7; 32];
const NEW: [u8; 32] = [8; 32];

fn line(key: [u8; 32]) -> String {
    key.map(|byte| format!("{byte:02x}")).concat()
}

fn key_file(path: &Path, text: &str) {
    fs::write(path, text).expect("it is written");
    fs::set_permissions(path, Permissions::from_mode(0o600)).expect("it is private");
}

fn refusal(outcome: store::Result<SealingKey>) -> String {
    match outcome {
        Err(Error::Setup(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_store_does_not_open_under_another_key(db) {
        db.open().await.close().await;
        let refused = Store::open(&db.url, SealingKey::new(NEW)).await;
        let Err(Error::Setup(sentence)) = refused else { panic!("{refused:?}") };
        assert!(sentence.starts_with("The key file is not the one this database was sealed with"), "{sentence}");
    }

    /// As after a restore of half a backup: the key is right for some values and not for others.
    async fn a_value_under_another_key_is_an_error_and_not_garbage(db) {
        let (other, ours) = (super::super::databases::Database::sqlite(), db.open().await);
        let theirs = Store::open(&other.url, SealingKey::new(NEW)).await.expect("it opens");
        committed!(theirs, registries.put("r.example.com", "ada", &Secret::new("x".to_owned()), NOW)).expect("put");
        committed!(ours, registries.put("r.example.com", "ada", &Secret::new("y".to_owned()), NOW)).expect("put");
        theirs.close().await;
        let bytes = String::from_utf8_lossy(&other.bytes()).into_owned();
        let sealed = bytes.split("ada").find(|rest| rest.starts_with("1:")).expect("it is there");
        let sealed: String = sealed.chars().take_while(char::is_ascii_graphic).take(1 + 1 + 8 + 1 + 55).collect();
        let statement = format!("update registries set password = '{sealed}'");
        db.run(statement.leak()).await;
        let read = ours.registries().by_address("r.example.com").await;
        let Err(Error::Sealed(sentence)) = read else { panic!("{read:?}") };
        assert!(sentence.contains("which is not in the key file"), "{sentence}");
    }

    async fn a_value_that_was_changed_does_not_open(db) {
        let store = db.open().await;
        committed!(store, registries.put("r.example.com", "ada", &Secret::new("x".to_owned()), NOW)).expect("put");
        for change in [
            "update registries set password = substr(password, 1, 20) || 'AAAA' || substr(password, 25)",
            "update registries set password = 'x'",
            "update registries set password = ''",
        ] {
            db.run(change).await;
            let read = store.registries().by_address("r.example.com").await;
            let Err(Error::Sealed(sentence)) = read else { panic!("{read:?}") };
            assert!(sentence.contains("was changed or belongs elsewhere"), "{sentence}");
        }
    }

    async fn a_changed_key_takes_over_and_the_old_one_can_go(db) {
        let folder = tempfile::tempdir().expect("a folder is made");
        let path = folder.path().join("key");
        let load = || SealingKey::load_or_create(&path, [0; 32]).expect("it loads");
        key_file(&path, &line(OLD));
        let store = Store::open(&db.url, load()).await.expect("it opens");
        let world = world(&store, "shop").await;
        committed!(store, registries.put("r.example.com", "ada", &Secret::new("x".to_owned()), NOW)).expect("put");
        store.close().await;

        key_file(&path, &format!("{}\n{}\n", line(NEW), line(OLD)));
        let store = Store::open(&db.url, load()).await.expect("both keys open it");
        assert_eq!(store.reseal().await.expect("resealed"), 3, "variables, password and the key's own proof");
        assert_eq!(store.reseal().await.expect("resealed"), 0);
        store.close().await;

        key_file(&path, &line(NEW));
        let store = Store::open(&db.url, load()).await.expect("the new key opens it alone");
        let release = store.releases().by_id(world.release.release.id).await.expect("read");
        assert_eq!(release, Some(world.release));
        let password = store.registries().by_address("r.example.com").await.expect("read");
        assert_eq!(password, Some(("ada".to_owned(), Secret::new("x".to_owned()))));
    }
}

#[test]
fn the_key_file_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = folder.path().join("key");
    let keys: Vec<_> = std::thread::scope(|scope| {
        let load = |byte| SealingKey::load_or_create(&folder.path().join("key"), [byte; 32]).expect("it loads");
        let threads: Vec<_> = (0..8).map(|byte| scope.spawn(move || format!("{:?}", load(byte)))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing is left aside");
}

#[test]
fn a_key_file_that_others_can_read_or_that_holds_no_key_is_refused() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = folder.path().join("key");
    let load = || SealingKey::load_or_create(&path, OLD);
    load().expect("it is made");
    fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("it is opened up");
    assert!(refusal(load()).ends_with("can be read by others; make it 0600."));
    for text in ["", "\n\n", "short", &format!("{}0", line(OLD)), &format!("{}\nx", line(OLD))] {
        key_file(&path, text);
        assert!(refusal(load()).ends_with("has a line that is no key."), "{text:?}");
    }
}

#[test]
fn a_key_does_not_print_itself() {
    let printed = format!("{:?}", SealingKey::new([0xab; 32]));
    assert!(!printed.contains("abab") && !printed.contains("171"), "{printed}");
}
