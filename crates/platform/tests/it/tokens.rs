use crate::harness::Harness;
use crate::teams::{again, joins};
use domain::{Actor, DeployForm, NewToken, Origin, Role, Secret, SettingsForm, TokenForm, TokenState};
use platform::{Error, Result};
use std::time::Duration;

fn form(name: &str) -> TokenForm {
    TokenForm { name: name.to_owned(), days: Some(1) }
}

/// Who comes with a token, if anybody.
async fn comes(harness: &Harness, token: &NewToken) -> Option<Actor> {
    let origin = Origin { door: "api".to_owned(), ..Origin::default() };
    harness.platform.tokens().actor(&Secret::new(token.text.clone()), origin).await.expect("asked")
}

/// Ada with an app that is online.
async fn shop(harness: &Harness) -> Actor {
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    for name in ["shop", "blog"] {
        let deploy = harness.create(&ada, &project, name, "1.0").await.expect("begun");
        harness.ended(&ada, name, &deploy).await;
    }
    ada
}

fn is_not_found<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
}

fn is_forbidden<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_token_deploys_its_app_and_it_is_written_down_which_token_did() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let made = harness.platform.tokens().make_for_app(&ada, "shop", form("ci")).await.expect("made");
    assert!(made.text.starts_with("slipway_app_") && made.text.len() == 76, "{} characters", made.text.len());
    assert!(!format!("{made:?}").contains(&made.text));
    let ci = comes(&harness, &made).await.expect("it works");
    let deploy = harness.deploy(&ci, "shop", "1.1").await.expect("begun");
    assert_eq!(deploy.started_by, "ada@example.com, token ci");
    harness.ended(&ci, "shop", &deploy).await;
    assert!(harness.visit("shop", "/").await.1.contains("1.1"));
    let rows = harness.store.audit().of_team(ada.roles[0].0, 1).await.expect("rows");
    assert_eq!((rows[0].person.as_str(), rows[0].door.as_str()), ("ada@example.com", "api"));
    assert!(rows[0].detail.ends_with("; by token ci"), "{}", rows[0].detail);
}

/// The token of one app in the hands of somebody who wants another one, in the same project.
#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_token_finds_nothing_but_its_app() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let platform = &harness.platform;
    let made = platform.tokens().make_for_app(&ada, "shop", form("ci")).await.expect("made");
    let ci = comes(&harness, &made).await.expect("it works");
    let (team, project) = (ada.roles[0].0, platform.home(&ada).await.expect("hers").projects[0].project.id);
    is_not_found(platform.apps().overview(&ci, "blog").await);
    is_not_found(harness.deploy(&ci, "blog", "1.1").await);
    is_not_found(platform.projects().overview(&ci, project).await);
    is_not_found(platform.projects().create(&ci, team, "more").await);
    is_not_found(platform.teams().overview(&ci, team).await);
    is_not_found(platform.teams().leave(&ci, team).await);
    is_not_found(platform.audit().page(&ci, Some(team), &domain::AuditFilter::default()).await);
    is_not_found(platform.scope(&ci, Some("blog")).await.map(|_| ()));
    is_forbidden(platform.audit().page(&ci, None, &domain::AuditFilter::default()).await);
    is_forbidden(platform.home(&ci).await);
    is_forbidden(platform.sample(&ci).await);
    is_forbidden(platform.teams().list(&ci).await);
    is_forbidden(platform.teams().create(&ci, "mine").await);
    is_forbidden(platform.sessions().own(&ci).await);
    is_forbidden(platform.sessions().end_others(&ci).await);
    is_forbidden(platform.images().tags(&ci, "sample").await);
    is_forbidden(platform.tokens().own(&ci).await);
    is_forbidden(platform.tokens().make_own(&ci, form("more")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_token_does_nothing_but_deploy_to_its_app() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let platform = &harness.platform;
    let made = platform.tokens().make_for_app(&ada, "shop", form("ci")).await.expect("made");
    let ci = comes(&harness, &made).await.expect("it works");
    is_forbidden(platform.logs().read(&ci, "shop", 1, false).await.map(|_| ()));
    is_forbidden(platform.releases().roll_back(&ci, "shop", 1).await);
    is_forbidden(platform.apps().delete(&ci, "shop").await);
    is_forbidden(platform.tokens().of_app(&ci, "shop").await);
    is_forbidden(platform.tokens().make_for_app(&ci, "shop", form("more")).await);
    is_forbidden(platform.settings().reveal(&ci, "shop", "KEY", "because I can").await.map(|_| ()));
    let settings = SettingsForm { replicas: Some(2), ..SettingsForm::default() };
    is_forbidden(platform.settings().apply(&ci, "shop", 1, settings.clone(), "").await);
    // Neither on the way of a deploy, where a variable would lead to everything the app may reach.
    is_forbidden(platform.deploys().start(&ci, "shop", DeployForm { settings, ..DeployForm::default() }).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_stops_when_it_is_withdrawn_too_old_or_its_maker_is_taken_out() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let dev = joins(&harness, &ada, "dev@example.com", Role::Developer).await;
    let (tokens, team) = (harness.platform.tokens(), ada.roles[0].0);
    let made = tokens.make_for_app(&dev, "shop", form("ci")).await.expect("made");
    assert!(comes(&harness, &made).await.is_some());

    harness.platform.teams().give_role(&ada, team, dev.id(), Role::Operator).await.expect("given");
    assert!(comes(&harness, &made).await.is_none(), "the maker may not deploy any more");
    assert_eq!(tokens.of_app(&ada, "shop").await.expect("hers")[0].state, TokenState::Stopped);
    harness.platform.teams().give_role(&ada, team, dev.id(), Role::Developer).await.expect("given back");
    assert!(comes(&harness, &made).await.is_some());
    harness.platform.teams().remove(&ada, team, dev.id()).await.expect("taken out");
    assert!(comes(&harness, &made).await.is_none(), "the maker is gone");

    let own = tokens.make_for_app(&ada, "shop", form("hers")).await.expect("made");
    let old = tokens.make_for_app(&ada, "shop", form("old")).await.expect("made");
    tokens.withdraw_of_app(&ada, "shop", own.token.id).await.expect("withdrawn");
    assert!(comes(&harness, &own).await.is_none(), "it is withdrawn");
    is_not_found(tokens.withdraw_of_app(&ada, "shop", own.token.id).await);
    assert!(comes(&harness, &old).await.is_some());
    harness.clock.advance(Duration::from_hours(24));
    assert!(comes(&harness, &old).await.is_none(), "it is too old");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_teams_token_deploys_nothing_and_can_be_withdrawn() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let chief = harness.person("chief@example.com").await;
    let made = harness.platform.tokens().make_for_app(&ada, "shop", form("ci")).await.expect("made");
    harness.platform.teams().suspend(&chief, ada.roles[0].0).await.expect("suspended");
    let ci = comes(&harness, &made).await.expect("it may still look");
    let refused = harness.deploy(&ci, "shop", "1.1").await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    harness.platform.tokens().withdraw_of_app(&ada, "shop", made.token.id).await.expect("withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_token_may_what_its_person_may_and_not_make_another() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let tokens = harness.platform.tokens();
    let made = tokens.make_own(&ada, form("laptop")).await.expect("made");
    assert!(made.text.starts_with("slipway_me_"));
    let laptop = comes(&harness, &made).await.expect("it works");
    assert_eq!(laptop.roles, ada.roles);
    assert_eq!(harness.platform.home(&laptop).await.expect("hers").projects.len(), 1);
    let another = tokens.make_own(&laptop, TokenForm { name: "more".to_owned(), days: Some(366) }).await;
    assert!(matches!(another, Err(Error::Conflict(_))), "{another:?}");
    // A token for CI that was made with it has no longer life, and ends with it.
    let ci = tokens.make_for_app(&laptop, "shop", TokenForm { name: "ci".to_owned(), days: Some(366) }).await;
    let ci = ci.expect("made");
    assert_eq!(ci.token.expires_at, made.token.expires_at);
    assert!(comes(&harness, &ci).await.is_some());
    tokens.withdraw_own(&ada, made.token.id).await.expect("withdrawn");
    assert!(comes(&harness, &made).await.is_none() && comes(&harness, &ci).await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_others_are_not_found_and_two_of_one_name_are_refused() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let mallory = harness.person("mallory@example.com").await;
    let tokens = harness.platform.tokens();
    let of_app = tokens.make_for_app(&ada, "shop", form("ci")).await.expect("made").token.id;
    let own = tokens.make_own(&ada, form("laptop")).await.expect("made").token.id;
    is_not_found(tokens.of_app(&mallory, "shop").await);
    is_not_found(tokens.make_for_app(&mallory, "shop", form("mine")).await);
    is_not_found(tokens.withdraw_of_app(&mallory, "shop", of_app).await);
    is_not_found(tokens.withdraw_own(&mallory, own).await);
    is_not_found(tokens.withdraw_of_app(&ada, "blog", of_app).await);
    is_not_found(tokens.withdraw_own(&ada, of_app).await);
    let twice = tokens.make_for_app(&ada, "shop", form("ci")).await;
    assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
    let viewer = joins(&harness, &ada, "victor@example.com", Role::Viewer).await;
    is_forbidden(tokens.of_app(&viewer, "shop").await);
    assert_eq!(tokens.of_app(&again(&harness, &ada).await, "shop").await.expect("hers").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guessed_token_is_nobody() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let made = harness.platform.tokens().make_own(&ada, form("laptop")).await.expect("made");
    let mut almost = made.clone();
    almost.text.replace_range(75 - 1.., "");
    for text in [almost.text.as_str(), "", "slipway_me_", &made.text.to_uppercase(), &"x".repeat(1 << 20), "\0"] {
        let guess = NewToken { text: text.to_owned(), ..made.clone() };
        assert!(comes(&harness, &guess).await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_under_the_same_key_begins_one_deploy() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let deploys = harness.platform.deploys();
    let to = |tag: &str| DeployForm { tag: tag.to_owned(), ..DeployForm::default() };
    let both = tokio::join!(
        deploys.start_once(&ada, "shop", to("1.1"), "key-1"),
        deploys.start_once(&ada, "shop", to("1.1"), "key-1"),
    );
    let (first, second) = (both.0.expect("begun"), both.1.expect("the same"));
    assert_eq!(first.id, second.id);
    harness.ended(&ada, "shop", &first).await;
    let later = deploys.start_once(&ada, "shop", to("1.1"), "key-1").await.expect("the same");
    assert_eq!(later.id, first.id);
    let other = deploys.start_once(&ada, "shop", to("1.0"), "key-1").await;
    assert!(matches!(other, Err(Error::Conflict(_))), "{other:?}");
    let next = deploys.start_once(&ada, "shop", to("1.0"), "key-2").await.expect("begun");
    assert_ne!(next.id, first.id);
    for bad in ["", "a b", "a\r\nb", &"k".repeat(256)] {
        assert!(matches!(deploys.start_once(&ada, "shop", to("1.0"), bad).await, Err(Error::Invalid(_))), "{bad:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_can_be_looked_at_before_it_is_done() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let form = |tag: &str| DeployForm { tag: tag.to_owned(), ..DeployForm::default() };
    let review = harness.platform.deploys().review(&ada, "shop", form("1.1")).await.expect("reviewed");
    assert_eq!((review.base, review.next), (1, 2));
    assert_eq!(review.differences[0].in_short(), "tag 1.0 → 1.1");
    let none = harness.platform.deploys().review(&ada, "shop", form("no-such-tag!")).await;
    assert!(matches!(none, Err(Error::Invalid(_))), "{none:?}");
    assert_eq!(harness.platform.apps().overview(&ada, "shop").await.expect("hers").releases.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_variables_are_set_and_unset_and_the_others_stay() {
    let harness = Harness::start().await;
    let ada = shop(&harness).await;
    let set = |pairs: &[(&str, Option<&str>)]| SettingsForm {
        set: pairs.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect(),
        ..SettingsForm::default()
    };
    let settings = harness.platform.settings();
    let first = settings.apply(&ada, "shop", 1, set(&[("A", Some("1")), ("B", Some("'$\n\""))]), "").await;
    harness.ended(&ada, "shop", &first.expect("begun")).await;
    let second = settings.apply(&ada, "shop", 2, set(&[("A", None), ("C", Some(""))]), "").await;
    harness.ended(&ada, "shop", &second.expect("begun")).await;
    let (release, shows) = harness.platform.releases().find(&ada, "shop", 3).await.expect("hers");
    assert!(shows);
    let variables: Vec<_> = release.settings.variables.iter().collect();
    assert_eq!(variables, [("B", "'$\n\""), ("C", "")]);
    let bad = settings.apply(&ada, "shop", 3, set(&[("not a name", Some("1"))]), "").await;
    assert!(matches!(bad, Err(Error::Invalid(_))), "{bad:?}");
}
