//! The rows: which route needs what.

use super::scene::Scene;
use crate::http::api::{self, BASE};
use app::Console;
use domain::Action::{self, *};
use leptos_axum::generate_route_list;
use serde_json::{Value, json};

/// What one has to be to get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// It is open to everybody.
    Nothing,
    SignedIn,
    /// Any token that works.
    AnyToken,
    /// The action, in the team that the thing belongs to.
    Team(Action),
    /// The action, on the platform.
    Platform(Action),
    /// To belong to the team oneself.
    Membership,
    /// To belong to some team in which one may do it; else there is nothing to do it with.
    RoleIn(Action),
    /// Something that only another person has, so it is not found, whoever asks.
    SomethingOfTheirOwn,
}

/// What is sent.
#[derive(Clone, Copy)]
pub enum Content {
    Nothing,
    Json(fn(&Scene) -> Value),
    Form(fn(&Scene) -> String),
}

/// A row.
pub struct Case {
    pub method: &'static str,
    /// As the router knows it, with `{name}`s.
    pub path: &'static str,
    /// What stands behind the path.
    pub query: fn(&Scene) -> String,
    pub needs: Needs,
    pub content: Content,
}

const CONSOLE: &str = "/api/console/";

fn ask(path: &'static str, needs: Needs, content: fn(&Scene) -> Value) -> Case {
    Case { method: "POST", path, query: |_| String::new(), needs, content: Content::Json(content) }
}

fn change(path: &'static str, needs: Needs, content: fn(&Scene) -> String) -> Case {
    Case { method: "POST", path, query: |_| String::new(), needs, content: Content::Form(content) }
}

fn get(path: &'static str, needs: Needs) -> Case {
    Case { method: "GET", path, query: |_| String::new(), needs, content: Content::Nothing }
}

/// All rows.
pub fn all() -> Vec<Case> {
    functions_of_apps()
        .into_iter()
        .chain(functions_of_teams())
        .chain(by_hand())
        .chain(pages())
        .chain(super::api::rows())
        .collect()
}

#[rustfmt::skip]
fn functions_of_apps() -> Vec<Case> {
    use Needs::{RoleIn, SignedIn, Team};
    vec![
        ask("apps/overview", Team(Inspect), |s| json!({ "name": s.app })),
        ask("apps/check-name", SignedIn, |_| json!({ "name": "free" })),
        ask("apps/choices", SignedIn, |_| json!({})),
        change("apps/create", Team(CreateApp), |s| format!("project={}&name=new-{}&deploy[image]=sample&deploy[tag]=1.0", s.project, s.app)),
        change("apps/delete", Team(DeleteApp), |s| format!("name={}", s.app)),
        change("apps/restart", Team(Restart), |s| format!("name={}", s.app)),
        change("apps/start", Team(Stop), |s| format!("name={}", s.app)),
        change("apps/stop", Team(Stop), |s| format!("name={}", s.app)),
        ask("costs/of-app", Team(SeeCost), |s| json!({ "name": s.app, "month": "" })),
        ask("costs/of-size", SignedIn, |_| json!({ "size": {}, "before": {} })),
        ask("deploys/find", Team(Inspect), |s| json!({ "name": s.app, "id": s.deploy })),
        change("deploys/start", Team(Deploy), |s| format!("name={}&deploy[tag]=1.1", s.app)),
        change("deploys/cancel", Team(CancelDeploy), |s| format!("name={}&id={}", s.app, s.deploy)),
        ask("home", SignedIn, |_| json!({})),
        change("home/sample", RoleIn(CreateProject), |_| String::new()),
        ask("images/tags", SignedIn, |_| json!({ "image": "sample" })),
        ask("logs/last", Team(ReadLogs), |s| json!({ "name": s.app })),
        ask("projects/overview", Team(See), |s| json!({ "id": s.project })),
        change("projects/create", Team(CreateProject), |s| format!("team={}&name=more", s.team)),
        change("projects/delete", Team(DeleteProject), |s| format!("id={}", s.project)),
        change("projects/freeze", Team(Freeze), |s| format!("id={}&freeze[until]=2100-01-01T00:00&freeze[reason]=fair", s.project)),
        change("projects/lift-freeze", Team(Freeze), |s| format!("id={}", s.project)),
        change("releases/roll-back", Team(RollBack), |s| format!("name={}&number=1", s.app)),
        ask("routes/find", Team(Inspect), |s| json!({ "name": s.app })),
        change("routes/change-access", Team(ChangeAccess), |s| format!("name={}&access[who]=public", s.app)),
        change("routes/grant", Team(ChangeAccess), |s| format!("name={}&email=new@example.com", s.app)),
        change("routes/decline", Team(ChangeAccess), |s| format!("name={}&email=new@example.com", s.app)),
        ask("domains/list", Team(Inspect), |s| json!({ "name": s.app })),
        change("domains/add", Team(ChangeDomains), |s| format!("name={}&host=www.{}.example.com", s.app, s.app)),
        change("domains/look", Team(ChangeDomains), |s| format!("name={}&host={}", s.app, domain(s))),
        change("domains/redirect", Team(ChangeDomains), |s| format!("name={}&host={}&redirects=true", s.app, domain(s))),
        change("domains/remove", Team(ChangeDomains), |s| format!("name={}&host={}", s.app, domain(s))),
        change("gate/ask", SignedIn, |s| format!("host={}", host(s))),
        ask("gate/closed", SignedIn, |s| json!({ "host": host(s) })),
        ask("releases/compare", Team(Inspect), |s| json!({ "name": s.app, "from": 1, "to": 1 })),
        ask("settings/find", Team(Inspect), |s| json!({ "name": s.app })),
        ask("settings/review", Team(ChangeSettings), |s| json!({ "name": s.app, "base": 1, "settings": {} })),
        change("settings/apply", Team(ChangeSettings), |s| format!("name={}&base=1&message=&settings[replicas]=2", s.app)),
        // Without a reason, so that who may is told to give one.
        ask("secrets/reveal", Team(RevealSecret), |s| json!({ "name": s.app, "secret": "KEY", "reason": "" })),
    ]
}

#[rustfmt::skip]
fn functions_of_teams() -> Vec<Case> {
    use Needs::{Membership, Platform, SignedIn, SomethingOfTheirOwn, Team};
    vec![
        ask("audit/page", Team(ReadAudit), |s| json!({ "team": s.team, "filter": {} })),
        ask("certificates/list", Platform(SeeCertificates), |_| json!({})),
        ask("costs/of-company", Platform(SeeCompanyCost), |_| json!({ "month": "" })),
        ask("costs/of-team", Team(SeeCost), |s| json!({ "team": s.team, "month": "" })),
        change("invitations/accept", SomethingOfTheirOwn, |s| format!("id={}", s.invitation)),
        ask("invitations/find", SomethingOfTheirOwn, |s| json!({ "token": s.token })),
        change("invitations/resend", Team(ManagePeople), |s| format!("team={}&id={}", s.team, s.invitation)),
        change("invitations/send", Team(ManagePeople), |s| format!("team={}&email=new@example.com&role=viewer", s.team)),
        change("invitations/withdraw", Team(ManagePeople), |s| format!("team={}&id={}", s.team, s.invitation)),
        ask("people/all", Platform(ManagePlatformRoles), |_| json!({})),
        change("people/set-platform-role", Platform(ManagePlatformRoles), |s| format!("id={}&role=auditor", s.owner)),
        ask("rates/all", Platform(SeeCompanyCost), |_| json!({})),
        change("rates/choose-currency", Platform(SetRates), |_| "currency=EUR".to_owned()),
        change("rates/set", Platform(SetRates), |_| "rate[of]=tax&rate[value]=20".to_owned()),
        ask("sessions/own", SignedIn, |_| json!({})),
        change("sessions/end", SomethingOfTheirOwn, |s| format!("id={}", s.session_of_owner)),
        change("sessions/end-others", SignedIn, |_| String::new()),
        ask("tokens/of-app", Team(SeeTokens), |s| json!({ "name": s.app })),
        ask("tokens/make-for-app", Team(MakeToken), |s| json!({ "name": s.app, "form": { "name": "new" } })),
        change("tokens/withdraw-of-app", Team(WithdrawToken), |s| format!("name={}&id={}", s.app, s.token_of_app)),
        ask("tokens/own", SignedIn, |_| json!({})),
        ask("tokens/make-own", SignedIn, |_| json!({ "form": { "name": "new" } })),
        change("tokens/withdraw-own", SomethingOfTheirOwn, |s| format!("id={}", s.token_of_owner)),
        ask("teams/list", SignedIn, |_| json!({})),
        change("teams/create", SignedIn, |s| format!("name=more-{}", s.app)),
        change("teams/delete", Team(DeleteTeam), |s| format!("id={}", s.team)),
        change("teams/give-role", Team(ManagePeople), |s| format!("id={}&person={}&role=viewer", s.team, s.member)),
        change("teams/leave", Membership, |s| format!("id={}", s.team)),
        ask("teams/overview", Team(See), |s| json!({ "id": s.team })),
        change("teams/remove-member", Team(ManagePeople), |s| format!("id={}&person={}", s.team, s.member)),
        change("teams/rename", Team(RenameTeam), |s| format!("id={}&name=re-{}", s.team, s.app)),
        change("teams/resume", Team(SuspendTeam), |s| format!("id={}", s.team)),
        change("teams/set-quota", Team(SetQuota), |s| format!("id={}&quota[apps]=3", s.team)),
        change("teams/suspend", Team(SuspendTeam), |s| format!("id={}", s.team)),
    ]
}

/// The address of an app is no secret: who may sign in may ask to be let in.
/// The domain of its own that the app has.
fn domain(scene: &Scene) -> String {
    format!("own.{}.example.com", scene.app)
}

fn host(scene: &Scene) -> String {
    format!("{}.localhost", scene.app)
}

fn by_hand() -> Vec<Case> {
    use Needs::{Nothing, Platform, SignedIn, Team};
    vec![
        get("/healthz", Nothing),
        get("/.well-known/jwks.json", Nothing),
        Case { query: |s| format!("?app={}&path=/&nonce={}", host(s), "0".repeat(64)), ..get("/gate", SignedIn) },
        Case { query: |_| "?token=guessed".to_owned(), ..get("/sign-in/link", Nothing) },
        get("/sign-in/oidc", Nothing),
        get("/sign-in/oidc/callback", Nothing),
        Case { method: "POST", ..get("/sign-out", Nothing) },
        Case { query: |s| format!("?app={}", s.app), ..get("/live", Team(See)) },
        get("/apps/{name}/logs/stream", Team(ReadLogs)),
        get("/apps/{name}/export/compose.yaml", Team(ReadVariables)),
        get("/projects/{id}/export/compose.yaml", Team(ReadVariables)),
        get("/audit/export/{format}", Platform(ReadPlatformAudit)),
        get("/teams/{id}/audit/export/{format}", Team(ReadAudit)),
        get("/cost/export/{format}", Platform(SeeCompanyCost)),
        get("/teams/{id}/cost/export/{format}", Team(SeeCost)),
    ]
}

fn pages() -> Vec<Case> {
    use Needs::{Nothing, Platform, SignedIn, SomethingOfTheirOwn, Team};
    vec![
        get("/", SignedIn),
        get("/sign-in", Nothing),
        get("/gallery", Nothing),
        get("/audit", Platform(ReadPlatformAudit)),
        get("/certificates", Platform(SeeCertificates)),
        get("/cost", Platform(SeeCompanyCost)),
        get("/cost/rates", Platform(SeeCompanyCost)),
        get("/invitations/{token}", SomethingOfTheirOwn),
        Case { query: |s| format!("?app={}", host(s)), ..get("/gate/closed", SignedIn) },
        get("/me/sessions", SignedIn),
        get("/me/tokens", SignedIn),
        get("/people", Platform(ManagePlatformRoles)),
        get("/permissions", SignedIn),
        get("/teams", SignedIn),
        get("/teams/new", SignedIn),
        get("/teams/{id}", Team(See)),
        get("/teams/{id}/limits", Team(See)),
        get("/teams/{id}/audit", Team(ReadAudit)),
        get("/teams/{id}/cost", Team(SeeCost)),
        get("/teams/{id}/danger", Team(See)),
        get("/projects/new", SignedIn),
        get("/projects/{id}", Team(See)),
        get("/projects/{id}/freeze", Team(See)),
        get("/projects/{id}/apps/new", SignedIn),
        get("/apps/{name}", Team(Inspect)),
        get("/apps/{name}/deploy", Team(Inspect)),
        get("/apps/{name}/deploys/{id}", Team(Inspect)),
        get("/apps/{name}/releases", Team(Inspect)),
        Case { query: |_| "?from=1&to=1".to_owned(), ..get("/apps/{name}/releases/diff", Team(Inspect)) },
        get("/apps/{name}/settings", Team(Inspect)),
        get("/apps/{name}/access", Team(Inspect)),
        get("/apps/{name}/domains", Team(Inspect)),
        get("/apps/{name}/logs", Team(ReadLogs)),
        get("/apps/{name}/tokens", Team(Inspect)),
        get("/apps/{name}/cost", Team(SeeCost)),
        get("/apps/{name}/danger", Team(Inspect)),
    ]
}

impl Case {
    /// Whether it is of the API, where a token counts and no cookie.
    pub fn is_api(&self) -> bool {
        self.path.starts_with(BASE)
    }

    /// Whether it is about one app.
    pub fn is_of_app(&self) -> bool {
        self.path.contains("/apps/{name}")
    }

    /// What tells it from others: at an address of the API each method is a route of its own.
    fn route(&self) -> String {
        if self.is_api() { format!("{} {}", self.method, self.path) } else { self.address() }
    }

    /// The address, without the names filled in.
    pub fn address(&self) -> String {
        if self.path.starts_with('/') { self.path.to_owned() } else { format!("{CONSOLE}{}", self.path) }
    }
}

/// What the server answers: functions, pages, and what is there by hand.
fn routes() -> Vec<String> {
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    let pages = generate_route_list(Console).into_iter().map(|page| page.path().to_owned());
    let by_hand = super::super::by_hand().into_iter().chain(super::super::open_to_all());
    let api = api::routes().into_iter().chain(api::open()).map(|(method, path, _)| format!("{method} {BASE}{path}"));
    functions.chain(pages).chain(by_hand.map(|(_, path, _)| path.to_owned())).chain(api).collect()
}

/// Files of the console are no secret, and there are none in this test.
fn is_file(route: &str) -> bool {
    route == "/site/{file}"
}

/// Routes that nobody has said anything about.
pub fn without_row(cases: &[Case]) -> Vec<String> {
    let known: Vec<_> = cases.iter().map(Case::route).collect();
    routes().into_iter().filter(|route| !known.contains(route) && !is_file(route)).collect()
}

/// Rows about what is not there.
pub fn without_route(cases: &[Case]) -> Vec<String> {
    let routes = routes();
    cases.iter().map(Case::route).filter(|address| !routes.contains(address)).collect()
}
