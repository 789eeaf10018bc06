use anyhow::{Context as _, Result};
use std::{fs, path::Path};

/// The files of the folder one after the other, in order of their names, without comments and indentation.
pub fn sheet(folder: &Path) -> Result<Vec<u8>> {
    let mut files = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "css"));
    files.sort();
    let mut sheet = String::new();
    for file in files {
        sheet.push_str(&tight(&fs::read_to_string(&file).with_context(|| file.display().to_string())?));
    }
    Ok(sheet.into_bytes())
}

/// Takes out what only the people who write it need. No string in our sheets has `/*` in it.
fn tight(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("*/").map_or("", |(_, rest)| rest));
    }
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |mut sheet, line| {
        sheet.push_str(line);
        sheet.push('\n');
        sheet
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_rules_stay() {
        assert_eq!(tight("/* a */\na {\n  color: red; /* b\nc */\n}\n\n"), "a {\ncolor: red;\n}\n");
    }
}
