//! Chores of the workspace that need its own versions of things: `cargo xtask site`.

mod site;

use anyhow::{Result, bail};
use site::Quality;

const USAGE: &str = "usage: cargo xtask site [--force | --draft]

  site     builds the browser half into $CARGO_TARGET_DIR/site; --force also when nothing changed;
           --draft quickly, large and with all checks, to work on it";

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // What tests look at is what people get: `--release` is understood and changes nothing.
        ["site"] | ["site", "--release"] => site::build(Quality::Final, false),
        ["site", "--force"] => site::build(Quality::Final, true),
        ["site", "--draft"] => site::build(Quality::Draft, false),
        [] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}
