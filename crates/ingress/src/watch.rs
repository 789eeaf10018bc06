use crate::endpoint::Endpoint;
use crate::probe::{Pauses, try_once};
use domain::Probe;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How often an endpoint in traffic is looked at again at most, however often requests ask for it.
const CALM: Duration = Duration::from_millis(50);

/// Looks after an endpoint for as long as it is in traffic: probes it until it answers, then sees every now and then, and
/// at once when a request failed there, that it is still alive. Ends by being aborted.
pub async fn keep_watch(endpoint: Arc<Endpoint>, probe: Probe, every: Duration, connect_within: Duration) {
    let mut pauses = Pauses::of_watcher();
    loop {
        if endpoint.has_answered() {
            pauses = Pauses::of_watcher();
            sleep(CALM).await;
            tokio::select! { () = sleep(every.saturating_sub(CALM)) => {}, () = endpoint.wanted() => {} }
            // Whether the app is well is for others to judge; here only a dead endpoint has to be noticed.
            if endpoint.has_answered() && try_once(endpoint.address, &Probe::Tcp, connect_within).await.is_err() {
                endpoint.silent();
            }
        } else if try_once(endpoint.address, &probe, connect_within).await.is_ok() {
            endpoint.answered();
        } else {
            sleep(pauses.next()).await;
        }
    }
}
