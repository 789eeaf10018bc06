//! Where own domains point, looked at again and again: somebody changes a record of the DNS, and the app is there.

use super::Controller;

impl Controller {
    pub(super) async fn keep_domains(&self) {
        loop {
            if let Err(error) = self.platform.look_at_domains().await {
                tracing::warn!(error.cause = %error, "where own domains point could not be noted; trying again");
            }
            tokio::time::sleep(self.platform.parts.config.deadlines.idle_look).await;
        }
    }
}
