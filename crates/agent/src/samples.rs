//! The sample app as images: versions to deploy one after the other, and broken ones that a deploy must survive.

use crate::Result;
use crate::image::{PackedImage, Recipe, ensure_packed};
use bollard::Docker;
use std::path::Path;

/// The repository of the samples.
pub const REPOSITORY: &str = "slipway-sample";

/// The port that they listen on.
pub const PORT: u16 = 8080;

/// The executable's file name, as the workspace builds it beside our own.
pub const EXECUTABLE: &str = "slipway-sample";

/// The versions that work, oldest first.
pub const VERSIONS: [&str; 3] = ["1.0", "1.1", "2.0"];

/// The versions that do not, with the variable that makes them so. Modes are described at the top of the sample's source.
pub const BROKEN: [(&str, &str, &str); 5] = [
    ("crashes", "CRASH_AT_START", "3"),
    ("never-listens", "NEVER_LISTEN", "1"),
    ("answers-500", "ANSWER_500", "1"),
    ("crashes-later", "CRASH_AFTER_MS", "20000"),
    ("other-port", "LISTEN_PORT", "9090"),
];

/// Sees to it that the engine has the versions that work, made from the sample's executable.
pub async fn ensure_working(docker: &Docker, executable: &Path) -> Result<Vec<PackedImage>> {
    let recipes: Vec<Recipe> = VERSIONS.iter().map(|version| recipe(version)).collect();
    ensure_packed(docker, executable, &recipes).await
}

/// Sees to it that the engine has all versions, the broken ones included. Tests need these.
pub async fn ensure_all(docker: &Docker, executable: &Path) -> Result<Vec<PackedImage>> {
    let broken = BROKEN.iter().map(|(tag, name, value)| recipe(tag).with_variable(name, *value));
    let recipes: Vec<Recipe> = broken.chain(VERSIONS.iter().map(|version| recipe(version))).collect();
    ensure_packed(docker, executable, &recipes).await
}

fn recipe(tag: &str) -> Recipe {
    let mut recipe = Recipe::named(format!("{REPOSITORY}:{tag}")).with_variable("VERSION", tag);
    recipe.exposed_port = Some(PORT);
    recipe
}
