use serde::Deserialize;

/// The names of the files that `cargo xtask site` made, as its `manifest.json` lists them. The server offers these files
/// under `/site/`; each name carries the hash of its content, so that they may be cached for ever.
#[derive(Debug, Clone, Deserialize)]
pub struct Site {
    /// The style sheet.
    pub style: String,
    /// The script that sets the theme before anything is painted.
    pub theme: String,
    /// The mark, for the browser's tab.
    pub icon: String,
    /// The script that starts the module.
    pub script: String,
    /// The module.
    pub wasm: String,
}

impl Site {
    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// When it is not the manifest that this version of xtask writes.
    pub fn from_manifest(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_lacks_a_file_is_refused() {
        let complete = br#"{"style":"a.css","theme":"b.js","icon":"c.svg","script":"d.js","wasm":"e.wasm"}"#;
        assert_eq!(Site::from_manifest(complete).expect("complete").wasm, "e.wasm");
        assert!(Site::from_manifest(br#"{"style":"a.css"}"#).is_err());
    }
}
