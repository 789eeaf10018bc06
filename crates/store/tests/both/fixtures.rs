use domain::{
    App, AppId, AuditId, Deploy, DeployId, DeployState, ImageRef, InvitationId, Person, PersonId, Project, ProjectId,
    RateId, ReleaseId, Role, SecretId, Settings, SettingsForm, Step, Team, TeamId, Timestamp, Token, TokenId,
    TokenScope,
};
use std::sync::atomic::{AtomicU64, Ordering};
use store::{NewRelease, Store, StoredRelease};
use tokio::task::JoinSet;
use uuid::Uuid;

/// The moment at which tests begin.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// The moment `seconds` after [`NOW`].
pub fn after(seconds: i64) -> Timestamp {
    NOW.plus_millis(seconds * 1000)
}

fn next() -> Uuid {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u128(u128::from(LAST.fetch_add(1, Ordering::Relaxed)) + 1)
}

macro_rules! ids {
    ($($function:ident $id:ident)*) => { $(pub fn $function() -> $id { $id::new(next()) })* };
}
ids! {
    app_id AppId audit_id AuditId deploy_id DeployId invitation_id InvitationId person_id PersonId project_id ProjectId rate_id RateId release_id ReleaseId
    secret_id SecretId team_id TeamId token_id TokenId
}

pub fn person(email: &str) -> Person {
    let email = email.parse().expect("an address");
    Person { id: person_id(), email, name: "Ada".to_owned(), platform_role: None }
}

pub fn team(name: &str) -> Team {
    Team { id: team_id(), name: name.parse().expect("a name"), created_at: NOW, suspended_at: None }
}

pub fn project(team: &Team, name: &str) -> Project {
    let name = name.parse().expect("a name");
    Project { id: project_id(), team_id: team.id, name, created_at: NOW, deleted_at: None, freeze: None }
}

pub fn app(project: &Project, name: &str) -> App {
    let name = name.parse().expect("a name");
    App {
        id: app_id(),
        project_id: project.id,
        name,
        active_release: None,
        created_at: NOW,
        deleted_at: None,
        stopped: None,
    }
}

pub fn settings(variables: &str) -> Settings {
    let form = SettingsForm { variables: Some(variables.to_owned()), ..Default::default() };
    form.over(None).expect("the settings are valid")
}

pub fn new_release(app: AppId) -> NewRelease {
    let repository = "registry.example.com:5000/team/shop".parse().expect("a repository");
    NewRelease {
        id: release_id(),
        app_id: app,
        image: ImageRef { repository, tag: "1.4".parse().expect("a tag") },
        digest: format!("sha256:{}", "ab".repeat(32)).parse().expect("a digest"),
        is_local: false,
        settings: settings("GREETING=hello"),
        made_by: "ada@example.com".to_owned(),
        made_at: NOW,
        reason: "first".to_owned(),
    }
}

pub fn deploy(of: &StoredRelease, from: Option<&StoredRelease>) -> Deploy {
    Deploy {
        id: deploy_id(),
        app_id: of.release.app_id,
        release_id: of.release.id,
        number: of.release.number,
        from_release: from.map(|from| from.release.id),
        from_number: from.map(|from| from.release.number),
        from_stopped: None,
        state: DeployState::Under(Step::Resolve),
        steps: Vec::new(),
        reason: String::new(),
        last_lines: Vec::new(),
        started_by: "ada@example.com".to_owned(),
        started_at: NOW,
        ended_at: None,
        cancel_requested_at: None,
        lost_requests: 0,
    }
}

/// A token of somebody that works for a minute.
pub fn token(person: &Person, name: &str, scope: TokenScope) -> Token {
    Token {
        id: token_id(),
        name: name.parse().expect("a name"),
        scope,
        person: person.id,
        made_by: person.email.clone(),
        made_with: None,
        created_at: NOW,
        expires_at: after(60),
        used_at: None,
    }
}

/// A team with an owner, a project, an app and its first release.
pub struct World {
    pub owner: Person,
    pub team: Team,
    pub project: Project,
    pub app: App,
    pub release: StoredRelease,
}

/// Puts a world into the store; everything in it is called after `name`.
pub async fn world(store: &Store, name: &str) -> World {
    let (owner, team) = (person(&format!("{name}@example.com")), team(name));
    let project = project(&team, name);
    let app = app(&project, name);
    let mut tx = store.begin().await.expect("a transaction");
    tx.people().insert(&owner, NOW).await.expect("a person");
    tx.teams().insert(&team).await.expect("a team");
    tx.teams().put_member(team.id, owner.id, Role::Owner, NOW).await.expect("a member");
    tx.projects().insert(&project).await.expect("a project");
    tx.apps().insert(&app).await.expect("an app");
    let release = tx.releases().insert(new_release(app.id)).await.expect("a release");
    tx.commit().await.expect("all of it is kept");
    World { owner, team, project, app, release }
}

/// Does something sixteen times at once, and returns the answers.
pub async fn sixteen<T: Send + 'static, F: Future<Output = T> + Send + 'static>(task: impl Fn(usize) -> F) -> Vec<T> {
    (0..16).map(task).collect::<JoinSet<_>>().join_all().await
}

/// Does one thing in a transaction of its own, which is committed.
macro_rules! committed {
    ($store:expr, $noun:ident.$method:ident($($argument:expr),* $(,)?)) => {{
        let mut tx = $store.begin().await.expect("a transaction");
        let outcome = tx.$noun().$method($($argument),*).await;
        tx.commit().await.expect("it is kept");
        outcome
    }};
}
pub(crate) use committed;
