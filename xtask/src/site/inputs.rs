use super::{Quality, toolchain::Toolchain};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Everything that the site is made from. `Cargo.lock` stands for all dependencies.
const INPUTS: &[&str] = &["Cargo.lock", "Cargo.toml", "app", "crates/domain", "public", "style", "xtask"];

/// A hash over names and contents of all inputs and over the compiler.
pub fn fingerprint(root: &Path, toolchain: &Toolchain, quality: Quality) -> Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    hash.update(toolchain.identity()?);
    hash.update(format!("{quality:?}"));
    for file in files {
        let content = fs::read(&file).with_context(|| file.display().to_string())?;
        hash.update(file.strip_prefix(root)?.to_string_lossy().as_bytes());
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    Ok(hex::encode(hash.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
