//! Secrets that releases read as files. The swarm keeps them encrypted in its own log and hands them to the nodes that run
//! a replica; there they are files in memory.

use super::Swarm;
use super::labels::{self, filter};
use crate::{Error, ReleaseSpec, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard::errors::Error as EngineError;
use bollard::models::{SecretSpec, TaskSpecContainerSpecFile, TaskSpecContainerSpecSecrets};
use domain::{Delivery, SecretId};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A secret as the engine lists it; its value is never given out.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kept {
    #[serde(rename = "ID")]
    id: String,
    spec: KeptSpec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeptSpec {
    name: String,
    labels: Option<labels::Labels>,
}

impl Swarm {
    /// Sees to it that the swarm has the secrets of a release, and says how its service refers to them.
    pub(super) async fn make_secrets(&self, spec: &ReleaseSpec) -> Result<Vec<TaskSpecContainerSpecSecrets>> {
        let wanted: Vec<_> = spec.secrets.iter().filter(|secret| secret.delivery == Delivery::File).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut there: HashMap<SecretId, (String, String)> = self.kept().await?;
        let mut references = Vec::new();
        for secret in wanted {
            let (id, name) = match there.remove(&secret.id) {
                Some(kept) => kept,
                None => self.make_secret(spec, secret.id, secret.value.expose()).await?,
            };
            references.push(TaskSpecContainerSpecSecrets {
                file: Some(TaskSpecContainerSpecFile {
                    name: Some(secret.name.clone()),
                    uid: Some("0".to_owned()),
                    gid: Some("0".to_owned()),
                    // Whoever the image runs as has to read it; nobody else is in the container.
                    mode: Some(0o444),
                }),
                secret_id: Some(id),
                secret_name: Some(name),
            });
        }
        Ok(references)
    }

    async fn make_secret(&self, spec: &ReleaseSpec, id: SecretId, value: &str) -> Result<(String, String)> {
        let name = format!("slipway-{id}");
        let labels = [
            (labels::PLATFORM, self.platform.clone()),
            (labels::APP, spec.release.app_id.to_string()),
            (labels::SECRET, id.to_string()),
        ];
        let secret = SecretSpec {
            name: Some(name.clone()),
            labels: Some(HashMap::from(labels.map(|(name, value)| (name.to_owned(), value)))),
            data: Some(STANDARD.encode(value)),
            ..Default::default()
        };
        match self.engine.docker().create_secret(secret).await {
            Ok(made) => Ok((made.id, name)),
            // Somebody who wanted the same was quicker.
            Err(EngineError::DockerResponseServerError { status_code: 409, .. }) => {
                let kept = self.kept().await?.remove(&id);
                kept.ok_or_else(|| {
                    Error::Refused(format!("A secret {name} is there already, and this installation did not make it."))
                })
            }
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    /// The secrets of this installation: the engine's id and name for each.
    async fn kept(&self) -> Result<HashMap<SecretId, (String, String)>> {
        let ours = filter(&[(labels::PLATFORM, &self.platform)]);
        let all: Vec<Kept> = self.engine.get("/secrets", &ours).await?;
        let of =
            |kept: Kept| Some((labels::read(kept.spec.labels.as_ref(), labels::SECRET)?, (kept.id, kept.spec.name)));
        Ok(all.into_iter().filter_map(of).collect())
    }

    pub(super) async fn known_secrets(&self) -> Result<Vec<SecretId>> {
        let mut ids: Vec<_> = self.kept().await?.into_keys().collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Takes away the secrets that no service of ours refers to. One that a release wants at this very moment is made again
    /// by whoever starts the release.
    pub(super) async fn sweep_secrets(&self) -> Result<()> {
        let kept = self.kept().await?;
        if kept.is_empty() {
            return Ok(());
        }
        let ours = filter(&[(labels::PLATFORM, &self.platform)]);
        let services: Vec<Value> = self.engine.get("/services", &ours).await?;
        let in_use: HashSet<&str> = services
            .iter()
            .filter_map(|service| service.pointer("/Spec/TaskTemplate/ContainerSpec/Secrets")?.as_array())
            .flatten()
            .filter_map(|reference| reference.get("SecretID")?.as_str())
            .collect();
        for (id, _) in kept.into_values().filter(|(id, _)| !in_use.contains(id.as_str())) {
            match self.engine.docker().delete_secret(&id).await {
                // Gone already, or wanted again since a moment ago.
                Ok(()) | Err(EngineError::DockerResponseServerError { status_code: 400 | 404 | 409 | 500, .. }) => {}
                Err(error) => return Err(self.engine.explain(error)),
            }
        }
        Ok(())
    }
}

/// Whether the engine refuses a service because a secret went away since it was looked for.
pub(super) fn is_missing_secret(message: &str) -> bool {
    message.contains("secret") && message.contains("not found")
}
