//! What ingresses check visitors by. It follows who may open an app, who belongs to a team and which sessions have ended within
//! seconds, also while the swarm does not answer: then the routes stay as they are.

use super::Controller;
use tokio::sync::broadcast::error::RecvError;

impl Controller {
    /// Keeps every ingress at what the store says. What somebody may that is different now is looked at once more at once.
    pub(super) async fn keep_gates(&self) {
        let mut rights = self.platform.live().listen_to_rights();
        loop {
            if let Err(error) = self.platform.take_certificates().await {
                tracing::warn!(error.cause = %error, "the certificates could not be looked at; trying again");
            }
            if let Err(error) = self.routes.refresh_gate().await {
                tracing::warn!(error.cause = %error, "the ingresses could not be told who may open apps; trying again");
            }
            tokio::select! {
                () = self.platform.gates.notified() => {}
                Ok(_) | Err(RecvError::Lagged(_)) = rights.recv() => {}
                () = tokio::time::sleep(self.platform.parts.config.deadlines.idle_look) => {}
            }
        }
    }
}
