//! Asking ingresses whether a replica is ready.

use crate::Ingress;
use domain::routing::{Endpoint, ProbeReport, ProbeRequest};
use domain::{Release, TaskId};
use futures::future::join_all;
use std::net::SocketAddr;
use std::sync::Arc;

/// How long an ingress tries before it reports, so that the page can show the last answer while the deploy goes on waiting.
const PATIENCE_MILLIS: u64 = 3000;

/// The question for one replica.
pub(super) fn request(release: &Release, task: TaskId, address: SocketAddr, good_answers: u32) -> ProbeRequest {
    ProbeRequest {
        release_id: release.id,
        endpoint: Endpoint { task, address },
        probe: release.settings.probe.clone(),
        good_answers,
        patience_millis: PATIENCE_MILLIS,
    }
}

/// Asks all ingresses at once. The worst answer counts: a replica is ready when it is for each of them. An ingress that does
/// not answer does not hold a deploy up for ever: the old release stays up for it, see the step that switches.
pub(super) async fn every_ingress(ingresses: &[Arc<dyn Ingress>], request: &ProbeRequest) -> ProbeReport {
    let answers = join_all(ingresses.iter().map(|ingress| ingress.probe(request))).await;
    let mut worst = ProbeReport { ready: true, tries: 0, millis: 0, last: String::new() };
    for answer in answers {
        let report =
            answer.unwrap_or_else(|gone| ProbeReport { ready: false, tries: 0, millis: 0, last: gone.to_string() });
        if !report.ready || worst.ready {
            worst = report;
        }
        if !worst.ready {
            break;
        }
    }
    worst
}
