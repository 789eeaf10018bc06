use anyhow::{Context as _, Result, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Who compiles the browser half.
pub enum Toolchain {
    /// The one that runs this program: rustup has the wasm target.
    Rustup,
    /// Debian's compiler with the standard library that `dev/build-wasm-std` made, for machines that cannot reach rustup.
    Debian {
        /// The folder with that library.
        sysroot: PathBuf,
    },
}

impl Toolchain {
    /// Takes rustup's where the target is installed; `SLIPWAY_WASM=debian` insists on the other.
    pub fn choose() -> Result<Self> {
        let wants_debian = std::env::var("SLIPWAY_WASM").is_ok_and(|wanted| wanted == "debian");
        if !wants_debian && rustup_has_target()? {
            return Ok(Self::Rustup);
        }
        let cache = std::env::var_os("SLIPWAY_CACHE").context("SLIPWAY_CACHE is not set; source dev/environment")?;
        let wasm = Path::new(&cache).join("wasm");
        ensure!(wasm.join("ready").exists(), "the target {TARGET} is missing; run dev/setup, which adds it");
        Ok(Self::Debian { sysroot: wasm.join("sysroot") })
    }

    /// Something that changes when the compiler does.
    pub fn identity(&self) -> Result<String> {
        output(Command::new(self.rustc()).arg("-vV"))
    }

    fn rustc(&self) -> &'static str {
        match self {
            Self::Rustup => "rustc",
            Self::Debian { .. } => "/usr/bin/rustc",
        }
    }

    /// `cargo`, told which compiler, library and linker to use for the browser half.
    pub fn cargo(&self) -> Command {
        let mut flags = format!("--cfg=erase_components {}", remapped());
        let mut cargo = match self {
            Self::Rustup => Command::new("cargo"),
            Self::Debian { sysroot } => {
                flags.extend([" --sysroot=", &sysroot.display().to_string()]);
                let mut cargo = Command::new("/usr/bin/cargo");
                cargo.env("RUSTC", self.rustc());
                cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
                cargo
            }
        };
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        cargo.args(["rustc", "--lib", "--package=hydrate", "--target", TARGET]);
        cargo
    }
}

/// Says to leave out of messages where this machine keeps its sources: shorter, and nobody's business.
fn remapped() -> String {
    let home = |variable: &str, otherwise: &str| {
        std::env::var_os(variable)
            .map(PathBuf::from)
            .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(otherwise)))
    };
    let registry = home("CARGO_HOME", ".cargo").and_then(|cargo| std::fs::read_dir(cargo.join("registry/src")).ok());
    let folders = registry.into_iter().flatten().filter_map(|folder| folder.ok().map(|folder| folder.path()));
    folders.map(|folder| format!("--remap-path-prefix={}= ", folder.display())).collect::<Vec<_>>().concat()
}

fn rustup_has_target() -> Result<bool> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).exists())
}

fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("{command:?} does not start"))?;
    ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?)
}
