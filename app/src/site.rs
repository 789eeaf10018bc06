use serde::Deserialize;
use std::collections::HashMap;

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
    /// The module that every page needs.
    pub wasm: String,
    /// The modules that each piece of the console needs besides, by the piece's name.
    pub pieces: HashMap<String, Vec<String>>,
}

impl Site {
    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// When it is not the manifest that this version of xtask writes.
    pub fn from_manifest(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// The modules that a piece needs besides the first. Their list is under the piece's name and a number that Leptos makes up.
    pub fn modules_of(&self, piece: Option<&'static str>) -> impl Iterator<Item = &String> {
        let is_of = move |name: &str| {
            piece.is_some_and(|piece| {
                name.strip_prefix(piece)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
            })
        };
        self.pieces.iter().filter(move |(name, _)| is_of(name)).flat_map(|(_, modules)| modules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_that_lacks_a_file_is_refused() {
        let complete = br#"{"style":"a.css","theme":"b.js","icon":"c.svg","script":"d.js","wasm":"e.wasm","pieces":{"front_12":["f.wasm"]}}"#;
        assert_eq!(Site::from_manifest(complete).expect("complete").wasm, "e.wasm");
        assert!(Site::from_manifest(br#"{"style":"a.css"}"#).is_err());
    }

    #[test]
    fn a_piece_is_found_without_its_number() {
        let pieces = [("app_12", "a.wasm"), ("apple_13", "b.wasm")];
        let pieces = pieces.map(|(piece, file)| (piece.to_owned(), vec![file.to_owned()]));
        let [style, theme, icon, script, wasm] = Default::default();
        let site = Site { style, theme, icon, script, wasm, pieces: pieces.into() };
        assert_eq!(site.modules_of(Some("app")).collect::<Vec<_>>(), ["a.wasm"]);
        assert_eq!(site.modules_of(None).count(), 0);
    }
}
