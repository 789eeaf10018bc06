use crate::harness::Harness;
use domain::{Actor, Origin, QuotaForm, Role, SettingsForm, TeamId};
use platform::{Error, Result};

/// The actor as the next request finds them.
pub async fn again(harness: &Harness, actor: &Actor) -> Actor {
    harness.platform.people().actor(actor.id(), actor.origin.clone()).await.expect("an actor")
}

/// Invites somebody who has signed in before, and lets them accept.
pub async fn joins(harness: &Harness, owner: &Actor, email: &str, role: Role) -> Actor {
    let person = harness.person(email).await;
    let team = owner.roles[0].0;
    harness.platform.invitations().send(owner, team, email, role).await.expect("invited");
    let found = harness.platform.home(&person).await.expect("a home").invitations;
    harness.platform.invitations().accept(&person, found[0].id).await.expect("accepted");
    again(harness, &person).await
}

fn role_in(actor: &Actor, team: TeamId) -> Option<Role> {
    actor.role_in(team)
}

fn conflict<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result {
        Err(Error::Conflict(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_a_member_once() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let (grace, team) = (harness.person("grace@example.com").await, ada.roles[0].0);
    let invitations = harness.platform.invitations();
    let token = invitations.send(&ada, team, " Grace@Example.com ", Role::Operator).await.expect("invited");
    let behind = invitations.behind(&grace, token.expose()).await.expect("found by the link");
    assert_eq!((behind.role, behind.invited_by.as_str()), (Role::Operator, "ada@example.com"));
    let joined = invitations.accept(&grace, behind.id).await.expect("accepted");
    assert_eq!(joined.id, team);
    assert_eq!(role_in(&again(&harness, &grace).await, team), Some(Role::Operator));
    assert!(invitations.accept(&grace, behind.id).await.is_err(), "the second time");
    assert!(invitations.behind(&grace, token.expose()).await.is_err(), "the link is used up");
    let twice = conflict(invitations.send(&ada, team, "grace@example.com", Role::Owner).await);
    assert!(twice.starts_with("grace@example.com belongs to the team already"), "{twice}");
}

/// Somebody else in the company has got hold of the link.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_worth_nothing_to_another_address() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let mallory = harness.person("mallory@example.com").await;
    let invitations = harness.platform.invitations();
    let token = invitations.send(&ada, ada.roles[0].0, "grace@example.com", Role::Owner).await.expect("invited");
    assert!(matches!(invitations.behind(&mallory, token.expose()).await, Err(Error::NotFound { .. })));
    let id = harness.platform.teams().overview(&ada, ada.roles[0].0).await.expect("a team").invitations[0].id;
    assert!(matches!(invitations.accept(&mallory, id).await, Err(Error::NotFound { .. })));
    assert!(harness.platform.home(&mallory).await.expect("a home").invitations.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_ends_by_time_by_withdrawal_and_by_a_new_link() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let (grace, team) = (harness.person("grace@example.com").await, ada.roles[0].0);
    let invitations = harness.platform.invitations();
    let first = invitations.send(&ada, team, "grace@example.com", Role::Viewer).await.expect("invited");
    let id = invitations.behind(&grace, first.expose()).await.expect("found").id;
    let second = invitations.resend(&ada, team, id).await.expect("a new link");
    assert!(invitations.behind(&grace, first.expose()).await.is_err(), "the old link");
    assert!(invitations.behind(&grace, second.expose()).await.is_ok());
    harness.clock.advance(std::time::Duration::from_hours(7 * 24));
    assert!(invitations.behind(&grace, second.expose()).await.is_err(), "after seven days");
    assert!(invitations.accept(&grace, id).await.is_err(), "after seven days");
    let third = invitations.resend(&ada, team, id).await.expect("a new link");
    invitations.withdraw(&ada, team, id).await.expect("withdrawn");
    assert!(invitations.behind(&grace, third.expose()).await.is_err(), "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays_an_owner() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let (bob, team) = (joins(&harness, &ada, "bob@example.com", Role::Owner).await, ada.roles[0].0);
    let teams = harness.platform.teams();
    teams.give_role(&ada, team, bob.id(), Role::Viewer).await.expect("ada is left");
    let kept = conflict(teams.give_role(&ada, team, ada.id(), Role::Developer).await);
    assert!(kept.starts_with("ada@example.com is the last owner of ada."), "{kept}");
    conflict(teams.leave(&ada, team).await);
    teams.leave(&bob, team).await.expect("bob may go");
    assert_eq!(role_in(&again(&harness, &bob).await, team), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_demote_each_other_at_once_leave_one() {
    let harness = Harness::start().await;
    for round in 0..8 {
        let ada = harness.person(&format!("ada{round}@example.com")).await;
        let team = ada.roles[0].0;
        let bob = joins(&harness, &ada, &format!("bob{round}@example.com"), Role::Owner).await;
        let teams = harness.platform.teams();
        let (one, two) = tokio::join!(
            teams.give_role(&ada, team, bob.id(), Role::Viewer),
            teams.give_role(&bob, team, ada.id(), Role::Viewer),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(harness.store.teams().owners(team).await.expect("read").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_was_taken_is_gone_at_the_next_request() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let bob = joins(&harness, &ada, "bob@example.com", Role::Developer).await;
    harness.create(&bob, &project, "shop", "1.0").await.expect("a developer deploys");
    let mut open = std::pin::pin!(harness.platform.live().rights_change(bob.id()));
    harness.platform.teams().remove(&ada, ada.roles[0].0, bob.id()).await.expect("removed");
    open.as_mut().await;
    let bob = again(&harness, &bob).await;
    assert!(matches!(harness.platform.apps().overview(&bob, "shop").await, Err(Error::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_what_the_table_says() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    let operator = joins(&harness, &ada, "operator@example.com", Role::Operator).await;
    let Err(Error::Forbidden(refusal)) = harness.deploy(&operator, "shop", "1.1").await else { panic!("deployed") };
    assert_eq!(
        refusal.to_string(),
        "You may not deploy here: it takes the role developer, and you are operator. ada@example.com can change that."
    );
    let billing = joins(&harness, &ada, "billing@example.com", Role::Billing).await;
    assert!(matches!(harness.platform.apps().overview(&billing, "shop").await, Err(Error::Forbidden(_))));
    let seen = harness.platform.projects().overview(&billing, project.id).await.expect("sees that it is there");
    assert!(seen.apps[0].release.is_none() && seen.apps[0].state.sentence.is_empty());
    assert!(harness.platform.logs().read(&billing, "shop", 1, false).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_team_serves_and_changes_nothing() {
    let harness = Harness::start().await;
    let (ada, chief) = (harness.person("ada@example.com").await, harness.person("chief@example.com").await);
    let (project, team) = (harness.project(&ada).await, ada.roles[0].0);
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.switched(&ada, "shop", &deploy).await;
    assert!(matches!(harness.platform.teams().suspend(&ada, team).await, Err(Error::Forbidden(_))));
    harness.platform.teams().suspend(&chief, team).await.expect("suspended");
    let sentence = conflict(harness.deploy(&ada, "shop", "1.1").await);
    assert!(sentence.starts_with("The team ada is suspended since"), "{sentence}");
    conflict(harness.platform.projects().create(&ada, team, "more").await);
    conflict(harness.platform.invitations().send(&ada, team, "x@example.com", Role::Viewer).await);
    assert_eq!(harness.visit("shop", "/").await.0, 200);
    harness.platform.apps().overview(&ada, "shop").await.expect("reading goes on");
    harness.platform.teams().resume(&chief, team).await.expect("resumed");
    harness.platform.projects().create(&ada, team, "more").await.expect("it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_beyond_the_limits_is_refused_with_the_numbers() {
    let harness = Harness::start().await;
    let (ada, chief) = (harness.person("ada@example.com").await, harness.person("chief@example.com").await);
    let (project, team) = (harness.project(&ada).await, ada.roles[0].0);
    let limit =
        |memory: &str, apps: &str| QuotaForm { memory: memory.into(), apps: apps.into(), ..QuotaForm::default() };
    assert!(harness.platform.teams().set_quota(&ada, team, limit("1", "")).await.is_err(), "an owner may not");
    harness.platform.teams().set_quota(&chief, team, limit("600", "2")).await.expect("limited");
    let first = harness.create(&ada, &project, "shop", "1.0").await.expect("256 MiB fit");
    harness.ended(&ada, "shop", &first).await;
    let settings = SettingsForm { replicas: Some(3), ..SettingsForm::default() };
    let form = domain::DeployForm { settings, ..domain::DeployForm::default() };
    let sentence = conflict(harness.platform.deploys().start(&ada, "shop", form).await);
    assert!(
        sentence.contains("limit of 600 MiB memory: its other apps use 0 B, and this one asks for 768 MiB"),
        "{sentence}"
    );
    let second = harness.create(&ada, &project, "cart", "1.0").await.expect("512 MiB fit");
    harness.ended(&ada, "cart", &second).await;
    let sentence = conflict(harness.create(&ada, &project, "bank", "1.0").await);
    assert!(sentence.contains("limit of 2 apps: its other apps use 2, and this one asks for 1"), "{sentence}");
    // A limit below what is there keeps nobody from deploying the same again.
    harness.platform.teams().set_quota(&chief, team, limit("100", "1")).await.expect("limited");
    harness.deploy(&ada, "shop", "1.1").await.expect("no more than before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_goes_when_nothing_of_it_is_left() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let team = harness.platform.teams().create(&ada, "search").await.expect("made");
    let ada = again(&harness, &ada).await;
    let teams = harness.platform.teams();
    assert_eq!(conflict(teams.create(&ada, "search").await), "There is another team called “search”.");
    teams.rename(&ada, team.id, "find").await.expect("renamed");
    let project = harness.platform.projects().create(&ada, team.id, "things").await.expect("a project");
    let sentence = conflict(teams.delete(&ada, team.id).await);
    assert_eq!(sentence, "find is not empty: delete its projects first (things).");
    harness.platform.projects().delete(&ada, project.id).await.expect("deleted");
    harness.eventually("the project is purged", async || teams.delete(&ada, team.id).await.is_ok()).await;
    assert_eq!(role_in(&again(&harness, &ada).await, team.id), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_word_makes_an_admin_and_admins_make_auditors() {
    let harness = Harness::start().await;
    let (ada, chief) = (harness.person("ada@example.com").await, harness.person("chief@example.com").await);
    assert!(chief.person.is_admin() && !ada.person.is_admin());
    let people = harness.platform.people();
    let auditor = Some(domain::PlatformRole::Auditor);
    assert!(people.set_platform_role(&ada, ada.id(), auditor).await.is_err(), "not by oneself");
    people.set_platform_role(&chief, ada.id(), auditor).await.expect("given");
    let project = harness.project(&chief).await;
    harness.create(&chief, &project, "shop", "1.0").await.expect("begun");
    let ada = again(&harness, &ada).await;
    let seen = harness.platform.apps().overview(&ada, "shop").await.expect("an auditor reads everything");
    assert!(seen.releases.iter().all(|release| release.settings.variables.is_empty()));
    assert!(matches!(harness.deploy(&ada, "shop", "1.1").await, Err(Error::Forbidden(_))));
    let list = harness.platform.teams().list(&ada).await.expect("teams");
    assert_eq!((list.own.len(), list.all.map(|all| all.len())), (1, Some(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ends_ones_own_sessions() {
    let harness = Harness::start().await;
    let (ada, bob) = (harness.person("ada@example.com").await, harness.person("bob@example.com").await);
    let now = platform::Clock::now(&*harness.clock);
    let mut tx = harness.store.begin().await.expect("a transaction");
    for (id, person) in [("here", &ada), ("there", &ada), ("phone", &ada), ("bobs", &bob)] {
        tx.sessions().create(id, "{}", Some(person.id()), now, now.plus_millis(60_000)).await.expect("a session");
    }
    tx.commit().await.expect("kept");
    let origin = Origin { session: Some("here".to_owned()), ..Origin::default() };
    let ada = harness.platform.people().actor(ada.id(), origin).await.expect("an actor");
    let sessions = harness.platform.sessions();
    assert!(matches!(sessions.end(&ada, "bobs").await, Err(Error::NotFound { .. })));
    sessions.end(&ada, "phone").await.expect("ended");
    assert_eq!(sessions.end_others(&ada).await.expect("ended"), 1);
    let left = sessions.own(&ada).await.expect("read");
    assert_eq!(left.iter().map(|s| (s.id.as_str(), s.is_this)).collect::<Vec<_>>(), [("here", true)]);
    assert_eq!(sessions.own(&bob).await.expect("read").len(), 1);
}
