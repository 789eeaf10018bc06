use crate::command::Deploy as Line;
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::output::{self, error_line};
use crate::waiting::finish;
use api::{Code, Deploy, DeployRequest, NewApp, Project, Review, SettingsChange};
use reqwest::Method;
use std::time::Duration;

/// How often a request is sent again whose answer was lost; its key makes that harmless.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// Deploys; an app that is not there yet is made.
pub async fn deploy(line: Line) -> Result<()> {
    let to = Connection::to(&line.app.to)?;
    let request = request(&line);
    warn_of_latest(&request);
    if line.dry_run {
        return review(&to, &line, &request).await;
    }
    let deploy = match start(&to, &line, &request).await {
        Err(Failure::Refused(problem)) if problem.code == Code::NotFound && line.image.is_some() => {
            create(&to, &line, request, problem).await?
        }
        outcome => outcome?,
    };
    finish(&to, &line.app, deploy, &line.waiting).await
}

fn request(line: &Line) -> DeployRequest {
    let settings = SettingsChange {
        port: line.port,
        replicas: line.replicas,
        memory: line.memory,
        cpu: line.cpu,
        ..SettingsChange::default()
    };
    DeployRequest {
        image: line.image.clone(),
        tag: line.tag.clone(),
        reason: line.reason.clone(),
        despite: line.despite.clone(),
        settings: Some(settings).filter(|settings| *settings != SettingsChange::default()),
    }
}

/// What `latest` means changes under one's feet.
fn warn_of_latest(request: &DeployRequest) {
    let behind_image = request.image.as_deref().is_some_and(|image| image.ends_with(":latest"));
    if request.tag.as_deref() == Some("latest") || behind_image {
        error_line("Warning: “latest” is pinned to what it means now, and says nobody which version that is.");
    }
}

async fn start(to: &Connection, line: &Line, request: &DeployRequest) -> Result<Deploy> {
    let (parts, key) = (["apps", line.app.name.as_str(), "deploys"], key());
    let mut tries = 1;
    loop {
        let sent = to.request(Method::POST, &parts).header("idempotency-key", &key).json(request);
        match to.send(sent).await {
            Err(Failure::Unreachable(_)) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the client's one use of randomness: a key that tells this request from all others"
)]
fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

async fn review(to: &Connection, line: &Line, request: &DeployRequest) -> Result<()> {
    let parts = ["apps", line.app.name.as_str(), "deploys"];
    let sent = to.request(Method::POST, &parts).query(&[("dry_run", "true")]).json(request);
    let review: Review = to.send(sent).await?;
    if line.app.to.json {
        output::json(&review);
        return Ok(());
    }
    output::line(&format!("r{} would follow r{}.", review.next, review.base));
    super::releases::print(&review.differences);
    Ok(())
}

/// The app is not there, or not for this token; of the two only the one who may make an app finds out.
async fn create(to: &Connection, line: &Line, deploy: DeployRequest, missing: api::Problem) -> Result<Deploy> {
    let projects: Vec<Project> = match to.get(&["projects"]).await {
        Err(Failure::Refused(problem)) if problem.code == Code::Forbidden => return Err(Failure::Refused(missing)),
        projects => projects?,
    };
    let project = choose(projects, line.project.as_deref())?;
    let new = NewApp { name: line.app.name.to_string(), project_id: project.id, deploy };
    error_line(&output::plain(&format!("Making {} in {}/{}.", new.name, project.team, project.name)));
    to.send(to.request(Method::POST, &["apps"]).json(&new)).await
}

fn choose(projects: Vec<Project>, wanted: Option<&str>) -> Result<Project> {
    let named = |project: &Project| match wanted {
        None => project.may_create_app,
        Some(wanted) => wanted == project.name || wanted == format!("{}/{}", project.team, project.name),
    };
    let mut found: Vec<Project> = projects.into_iter().filter(named).collect();
    match (found.len(), wanted) {
        (1, _) => Ok(found.remove(0)),
        (0, None) => Err(Failure::Invalid("You have no project in which you may make an app.".to_owned())),
        (0, Some(wanted)) => Err(Failure::Invalid(format!("You have no project called “{wanted}”."))),
        _ => {
            let choices: Vec<_> = found.iter().map(|project| format!("{}/{}", project.team, project.name)).collect();
            Err(Failure::Invalid(format!("Name the project with --project: {}.", choices.join(", "))))
        }
    }
}
