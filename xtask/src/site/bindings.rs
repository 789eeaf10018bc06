use super::{Places, Quality};
use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};
use std::{fs, path::Path, process::Command};
use walrus::{ExportItem, ModuleConfig, RefType, Table};
use wasm_bindgen_cli_support::Bindgen;

/// The module and the script that joins it to the browser.
pub struct Parts {
    /// Optimised for size.
    pub wasm: Vec<u8>,
    /// An ES module, not yet told where the other is.
    pub script: String,
}

/// What the browser's half may use, as the compiler does. Not `--all-features`: Debian's binaryen (108) then writes types of
/// the garbage-collection proposal in an encoding of its time, and browsers refuse the whole module.
const OPTIMISE: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
];

/// Makes both from what the linker wrote. It is the slow half of a build, so a module that has not changed is not done again.
pub fn of(places: &Places, raw: &[u8], quality: Quality) -> Result<Parts> {
    let (wasm, script, stamp) =
        (places.parts.join("slipway.wasm"), places.parts.join("slipway.js"), places.parts.join("raw"));
    let hash = hex::encode(Sha256::new().chain_update(OPTIMISE.concat()).chain_update(raw).finalize());
    if fs::read_to_string(&stamp).is_ok_and(|last| last == hash) {
        return Ok(Parts { wasm: fs::read(wasm)?, script: fs::read_to_string(script)? });
    }
    let mut output = Bindgen::new()
        .input_bytes("slipway", raw.to_vec())
        .web(true)?
        .demangle(false)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen")?;
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency brings scripts of its own"
    );
    if quality == Quality::Draft {
        return Ok(Parts { wasm: output.wasm_mut().emit_wasm(), script: output.js().to_owned() });
    }
    let unoptimised = places.parts.join("unoptimised.wasm");
    fs::write(&unoptimised, output.wasm_mut().emit_wasm())?;
    optimise(&unoptimised, &wasm)?;
    fs::write(&script, output.js())?;
    fs::write(&stamp, hash)?;
    Ok(Parts { wasm: fs::read(wasm)?, script: fs::read_to_string(script)? })
}

fn optimise(from: &Path, to: &Path) -> Result<()> {
    let mut tool = Command::new("wasm-opt");
    tool.args(OPTIMISE).arg("-o").arg(to).arg(from);
    let done = tool.status().context("wasm-opt does not start; run dev/setup, which installs it")?;
    ensure!(done.success(), "{tool:?} failed");
    mend_table_export(to)
}

/// Debian's binaryen (108) writes every exported table as the first, which is that of the functions. The script means the
/// one that holds what the browser lends us.
fn mend_table_export(path: &Path) -> Result<()> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(&fs::read(path)?)?;
    let lent = module.tables.iter().find(|table| table.element_ty == RefType::EXTERNREF).map(Table::id);
    for export in module.exports.iter_mut().filter(|export| export.name == "__wbindgen_externrefs") {
        export.item = ExportItem::Table(lent.context("the module has no table of references")?);
    }
    fs::write(path, module.emit_wasm())?;
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
