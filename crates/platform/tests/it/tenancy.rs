use crate::harness::Harness;
use domain::{Actor, DeployForm, Role};
use platform::{Error, Result};

fn is_not_found<T>(result: Result<T>) {
    let refused = result.err().expect("must not be found");
    assert!(matches!(refused, Error::NotFound { .. }), "{refused:?}");
}

/// What is not there and what is not theirs must read the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_app_is_not_found_in_the_same_words_as_one_that_is_not_there() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let mallory = harness.person("mallory@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    let apps = harness.platform.apps();
    let theirs = apps.overview(&mallory, "shop").await.expect_err("not theirs").to_string();
    let nobodys = apps.overview(&mallory, "shap").await.expect_err("not there").to_string();
    assert_eq!(theirs.replace("shop", "?"), nobodys.replace("shap", "?"));

    is_not_found(harness.platform.projects().overview(&mallory, project.id).await);
    is_not_found(harness.platform.projects().delete(&mallory, project.id).await);
    is_not_found(harness.create(&mallory, &project, "mine", "1.0").await);
    is_not_found(harness.deploy(&mallory, "shop", "1.1").await);
    is_not_found(harness.platform.deploys().find(&mallory, "shop", deploy.id).await);
    is_not_found(harness.platform.deploys().cancel(&mallory, "shop", deploy.id).await);
    is_not_found(harness.platform.releases().roll_back(&mallory, "shop", 1).await);
    is_not_found(harness.platform.apps().delete(&mallory, "shop").await);
    is_not_found(harness.platform.logs().read(&mallory, "shop", 10, false).await.map(|_| ()));
    is_not_found(harness.platform.scope(&mallory, Some("shop")).await);
    is_not_found(harness.platform.teams().members(&mallory, ada.roles[0].0).await);
    assert!(harness.platform.home(&mallory).await.expect("a home").projects.is_empty());
}

/// A deploy's id of another app, put behind an app of one's own.
#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_deploy_cannot_be_reached_through_an_app_of_ones_own() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let mallory = harness.person("mallory@example.com").await;
    let (hers, his) = (harness.project(&ada).await, harness.project(&mallory).await);
    let deploy = harness.create(&ada, &hers, "shop", "1.0").await.expect("begun");
    harness.create(&mallory, &his, "trap", "1.0").await.expect("begun");
    is_not_found(harness.platform.deploys().find(&mallory, "trap", deploy.id).await);
    is_not_found(harness.platform.deploys().cancel(&mallory, "trap", deploy.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_and_changes_nothing_and_reads_no_variable() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    let settings = domain::SettingsForm { variables: Some("TOKEN=hidden".to_owned()), ..Default::default() };
    let form = DeployForm { settings, ..DeployForm::default() };
    let second = harness.platform.deploys().start(&ada, "shop", form).await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    let victor = viewer(&harness, &ada).await;

    let overview = harness.platform.apps().overview(&victor, "shop").await.expect("may see");
    assert!(!format!("{overview:?}").contains("hidden"));
    for refused in [
        harness.deploy(&victor, "shop", "1.1").await.map(|_| ()),
        harness.platform.releases().roll_back(&victor, "shop", 1).await.map(|_| ()),
        harness.platform.apps().delete(&victor, "shop").await,
        harness.platform.projects().delete(&victor, project.id).await,
        harness.create(&victor, &project, "mine", "1.0").await.map(|_| ()),
        harness.platform.deploys().cancel(&victor, "shop", deploy.id).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
}

/// Somebody who may look into Ada's team.
async fn viewer(harness: &Harness, ada: &Actor) -> Actor {
    let victor = harness.person("victor@example.com").await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(ada.roles[0].0, victor.id(), Role::Viewer, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    harness.platform.people().actor(victor.id(), victor.origin.clone()).await.expect("an actor")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_in_the_audit_log_with_who_and_by_which_door() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.platform.apps().delete(&ada, "shop").await.expect("deleted");
    let rows = harness.store.audit().of_team(ada.roles[0].0, 10).await.expect("rows");
    let mut actions: Vec<_> = rows.iter().map(|row| row.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["app.create", "app.delete", "deploy.start", "project.create"]);
    assert!(rows.iter().all(|row| row.person == "ada@example.com" && row.door == "test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_link_works_once_and_only_from_this_machine() {
    let harness = Harness::start().await;
    let links = harness.platform.sign_in_links();
    let token = links.make().await.expect("a link");
    assert!(links.redeem(token.expose(), false).await.is_err(), "from elsewhere");
    assert!(links.redeem("guessed", true).await.is_err(), "a wrong token");
    let person = links.redeem(token.expose(), true).await.expect("the first time");
    assert!(person.is_admin());
    assert!(links.redeem(token.expose(), true).await.is_err(), "the second time");
    let late = links.make().await.expect("a link");
    harness.clock.advance(std::time::Duration::from_secs(30 * 60 + 1));
    assert!(links.redeem(late.expose(), true).await.is_err(), "after 30 minutes");
}
