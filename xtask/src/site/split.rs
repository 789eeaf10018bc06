use super::Places;
use anyhow::{Context as _, Result, anyhow, ensure};
use std::{collections::BTreeMap, fs, path::PathBuf};
use wasm_split_cli_support::{Options, transform};

/// The browser half in parts: what every page needs, and the pages, each fetched when somebody goes there.
pub struct Split {
    /// Not yet seen by wasm-bindgen.
    pub main: Vec<u8>,
    /// The other modules.
    pub modules: Vec<PathBuf>,
    /// Which of them each piece of the console needs.
    pub pieces: BTreeMap<String, Vec<String>>,
    /// The ES module that fetches them.
    pub loader: String,
}

/// What wasm-bindgen's script imports the loader as.
pub const LOADER: &str = "./slipway-loader.js";

/// The script whose `initSync` the loader imports.
const SCRIPT: &str = "./slipway.js";

/// Takes the module apart where `#[lazy]` says so.
pub fn at_pieces(places: &Places, raw: &[u8]) -> Result<Split> {
    let folder = places.parts.join("split");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let main = folder.join("main.wasm");
    let mut options = Options::new(raw);
    options.output_dir = &folder;
    options.main_out_path = &main;
    options.link_name = LOADER;
    options.main_module = SCRIPT;
    let split = transform(options).map_err(|report| anyhow!("the browser half cannot be taken apart: {report:#}"))?;
    let loader = fs::read_to_string(folder.join(LOADER)).context("the loader")?;
    let pieces = split.prefetch_map.into_iter().collect();
    Ok(Split { main: fs::read(&main)?, modules: split.split_modules, pieces, loader })
}

/// Joins wasm-bindgen's script and the loader into one, because each imports the other, and names that carry their content's hash
/// cannot go round in circles.
pub fn joined(script: &str, loader: &str) -> Result<String> {
    let is_import = |line: &&str| line.starts_with("import * as ") && line.contains(LOADER);
    let names: Vec<_> = script.lines().filter(is_import).filter_map(|line| line.split_whitespace().nth(3)).collect();
    ensure!(!names.is_empty(), "wasm-bindgen's script does not import the loader");
    let mut exports = Vec::new();
    let mut body = String::new();
    for line in loader.lines().filter(|line| !line.starts_with("import ")) {
        let line = match line.strip_prefix("export const ") {
            Some(rest) => {
                exports.extend(rest.split_whitespace().next());
                &line["export ".len()..]
            }
            None => line,
        };
        body.push_str(line);
        body.push('\n');
    }
    ensure!(!exports.is_empty(), "the loader loads nothing");
    let exports = exports.join(", ");
    let rest: String = script.lines().filter(|line| !is_import(line)).flat_map(|line| [line, "\n"]).collect();
    let names: Vec<_> = names.iter().map(|name| format!("const {name} = {{ {exports} }};\n")).collect();
    Ok(format!("{rest}{body}{}", names.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_and_its_loader_become_one() {
        let import = |name| format!("import * as {name} from \"./slipway-loader.js\"\n");
        let script = format!("{}{}use(import1, import2);\n", import("import1"), import("import2"));
        let loader = "import { initSync } from \"./slipway.js\";\nlet a;\nexport const load_home = f(a);\n";
        let joined = joined(&script, loader).expect("joined");
        let expected = "use(import1, import2);\nlet a;\nconst load_home = f(a);\nconst import1 = { load_home };\nconst import2 = { load_home };\n";
        assert_eq!(joined, expected);
    }
}
