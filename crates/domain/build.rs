//! Gives the layout of this crate's types a name: a number made of their source. Two programs with the same number read each other's
//! compact text.

use std::{env, fs, io, path::Path};

#[expect(clippy::disallowed_methods, reason = "it is how Cargo tells a build script where to write")]
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=src");
    // Fowler, Noll and Vo's hash (FNV-1a), which stays the same whichever compiler this is built by.
    let hash = fold(Path::new("src"), 0xcbf2_9ce4_8422_2325)?;
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("layout"), format!("{hash:016x}"))
}

fn fold(folder: &Path, mut hash: u64) -> io::Result<u64> {
    let mut entries =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            hash = fold(&entry, hash)?;
        } else {
            for byte in fs::read(&entry)? {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    Ok(hash)
}
