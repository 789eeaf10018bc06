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
    ReleaseId, Rights, Role, SettingsForm, Step, Team, TeamId, Timestamp,
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
    Config { base_domain, scheme, port: 8080, is_demo: true, sign_in: None, admins: Vec::new(), deadlines }
}

/// A team with everything that can be asked for, and somebody who asks.
pub struct Scene {
    number: u64,
    cookie: Option<String>,
    pub team: TeamId,
    pub project: ProjectId,
    pub app: String,
    pub deploy: DeployId,
    pub invitation: InvitationId,
    pub token: String,
    pub owner: PersonId,
    pub member: PersonId,
    pub session_of_owner: String,
}

impl Scene {
    pub async fn set(world: &World, rights: Rights, place: Place) -> Self {
        let number = world.number();
        let id = |kind: u128| uuid::Uuid::from_u128((kind << 64) + u128::from(number));
        let scene = Self {
            number,
            cookie: (place != Place::SignedOut).then(|| format!("slipway={}", session(number))),
            team: TeamId::new(id(1)),
            project: ProjectId::new(id(2)),
            app: format!("app-{number}"),
            deploy: DeployId::new(id(3)),
            invitation: InvitationId::new(id(4)),
            token: format!("token-{number}"),
            owner: PersonId::new(id(5)),
            member: PersonId::new(id(6)),
            session_of_owner: format!("session-{number}"),
        };
        let mut tx = world.store.begin().await.expect("a transaction");
        scene.fill_team(&mut tx).await;
        scene.fill_app(&mut tx, id(8), id(9)).await;
        scene.sign_in(&mut tx, PersonId::new(id(10)), rights, place).await;
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
        tx.invitations().put(&invitation, &self.hash_of_token()).await.expect("an invitation");
    }

    fn hash_of_token(&self) -> String {
        use sha2::Digest as _;
        hex::encode(sha2::Sha256::digest(self.token.as_bytes()))
    }

    async fn fill_app(&self, tx: &mut Tx, app: uuid::Uuid, release: uuid::Uuid) {
        let now = SystemClock.now();
        let name = format!("hidden-project-{}", self.number).parse().expect("a name");
        let project = Project { id: self.project, team_id: self.team, name, created_at: now, deleted_at: None };
        tx.projects().insert(&project).await.expect("a project");
        let (app, name) = (AppId::new(app), self.app.parse().expect("a name"));
        let app =
            App { id: app, project_id: project.id, name, active_release: None, created_at: now, deleted_at: None };
        tx.apps().insert(&app).await.expect("an app");
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
        let id = if case.path.contains("/deploys/") {
            self.deploy.to_string()
        } else if case.path.starts_with("/teams/") {
            self.team.to_string()
        } else {
            self.project.to_string()
        };
        let path = case.address().replace("{name}", &self.app).replace("{id}", &id).replace("{token}", &self.token);
        let file = if case.path.contains("/cost/") { "statement.csv" } else { "audit.csv" };
        let uri = format!("{}{}", path.replace("{format}", file), (case.query)(self));
        let page = !case.path.contains("export") && case.method == "GET";
        let mut request = Request::builder().method(case.method).uri(uri).header("host", "localhost:8080");
        request = request.header("accept", if page { "text/html" } else { "application/json" });
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
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
