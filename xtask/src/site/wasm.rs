use super::{Places, Quality, toolchain::Toolchain};
use anyhow::{Context as _, Result, ensure};
use std::fs;

/// Compiles `app/hydrate` and returns the module as the linker wrote it.
pub fn compile(places: &Places, toolchain: &Toolchain, quality: Quality) -> Result<Vec<u8>> {
    let mut cargo = toolchain.cargo();
    let folder = match quality {
        Quality::Final => {
            cargo.arg("--profile=wasm");
            "wasm"
        }
        Quality::Draft => "debug",
    };
    cargo.current_dir(&places.root).arg("--target-dir").arg(&places.target);
    // `split` needs to know what refers to what.
    cargo.args(["--", "-Clink-arg=--emit-relocs"]);
    let done = cargo.status().with_context(|| format!("{cargo:?} does not start"))?;
    ensure!(done.success(), "the browser half does not compile");
    let built = places.target.join("wasm32-unknown-unknown").join(folder).join("hydrate.wasm");
    fs::read(&built).with_context(|| built.display().to_string())
}
