//! Images made of a few bytes, put into a real registry.

use crate::real::{PASSWORD, RealRegistry};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::net::Ipv4Addr;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

impl RealRegistry {
    pub async fn anonymous() -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), false).await
    }

    /// One that wants a name and a password.
    pub async fn with_users() -> Self {
        Self::start(Ipv4Addr::LOCALHOST.into(), true).await
    }

    /// Puts an image there that was built at `created`, and gives its digest.
    pub async fn put(&self, path: &str, tag: &str, created: &str) -> String {
        let config = json!({
            "created": created, "architecture": "amd64", "os": "linux",
            "config": { "ExposedPorts": { "9000/tcp": {} } }, "rootfs": { "type": "layers", "diff_ids": [] },
        });
        let config = self.put_blob(path, config.to_string().into_bytes()).await;
        let layer = self.put_blob(path, format!("layer of {path}:{tag}").into_bytes()).await;
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer] });
        self.put_manifest(path, tag, MANIFEST, &manifest).await
    }

    /// Puts an index there, of images that are there already by their digests.
    pub async fn put_index(&self, path: &str, tag: &str, images: &[(&str, &str)]) -> String {
        let entry = |(architecture, digest): &(&str, &str)| {
            let platform = json!({ "os": "linux", "architecture": architecture });
            json!({ "mediaType": MANIFEST, "size": 1, "digest": digest, "platform": platform })
        };
        let attestation = json!({ "os": "unknown", "architecture": "unknown" });
        let mut entries =
            vec![json!({ "mediaType": MANIFEST, "size": 1, "digest": images[0].1, "platform": attestation })];
        entries.extend(images.iter().map(entry));
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
        self.put_manifest(path, tag, INDEX, &index).await
    }

    async fn put_manifest(&self, path: &str, tag: &str, kind: &str, manifest: &Value) -> String {
        let body = manifest.to_string();
        let digest = digest(body.as_bytes());
        let url = format!("http://{}/v2/{path}/manifests/{tag}", self.address);
        self.send(self.http.put(url).header("content-type", kind).body(body)).await;
        digest
    }

    async fn put_blob(&self, path: &str, bytes: Vec<u8>) -> Value {
        let (digest, size) = (digest(&bytes), bytes.len());
        let begun = self.send(self.http.post(format!("http://{}/v2/{path}/blobs/uploads/", self.address))).await;
        let place = begun.headers()["location"].to_str().expect("a place").to_owned();
        self.send(self.http.put(place).query(&[("digest", &digest)]).body(bytes)).await;
        json!({ "mediaType": "application/octet-stream", "digest": digest, "size": size })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> reqwest::Response {
        // A registry without users does not look at it.
        request.basic_auth("ada", Some(PASSWORD)).send().await.expect("an answer").error_for_status().expect("accepted")
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}
