//! How the functions beside answer: see [`domain::compact`]. Refusals stay JSON.

use domain::compact::{self, Unreadable};
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

/// The encoding of an answer.
pub struct CompactEncoding;

/// Answers as compact text.
pub type Compact = Post<CompactEncoding>;

impl ContentType for CompactEncoding {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}

impl FormatType for CompactEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for CompactEncoding {
    type Error = Unreadable;

    fn encode(output: &T) -> Result<bytes::Bytes, Self::Error> {
        compact::write(output).map(Into::into)
    }
}

impl<T: DeserializeOwned> Decodes<T> for CompactEncoding {
    type Error = Unreadable;

    fn decode(bytes: bytes::Bytes) -> Result<T, Self::Error> {
        compact::read(std::str::from_utf8(&bytes).map_err(|_| Unreadable::Damaged)?)
    }
}
