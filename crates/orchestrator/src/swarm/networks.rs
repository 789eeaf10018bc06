//! A project's private network: an attachable overlay, which the ingress joins as a plain container.

use super::Swarm;
use super::labels::{self, filter};
use super::spec::network_name;
use crate::{Error, Result};
use bollard::errors::Error as EngineError;
use bollard::models::NetworkCreateRequest;
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptionsBuilder};
use domain::ProjectId;
use std::collections::HashMap;
use std::time::Duration;

/// How long containers that are on their way out may keep a network.
const STILL_IN_USE: Duration = Duration::from_secs(15);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

impl Swarm {
    pub(super) async fn make_network(&self, project: ProjectId) -> Result<String> {
        let name = network_name(project);
        match self.engine.docker().create_network(self.network(project)).await {
            Ok(_) => Ok(name),
            Err(EngineError::DockerResponseServerError { message, .. }) if is_there_already(&message) => {
                self.check_ownership(&name).await.map(|_| name)
            }
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    fn network(&self, project: ProjectId) -> NetworkCreateRequest {
        let labels = [(labels::PLATFORM, self.platform.clone()), (labels::PROJECT, project.to_string())];
        NetworkCreateRequest {
            name: network_name(project),
            driver: Some("overlay".to_owned()),
            scope: Some("swarm".to_owned()),
            attachable: Some(true),
            labels: Some(HashMap::from(labels.map(|(name, value)| (name.to_owned(), value)))),
            ..Default::default()
        }
    }

    /// Whether the network is there. One of that name that somebody else made is refused.
    async fn check_ownership(&self, name: &str) -> Result<bool> {
        match self.engine.docker().inspect_network(name, None::<InspectNetworkOptions>).await {
            Ok(network) => {
                let owner = network.labels.as_ref().and_then(|labels| labels.get(labels::PLATFORM));
                if owner == Some(&self.platform) {
                    return Ok(true);
                }
                Err(Error::Refused(format!(
                    "The network {name} is there already, and this installation did not make it."
                )))
            }
            Err(EngineError::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    pub(super) async fn take_network_away(&self, project: ProjectId) -> Result<()> {
        let name = network_name(project);
        if !self.check_ownership(&name).await? {
            return Ok(());
        }
        let deadline = tokio::time::Instant::now() + STILL_IN_USE;
        loop {
            match self.engine.docker().remove_network(&name).await {
                Ok(()) | Err(EngineError::DockerResponseServerError { status_code: 404, .. }) => return Ok(()),
                Err(EngineError::DockerResponseServerError { message, .. }) if is_in_use(&message) => {
                    if tokio::time::Instant::now() > deadline {
                        return Err(Error::Unreachable(format!("The network {name} is still in use.")));
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(self.engine.explain(error)),
            }
        }
    }

    /// One that was just removed is listed for as long as containers on this node are leaving it.
    pub(super) async fn known_networks(&self) -> Result<Vec<ProjectId>> {
        let ours = filter(&[(labels::PLATFORM, &self.platform)]);
        let options = ListNetworksOptionsBuilder::new().filters(&ours).build();
        let networks = self.engine.docker().list_networks(Some(options)).await;
        let networks = networks.map_err(|error| self.engine.explain(error))?;
        Ok(networks.iter().filter_map(|network| labels::read(network.labels.as_ref(), labels::PROJECT)).collect())
    }
}

/// The second is what the loser of a race gets.
fn is_there_already(message: &str) -> bool {
    message.contains("already exists") || message.contains("name conflicts")
}

fn is_in_use(message: &str) -> bool {
    message.contains("is in use by") || message.contains("has active endpoints")
}
