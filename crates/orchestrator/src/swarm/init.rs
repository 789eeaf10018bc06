//! A swarm to work on: the one that is there, or a new one of this machine alone.

use super::Swarm;
use crate::{Error, Result};
use bollard::errors::Error as EngineError;
use bollard::models::{LocalNodeState, SwarmInfo, SwarmInitRequest};

/// A swarm of one machine talks to nobody, so its manager listens where nobody else can reach it. A machine's other
/// addresses may change, and a swarm does not survive that.
const LOOPBACK: &str = "127.0.0.1";

impl Swarm {
    /// Sees to it that the engine manages a swarm. One that is there is used as it is; otherwise the machine becomes a
    /// swarm of its own, which listens on loopback only.
    ///
    /// # Errors
    /// The engine does not answer, or belongs to a swarm that it does not manage, or that is locked or broken.
    pub async fn ensure_swarm(&self) -> Result<()> {
        self.find_or_begin_swarm().await?;
        self.own_node().await.map(drop)
    }

    async fn find_or_begin_swarm(&self) -> Result<()> {
        let swarm = self.swarm_info().await?;
        match swarm.local_node_state {
            Some(LocalNodeState::ACTIVE) if swarm.control_available == Some(true) => Ok(()),
            Some(LocalNodeState::ACTIVE) => {
                let sentence = "The Docker engine is a worker of a swarm; connect to one of its managers instead.";
                Err(Error::Refused(sentence.to_owned()))
            }
            Some(LocalNodeState::LOCKED) => {
                Err(Error::Refused("The swarm is locked; open it with `docker swarm unlock`.".to_owned()))
            }
            Some(LocalNodeState::PENDING) => Err(Error::Unreachable("The engine is still joining a swarm.".to_owned())),
            Some(LocalNodeState::ERROR) => {
                let why = swarm.error.unwrap_or_default();
                Err(Error::Refused(format!("The engine's swarm is broken: {}.", why.trim_end_matches('.'))))
            }
            Some(LocalNodeState::INACTIVE | LocalNodeState::EMPTY) | None => self.begin_swarm().await,
        }
    }

    async fn begin_swarm(&self) -> Result<()> {
        let request = SwarmInitRequest {
            listen_addr: Some(format!("{LOOPBACK}:2377")),
            advertise_addr: Some(LOOPBACK.to_owned()),
            ..Default::default()
        };
        match self.engine.docker().init_swarm(request).await {
            // Somebody else began one at the same time.
            Ok(_) | Err(EngineError::DockerResponseServerError { status_code: 503, .. }) => Ok(()),
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    async fn swarm_info(&self) -> Result<SwarmInfo> {
        let info = self.engine.docker().info().await.map_err(|error| self.engine.explain(error))?;
        Ok(info.swarm.unwrap_or_default())
    }

    /// The id of the engine's own node. It is asked for once.
    pub(super) async fn own_node(&self) -> Result<&str> {
        let ask = || async {
            let id = self.swarm_info().await?.node_id.filter(|id| !id.is_empty());
            id.ok_or_else(|| Error::Unreachable("The Docker engine is in no swarm (any more).".to_owned()))
        };
        self.own_node.get_or_try_init(ask).await.map(String::as_str)
    }
}
