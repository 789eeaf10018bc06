//! Fresh things for every try, so that what one try changes is not in the way of the next.

use super::Place;
use super::cases::{Case, Content};
use crate::adapters::{DemoAgent, SystemClock, SystemRandom};
use crate::http::{State, sessions, with_site};
use app::Site;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use domain::{
    App, AppId, Deploy, DeployId, DeployState, Invitation, InvitationId, Person, PersonId, Project, ProjectId,
    ReleaseId, Rights, Role, SettingsForm, Step, Subject, Team, TeamId, Timestamp, Token, TokenId, TokenScope,
};
use leptos::prelude::LeptosOptions;
use orchestrator::memory::Memory;
use platform::{Clock, Config, Deadlines, Parts, Platform};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{NewRelease, SealingKey, Store, Tx};
use tempfile::TempDir;
use tower::ServiceExt as _;
use tower_sessions::session::Id;

/// The console without a swarm, and nobody who deploys.
pub struct World {
    router: Router,
    store: Store,
    numbers: AtomicU64,
    _folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let store = Store::open(&url, SealingKey::new([7; 32])).await.expect("a store");
        let memory = Arc::new(Memory::new(Arc::new(|| SystemClock.now())));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let platform = Platform::new(Parts {
            store: store.clone(),
            orchestrator: memory.clone(),
            agent: Arc::new(DemoAgent(memory)),
            ingresses: Vec::new(),
            dns: Arc::new(NoDns),
            certificates: Vec::new(),
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            config: config(),
            samples: vec![crate::runtime::image("slipway-sample:1.0").expect("an image")],
        });
        let options = LeptosOptions::builder().output_name("slipway").build();
        let state = State { platform, sign_in: None, clock, options };
        let files = br#"{"style":"a.css","theme":"b.js","icon":"c.svg","script":"d.js","wasm":"e.wasm","pieces":{}}"#;
        let router = with_site(state, store.clone(), false, Site::from_manifest(files).expect("a manifest"));
        Self { router, store, numbers: AtomicU64::new(1), _folder: folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("an answer")
    }

    fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

fn config() -> Config {
    let base_domain = "localhost".parse().expect("a host name");
    let (scheme, deadlines) = ("http".to_owned(), Deadlines::default());
    let default_access = domain::Who::Public;
    let admins = Vec::new();
    Config {
        base_domain,
        scheme,
        port: 8080,
        https: None,
        addresses: Vec::new(),
        is_demo: true,
        sign_in: None,
        admins,
        default_access,
        deadlines,
    }
}

/// A domain of its own that an app has.
fn own_domain(app: &App, now: Timestamp) -> domain::Domain {
    domain::Domain {
        host: format!("own.{}.example.com", app.name).parse().expect("a host name"),
        app_id: app.id,
        added_at: now,
        served_since: None,
        pointed_at: None,
        checked_at: None,
        finding: domain::Finding::Unknown,
        redirects: false,
    }
}

/// Nobody asks the DNS here.
struct NoDns;

#[async_trait::async_trait]
impl platform::Dns for NoDns {
    async fn addresses(&self, _host: &domain::HostName) -> Result<Vec<std::net::IpAddr>, platform::Unreachable> {
        Err(platform::Unreachable("there is no DNS here".to_owned()))
    }
}

/// A team with everything that can be asked for, and somebody who asks.
pub struct Scene {
    number: u64,
    pub cookie: Option<String>,
    /// What the one who asks comes with at the API.
    pub bearer: Option<String>,
    pub team: TeamId,
    pub project: ProjectId,
    pub app: String,
    pub deploy: DeployId,
    pub invitation: InvitationId,
    pub token: String,
    pub owner: PersonId,
    pub member: PersonId,
    pub session_of_owner: String,
    /// The owner's own.
    pub token_of_owner: TokenId,
    /// One that deploys the app.
    pub token_of_app: TokenId,
    pub other_app: String,
}

impl Scene {
    pub async fn set(world: &World, subject: Subject, rights: Rights, place: Place) -> Self {
        let number = world.number();
        let id = |kind: u128| uuid::Uuid::from_u128((kind << 64) + u128::from(number));
        let scene = Self {
            number,
            cookie: (place != Place::SignedOut && subject != Subject::DeployToken)
                .then(|| format!("slipway={}", session(number))),
            bearer: (place != Place::SignedOut).then(|| format!("slipway_me_{number}")),
            team: TeamId::new(id(1)),
            project: ProjectId::new(id(2)),
            app: format!("app-{number}"),
            deploy: DeployId::new(id(3)),
            invitation: InvitationId::new(id(4)),
            token: format!("token-{number}"),
            owner: PersonId::new(id(5)),
            member: PersonId::new(id(6)),
            session_of_owner: format!("session-{number}"),
            token_of_owner: TokenId::new(id(11)),
            token_of_app: TokenId::new(id(12)),
            other_app: format!("other-{number}"),
        };
        let mut tx = world.store.begin().await.expect("a transaction");
        scene.fill_team(&mut tx).await;
        let other = scene.fill_other_app(&mut tx, id(14)).await;
        let app = scene.fill_app(&mut tx, id(8), id(9)).await;
        scene.sign_in(&mut tx, PersonId::new(id(10)), rights, place).await;
        let person = somebody(&mut tx, PersonId::new(id(10))).await;
        let scope = match (subject, place) {
            (Subject::DeployToken, Place::Other) => deploys(other),
            (Subject::DeployToken, _) => deploys(app.clone()),
            _ => TokenScope::Personal,
        };
        let owner = somebody(&mut tx, scene.owner).await;
        let hers = token(scene.token_of_owner, &owner, "hers", TokenScope::Personal);
        let of_app = token(scene.token_of_app, &owner, "of-app", deploys(app));
        let asks =
            token(TokenId::new(id(13)), if subject == Subject::DeployToken { &owner } else { &person }, "asks", scope);
        let text = scene.bearer.clone().unwrap_or_else(|| format!("kept-{number}"));
        for (token, text) in [(hers, format!("hers-{number}")), (of_app, format!("of-app-{number}")), (asks, text)] {
            tx.tokens().insert(&token, &sha256(&text)).await.expect("a token");
        }
        if place == Place::Revoked {
            assert!(tx.tokens().delete(TokenId::new(id(13))).await.expect("withdrawn"));
        }
        tx.commit().await.expect("kept");
        scene
    }

    async fn fill_team(&self, tx: &mut Tx) {
        let now = SystemClock.now();
        let name = format!("hidden-team-{}", self.number).parse().expect("a name");
        let team = Team { id: self.team, name, created_at: now, suspended_at: None };
        tx.teams().insert(&team).await.expect("a team");
        // Two owners, so that one of them can go.
        for (id, role) in [(self.owner, Role::Owner), (self.member, Role::Owner)] {
            let person = person(id, &format!("hidden-{id}@example.com"), None);
            tx.people().insert(&person, now).await.expect("a person");
            tx.teams().put_member(self.team, id, role, now).await.expect("a member");
        }
        let expires_at = now.plus_millis(1_000_000);
        let created = tx.sessions().create(&self.session_of_owner, "{}", Some(self.owner), now, expires_at).await;
        assert!(created.expect("a session"));
        let invitation = Invitation {
            id: self.invitation,
            team_id: self.team,
            team: team.name,
            email: format!("invited-{}@example.com", self.number).parse().expect("an address"),
            role: Role::Viewer,
            invited_by: "somebody".to_owned(),
            created_at: now,
            expires_at,
        };
        tx.invitations().put(&invitation, &sha256(&self.token)).await.expect("an invitation");
    }

    /// The project with an app that nobody asks for.
    async fn fill_other_app(&self, tx: &mut Tx, id: uuid::Uuid) -> App {
        let now = SystemClock.now();
        let name = format!("hidden-project-{}", self.number).parse().expect("a name");
        let project =
            Project { id: self.project, team_id: self.team, name, created_at: now, deleted_at: None, freeze: None };
        tx.projects().insert(&project).await.expect("a project");
        let app = app(id, &project.id, &self.other_app, now);
        tx.apps().insert(&app).await.expect("an app");
        app
    }

    async fn fill_app(&self, tx: &mut Tx, id: uuid::Uuid, release: uuid::Uuid) -> App {
        let now = SystemClock.now();
        let app = app(id, &self.project, &self.app, now);
        tx.apps().insert(&app).await.expect("an app");
        tx.domains().insert(&own_domain(&app, now)).await.expect("a domain");
        let release = NewRelease {
            id: ReleaseId::new(release),
            app_id: app.id,
            image: crate::runtime::image("sample:1.0").expect("an image"),
            digest: format!("sha256:{}", "ab".repeat(32)).parse().expect("a digest"),
            is_local: true,
            settings: SettingsForm::default().over(None).expect("valid"),
            made_by: "somebody".to_owned(),
            made_at: now,
            reason: String::new(),
        };
        let release = tx.releases().insert(release).await.expect("a release").release;
        tx.deploys().insert(&deploy(self.deploy, &app, release.id, now)).await.expect("a deploy");
        app
    }

    async fn sign_in(&self, tx: &mut Tx, id: PersonId, rights: Rights, place: Place) {
        let now = SystemClock.now();
        let person = person(id, &format!("asks-{}@example.com", self.number), rights.platform);
        tx.people().insert(&person, now).await.expect("a person");
        if let Some(role) = rights.team {
            tx.teams().put_member(self.team, id, role, now).await.expect("a member");
        }
        if place == Place::SignedOut {
            return;
        }
        let data = serde_json::json!({ "person": id, "signed_in_at": now }).to_string();
        let hash = sessions::hash(session(self.number));
        let created = tx.sessions().create(&hash, &data, Some(id), now, now.plus_millis(1_000_000)).await;
        assert!(created.expect("a session"));
        if place == Place::Revoked {
            assert!(tx.sessions().delete(&hash).await.expect("ended"));
        }
    }

    /// What is sent.
    pub fn request(&self, case: &Case) -> Request<Body> {
        let id = if case.path.contains("/me/tokens/") {
            self.token_of_owner.to_string()
        } else if case.path.contains("/tokens/") {
            self.token_of_app.to_string()
        } else if case.path.contains("/deploys/") {
            self.deploy.to_string()
        } else if case.path.starts_with("/teams/") {
            self.team.to_string()
        } else {
            self.project.to_string()
        };
        let path = case.address().replace("{name}", &self.app).replace("{id}", &id).replace("{token}", &self.token);
        let path = path.replace("{number}", "1").replace("{other}", "1").replace("{secret}", "KEY");
        let file = if case.path.contains("/cost/") { "statement.csv" } else { "audit.csv" };
        let uri = format!("{}{}", path.replace("{format}", file), (case.query)(self));
        let page = !case.path.contains("export") && case.method == "GET";
        let mut request = Request::builder().method(case.method).uri(uri).header("host", "localhost:8080");
        // Each comes from an address of their own, so that the failures of one are not held against the next.
        request = request.header("x-forwarded-for", format!("scene-{}", self.number));
        request = request.header("accept", if page { "text/html" } else { "application/json" });
        if let Some(cookie) = self.cookie.as_ref().filter(|_| !case.is_api()) {
            request = request.header("cookie", cookie);
        }
        // A deploy token is tried at the console too, where it is worth nothing.
        if let Some(bearer) = self.bearer.as_ref().filter(|_| case.is_api() || self.cookie.is_none()) {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        let request = match case.content {
            Content::Nothing => request.body(Body::empty()),
            Content::Json(content) => {
                request.header("content-type", "application/json").body(Body::from(content(self).to_string()))
            }
            Content::Form(content) => {
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                request.body(Body::from(content(self)))
            }
        };
        request.expect("a request")
    }

    /// What an answer tells that it must not.
    pub fn told(&self, body: &[u8]) -> Option<String> {
        let body = String::from_utf8_lossy(body);
        let secrets = [format!("hidden-team-{}", self.number), format!("hidden-project-{}", self.number)];
        let people = [format!("hidden-{}", self.owner), format!("hidden-{}", self.member)];
        secrets.into_iter().chain(people).find(|secret| body.contains(secret.as_str()))
    }
}

async fn somebody(tx: &mut Tx, id: PersonId) -> Person {
    tx.people().by_id(id).await.expect("read").expect("somebody")
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}

fn deploys(app: App) -> TokenScope {
    TokenScope::Deploy { app: app.id, name: app.name }
}

fn token(id: TokenId, person: &Person, name: &str, scope: TokenScope) -> Token {
    let now = SystemClock.now();
    Token {
        id,
        name: name.parse().expect("a name"),
        scope,
        person: person.id,
        made_by: person.email.clone(),
        made_with: None,
        created_at: now,
        expires_at: now.plus_millis(1_000_000),
        used_at: None,
    }
}

fn app(id: uuid::Uuid, project: &ProjectId, name: &str, now: Timestamp) -> App {
    let (id, name) = (AppId::new(id), name.parse().expect("a name"));
    App { id, project_id: *project, name, active_release: None, created_at: now, deleted_at: None, stopped: None }
}

fn session(number: u64) -> Id {
    Id(i128::from(number) << 32)
}

fn person(id: PersonId, email: &str, platform_role: Option<domain::PlatformRole>) -> Person {
    Person { id, email: email.parse().expect("an address"), name: String::new(), platform_role }
}

fn deploy(id: DeployId, app: &App, release_id: ReleaseId, now: Timestamp) -> Deploy {
    Deploy {
        id,
        app_id: app.id,
        release_id,
        number: 1,
        from_release: None,
        from_number: None,
        from_stopped: None,
        state: DeployState::Under(Step::Prepare),
        steps: Vec::new(),
        reason: String::new(),
        last_lines: Vec::new(),
        started_by: "somebody".to_owned(),
        started_at: now,
        ended_at: None,
        cancel_requested_at: None,
        lost_requests: 0,
    }
}
