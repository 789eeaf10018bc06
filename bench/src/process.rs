use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// Resident memory of a process, in MiB.
pub fn resident_mib(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the process is gone")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1024.0)
}

/// Runs Docker's own client against an engine and returns what it prints.
pub fn docker(socket: &Path, arguments: &[&str]) -> Result<String> {
    let host = format!("unix://{}", socket.display());
    let output =
        Command::new("docker").args(["--host", &host]).args(arguments).output().context("docker cannot be started")?;
    anyhow::ensure!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Takes away the ingress of the platform before: it outlives its server, and another installation may not touch it.
pub fn remove_ingress(socket: &Path) -> Result<()> {
    let left = docker(socket, &["ps", "--all", "--quiet", "--filter", "name=^slipway-ingress$"])?;
    left.lines().try_for_each(|id| docker(socket, &["rm", "--force", id]).map(drop))
}
