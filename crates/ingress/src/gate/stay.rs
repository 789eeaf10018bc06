use super::Admitted;
use crate::registry::Registry;
use domain::{HostName, Timestamp};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked at whether a pass has ended by itself.
const LOOK: Duration = Duration::from_mins(1);

/// A stream's leave to go on. Requests are judged one by one, but a stream may last for days.
#[derive(Clone)]
pub struct Stay {
    pub registry: Arc<Registry>,
    pub host: HostName,
    pub path: Vec<u8>,
    pub admitted: Option<Arc<Admitted>>,
    pub now: fn() -> Timestamp,
}

impl Stay {
    /// Returns when whoever it is may not be there any more: the session ended, the list is another one, the app is closed. A route
    /// that is gone is not the gate's affair.
    pub async fn ends(self) {
        loop {
            let changed = self.registry.changed();
            let table = self.registry.table_now();
            if let Some(route) = table.routes.get(&self.host)
                && !table.gate.still_admits(route, &self.path, self.admitted.as_deref(), (self.now)())
            {
                return;
            }
            _ = tokio::time::timeout(LOOK, changed).await;
        }
    }
}

impl fmt::Debug for Stay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stay").field("host", &self.host).finish_non_exhaustive()
    }
}
