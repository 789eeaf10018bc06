use crate::harness::Harness;
use domain::{DeployForm, NewApp, SettingsForm};
use platform::Error;

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_cannot_be_is_refused_at_its_field() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    for name in ["", "Shop", "my shop", "-shop", "console", "a;reboot", "$(id)"] {
        let refused = harness.create(&ada, &project, name, "1.0").await.expect_err("must be refused");
        let Error::Invalid(invalid) = &refused else { panic!("{name:?}: {refused:?}") };
        assert_eq!(invalid.field, "name");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_another_team_has_is_taken_without_telling_whose_it_is() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let mallory = harness.person("mallory@example.com").await;
    let (hers, his) = (harness.project(&ada).await, harness.project(&mallory).await);
    harness.create(&ada, &hers, "shop", "1.0").await.expect("begun");
    let refused = harness.create(&mallory, &his, "shop", "1.0").await.expect_err("taken");
    let Error::Conflict(sentence) = refused else { panic!("{refused:?}") };
    assert_eq!(sentence, "The name “shop” is taken: shop.localhost belongs to another app. Choose another name.");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_are_refused_at_their_field() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let forms = [
        ("port", SettingsForm { port: Some(0), ..SettingsForm::default() }),
        ("replicas", SettingsForm { replicas: Some(51), ..SettingsForm::default() }),
        ("memory", SettingsForm { memory: Some(1), ..SettingsForm::default() }),
        ("cpu", SettingsForm { cpu: Some(1), ..SettingsForm::default() }),
        ("variables", SettingsForm { variables: Some("1A=x".to_owned()), ..SettingsForm::default() }),
        ("probe_path", SettingsForm { probe_path: Some("healthz".to_owned()), ..SettingsForm::default() }),
    ];
    for (field, settings) in forms {
        let deploy =
            DeployForm { image: "sample".to_owned(), tag: "1.0".to_owned(), settings, ..DeployForm::default() };
        let new = NewApp { name: "shop".to_owned(), deploy };
        let refused = harness.platform.apps().create(&ada, project.id, new).await.expect_err("must be refused");
        let Error::Invalid(invalid) = &refused else { panic!("{field}: {refused:?}") };
        assert_eq!(invalid.field, field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_has_each_project_name_once() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    harness.project(&ada).await;
    let (team, _) = ada.roles[0];
    let refused = harness.platform.projects().create(&ada, team, "things").await.expect_err("taken");
    assert_eq!(refused.to_string(), "The team already has a project called “things”.");
}
