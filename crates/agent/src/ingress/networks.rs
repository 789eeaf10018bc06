//! The networks of the ingress: its own, on which visitors come in, and those of the projects, which it joins and leaves
//! while it runs.

use super::IngressContainer;
use crate::error::is_not_found;
use crate::{Error, LocalAgent, Result, labels};
use bollard::models::{NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest, NetworkInspect};
use bollard::query_parameters::InspectNetworkOptions;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

impl LocalAgent {
    /// Sees to it that the ingress's own network is there, and gives its gateway.
    pub async fn ensure_entry(&self, wanted: &IngressContainer) -> Result<IpAddr> {
        if self.entry(wanted).await?.is_none() {
            self.docker.create_network(entry_request(wanted)).await?;
        }
        let entry = self.entry(wanted).await?.unwrap_or_default();
        let configs = entry.ipam.and_then(|ipam| ipam.config).unwrap_or_default();
        let gateway = configs.iter().filter_map(|config| config.gateway.as_deref()).find_map(|text| text.parse().ok());
        gateway.ok_or_else(|| Error::Refused(format!("The network {} has no gateway.", wanted.network)))
    }

    pub(super) async fn remove_entry(&self, wanted: &IngressContainer) -> Result<()> {
        match self.docker.remove_network(&wanted.network).await {
            Err(error) if !is_not_found(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn entry(&self, wanted: &IngressContainer) -> Result<Option<NetworkInspect>> {
        match self.docker.inspect_network(&wanted.network, None::<InspectNetworkOptions>).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_not_found(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Joins the networks that are missing and leaves those that are no longer wanted, also ones that are gone.
    pub(super) async fn attach(&self, wanted: &IngressContainer, networks: &[String]) -> Result<()> {
        let joined = self.joined(wanted).await?;
        let wanted_networks: BTreeSet<String> = networks.iter().cloned().collect();
        for network in joined.difference(&wanted_networks) {
            self.leave(wanted, network).await?;
        }
        for network in wanted_networks.difference(&joined) {
            self.join(wanted, network).await?;
        }
        Ok(())
    }

    /// The names of the networks that the ingress has joined besides its own.
    async fn joined(&self, wanted: &IngressContainer) -> Result<BTreeSet<String>> {
        let found = self.find(&wanted.name).await?;
        let networks = found.and_then(|found| found.network_settings).and_then(|settings| settings.networks);
        Ok(networks.unwrap_or_default().into_keys().filter(|name| *name != wanted.network).collect())
    }

    async fn join(&self, wanted: &IngressContainer, network: &str) -> Result<()> {
        let request = NetworkConnectRequest { container: wanted.name.clone(), endpoint_config: None };
        let joined = self.docker.connect_network(network, request).await.map_err(Error::from);
        joined.or_else(|error| if error.to_string().contains("already exists") { Ok(()) } else { Err(error) })
    }

    async fn leave(&self, wanted: &IngressContainer, network: &str) -> Result<()> {
        let request = NetworkDisconnectRequest { container: wanted.name.clone(), force: Some(true) };
        match self.docker.disconnect_network(network, request).await {
            Err(error) if !is_not_found(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn entry_request(wanted: &IngressContainer) -> NetworkCreateRequest {
    NetworkCreateRequest {
        name: wanted.network.clone(),
        driver: Some("bridge".to_owned()),
        labels: Some(HashMap::from([(labels::PLATFORM.to_owned(), wanted.installation.clone())])),
        ..Default::default()
    }
}
