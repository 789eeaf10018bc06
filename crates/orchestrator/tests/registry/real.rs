//! Debian's registry on a port of its own.

use serde_json::json;
use std::net::{IpAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The password of `ada`. It has what base64 writes with `+` and `/`.
pub const PASSWORD: &str = "sesam~?>öffne";
const HTPASSWD: &str = "ada:$2b$04$TVmjKnxc1RwHwS5GkhY6QuOGE4KayZ2Sl/Hj//E0vRmgWTHSm8h9G\n";

pub struct RealRegistry {
    pub address: String,
    pub http: reqwest::Client,
    process: Child,
    _folder: TempDir,
}

impl Drop for RealRegistry {
    fn drop(&mut self) {
        self.stop();
    }
}

impl RealRegistry {
    /// Starts one on a free port of an address of this machine.
    pub async fn start(host: IpAddr, has_users: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind((host, 0)).and_then(|socket| socket.local_addr()).expect("a port");
        let (address, root) = (free.to_string(), folder.path());
        std::fs::write(root.join("htpasswd"), HTPASSWD).expect("written");
        let users = json!({ "htpasswd": { "realm": "test", "path": root.join("htpasswd") } });
        let mut config = json!({
            "version": 0.1,
            "log": { "level": "error" },
            "storage": { "filesystem": { "rootdirectory": root.join("storage") } },
            "http": { "addr": address, "secret": "for this test" },
        });
        if has_users {
            config["auth"] = users;
        }
        // JSON is YAML.
        std::fs::write(root.join("config.yml"), config.to_string()).expect("written");
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(root.join("config.yml"))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let process = process.expect("docker-registry is installed; `dev/setup test` does that");
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().expect("a client");
        let registry = Self { address, http, process, _folder: folder };
        registry.wait().await;
        registry
    }

    async fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while let Err(error) = self.http.get(format!("http://{}/v2/", self.address)).send().await {
            assert!(Instant::now() < deadline, "the registry does not answer: {error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn stop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
