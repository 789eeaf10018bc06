//! The one folder that an installation on one machine keeps everything in.

use anyhow::{Context, Result};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Below the home folder, when the operator names none.
const DEFAULT: &str = ".local/share/slipway";

const DATABASE: &str = "slipway.db";

/// The folder, with only its owner's access.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is not there. `wanted` is what the operator named.
    pub fn open(wanted: Option<PathBuf>) -> Result<Self> {
        let path = match wanted {
            Some(path) => path,
            None => home()?.join(DEFAULT),
        };
        let open = |path: &Path| -> std::io::Result<()> {
            std::fs::create_dir_all(path)?;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        };
        open(&path).with_context(|| {
            format!("The folder {} cannot be made or opened. Choose another with --folder.", path.display())
        })?;
        open(&path.join("ingress"))?;
        Ok(Self(path.canonicalize()?))
    }

    /// Makes sure that no other process works with this folder, for as long as the file is held.
    pub fn lock(&self) -> Result<std::fs::File> {
        let file = std::fs::File::create(self.0.join("lock"))?;
        file.try_lock().map_err(|_| {
            anyhow::anyhow!(
                "Slipway already runs with {}. Stop it, or choose another folder with --folder.",
                self.0.display()
            )
        })?;
        Ok(file)
    }

    /// What is shared with the ingress: sockets and the last route table.
    pub fn ingress(&self) -> PathBuf {
        self.0.join("ingress")
    }

    /// Where the console listens; the ingress brings its requests there.
    pub fn console_socket(&self) -> PathBuf {
        self.ingress().join("console.sock")
    }

    /// Where the server tells ingresses what a code of the gate stands for.
    pub fn gate_socket(&self) -> PathBuf {
        self.ingress().join("gate.sock")
    }

    /// Where the ingress takes its orders.
    pub fn control_socket(&self) -> PathBuf {
        self.ingress().join("control.sock")
    }

    /// The embedded database.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.0.join(DATABASE).display())
    }

    /// The key that seals secrets; it is not in the database.
    pub fn sealing_key(&self) -> PathBuf {
        self.0.join("sealing.key")
    }
}

/// The embedded database of an installation that is there; nothing is made.
pub fn existing_database_url(wanted: Option<PathBuf>) -> Result<String> {
    let folder = match wanted {
        Some(path) => path,
        None => home()?.join(DEFAULT),
    };
    let file = folder.join(DATABASE);
    anyhow::ensure!(file.exists(), "There is no installation in {}. Name its folder with --folder.", folder.display());
    Ok(format!("sqlite://{}", file.display()))
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks for the home folder")]
fn home() -> Result<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).context("HOME is not set. Name a folder with --folder.")
}
