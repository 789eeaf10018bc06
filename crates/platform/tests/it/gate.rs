//! Who may open an app: said in the console, asked at the gate, and gone when the session is.

use crate::harness::Harness;
use domain::gate::CodeShown;
use domain::{Access, Actor, Origin, Role, TypedAccess};
use platform::{Error, Way};
use std::time::Duration;

const NONCE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn access(who: &str, people: &str) -> Access {
    let typed = TypedAccess { who: who.to_owned(), people: people.to_owned(), ..TypedAccess::default() };
    typed.try_into().expect("valid")
}

/// Somebody in a browser: with a session of the console, as its HTTP side makes one.
async fn signed_in(harness: &Harness, actor: &Actor) -> Actor {
    let session = format!("session of {}", actor.person.email);
    let now = domain::Timestamp(0);
    let mut tx = harness.store.begin().await.expect("a transaction");
    let made = tx.sessions().create(&session, "{}", Some(actor.id()), now, domain::Timestamp(i64::MAX)).await;
    assert!(made.expect("a session"));
    tx.commit().await.expect("kept");
    let origin = Origin { session: Some(session), ..actor.origin.clone() };
    harness.platform.people().actor(actor.id(), origin).await.expect("an actor")
}

async fn end_session(harness: &Harness, actor: &Actor) {
    let mut tx = harness.store.begin().await.expect("a transaction");
    assert!(tx.sessions().delete(actor.origin.session.as_ref().expect("a session")).await.expect("ended"));
    tx.commit().await.expect("kept");
}

/// Ada's app, in traffic, and open to whom she says.
async fn shop(harness: &Harness, who: Access) -> Actor {
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.switched(&ada, "shop", &deploy).await;
    harness.platform.routes().change_access(&ada, "shop", "", who).await.expect("she may");
    ada
}

async fn code(harness: &Harness, actor: &Actor, nonce: &str) -> String {
    let way = harness.platform.gate().enter(actor, "shop.localhost:8080", "/a?b=c", nonce).await.expect("an app");
    let Way::In(address) = way else { panic!("{way:?}") };
    let (before, code) = address.split_once("?code=").expect("a code");
    assert!(before.ends_with("/.slipway/sign-in") && before.starts_with("http://shop.localhost:"), "{before}");
    code.to_owned()
}

fn shown(code: &str) -> CodeShown {
    CodeShown { code: code.to_owned(), host: "shop.localhost".parse().expect("a host"), nonce: NONCE.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_app_closes_it_at_once_and_opening_it_opens_it() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("public", "")).await;
    assert_eq!(harness.visit("shop", "/").await.0, 200);
    harness.platform.routes().change_access(&ada, "shop", "", access("company", "")).await.expect("she may");
    harness.eventually("it is closed", async || harness.visit("shop", "/").await.0 == 401).await;
    harness.platform.routes().change_access(&ada, "shop", "", access("public", "")).await.expect("she may");
    harness.eventually("it is open", async || harness.visit("shop", "/").await.0 == 200).await;
    let lines = harness.store.audit().of_team(ada.roles[0].0, 10).await.expect("lines");
    let changes: Vec<_> =
        lines.iter().filter(|line| line.action == "access.change").map(|l| l.detail.as_str()).collect();
    assert_eq!(changes, ["public instead of company", "company instead of public"]);
}

/// It belongs to the app and not to a release.
#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_opens_nothing() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("public", "")).await;
    let second = harness.deploy(&ada, "shop", "1.1").await.expect("begun");
    harness.ended(&ada, "shop", &second).await;
    harness.platform.routes().change_access(&ada, "shop", "", access("company", "")).await.expect("she may");
    harness.eventually("it is closed", async || harness.visit("shop", "/").await.0 == 401).await;
    let back = harness.platform.releases().roll_back(&ada, "shop", 1).await.expect("begun");
    harness.ended(&ada, "shop", &back).await;
    assert_eq!(harness.visit("shop", "/").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_for_sixty_seconds_at_its_host_and_in_its_browser() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("company", "")).await;
    let ada = signed_in(&harness, &ada).await;
    let gate = harness.platform.gate();
    let refused = async |shown: CodeShown| {
        let outcome = gate.redeem(&shown).await;
        assert!(matches!(outcome, Err(Error::NotFound { .. })), "{outcome:?}");
    };
    let good = shown(&code(&harness, &ada, NONCE).await);
    let admission = gate.redeem(&good).await.expect("good");
    assert_eq!((admission.path.as_str(), admission.pass.email.as_str()), ("/a?b=c", "ada@example.com"));
    refused(good).await;

    let elsewhere = shown(&code(&harness, &ada, NONCE).await);
    refused(CodeShown { host: "bank.localhost".parse().expect("a host"), ..elsewhere.clone() }).await;
    refused(elsewhere).await;

    let of_another_browser = shown(&code(&harness, &ada, &NONCE.replace('0', "1")).await);
    refused(of_another_browser).await;

    let old = shown(&code(&harness, &ada, NONCE).await);
    harness.clock.advance(Duration::from_secs(61));
    refused(old).await;

    let of_an_ended_session = shown(&code(&harness, &ada, NONCE).await);
    end_session(&harness, &ada).await;
    refused(of_an_ended_session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_on_the_list_gets_no_code() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("people", "grace@example.com, @partner.example")).await;
    let gate = harness.platform.gate();
    for (email, is_in) in [("grace@example.com", true), ("x@partner.example", true), ("mallory@example.com", false)] {
        let person = harness.person(email).await;
        let person = signed_in(&harness, &person).await;
        let way = gate.enter(&person, "shop.localhost", "/", NONCE).await.expect("an app");
        assert_eq!(matches!(way, Way::In(_)), is_in, "{email}: {way:?}");
        let closed = gate.closed(&person, "shop.localhost").await.expect("an app");
        assert_eq!(closed.open.is_some(), is_in);
    }
    let ada = signed_in(&harness, &ada).await;
    let way = gate.enter(&ada, "shop.localhost", "/", NONCE).await.expect("an app");
    assert!(matches!(way, Way::Closed(_)), "owning an app is not being on its list");
    for host in
        ["nothing.localhost", "shop.evil.example", "localhost", "", "shop.localhost.evil.example", "x.shop.localhost"]
    {
        assert!(matches!(gate.enter(&ada, host, "/", NONCE).await, Err(Error::NotFound { .. })), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_on_the_list_is_whoever_belongs_to_it_at_that_moment() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("public", "")).await;
    let team = ada.roles[0].0;
    let typed = TypedAccess { who: "people".to_owned(), teams: vec![team], ..TypedAccess::default() };
    harness.platform.routes().change_access(&ada, "shop", "", typed.try_into().expect("valid")).await.expect("she may");
    let view = harness.platform.routes().find(&ada, "shop").await.expect("hers");
    let openers: Vec<_> = view.openers.iter().map(|o| (o.who.as_str(), o.reason.as_str())).collect();
    assert_eq!(openers, [("ada@example.com", "belongs to ada")]);

    let grace = harness.person("grace@example.com").await;
    let way = |person: Actor| async {
        let person = person;
        harness.platform.gate().enter(&person, "shop.localhost", "/", NONCE).await.expect("an app")
    };
    let grace = signed_in(&harness, &grace).await;
    assert!(matches!(way(grace.clone()).await, Way::Closed(_)));
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(team, grace.id(), Role::Billing, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    let grace = harness.platform.people().actor(grace.id(), grace.origin).await.expect("an actor");
    assert!(matches!(way(grace).await, Way::In(_)));
}

/// Mallory lists a team by its id to learn what it is called, or who is in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_team_cannot_be_listed() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let mallory = harness.person("mallory@example.com").await;
    let project = harness.project(&mallory).await;
    harness.create(&mallory, &project, "trap", "1.0").await.expect("begun");
    let typed = TypedAccess { who: "people".to_owned(), teams: vec![ada.roles[0].0], ..TypedAccess::default() };
    let outcome = harness.platform.routes().change_access(&mallory, "trap", "", typed.try_into().expect("valid")).await;
    assert!(matches!(outcome, Err(Error::NotFound { .. })), "{outcome:?}");
}

/// Two owners have the form open; the second would put back whom the first has taken off the list.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_overwrites_a_list_that_they_have_not_seen() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("people", "ada@example.com, mallory@example.com")).await;
    let routes = harness.platform.routes();
    let seen = routes.find(&ada, "shop").await.expect("hers").base;
    let without = access("people", "ada@example.com");
    routes.change_access(&ada, "shop", &seen, without.clone()).await.expect("the first");
    let with = access("people", "ada@example.com, mallory@example.com, grace@example.com");
    let second = routes.change_access(&ada, "shop", &seen, with).await;
    assert!(matches!(second, Err(Error::Conflict(_))), "{second:?}");
    assert_eq!(harness.store.access().of(app_id(&harness, &ada).await).await.expect("read"), without);
}

async fn app_id(harness: &Harness, actor: &Actor) -> domain::AppId {
    harness.platform.apps().overview(actor, "shop").await.expect("theirs").card.app.id
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_asks_to_be_let_in_and_is() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("people", "ada@example.com")).await;
    let (gate, routes) = (harness.platform.gate(), harness.platform.routes());
    let (grace, mallory) = (harness.person("grace@example.com").await, harness.person("mallory@example.com").await);
    for person in [&grace, &grace, &mallory] {
        gate.ask(person, "shop.localhost").await.expect("noted");
    }
    assert!(gate.closed(&grace, "shop.localhost").await.expect("an app").asked_at.is_some());
    assert!(matches!(gate.ask(&ada, "shop.localhost").await, Err(Error::Conflict(_))), "she may already");
    let asked = async || {
        let view = routes.find(&ada, "shop").await.expect("hers");
        view.requests.into_iter().map(|request| request.email.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked().await, ["grace@example.com", "mallory@example.com"]);
    assert!(matches!(routes.grant(&mallory, "shop", "mallory@example.com").await, Err(Error::NotFound { .. })));

    routes.grant(&ada, "shop", "grace@example.com").await.expect("she may");
    routes.decline(&ada, "shop", "mallory@example.com").await.expect("she may");
    assert_eq!(asked().await, [""; 0]);
    assert!(gate.closed(&grace, "shop.localhost").await.expect("an app").open.is_some());
    assert!(gate.closed(&mallory, "shop.localhost").await.expect("an app").open.is_none());
    let lines = harness.store.audit().of_team(ada.roles[0].0, 20).await.expect("lines");
    let count = |action: &str| lines.iter().filter(|line| line.action == action).count();
    assert_eq!(
        (count("access.ask"), count("access.change"), count("access.decline")),
        (2, 2, 1),
        "asking twice is one"
    );
}

/// A developer lists a domain, or the team of another who sees it, to learn who is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_tells_nobody_who_belongs_to_a_strangers_team_or_has_an_account() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("public", "")).await;
    let (team, bank) = (ada.roles[0].0, harness.person("grace@example.com").await.roles[0].0);
    let victor = harness.person("victor@example.com").await;
    let mut tx = harness.store.begin().await.expect("a transaction");
    tx.teams().put_member(team, victor.id(), Role::Developer, domain::Timestamp(0)).await.expect("a member");
    tx.teams().put_member(bank, ada.id(), Role::Viewer, domain::Timestamp(0)).await.expect("a member");
    tx.commit().await.expect("kept");
    let again = async |actor: Actor| harness.platform.people().actor(actor.id(), actor.origin).await.expect("an actor");
    let (ada, victor) = (again(ada).await, again(victor).await);
    let people = "@example.com".to_owned();
    let typed = TypedAccess { who: "people".to_owned(), people, teams: vec![bank], ..TypedAccess::default() };
    harness
        .platform
        .routes()
        .change_access(&ada, "shop", "", typed.try_into().expect("valid"))
        .await
        .expect("her team");
    let openers = async |actor: &Actor| {
        let view = harness.platform.routes().find(actor, "shop").await.expect("theirs");
        view.openers.into_iter().map(|opener| opener.who).collect::<Vec<_>>()
    };
    assert_eq!(openers(&ada).await, ["ada@example.com", "everybody at example.com", "grace@example.com"]);
    assert_eq!(openers(&victor).await, ["everybody at example.com", "everybody in grace"]);
}

/// What an ingress believes follows the store within a minute; here within a look.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_is_in_the_next_table() {
    let harness = Harness::start().await;
    let ada = shop(&harness, access("company", "")).await;
    let ada = signed_in(&harness, &ada).await;
    let admission = harness.platform.gate().redeem(&shown(&code(&harness, &ada, NONCE).await)).await.expect("good");
    let ended = async || harness.table().gate.ended;
    assert!(ended().await.is_empty());
    end_session(&harness, &ada).await;
    harness.eventually("the ingress has heard of it", async || ended().await == [admission.pass.session.clone()]).await;
    harness.clock.advance(Duration::from_hours(13));
    harness.eventually("it is forgotten when the pass has ended", async || ended().await.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_follow_each_other_and_the_last_one_is_still_believed() {
    let harness = Harness::start().await;
    shop(&harness, access("company", "")).await;
    let keys = async || harness.table().gate.keys.into_iter().map(|key| key.id).collect::<Vec<_>>();
    let first = keys().await;
    assert_eq!(first.len(), 1);
    let day = Duration::from_hours(24);
    harness.clock.advance(day * 31);
    harness.eventually("there is another", async || keys().await.len() == 2).await;
    assert_eq!(keys().await[1], first[0]);
    let second = keys().await[0].clone();
    harness.clock.advance(day * 31);
    harness.eventually("there is a third", async || keys().await[1] == second).await;
    assert_eq!(keys().await.len(), 2, "the first is gone");
}
