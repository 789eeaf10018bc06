//! The rows of the API.

use super::cases::{Case, Content, Needs};
use super::scene::Scene;
use domain::Action::*;
use serde_json::{Value, json};

fn row(method: &'static str, path: &'static str, needs: Needs) -> Case {
    Case { method, path, query: |_| String::new(), needs, content: Content::Nothing }
}

fn sends(method: &'static str, path: &'static str, needs: Needs, content: fn(&Scene) -> Value) -> Case {
    Case { content: Content::Json(content), ..row(method, path, needs) }
}

/// All of them.
#[rustfmt::skip]
pub fn rows() -> Vec<Case> {
    use Needs::{AnyToken, Nothing, SignedIn, SomethingOfTheirOwn, Team};
    vec![
        row("GET", "/api/v1/openapi.json", Nothing),
        row("GET", "/api/v1/whoami", AnyToken),
        row("GET", "/api/v1/teams", SignedIn),
        sends("POST", "/api/v1/teams", SignedIn, |s| json!({ "name": format!("more-{}", s.app) })),
        row("GET", "/api/v1/projects", SignedIn),
        sends("POST", "/api/v1/projects", Team(CreateProject), |s| json!({ "team_id": s.team, "name": "more" })),
        row("GET", "/api/v1/apps", SignedIn),
        sends("POST", "/api/v1/apps", Team(CreateApp), |s| json!({ "name": format!("new-{}", s.app), "project_id": s.project, "deploy": { "image": "sample:1.0" } })),
        row("GET", "/api/v1/apps/{name}", Team(Inspect)),
        row("DELETE", "/api/v1/apps/{name}", Team(DeleteApp)),
        row("GET", "/api/v1/apps/{name}/events", Team(See)),
        row("GET", "/api/v1/apps/{name}/logs", Team(ReadLogs)),
        row("GET", "/api/v1/apps/{name}/deploys", Team(Inspect)),
        sends("POST", "/api/v1/apps/{name}/deploys", Team(Deploy), |_| json!({ "tag": "1.1" })),
        row("GET", "/api/v1/apps/{name}/deploys/{id}", Team(Inspect)),
        row("POST", "/api/v1/apps/{name}/deploys/{id}/cancel", Team(CancelDeploy)),
        row("GET", "/api/v1/apps/{name}/releases", Team(Inspect)),
        row("GET", "/api/v1/apps/{name}/releases/{number}", Team(Inspect)),
        row("GET", "/api/v1/apps/{name}/releases/{number}/diff/{other}", Team(Inspect)),
        row("POST", "/api/v1/apps/{name}/releases/{number}/rollback", Team(RollBack)),
        row("GET", "/api/v1/apps/{name}/settings", Team(Inspect)),
        sends("PATCH", "/api/v1/apps/{name}/settings", Team(ChangeSettings), |_| json!({ "replicas": 2 })),
        row("GET", "/api/v1/apps/{name}/secrets", Team(Inspect)),
        sends("PUT", "/api/v1/apps/{name}/secrets/{secret}", Team(ChangeSettings), |_| json!({ "value": "x" })),
        row("DELETE", "/api/v1/apps/{name}/secrets/{secret}", Team(ChangeSettings)),
        row("GET", "/api/v1/apps/{name}/tokens", Team(SeeTokens)),
        sends("POST", "/api/v1/apps/{name}/tokens", Team(MakeToken), |_| json!({ "name": "ci" })),
        row("DELETE", "/api/v1/apps/{name}/tokens/{id}", Team(WithdrawToken)),
        row("GET", "/api/v1/me/tokens", SignedIn),
        row("DELETE", "/api/v1/me/tokens/{id}", SomethingOfTheirOwn),
    ]
}
