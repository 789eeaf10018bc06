//! A real, certified OpenID provider in a process of its own: `end2end/oidc-provider.mjs`.

use domain::{HostName, Secret};
use identity::{DomainProof, IssuerConfig};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const CLIENT_ID: &str = "slipway";
const CLIENT_SECRET: &str = "only-for-this-test-0123456789";
/// Nothing listens there: the browser of these tests stops before it.
pub const CALLBACK: &str = "http://127.0.0.1/sign-in/oidc/callback";

/// The running provider. It ends with this value, and also when the test is killed: its standard input ends then.
pub struct Running {
    child: Child,
    pub issuer: String,
}

impl Running {
    /// An honest provider on a free port.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With more arguments of `oidc-provider.mjs`.
    pub fn with(arguments: &[&str]) -> Self {
        let folder = folder();
        let mut child = Command::new(node(&folder))
            .current_dir(&folder)
            .args(["oidc-provider.mjs", "--client-id", CLIENT_ID, "--follow-stdin"])
            .args(arguments)
            .env("SLIPWAY_OIDC_CLIENT_SECRET", CLIENT_SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node can be started; dev/setup test installs it");
        let output = BufReader::new(child.stdout.take().expect("its output was asked for"));
        let ready = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| serde_json::from_str::<Value>(&line).ok())
            .expect("the provider says where it listens; run it by hand to see why it does not");
        Self { child, issuer: ready["issuer"].as_str().expect("an address").to_owned() }
    }

    /// How an installation of example.com is configured for it.
    pub fn config(&self) -> IssuerConfig {
        let example: HostName = "example.com".parse().expect("a domain");
        IssuerConfig {
            issuer: self.issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Secret::new(CLIENT_SECRET.to_owned()),
            redirect_url: CALLBACK.parse().expect("an address"),
            allowed_domains: vec![example],
            domain_proof: DomainProof::HostedDomain,
            display_name: None,
        }
    }

    /// From now on it misbehaves like this; see `oidc-provider.mjs`.
    pub async fn misbehave(&self, how: Value) {
        let answer = client().put(format!("{}/control", self.issuer)).body(how.to_string()).send().await;
        assert_eq!(answer.expect("the provider runs").status(), 204);
    }

    /// Replaces its signing keys.
    pub async fn rotate_keys(&self) {
        let answer = client().post(format!("{}/control/rotate", self.issuer)).send().await;
        assert_eq!(answer.expect("the provider runs").status(), 204);
    }

    /// Ends it and gives its port, for one that comes back.
    pub fn stop(self) -> String {
        self.issuer.rsplit(':').next().expect("it has a port").to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; what matters is that it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As a browser's own: it shows redirects instead of following them.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).build().expect("a client")
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../end2end");
    assert!(
        folder.join("node_modules/oidc-provider").is_dir(),
        "The OpenID provider of these tests is not installed. Run `make test`, or `npm ci` in end2end/."
    );
    folder
}

/// The Node.js that stands in the lock file, or on platforms without one the machine's own.
fn node(folder: &std::path::Path) -> PathBuf {
    let own = folder.join("node_modules/.bin/node");
    if own.exists() { own } else { "node".into() }
}
