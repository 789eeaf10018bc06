use crate::endpoint::Claim;
use crate::gate::Admitted;
use crate::pages::{self, Page};
use crate::release::Ending;
use domain::HostName;
use http::StatusCode;
use pingora::Error;
use pingora::ErrorSource::Upstream;
use pingora::ErrorType::{HTTPStatus, ReadTimedout};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One request on its way.
#[derive(Debug)]
pub struct Visit {
    pub to: To,
    pub claim: Option<Claim>,
    /// Endpoints where this request failed.
    pub failed: Vec<u64>,
    pub replays: u8,
    /// Until when it may wait for an endpoint.
    pub until: Instant,
    pub answer: Option<StatusCode>,
    /// Who it is, where somebody was asked.
    pub admitted: Option<Arc<Admitted>>,
}

/// Where it goes.
#[derive(Debug)]
pub enum To {
    Nowhere,
    Console,
    App(HostName),
    /// To an app that somebody stopped.
    Stopped,
}

impl Visit {
    /// A request that may wait so long for an endpoint.
    pub fn new(patience: Duration) -> Self {
        let until = Instant::now() + patience;
        Self { to: To::Nowhere, claim: None, failed: Vec::new(), replays: 0, until, answer: None, admitted: None }
    }

    /// How it ended. An answer that broke off counts as lost, except when it was a stream: those end like that every day.
    pub fn ending(&self, error: Option<&Error>) -> Ending {
        let is_stream = self.claim.as_ref().is_some_and(Claim::is_stream);
        match error {
            Some(error) if *error.esource() == Upstream && !is_stream => Ending::Lost,
            Some(error) if matches!(error.etype(), HTTPStatus(503)) => Ending::Lost,
            _ if self.answer.is_some_and(|answer| answer.is_server_error()) => Ending::Error,
            _ => Ending::Answered,
        }
    }

    /// What its visitor is shown when it failed; `None` when that was nobody's fault upstream.
    pub fn page_for(&self, error: &Error) -> Option<&'static Page> {
        match (error.etype(), &self.to) {
            (HTTPStatus(404), _) => Some(&pages::UNKNOWN_HOST),
            (HTTPStatus(503), To::Stopped) => Some(&pages::STOPPED),
            (HTTPStatus(503), _) => Some(&pages::NO_ANSWER),
            _ if *error.esource() != Upstream => None,
            (_, To::Console) => Some(&pages::NO_CONSOLE),
            (ReadTimedout, _) => Some(&pages::TOO_SLOW),
            // Connecting failed, as often as it was tried.
            _ if self.claim.is_none() => Some(&pages::NO_ANSWER),
            _ => Some(&pages::BROKE_OFF),
        }
    }
}

/// Whether connecting failed for a reason other than this ingress being out of ports or descriptors.
pub fn is_endpoints_fault(error: &Error) -> bool {
    !matches!(error.etype(), pingora::InternalError | pingora::SocketError | pingora::BindError)
}
