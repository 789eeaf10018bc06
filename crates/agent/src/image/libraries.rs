//! Which files a program needs to start: itself, the dynamic loader and the libraries it is linked with.

use crate::{Error, Result};
use lddtree::{DependencyAnalyzer, Library};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where a dynamic loader looks without being told to. Debian's also looks in the folder of the machine's own triplet.
const DEFAULT_FOLDERS: [&str; 4] = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];

/// What resolves names. glibc has it inside since 2.34; older ones load it when the first name is looked up, so that it
/// is not among the libraries that the program is linked with.
const NAME_RESOLUTION: [&str; 3] = ["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

/// The libraries of a program.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Libraries {
    /// Path in the image, to the file that holds the content here.
    pub files: BTreeMap<PathBuf, PathBuf>,
    /// Folders in which the loader does not look by itself.
    pub unusual_folders: BTreeSet<PathBuf>,
}

/// Finds the libraries of an executable. A program that is linked statically has none.
pub fn of(executable: &Path) -> Result<Libraries> {
    let refuse = |reason: String| Error::Refused(format!("{} cannot be packed: {reason}.", executable.display()));
    let tree =
        DependencyAnalyzer::new(PathBuf::from("/")).analyze(executable).map_err(|error| refuse(error.to_string()))?;
    let mut libraries = Libraries::default();
    for library in tree.libraries.values() {
        let content = library.realpath.clone().ok_or_else(|| refuse(format!("{} is not found", library.name)))?;
        if library.name.starts_with("libc.so") {
            libraries.add_name_resolution(&library.path);
        }
        libraries.add(place_of(library, tree.interpreter.as_deref()), content);
    }
    Ok(libraries)
}

/// The loader stands exactly where the program names it; a library where it was found.
fn place_of(library: &Library, interpreter: Option<&str>) -> PathBuf {
    let is_loader = |path: &&str| Path::new(path).file_name() == library.path.file_name();
    interpreter.filter(is_loader).map_or_else(|| library.path.clone(), PathBuf::from)
}

impl Libraries {
    fn add(&mut self, place: PathBuf, content: PathBuf) {
        let folder = place.parent().unwrap_or(Path::new("/"));
        let is_default = |default: &&str| folder == Path::new(default) || is_triplet_folder(folder, default);
        if !DEFAULT_FOLDERS.iter().any(is_default) {
            self.unusual_folders.insert(folder.to_owned());
        }
        self.files.insert(place, content);
    }

    fn add_name_resolution(&mut self, libc: &Path) {
        for name in NAME_RESOLUTION {
            let place = libc.with_file_name(name);
            if let Ok(content) = place.canonicalize() {
                self.add(place, content);
            }
        }
    }
}

/// `/lib/x86_64-linux-gnu` and its like.
fn is_triplet_folder(folder: &Path, default: &str) -> bool {
    let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
    folder == Path::new(default).join(triplet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_brings_its_loader_and_its_c_library() {
        let own = std::env::current_exe().expect("the test has a path");
        let libraries = of(&own).expect("the test can be packed");
        let has = |start: &str| {
            let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start));
            libraries.files.keys().any(named)
        };
        assert!(has("libc.so"), "{libraries:?}");
        assert!(has("ld-linux"), "{libraries:?}");
        assert_eq!(libraries.unusual_folders, BTreeSet::new());
    }

    #[test]
    fn what_is_no_program_is_refused_by_name() {
        let error = of(Path::new("/etc/hostname")).expect_err("this is text");
        assert!(error.to_string().starts_with("/etc/hostname cannot be packed: "), "{error}");
    }
}
