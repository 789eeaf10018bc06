//! Sends an archive while it is written, so that it is never held in memory or on disk.

use super::archive::{Archive, LAYER, Planned};
use super::internal;
use crate::Result;
use bytes::Bytes;
use futures::Stream;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tar::{Builder, Header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes in one portion, and how many portions may wait for the engine.
const PORTION: usize = 64 * 1024;
const PORTIONS: usize = 8;

/// The bytes that make the engine load some of an archive's images.
pub fn stream(archive: Archive, which: &[usize]) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
    let head = small_entries(&archive, which).map_err(internal)?;
    let (to_engine, portions) = mpsc::channel(PORTIONS);
    tokio::task::spawn_blocking(move || {
        let written = write(&head, &archive, Portions(to_engine.clone()));
        // The engine has gone away when nobody takes the error; the request then tells the reason.
        if let Err(error) = written {
            let _ = to_engine.blocking_send(Err(error));
        }
    });
    Ok(ReceiverStream::new(portions))
}

/// Manifest and configurations, followed by the header of the layer.
fn small_entries(archive: &Archive, which: &[usize]) -> io::Result<Vec<u8>> {
    let mut tar = Builder::new(Vec::new());
    let manifest = archive.manifest(which);
    tar.append_data(&mut header(manifest.len() as u64), "manifest.json", manifest.as_slice())?;
    let images: Vec<&Planned> = which.iter().filter_map(|index| archive.images.get(*index)).collect();
    for image in images {
        tar.append_data(&mut header(image.config.len() as u64), image.config_name(), image.config.as_slice())?;
    }
    let mut layer = header(archive.layer.size);
    layer.set_path(Path::new(LAYER))?;
    layer.set_cksum();
    tar.get_mut().extend_from_slice(layer.as_bytes());
    // `into_inner` would end the archive here.
    Ok(std::mem::take(tar.get_mut()))
}

fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(0o644);
    header.set_size(size);
    header.set_mtime(0);
    header
}

/// The layer is a multiple of 512 bytes long, as every tar archive; two empty blocks end the outer one.
fn write(head: &[u8], archive: &Archive, to: Portions) -> io::Result<()> {
    let mut to = BufWriter::with_capacity(PORTION, to);
    to.write_all(head)?;
    archive.layer.write(&mut to)?;
    to.write_all(&[0; 1024])?;
    to.flush()
}

/// Passes on what is written, and waits while too much is on its way.
struct Portions(mpsc::Sender<io::Result<Bytes>>);

impl Write for Portions {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
