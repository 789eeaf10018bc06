use super::{Places, Quality, split, unused};
use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    process::Command,
};
use walrus::{Module, RefType};
use wasm_bindgen_cli_support::Bindgen;

/// The modules and the script that joins them to the browser.
pub struct Parts {
    /// What every page needs.
    pub wasm: Vec<u8>,
    /// The other modules, by the names that the script knows them by, without their extension.
    pub modules: Vec<(String, Vec<u8>)>,
    /// Which of them each piece of the console needs.
    pub pieces: BTreeMap<String, Vec<String>>,
    /// An ES module, not yet told where the others are.
    pub script: String,
}

/// What the browser's half may use, as the compiler does. Not `--all-features`: Debian's binaryen (108) then writes types of
/// the garbage-collection proposal in an encoding of its time, and browsers refuse the whole module.
/// The order counts, and so does what is not here: -Oz is smaller on a disk, and larger once a server has squeezed it (by 1.5 %).
const OPTIMISE: [&str; 12] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
    "--one-caller-inline-max-function-size",
    "20",
    "-Os",
    "-Os",
];

/// Makes all of it from what the linker wrote. It is the slow half of a build, so a module that has not changed is not done again.
pub fn of(places: &Places, raw: &[u8], quality: Quality) -> Result<Parts> {
    let (folder, stamp) = (places.parts.join("done"), places.parts.join("raw"));
    let tool = fs::read(std::env::current_exe()?)?;
    let hash = Sha256::new().chain_update(tool).chain_update(format!("{quality:?}")).chain_update(raw);
    let hash = hex::encode(hash.finalize());
    if fs::read_to_string(&stamp).is_ok_and(|last| last == hash) {
        return read(&folder);
    }
    let split = split::at_pieces(places, raw)?;
    let mut output = Bindgen::new()
        .input_bytes("slipway", split.main)
        .web(true)?
        .demangle(false)
        .keep_lld_exports(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency brings scripts of its own"
    );
    let script = output.js().to_owned();
    let script = unused::take_out_classes(output.wasm_mut(), &script)?;
    let script = shorten_imports(script, output.wasm_mut());
    let main = places.parts.join("split").join(MAIN);
    fs::write(&main, output.wasm_mut().emit_wasm())?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for from in split.modules.iter().chain([&main]) {
        let to = folder.join(from.file_name().context("a module without a name")?);
        match quality {
            Quality::Final => {
                unused::take_out(from)?;
                optimise(from, &to)?;
            }
            Quality::Draft => drop(fs::copy(from, &to)?),
        }
    }
    let script = unused::take_out_lent(&script, &folder.join(MAIN))?;
    fs::write(folder.join(SCRIPT), split::joined(&script, &split.loader)?)?;
    fs::write(folder.join(PIECES), serde_json::to_vec(&split.pieces)?)?;
    fs::write(&stamp, hash)?;
    read(&folder)
}

/// Gives what the script lends to the module names of a few letters. wasm-bindgen's own stand in both files, and end in numbers that
/// nothing can squeeze.
fn shorten_imports(script: String, module: &mut Module) -> String {
    let mut short = HashMap::new();
    for import in module.imports.iter_mut().filter(|import| import.name.starts_with("__wb")) {
        let number = short.len();
        let name = short.entry(import.name.clone()).or_insert_with(|| format!("w{number}"));
        import.name.clone_from(name);
    }
    let is_part_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut words = String::with_capacity(script.len());
    let mut rest = script.as_str();
    while let Some(start) = rest.find(is_part_of_a_name) {
        let (between, from_word) = rest.split_at(start);
        let (word, after) = from_word.split_at(from_word.find(|c| !is_part_of_a_name(c)).unwrap_or(from_word.len()));
        words.push_str(between);
        words.push_str(short.get(word).map_or(word, String::as_str));
        rest = after;
    }
    words.push_str(rest);
    words
}

const PIECES: &str = "pieces.json";
const MAIN: &str = "slipway.wasm";
const SCRIPT: &str = "slipway.js";

fn read(folder: &Path) -> Result<Parts> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        match name.to_string_lossy().strip_suffix(".wasm") {
            Some(name) if name != "slipway" => modules.push((name.to_owned(), fs::read(path)?)),
            _ => {}
        }
    }
    modules.sort();
    let pieces = serde_json::from_slice(&fs::read(folder.join(PIECES))?)?;
    let (wasm, script) = (fs::read(folder.join(MAIN))?, fs::read_to_string(folder.join(SCRIPT))?);
    Ok(Parts { wasm, modules, pieces, script })
}

fn optimise(from: &Path, to: &Path) -> Result<()> {
    let mut tool = Command::new("wasm-opt");
    tool.args(OPTIMISE).arg("-o").arg(to).arg(from);
    let done = tool.status().context("wasm-opt does not start; run dev/setup, which installs it")?;
    ensure!(done.success(), "{tool:?} failed");
    mend_table_export(to)
}

/// Debian's binaryen (108) writes every exported table as the first, which is that of the functions. The script means the
/// one that holds what the browser lends us. The number is changed where it stands: writing the whole module anew costs 1 %.
fn mend_table_export(path: &Path) -> Result<()> {
    const EXPORT: &[u8] = b"__wbindgen_externrefs\x01";
    let mut bytes = fs::read(path)?;
    let module = Module::from_buffer(&bytes)?;
    if !module.exports.iter().any(|export| EXPORT.starts_with(export.name.as_bytes())) {
        return Ok(());
    }
    let lent = module.tables.iter().position(|table| table.element_ty == RefType::EXTERNREF);
    let lent = u8::try_from(lent.context("the module has no table of references")?)?;
    let places: Vec<_> = bytes.windows(EXPORT.len()).enumerate().filter(|(_, name)| *name == EXPORT).collect();
    ensure!(places.len() == 1 && lent < 0x80, "the export of the table of references cannot be found");
    let number = places[0].0 + EXPORT.len();
    bytes[number] = lent;
    fs::write(path, bytes)?;
    Ok(())
}

/// The script with its comments taken out, and a last line that starts the module of this name beside it.
pub fn script(bindings: &str, wasm: &str) -> String {
    let mut script = String::with_capacity(bindings.len());
    let mut in_comment = false;
    for line in bindings.lines().map(str::trim) {
        in_comment |= line.starts_with("/**") || line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            script.push_str(line);
            script.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    script.push_str("__wbg_init({ module_or_path: new URL(\"");
    script.push_str(wasm);
    script.push_str("\", import.meta.url) });\n");
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_loses_its_comments_and_learns_where_the_module_is() {
        let written =
            script("/* eslint-disable */\n\n/**\n * Says why.\n */\nlet a = 1; // kept\n// not kept\n", "a-1.wasm");
        assert_eq!(
            written,
            "let a = 1; // kept\n__wbg_init({ module_or_path: new URL(\"a-1.wasm\", import.meta.url) });\n"
        );
    }
}
