use super::Quality;
use anyhow::Result;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs, io,
    path::Path,
};

/// The files of the site, and the manifest: which role each has.
pub struct Site {
    quality: Quality,
    files: BTreeMap<String, File>,
    manifest: Manifest,
}

/// What the server reads.
#[derive(Default, Serialize)]
struct Manifest {
    /// The name of the file for each role.
    #[serde(flatten)]
    files: BTreeMap<String, String>,
    /// The modules that each piece of the console needs besides the first.
    pieces: BTreeMap<String, Vec<String>>,
}

struct File {
    plain: Vec<u8>,
    /// Squeezing takes longer than all the rest of a draft.
    brotli: Option<Vec<u8>>,
}

impl Site {
    /// An empty one.
    pub fn new(quality: Quality) -> Self {
        Self { quality, files: BTreeMap::new(), manifest: Manifest::default() }
    }

    /// Adds a file under a name that carries its content's hash, such as `slipway-0123456789abcdef.css`, and returns that name.
    pub fn add(&mut self, role: &str, name: &str, content: Vec<u8>) -> String {
        let name = self.add_unlisted(name, content);
        self.manifest.files.insert(role.to_owned(), name.clone());
        name
    }

    /// Says which files a piece of the console needs.
    pub fn add_piece(&mut self, piece: &str, files: Vec<String>) {
        self.manifest.pieces.insert(piece.to_owned(), files);
    }

    /// Adds a file that has no role of its own.
    pub fn add_unlisted(&mut self, name: &str, content: Vec<u8>) -> String {
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        let hash = hex::encode(&Sha256::digest(&content)[..8]);
        let name = format!("{stem}-{hash}.{extension}");
        self.files.insert(
            name.clone(),
            File { brotli: (self.quality == Quality::Final).then(|| squeezed(&content)), plain: content },
        );
        name
    }

    /// Writes everything, the manifest last and in one stroke, and takes away what an earlier build left.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let mut kept = BTreeSet::from(["manifest.json".to_owned()]);
        for (name, file) in &self.files {
            fs::write(folder.join(name), &file.plain)?;
            kept.insert(name.clone());
            if let Some(brotli) = &file.brotli {
                let squeezed = format!("{name}.br");
                fs::write(folder.join(&squeezed), brotli)?;
                kept.insert(squeezed);
            }
        }
        let written = folder.join("manifest.json.new");
        fs::write(&written, serde_json::to_vec_pretty(&self.manifest)?)?;
        fs::rename(written, folder.join("manifest.json"))?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !kept.contains(entry.file_name().to_string_lossy().as_ref()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// What a browser downloads, file by file and in all.
    pub fn summary(&self) -> String {
        let mut lines = String::new();
        for (name, file) in &self.files {
            let brotli = file.brotli.as_ref().map_or(0, Vec::len);
            let _ = writeln!(lines, "{:>9} B {brotli:>8} B brotli  {name}", file.plain.len());
        }
        let total: usize = self.files.values().filter_map(|file| file.brotli.as_ref()).map(Vec::len).sum();
        let _ = write!(lines, "{total:>20} B brotli  in all");
        lines
    }
}

fn squeezed(content: &[u8]) -> Vec<u8> {
    let mut squeezed = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    // Reading from and writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut io::Cursor::new(content), &mut squeezed, &params);
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_gets_another_name_and_the_old_one_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |content: &str| {
            let mut site = Site::new(Quality::Final);
            let name = site.add("style", "a.css", content.as_bytes().to_vec());
            site.write(folder.path()).expect("written");
            name
        };
        let (first, second) = (write("a {}"), write("b {}"));
        assert_ne!(first, second);
        assert!(!folder.path().join(&first).exists());
        assert_eq!(fs::read_to_string(folder.path().join(&second)).expect("there"), "b {}");
        let manifest = fs::read_to_string(folder.path().join("manifest.json")).expect("there");
        assert!(manifest.contains(&second), "{manifest}");
    }

    #[test]
    fn the_brotli_twin_says_the_same() {
        let mut plain = Vec::new();
        let content = b"a { color: red }".repeat(50);
        brotli::BrotliDecompress(&mut io::Cursor::new(squeezed(&content)), &mut plain).expect("brotli");
        assert_eq!(plain, content);
    }
}
