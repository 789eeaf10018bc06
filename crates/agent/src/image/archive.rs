//! What an image consists of besides its layer, in the format that `docker save` writes: a configuration per image, and a
//! manifest that lists the images with their layers.

use super::layer::Layer;
use super::{CONTENT_LABEL, PACKED_UID, Recipe};
use domain::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The layer's name within the archive.
pub const LAYER: &str = "layer.tar";

/// Images that share a layer.
pub struct Archive {
    /// The layer.
    pub layer: Layer,
    /// The images.
    pub images: Vec<Planned>,
}

/// One image as it shall be.
pub struct Planned {
    /// Repository and tag.
    pub reference: String,
    /// Its id: the hash of its configuration.
    pub id: String,
    /// What it was made from, in short.
    pub content: String,
    /// Its configuration.
    pub config: Vec<u8>,
}

impl Archive {
    /// Plans an image for each recipe.
    pub fn new(layer: Layer, recipes: &[Recipe]) -> Self {
        let plan = |(age, recipe): (usize, &Recipe)| Planned::new(&layer, recipe, i64::try_from(age).unwrap_or(0));
        let images = recipes.iter().enumerate().map(plan).collect();
        Self { layer, images }
    }

    /// The manifest of some of the images.
    pub fn manifest(&self, which: &[usize]) -> Vec<u8> {
        let images = which.iter().filter_map(|index| self.images.get(*index));
        let entry = |image: &Planned| json!({ "Config": image.config_name(), "RepoTags": [image.reference], "Layers": [LAYER] });
        Value::Array(images.map(entry).collect()).to_string().into_bytes()
    }
}

impl Planned {
    /// The label tells apart what was made from other content; the time of the file is no content, or each build would
    /// load everything anew.
    fn new(layer: &Layer, recipe: &Recipe, age: i64) -> Self {
        let mut content = Sha256::new();
        content.update(&layer.sha256);
        content.update(json!(recipe).to_string());
        let content = hex::encode(content.finalize());
        let made_at = Timestamp((layer.program_made_at + age) * 1000);
        let config = configuration(layer, recipe, &content, made_at).to_string().into_bytes();
        let id = format!("sha256:{}", hex::encode(Sha256::digest(&config)));
        Self { reference: recipe.reference.clone(), id, content, config }
    }

    /// The configuration's name within the archive.
    pub fn config_name(&self) -> String {
        format!("{}.json", self.id.trim_start_matches("sha256:"))
    }
}

fn configuration(layer: &Layer, recipe: &Recipe, content: &str, made_at: Timestamp) -> Value {
    let made_at = made_at.to_iso();
    let mut environment: BTreeMap<&str, &str> =
        recipe.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    environment.extend(layer.library_path.as_deref().map(|path| ("LD_LIBRARY_PATH", path)));
    let environment: Vec<_> = environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let ports: BTreeMap<_, _> = recipe.exposed_port.iter().map(|port| (format!("{port}/tcp"), json!({}))).collect();
    let mut labels = recipe.labels.clone();
    labels.insert(CONTENT_LABEL.to_owned(), content.to_owned());
    json!({
        "architecture": architecture(),
        "os": "linux",
        "created": made_at,
        "config": {
            "User": format!("{PACKED_UID}:{PACKED_UID}"),
            "ExposedPorts": ports,
            "Env": environment,
            "Entrypoint": [layer.program],
            "Cmd": recipe.arguments,
            "WorkingDir": "/",
            "Labels": labels,
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{}", layer.sha256)] },
        "history": [{ "created": made_at, "created_by": "slipway: packed from an executable" }],
    })
}

/// The machine's kind in the words of the image format.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
