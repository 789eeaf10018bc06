//! The machines, and their names.

use super::Swarm;
use crate::Result;
use bollard::models::{Node, NodeSpecAvailabilityEnum, NodeState};
use bollard::query_parameters::ListNodesOptions;
use domain::NodeView;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Host names by the ids that tasks carry. Names do not change, so they are asked for when an unknown id turns up.
#[derive(Debug, Default)]
pub(super) struct Names(RwLock<HashMap<String, String>>);

impl Names {
    fn get(&self, id: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn learn(&self, nodes: &[Node]) {
        let named = nodes.iter().filter_map(|node| Some((node.id.clone()?, host_name(node)?.to_owned())));
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(named);
    }
}

impl Swarm {
    pub(super) async fn all_nodes(&self) -> Result<Vec<NodeView>> {
        let mut nodes: Vec<_> = self.list_nodes().await?.iter().map(view).collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }

    async fn list_nodes(&self) -> Result<Vec<Node>> {
        let nodes = self.engine.docker().list_nodes(None::<ListNodesOptions>).await;
        let nodes = nodes.map_err(|error| self.engine.explain(error))?;
        self.nodes.learn(&nodes);
        Ok(nodes)
    }

    /// The host name of a node, none for one that has left.
    pub(super) async fn node_name(&self, id: &str) -> Result<Option<String>> {
        if let Some(name) = self.nodes.get(id) {
            return Ok(Some(name));
        }
        self.list_nodes().await?;
        Ok(self.nodes.get(id))
    }

    /// The ids of the nodes that do not answer.
    pub(super) async fn nodes_down(&self) -> Result<Vec<String>> {
        let nodes = self.list_nodes().await?;
        Ok(nodes.into_iter().filter(|node| !is_ready(node)).filter_map(|node| node.id).collect())
    }
}

fn host_name(node: &Node) -> Option<&str> {
    node.description.as_ref()?.hostname.as_deref()
}

fn is_ready(node: &Node) -> bool {
    node.status.as_ref().is_some_and(|status| status.state == Some(NodeState::READY))
}

fn view(node: &Node) -> NodeView {
    let resources = node.description.as_ref().and_then(|description| description.resources.as_ref());
    let amount = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or_default();
    let is_active = node.spec.as_ref().is_some_and(|spec| spec.availability == Some(NodeSpecAvailabilityEnum::ACTIVE));
    NodeView {
        name: host_name(node).unwrap_or_default().to_owned(),
        is_available: is_active && is_ready(node),
        memory: amount(resources.and_then(|resources| resources.memory_bytes)),
        cpu_millis: amount(resources.and_then(|resources| resources.nano_cpus)) / 1_000_000,
    }
}
