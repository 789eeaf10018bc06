//! Builds what the browser loads: the WebAssembly half of the console, its style sheet and the files of `public/`, each
//! under a name that carries the hash of its content, each with a brotli twin, and a manifest that names them.

mod bindings;
mod inputs;
mod publish;
mod split;
mod style;
mod toolchain;
mod unused;
mod wasm;

use anyhow::{Context as _, Result};
use publish::Site;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// How much work a build is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Small: what people get, and what tests look at.
    Final,
    /// Built in seconds, large, with the checks of a debug build: for whoever works on the console.
    Draft,
}

/// Where things stand.
struct Places {
    /// The workspace.
    root: PathBuf,
    /// Cargo's target directory.
    target: PathBuf,
    /// What the server embeds.
    site: PathBuf,
    /// Results of slow steps, kept for the next run.
    parts: PathBuf,
}

impl Places {
    fn find() -> Result<Self> {
        // Asked at run time: two clones that share a target directory also share the program.
        let here = std::env::current_dir()?;
        let is_root = |folder: &&Path| folder.join("Cargo.lock").is_file();
        let root = here.ancestors().find(is_root).context("start it inside the workspace")?.to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { site: target.join("site"), parts: target.join("site-parts"), root, target })
    }
}

/// Builds the site unless its inputs are the ones it was built from.
pub fn build(quality: Quality, force: bool) -> Result<()> {
    let begun = Instant::now();
    let places = Places::find()?;
    fs::create_dir_all(&places.parts)?;
    // Two builds at once would take each other's files away.
    let lock = fs::File::create(places.parts.join("lock"))?;
    lock.lock()?;
    let toolchain = toolchain::Toolchain::choose()?;
    let inputs = inputs::fingerprint(&places.root, &toolchain, quality)?;
    let stamp = places.parts.join("inputs");
    let is_built = places.site.join("manifest.json").exists();
    if !force && is_built && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        return Ok(());
    }
    let site = assemble(&places, &toolchain, quality)?;
    site.write(&places.site)?;
    fs::write(&stamp, inputs)?;
    println!("{}\nsite: built in {:.1} s", site.summary(), begun.elapsed().as_secs_f32());
    Ok(())
}

fn assemble(places: &Places, toolchain: &toolchain::Toolchain, quality: Quality) -> Result<Site> {
    let raw = wasm::compile(places, toolchain, quality)?;
    let parts = bindings::of(places, &raw, quality)?;
    let mut site = Site::new(quality);
    site.add("style", "slipway.css", style::sheet(&places.root.join("style"))?);
    for name in ["theme.js", "icon.svg"] {
        let key = name.split('.').next().unwrap_or(name);
        site.add(key, name, fs::read(places.root.join("public").join(name)).with_context(|| format!("public/{name}"))?);
    }
    let mut script = parts.script;
    let mut published = BTreeMap::new();
    for (name, module) in parts.modules {
        let name_for_people = site.add_unlisted(&format!("{}.wasm", in_short(&name)), module);
        script = script.replace(&format!("{name}.wasm"), &name_for_people);
        published.insert(name, name_for_people);
    }
    for (piece, modules) in &parts.pieces {
        site.add_piece(piece, modules.iter().filter_map(|module| published.get(module).cloned()).collect());
    }
    let wasm = site.add("wasm", "slipway.wasm", parts.wasm);
    site.add("script", "slipway.js", bindings::script(&script, &wasm).into_bytes());
    Ok(site)
}

/// A name for people: of `split_app_8394135390333344284` it is `app`.
fn in_short(module: &str) -> &str {
    let name = module.strip_prefix("split_").unwrap_or(module);
    name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_')
}
