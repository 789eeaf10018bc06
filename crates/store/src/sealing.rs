use crate::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::aead::{Aead, AeadCore, KeyInit, OsRng, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::{fmt, path::Path};

/// Bytes of `XChaCha20`'s nonce, which is large enough to be drawn at random for every value.
const NONCE: usize = 24;

/// Seals values that shall not stand in the database in clear, with XChaCha20-Poly1305. A sealed value names its key, so
/// that keys can be changed: the first one seals, all of them open.
pub struct SealingKey {
    keys: Vec<Key>,
}

struct Key {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl SealingKey {
    /// A single key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self { keys: vec![Key::new(bytes)] }
    }

    /// Reads the key file; where there is none, makes one of `random`, readable by its owner alone. It has one key per
    /// line, 64 hexadecimal digits: to change keys, put a new one above the old.
    ///
    /// # Errors
    /// [`Error::Setup`] with a sentence for the operator, when the file can be read by others, holds something else, or
    /// cannot be made.
    pub fn load_or_create(path: &Path, random: [u8; 32]) -> Result<Self> {
        let trouble = |error: io::Error| Error::Setup(format!("The key file {}: {error}.", path.display()));
        if !path.exists() {
            create(path, random).map_err(trouble)?;
        }
        if fs::metadata(path).map_err(trouble)?.permissions().mode() & 0o077 != 0 {
            let sentence = format!("The key file {} can be read by others; make it 0600.", path.display());
            return Err(Error::Setup(sentence));
        }
        let text = fs::read_to_string(path).map_err(trouble)?;
        let keys: Option<Vec<_>> = text.lines().filter(|line| !line.trim().is_empty()).map(Key::parse).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Self { keys }),
            _ => Err(Error::Setup(format!("The key file {} has a line that is no key.", path.display()))),
        }
    }

    /// Seals a text for one place, such as `registries/example.com`. Elsewhere it does not open.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<String> {
        let Key { id, cipher } = &self.keys[0];
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = cipher
            .encrypt(&nonce, Payload { msg: text.as_bytes(), aad: place.as_bytes() })
            .map_err(|_| Error::Sealed(format!("{place} is too long to be sealed")))?;
        Ok(format!("1:{id}:{}", STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Whether a value is sealed under the key that seals now.
    pub(crate) fn is_current(&self, sealed: &str) -> bool {
        sealed.starts_with(&format!("1:{}:", self.keys[0].id))
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<String> {
        let broken = || Error::Sealed(format!("the sealed value at {place} was changed or belongs elsewhere"));
        let (id, body) = sealed.strip_prefix("1:").and_then(|rest| rest.split_once(':')).ok_or_else(broken)?;
        let unknown = || Error::Sealed(format!("{place} is sealed under the key {id}, which is not in the key file"));
        let key = self.keys.iter().find(|key| key.id == id).ok_or_else(unknown)?;
        let body = STANDARD_NO_PAD.decode(body).map_err(|_| broken())?;
        let (nonce, sealed) = body.split_at_checked(NONCE).ok_or_else(broken)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let text = key.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| broken())?;
        String::from_utf8(text).map_err(|_| broken())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl Key {
    fn new(bytes: [u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(b"slipway sealing key ").chain_update(bytes).finalize();
        Self { id: hex::encode(&digest[..4]), cipher: XChaCha20Poly1305::new(&bytes.into()) }
    }

    fn parse(line: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(line.trim(), &mut bytes).ok()?;
        Some(Self::new(bytes))
    }
}

/// Writes the file aside and links it into place, so that of two servers that start at once one makes it, and neither reads
/// half of it.
fn create(path: &Path, random: [u8; 32]) -> io::Result<()> {
    let aside = path.with_extension(format!("{}.new", Key::new(random).id));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    writeln!(file, "{}", hex::encode(random))?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
