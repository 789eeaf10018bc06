//! The one layer of a packed image: a tar archive that has the same bytes whenever it is made from the same files.

use super::{PACKED_UID, libraries};
use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tar::{Builder, EntryType, Header};

/// The folder that the program stands in, by the name of its file.
const PROGRAM_FOLDER: &str = "/usr/bin";

/// A layer that has been measured, but not kept: it is written again when it is sent.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Path in the image, to the file that holds the content here.
    files: BTreeMap<PathBuf, PathBuf>,
    /// The program's path in the image.
    pub program: PathBuf,
    /// What the loader must be told to look through, as the value of `LD_LIBRARY_PATH`; mostly nothing.
    pub library_path: Option<String>,
    /// Hash of the archive, in hexadecimal.
    pub sha256: String,
    /// Bytes of the archive.
    pub size: u64,
    /// When the program's file was written, in seconds since 1970.
    pub program_made_at: i64,
}

impl Layer {
    /// Measures the layer of an executable. Reads all of its files; blocks.
    pub fn of(executable: &Path) -> Result<Self> {
        let refuse = |error: io::Error| Error::Refused(format!("{} cannot be packed: {error}.", executable.display()));
        let name = executable.file_name().ok_or_else(|| refuse(io::ErrorKind::InvalidFilename.into()))?;
        let libraries = libraries::of(executable)?;
        let program = Path::new(PROGRAM_FOLDER).join(name);
        let mut files = libraries.files;
        files.insert(program.clone(), executable.to_owned());
        let folders: Vec<_> = libraries.unusual_folders.iter().map(|folder| folder.to_string_lossy()).collect();
        let mut layer = Self {
            files,
            program,
            library_path: (!folders.is_empty()).then(|| folders.join(":")),
            sha256: String::new(),
            size: 0,
            program_made_at: modified(executable).map_err(refuse)?,
        };
        let mut measure = Measure::default();
        layer.write(&mut measure).map_err(refuse)?;
        (layer.sha256, layer.size) = (hex::encode(measure.hash.finalize()), measure.size);
        Ok(layer)
    }

    /// Writes the archive.
    pub fn write(&self, to: impl Write) -> io::Result<()> {
        let mut tar = Builder::new(to);
        for folder in self.folders() {
            let mode = if folder == Path::new("/tmp") { 0o1777 } else { 0o755 };
            append(&mut tar, &folder, EntryType::Directory, mode, 0, io::empty())?;
        }
        for (path, text) in small_files() {
            append(&mut tar, Path::new(path), EntryType::Regular, 0o644, text.len() as u64, text.as_bytes())?;
        }
        for (place, content) in &self.files {
            let file = File::open(content)?;
            let size = file.metadata()?.len();
            append(&mut tar, place, EntryType::Regular, 0o755, size, io::Read::take(file, size))?;
        }
        tar.into_inner()?.flush()
    }

    /// All folders that files stand in, and those that a program expects or a container mounts something at.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let expected = ["/tmp", "/run/slipway", "/etc", "/proc", "/sys", "/dev"].map(PathBuf::from);
        let parents = self.files.keys().filter_map(|place| place.parent().map(Path::to_owned));
        let with_ancestors = |path: PathBuf| path.ancestors().map(Path::to_owned).collect::<Vec<_>>();
        expected.into_iter().chain(parents).flat_map(with_ancestors).filter(|path| path != Path::new("/")).collect()
    }
}

/// Names for the users, and the order in which host names are looked up: glibc asks for both.
fn small_files() -> [(&'static str, String); 3] {
    let user = format!("root:x:0:0:root:/:/none\nslipway:x:{PACKED_UID}:{PACKED_UID}:slipway:/:/none\n");
    let group = format!("root:x:0:\nslipway:x:{PACKED_UID}:\n");
    [("/etc/group", group), ("/etc/nsswitch.conf", "hosts: files dns\n".to_owned()), ("/etc/passwd", user)]
}

/// Owner, times and order are fixed, so that the same content always has the same hash.
fn append(
    tar: &mut Builder<impl Write>,
    path: &Path,
    kind: EntryType,
    mode: u32,
    size: u64,
    content: impl io::Read,
) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    tar.append_data(&mut header, path.strip_prefix("/").unwrap_or(path), content)
}

fn modified(path: &Path) -> io::Result<i64> {
    let modified: SystemTime = path.metadata()?.modified()?;
    let seconds = modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Ok(i64::try_from(seconds).unwrap_or(0))
}

/// Counts and hashes what is written, and keeps nothing.
#[derive(Default)]
struct Measure {
    hash: Sha256,
    size: u64,
}

impl Write for Measure {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_always_make_the_same_layer() {
        let own = std::env::current_exe().expect("the test has a path");
        let (one, other) = (Layer::of(&own).expect("a layer"), Layer::of(&own).expect("a layer"));
        assert_eq!(one.sha256, other.sha256);
        let mut written = Vec::new();
        one.write(&mut written).expect("writing to memory works");
        assert_eq!(written.len() as u64, one.size);
        assert_eq!(hex::encode(Sha256::digest(&written)), one.sha256);
    }

    #[test]
    fn every_file_stands_in_a_folder_of_the_layer() {
        let own = std::env::current_exe().expect("the test has a path");
        let layer = Layer::of(&own).expect("a layer");
        let folders = layer.folders();
        for place in layer.files.keys() {
            assert!(place.parent().is_some_and(|parent| folders.contains(parent)), "{}", place.display());
        }
    }
}
