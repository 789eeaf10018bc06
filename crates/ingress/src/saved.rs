//! The last table on disk, so that an ingress that starts while the server is away serves what it served before (I4, I6).

use domain::routing::RouteTable;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Puts the table in place of the last one, so that a crash at any instruction leaves one or the other whole.
///
/// # Errors
///
/// When the disk refuses. The last table is still there then.
pub fn save(file: &Path, table: &RouteTable) -> io::Result<()> {
    let fresh = file.with_extension("json.new");
    // It holds the keys of the gate. One that was left by a crash may have been made by an older version, readable by all.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut writer = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    writer.write_all(&serde_json::to_vec(table)?)?;
    writer.sync_all()?;
    fs::rename(&fresh, file)?;
    match file.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The last table, or an empty one at the very first start.
///
/// # Errors
///
/// When there is one that cannot be read.
pub fn load(file: &Path) -> io::Result<RouteTable> {
    match fs::read(file) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(RouteTable::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::routing::Generation;

    #[test]
    fn only_its_owner_reads_the_keys_in_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("table.json");
        fs::write(folder.path().join("table.json.new"), "left, and open to all").expect("left");
        save(&file, &RouteTable::default()).expect("saved");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_save_that_was_cut_short_leaves_the_last_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("table.json");
        assert_eq!(load(&file).expect("nothing yet"), RouteTable::default());
        let table = RouteTable { generation: Generation(7), ..RouteTable::default() };
        save(&file, &table).expect("saved");
        fs::write(folder.path().join("table.json.new"), "{\"gener").expect("half a table");
        assert_eq!(load(&file).expect("whole"), table);
        save(&file, &table).expect("saved over the half one");
        assert_eq!(load(&file).expect("whole"), table);
    }
}
