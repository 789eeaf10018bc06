//! The exit door: who gets the file, and what is in it.

use crate::harness::Harness;
use domain::{Action, Actor, Role, SecretChange, SecretTo, SettingsForm, Timestamp};
use platform::Error;

/// A platform with an app that has variables and a secret, and one that never came up.
async fn with_shop() -> (Harness, Actor, domain::Project) {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &first).await;
    let value = "hunter2-in-no-file".to_owned();
    let secret = SecretChange {
        name: "KEY".to_owned(),
        to: SecretTo::Value(domain::Secret::new(value), domain::Delivery::File),
    };
    let variables = Some("GREETING=costs $5".to_owned());
    let change = SettingsForm { variables, secrets: vec![secret], ..SettingsForm::default() };
    let second = harness.platform.settings().apply(&ada, "shop", 1, change, "").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let broken = harness.create(&ada, &project, "cart", "crashes").await.expect("begun");
    harness.ended(&ada, "cart", &broken).await;
    (harness, ada, project)
}

/// Somebody else in Ada's team.
async fn colleague(harness: &Harness, ada: &Actor, role: Role) -> Actor {
    let person = harness.person(&format!("{role}@example.com")).await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, person.id(), role, Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    harness.platform.people().actor(person.id(), person.origin.clone()).await.expect("an actor")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_and_a_project_are_taken_away_with_variables_and_without_secrets() {
    let (harness, ada, project) = with_shop().await;
    let file = harness.platform.apps().export(&ada, "shop").await.expect("a file");
    assert!(file.contains("\"GREETING\": \"costs $$5\""), "{file}");
    assert!(file.contains("${KEY_FILE:?") && !file.contains("hunter2"), "{file}");
    assert!(file.contains("release: \"r2\""), "{file}");
    assert_eq!(harness.platform.projects().export(&ada, project.id).await.expect("a file"), file, "cart never served");
    let Err(Error::Conflict(sentence)) = harness.platform.apps().export(&ada, "cart").await else { panic!("exported") };
    assert_eq!(sentence, "cart has nothing to export: no release has the traffic yet.");
    let rows = harness.store.audit().of_team(ada.roles[0].0, 100).await.expect("rows");
    for (action, detail) in [("app.export", "shop r2"), ("project.export", "shop r2")] {
        assert!(rows.iter().any(|row| (row.action.as_str(), row.detail.as_str()) == (action, detail)), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_for_who_may_read_variables() {
    let (harness, ada, project) = with_shop().await;
    for role in [Role::Operator, Role::Viewer, Role::Billing] {
        let actor = colleague(&harness, &ada, role).await;
        for refused in [
            harness.platform.apps().export(&actor, "shop").await,
            harness.platform.projects().export(&actor, project.id).await,
        ] {
            let Err(Error::Forbidden(refusal)) = refused else { panic!("{role}: {refused:?}") };
            assert_eq!(refusal.action, Action::ReadVariables);
        }
    }
    let stranger = harness.person("eve@example.com").await;
    assert!(matches!(harness.platform.apps().export(&stranger, "shop").await, Err(Error::NotFound { .. })));
    assert!(matches!(harness.platform.projects().export(&stranger, project.id).await, Err(Error::NotFound { .. })));
    let developer = colleague(&harness, &ada, Role::Developer).await;
    harness.platform.apps().export(&developer, "shop").await.expect("a file");
}
