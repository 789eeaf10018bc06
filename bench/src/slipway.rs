//! The platform under measurement: the real program, driven through the console's own addresses.

use crate::{arguments::Arguments, http, process::remove_ingress};
use anyhow::{Context, Result, bail, ensure};
use domain::{AppOverview, Deploy, Home};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running platform with a signed-in operator. It ends with this value, and takes what it made along.
pub struct Slipway {
    process: Child,
    client: reqwest::Client,
    cookie: String,
    /// Where everything is.
    pub console: String,
    folder: TempDir,
}

impl Slipway {
    /// Starts the program on the testbed's engine and signs in by the link it prints.
    pub async fn start(arguments: &Arguments) -> Result<Self> {
        remove_ingress(&arguments.docker_socket)?;
        let mut command = Command::new(&arguments.slipway);
        command.args(["run", "--docker-socket"]).arg(&arguments.docker_socket);
        Self::spawn(command).await
    }

    /// Starts it without an engine, on SQLite or on the database given, and signs in.
    pub async fn pretending(arguments: &Arguments, database: Option<&str>) -> Result<Self> {
        remove_ingress(&arguments.docker_socket)?;
        let mut command = Command::new(&arguments.slipway);
        command.args(["run", "--demo"]);
        if let Some(url) = database {
            command.args(["--database-url", url]);
        }
        Self::spawn(command).await
    }

    async fn spawn(mut command: Command) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut process = command
            .args(["--json", "--listen", "127.0.0.1:8080", "--folder"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .context("slipway cannot be started")?;
        let mut line = String::new();
        let output = process.stdout.take().context("no output")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line).context("slipway did not start")?;
        let text = |name: &str| ready[name].as_str().map(str::to_owned).context("an incomplete line");
        let client = http::client(true)?;
        let answer = client.get(text("link")?).send().await?;
        let cookie = cookie(&answer)?;
        ensure!(cookie.starts_with("slipway="), "the link did not sign in");
        Ok(Self { process, client, cookie, console: text("console")?, folder })
    }

    /// Where it keeps everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Calls one of the console's own functions.
    pub async fn call(&self, endpoint: &str, form: &[(&str, &str)]) -> Result<reqwest::Response> {
        let url = format!("{}/api/console/{endpoint}", self.console);
        let request =
            self.client.post(url).header("cookie", &self.cookie).header("accept", "application/json").form(form);
        let answer = request.send().await?;
        let status = answer.status();
        if !(status.is_success() || status.is_redirection()) {
            bail!("{endpoint} answered {status}: {}", answer.text().await?);
        }
        Ok(answer)
    }

    /// Asks one of the console's own functions.
    async fn ask<T: serde::de::DeserializeOwned>(&self, endpoint: &str, question: serde_json::Value) -> Result<T> {
        let url = format!("{}/api/console/{endpoint}", self.console);
        let request =
            self.client.post(url).header("cookie", &self.cookie).header("accept", "application/json").json(&question);
        Ok(domain::compact::read(&request.send().await?.error_for_status()?.text().await?)?)
    }

    async fn home(&self) -> Result<Home> {
        self.ask("home", serde_json::json!({})).await
    }

    /// Opens a page and returns it.
    pub async fn page(&self, path: &str) -> Result<String> {
        let answer = self.client.get(format!("{}{path}", self.console)).header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "{path} answered {}", answer.status());
        Ok(answer.text().await?)
    }

    /// Opens a page as a browser does and returns it with the number of bytes that came.
    pub async fn downloaded_page(&self, path: &str) -> Result<(String, usize)> {
        let request = self.client.get(format!("{}{path}", self.console)).header("cookie", &self.cookie);
        let bytes = request.header("accept-encoding", "br").send().await?.error_for_status()?.bytes().await?.len();
        Ok((self.page(path).await?, bytes))
    }

    /// Opens the event stream of a page. It stays open for as long as the value lives.
    pub async fn live(&self) -> Result<reqwest::Response> {
        let client = reqwest::Client::builder().build()?;
        let answer = client.get(format!("{}/live", self.console)).header("cookie", &self.cookie).send().await?;
        ensure!(answer.status().is_success(), "the event stream answered {}", answer.status());
        Ok(answer)
    }

    /// Makes a project in the operator's own team and returns its id.
    pub async fn project(&self, name: &str) -> Result<String> {
        let home = self.home().await?;
        let team = home.teams.first().context("no team")?.0.id.to_string();
        self.call("projects/create", &[("team", &team), ("name", name)]).await?;
        let home = self.home().await?;
        let project = home.projects.iter().find(|p| p.project.name.as_str() == name).context("no project")?;
        Ok(project.project.id.to_string())
    }

    /// Makes an app with the sample image and waits until it has the traffic.
    pub async fn create(&self, project: &str, name: &str) -> Result<()> {
        let image = ("deploy[image]", "slipway-sample");
        let form = [("project", project), ("name", name), image, ("deploy[tag]", "1.0"), ("deploy[memory]", "32")];
        self.call("apps/create", &form).await?;
        self.until_switched(name).await
    }

    /// Says who may open an app: `public` or `company`.
    pub async fn open_to(&self, name: &str, who: &str) -> Result<()> {
        self.call("routes/change-access", &[("name", name), ("access[who]", who)]).await.map(|_| ())
    }

    /// Signs the operator in at the gate of an app, as a browser would, and returns the cookie.
    pub async fn pass(&self, app: &str) -> Result<String> {
        let host = format!("{app}.localhost:8080");
        let at_app = |path: &str| self.client.get(format!("http://127.0.0.1:8080{path}")).header("host", &host);
        // A change of access is in force at once, but for the moment that the table needs.
        let give_up = Instant::now() + Duration::from_secs(10);
        let (to_console, nonce) = loop {
            let answer = at_app("/").header("accept", "text/html").send().await?;
            match location(&answer) {
                Ok(to) => break (to, cookie(&answer)?),
                Err(error) if Instant::now() > give_up => return Err(error.context("the gate does not close")),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let answer = self.client.get(to_console).header("cookie", &self.cookie).send().await?;
        let back = location(&answer)?;
        let (_, path) = back.split_once(&host).context("it does not lead back to the app")?;
        cookie(&at_app(path).header("cookie", nonce).send().await?)
    }

    /// Begins a deploy of a tag.
    pub async fn deploy(&self, name: &str, tag: &str) -> Result<()> {
        self.call("deploys/start", &[("name", name), ("deploy[tag]", tag)]).await.map(|_| ())
    }

    /// The last deploy of an app.
    pub async fn last_deploy(&self, name: &str) -> Result<Deploy> {
        let overview: AppOverview = self.ask("apps/overview", serde_json::json!({ "name": name })).await?;
        overview.deploys.into_iter().next().context("no deploy")
    }

    /// Waits until the last deploy of an app has the traffic and nothing is under way on the release before.
    pub async fn until_switched(&self, name: &str) -> Result<()> {
        let give_up = Instant::now() + Duration::from_mins(1);
        loop {
            let deploy = self.last_deploy(name).await?;
            match deploy.state {
                domain::DeployState::Done | domain::DeployState::Under(domain::Step::Watch | domain::Step::Retire) => {
                    return Ok(());
                }
                state if state.is_over() => {
                    bail!("the deploy of {name} ended as {}: {}", state.as_str(), deploy.reason)
                }
                _ if Instant::now() > give_up => bail!("the deploy of {name} takes too long: {deploy:?}"),
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Takes everything away that the measurement made.
    pub async fn clean(&self) -> Result<()> {
        let home = self.home().await?;
        for project in home.projects {
            self.call("projects/delete", &[("id", &project.project.id.to_string())]).await?;
        }
        let give_up = Instant::now() + Duration::from_mins(1);
        while !self.home().await?.projects.is_empty() && Instant::now() < give_up {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

/// What an answer sets first.
fn cookie(answer: &reqwest::Response) -> Result<String> {
    let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Where an answer leads.
fn location(answer: &reqwest::Response) -> Result<String> {
    let status = answer.status();
    let location = answer.headers().get("location").with_context(|| format!("{status} leads nowhere"))?;
    Ok(location.to_str()?.to_owned())
}

impl Drop for Slipway {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
