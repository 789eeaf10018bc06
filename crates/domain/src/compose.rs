//! The exit door: apps as a file for plain `docker compose up`. Nothing of Slipway is needed to run it.
//!
//! What people typed stands in double quotes, in which YAML takes everything by escapes, and with every `$` doubled, since
//! Compose puts variables in for it. Secrets are named, and not in it.

use crate::{AppName, Delivery, Probe, ProjectName, Release};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Ports below this are not everybody's to listen on.
const FIRST_FREE_PORT: u32 = 1024;
/// What is put before a port that is not: 80 becomes 8080.
const INSTEAD: u32 = 8000;
const LAST_PORT: u32 = 65_535;

/// An app as it goes into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeApp {
    /// The name of its service.
    pub name: AppName,
    /// What runs.
    pub release: Release,
    /// Whether its image is on the engine alone, and not in a registry.
    pub is_local: bool,
}

/// The file for these apps of a project.
pub fn compose(project: &ProjectName, apps: &[ComposeApp]) -> String {
    let mut file = File { text: String::new(), apps, variables: variables(apps), taken: BTreeSet::new() };
    file.head();
    file.line(0, &format!("name: {}", quoted(project.as_str())));
    file.line(0, "services:");
    for app in apps {
        file.service(app);
    }
    file.secrets();
    file.text
}

struct File<'a> {
    text: String,
    apps: &'a [ComposeApp],
    /// What Compose asks for, by app and secret.
    variables: BTreeMap<(&'a AppName, &'a str), String>,
    /// Ports of the machine that an app of the file has.
    taken: BTreeSet<u32>,
}

impl File<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{}{text}", "  ".repeat(depth));
    }

    fn head(&mut self) {
        self.line(0, "# Runs with `docker compose up`, on Docker alone. Each app answers on this machine at the first port it has below.");
        let asked: Vec<_> = self.variables.values().cloned().collect();
        if !asked.is_empty() {
            self.line(0, "# The values of secrets are not in here. Compose asks for these variables:");
            for variable in asked {
                self.line(0, &format!("#   {variable}"));
            }
        }
    }

    fn service(&mut self, app: &ComposeApp) {
        let settings = &app.release.settings;
        self.line(1, &format!("{}:", quoted(app.name.as_str())));
        self.line(2, &format!("image: {}", literal(&image(app))));
        if !settings.command.is_empty() {
            self.line(2, "command:");
            for argument in &settings.command {
                self.line(3, &format!("- {}", literal(argument)));
            }
        }
        self.environment(app);
        let ports = self.ports(app);
        self.line(2, &format!("ports: [{ports}]"));
        self.secrets_of(app);
        self.line(2, "init: true");
        self.line(2, "restart: unless-stopped");
        self.line(2, "security_opt: [\"no-new-privileges:true\"]");
        self.line(2, "deploy:");
        self.line(3, &format!("replicas: {}", settings.replicas.get()));
        let (cpus, memory) = (settings.cpu.to_cores(), settings.memory.get());
        self.line(3, &format!("resources: {{limits: {{cpus: \"{cpus}\", memory: \"{memory}m\"}}}}"));
        self.line(2, "x-slipway:");
        self.line(3, &format!("release: {}", quoted(&format!("r{}", app.release.number))));
        self.line(3, &format!("tag: {}", literal(app.release.image.tag.as_str())));
        self.line(3, &format!("ready_when: {}", literal(&ready_when(app))));
    }

    /// The variables, the secrets that are given like them, and `PORT` unless there is a variable of that name.
    fn environment(&mut self, app: &ComposeApp) {
        let settings = &app.release.settings;
        self.line(2, "environment:");
        if settings.variables.get("PORT").is_none() {
            self.line(3, &format!("\"PORT\": \"{}\"", settings.port.get()));
        }
        for (name, value) in settings.variables.iter() {
            self.line(3, &format!("{}: {}", quoted(name), literal(value)));
        }
        for (name, _) in settings.secrets.iter().filter(|(_, secret)| secret.delivery == Delivery::Environment) {
            let variable = self.variable(app, name);
            self.line(3, &format!("{}: {}", quoted(name), asks_for(&variable, "the value", app, name)));
        }
    }

    /// A port of this machine for each replica, and only for this machine: Docker opens others past a firewall.
    fn ports(&mut self, app: &ComposeApp) -> String {
        let (port, replicas) = (u32::from(app.release.settings.port.get()), app.release.settings.replicas.get());
        let span = u32::from(replicas.max(1));
        let wanted = if port < FIRST_FREE_PORT { INSTEAD + port } else { port };
        let is_free =
            |first: &u32| first + span - 1 <= LAST_PORT && (*first..first + span).all(|p| !self.taken.contains(&p));
        let first = (wanted..=LAST_PORT).chain(FIRST_FREE_PORT..wanted).find(is_free).unwrap_or(wanted);
        self.taken.extend(first..first + span);
        let last = first + span - 1;
        if first == last {
            format!("\"127.0.0.1:{first}:{port}\"")
        } else {
            format!("\"127.0.0.1:{first}-{last}:{port}\"")
        }
    }

    /// The secrets that are files in the app's container.
    fn secrets_of(&mut self, app: &ComposeApp) {
        let names: Vec<_> = files(app).map(str::to_owned).collect();
        if !names.is_empty() {
            self.line(2, "secrets:");
        }
        for name in names {
            self.line(3, &format!("- {{source: {}, target: {}}}", quoted(&source(app, &name)), quoted(&name)));
        }
    }

    /// Where Compose finds what those files hold.
    fn secrets(&mut self) {
        let apps = self.apps;
        if apps.iter().all(|app| files(app).next().is_none()) {
            return;
        }
        self.line(0, "secrets:");
        for app in apps {
            for name in files(app) {
                let variable = self.variable(app, name);
                self.line(1, &format!("{}:", quoted(&source(app, name))));
                self.line(2, &format!("file: {}", asks_for(&variable, "the path of a file", app, name)));
            }
        }
    }

    /// The variable that a secret is taken from.
    fn variable(&self, app: &ComposeApp, name: &str) -> String {
        self.variables.get(&(&app.name, name)).cloned().unwrap_or_default()
    }
}

/// A variable for each secret of each app, no two alike: of the secret's name, with the app's before it when several apps
/// have one of that name.
fn variables(apps: &[ComposeApp]) -> BTreeMap<(&AppName, &str), String> {
    let mut variables = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for app in apps {
        for (name, secret) in &app.release.settings.secrets {
            let holders = apps.iter().filter(|app| app.release.settings.secrets.contains_key(name)).count();
            let mut variable = if holders < 2 { name.clone() } else { format!("{}_{name}", shouted(&app.name)) };
            if secret.delivery == Delivery::File {
                variable.push_str("_FILE");
            }
            while !taken.insert(variable.clone()) {
                variable.push('_');
            }
            variables.insert((&app.name, name.as_str()), variable);
        }
    }
    variables
}

/// By digest, so that it is the same image; one that only the engine has goes by its tag there.
fn image(app: &ComposeApp) -> String {
    let Release { image, digest, .. } = &app.release;
    if app.is_local { image.to_string() } else { format!("{}@{digest}", image.repository) }
}

/// The names of the secrets that an app reads as files.
fn files(app: &ComposeApp) -> impl Iterator<Item = &str> {
    let all = app.release.settings.secrets.iter();
    all.filter(|(_, secret)| secret.delivery == Delivery::File).map(|(name, _)| name.as_str())
}

/// What a secret is called among those of the file.
fn source(app: &ComposeApp, name: &str) -> String {
    format!("{}-{name}", app.name)
}

/// A value that Compose takes from a variable, and without which it does not start.
fn asks_for(variable: &str, what: &str, app: &ComposeApp, name: &str) -> String {
    format!("\"${{{variable}:?set it to {what} of the secret {name} of {}}}\"", app.name)
}

/// A name as a shell would write it: `my-shop` becomes `MY_SHOP`.
fn shouted(name: &AppName) -> String {
    let shouted = name.as_str().to_ascii_uppercase().replace('-', "_");
    if shouted.starts_with(|first: char| first.is_ascii_digit()) { format!("APP_{shouted}") } else { shouted }
}

fn ready_when(app: &ComposeApp) -> String {
    let port = app.release.settings.port.get();
    match &app.release.settings.probe {
        Probe::Http { path } => format!("GET {path} on port {port} answers 200 to 399"),
        Probe::Tcp => format!("port {port} accepts a connection"),
    }
}

/// A value that Compose puts nothing into.
fn literal(text: &str) -> String {
    quoted(&text.replace('$', "$$"))
}

/// As a YAML scalar in double quotes. Whatever is not plainly printable is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        let _ = match letter {
            '"' | '\\' => write!(quoted, "\\{letter}"),
            '\n' => write!(quoted, "\\n"),
            '\r' => write!(quoted, "\\r"),
            '\t' => write!(quoted, "\\t"),
            ' '..='~' => write!(quoted, "{letter}"),
            letter if letter.is_alphanumeric() => write!(quoted, "{letter}"),
            letter => match u32::from(letter) {
                code @ 0..=0xffff => write!(quoted, "\\u{code:04X}"),
                code => write!(quoted, "\\U{code:08X}"),
            },
        };
    }
    quoted.push('"');
    quoted
}
