//! Secrets: written and rotated, given to replicas, and seen by nobody without a reason.

use crate::harness::Harness;
use domain::{Action, Actor, Delivery, DeployState, Role, Secret, SecretChange, SecretTo, SettingsForm};
use orchestrator::Orchestrator as _;
use platform::Error;

async fn with_shop() -> (Harness, Actor) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    (harness, ada)
}

fn secret(name: &str, to: SecretTo) -> SettingsForm {
    SettingsForm { secrets: vec![SecretChange { name: name.to_owned(), to }], ..Default::default() }
}

fn value(name: &str, value: &str, delivery: Delivery) -> SettingsForm {
    secret(name, SecretTo::Value(Secret::new(value.to_owned()), delivery))
}

async fn apply(harness: &Harness, ada: &Actor, change: SettingsForm) {
    let base = harness.platform.settings().find(ada, "shop").await.expect("found").base;
    let deploy = harness.platform.settings().apply(ada, "shop", base, change, "").await.expect("begun");
    let ended = harness.ended(ada, "shop", &deploy).await;
    assert_eq!(ended.state, DeployState::Done, "{ended:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_a_file_by_default_and_comes_back_with_its_release() {
    let (harness, ada) = with_shop().await;
    apply(&harness, &ada, value("SAMPLE_TOKEN", " first\r\n{{ä ", Delivery::File)).await;
    assert_eq!(harness.visit("shop", "/secret?name=SAMPLE_TOKEN").await, (200, " first\r\n{{ä ".to_owned()));
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_TOKEN").await.0, 404);

    apply(&harness, &ada, value("SAMPLE_TOKEN", "second", Delivery::File)).await;
    assert_eq!(harness.visit("shop", "/secret?name=SAMPLE_TOKEN").await.1, "second");
    let back = harness.platform.releases().roll_back(&ada, "shop", 2).await.expect("begun");
    harness.ended(&ada, "shop", &back).await;
    assert_eq!(harness.visit("shop", "/secret?name=SAMPLE_TOKEN").await.1, " first\r\n{{ä ");

    apply(&harness, &ada, secret("SAMPLE_TOKEN", SecretTo::Delivery(Delivery::Environment))).await;
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_TOKEN").await.1, " first\r\n{{ä ", "the value stays");
    assert_eq!(harness.visit("shop", "/secret?name=SAMPLE_TOKEN").await.0, 404);
    apply(&harness, &ada, secret("SAMPLE_TOKEN", SecretTo::Gone)).await;
    assert_eq!(harness.visit("shop", "/env?name=SAMPLE_TOKEN").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_go_from_the_swarm_with_the_last_release_that_has_them() {
    let (harness, ada) = with_shop().await;
    apply(&harness, &ada, value("TOKEN", "x", Delivery::File)).await;
    assert_eq!(harness.memory.secrets().await.expect("an answer").len(), 1);
    harness.platform.apps().delete(&ada, "shop").await.expect("deleted");
    harness
        .eventually("nothing is left", async || harness.memory.secrets().await.is_ok_and(|all| all.is_empty()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_of_the_platform_holds_the_value_of_a_secret() {
    let (harness, ada) = with_shop().await;
    apply(&harness, &ada, value("TOKEN", "hunter2", Delivery::File)).await;
    apply(&harness, &ada, value("TOKEN", "hunter3", Delivery::File)).await;
    let settings = harness.platform.settings();
    let change = || value("TOKEN", "hunter4", Delivery::Environment);
    let answers = [
        format!("{:?}", harness.platform.apps().overview(&ada, "shop").await.expect("an overview")),
        format!("{:?}", harness.platform.home(&ada).await.expect("a home")),
        format!("{:?}", settings.find(&ada, "shop").await.expect("found")),
        format!("{:?}", settings.review(&ada, "shop", 3, change()).await.expect("reviewed")),
        format!("{:?}", harness.platform.releases().compare(&ada, "shop", 2, 3).await.expect("compared")),
        format!("{:?}", harness.store.audit().of_team(ada.roles[0].0, 50).await.expect("rows")),
        format!("{:?}", change()),
    ];
    for answer in answers {
        assert!(!answer.contains("hunter"), "{answer}");
    }
    let view = settings.find(&ada, "shop").await.expect("found").secrets.remove(0);
    assert_eq!((view.name.as_str(), view.set_by.as_str()), ("TOKEN", "ada@example.com"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_revealed_for_a_reason_that_stands_in_the_audit_log() {
    let (harness, ada) = with_shop().await;
    apply(&harness, &ada, value("TOKEN", "hunter2", Delivery::File)).await;
    let settings = harness.platform.settings();
    let refused = settings.reveal(&ada, "shop", "TOKEN", "  hm ").await;
    assert!(matches!(&refused, Err(Error::Invalid(invalid)) if invalid.field == "reason"), "{refused:?}");
    let missing = settings.reveal(&ada, "shop", "NONE", "to move it elsewhere").await;
    assert!(matches!(missing, Err(Error::NotFound { kind: "secret", .. })), "{missing:?}");
    let rows = async || {
        let rows = harness.store.audit().of_team(ada.roles[0].0, 50).await.expect("rows");
        rows.into_iter().filter(|row| row.action == "secret.reveal").map(|row| row.detail).collect::<Vec<_>>()
    };
    assert!(rows().await.is_empty());
    let revealed = settings.reveal(&ada, "shop", "TOKEN", "to move it elsewhere").await.expect("revealed");
    assert_eq!(revealed.expose(), "hunter2");
    assert_eq!(rows().await, ["TOKEN of r2: to move it elsewhere"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_revealed_to_owners_alone() {
    let (harness, ada) = with_shop().await;
    apply(&harness, &ada, value("TOKEN", "hunter2", Delivery::File)).await;
    let (victor, mallory) = (harness.person("victor@example.com").await, harness.person("mallory@example.com").await);
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, victor.id(), Role::Viewer, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    let victor = harness.platform.people().actor(victor.id(), victor.origin.clone()).await.expect("an actor");
    let settings = harness.platform.settings();
    let Err(Error::Forbidden(refusal)) = settings.reveal(&victor, "shop", "TOKEN", "curiosity").await else {
        panic!("a viewer must not see it")
    };
    assert_eq!(refusal.action, Action::RevealSecret);
    assert!(settings.find(&victor, "shop").await.expect("may see").secrets.is_empty());
    let refused = settings.reveal(&mallory, "shop", "TOKEN", "curiosity").await;
    assert!(matches!(refused, Err(Error::NotFound { kind: "app", .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_a_variable_or_a_secret_and_a_secret_has_a_value() {
    let (harness, ada) = with_shop().await;
    let settings = harness.platform.settings();
    let sentence = async |change: SettingsForm| match settings.review(&ada, "shop", 1, change).await {
        Err(Error::Invalid(invalid)) => invalid.sentence,
        other => panic!("{other:?}"),
    };
    let both = SettingsForm { variables: Some("TOKEN=1".into()), ..value("TOKEN", "x", Delivery::File) };
    assert_eq!(sentence(both).await, "TOKEN is a secret; it cannot be a variable too.");
    let empty = secret("TOKEN", SecretTo::Delivery(Delivery::File));
    assert_eq!(sentence(empty).await, "Give the secret TOKEN a value.");
}
