use crate::claims::{Bar, Claims};
use crate::release::Release;
use domain::routing;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

/// One replica as this ingress knows it. It lives across tables, for as long as the same task has the same address.
#[derive(Debug)]
pub struct Endpoint {
    pub address: SocketAddr,
    pub release: Arc<Release>,
    /// Never used again, so that a connection kept to this endpoint never serves another one at the same address.
    pub number: u64,
    claims: Claims,
    streams: AtomicU64,
    /// When streams have to end; `None` while it may get requests.
    streams_end: watch::Sender<Option<Instant>>,
    /// Wakes who watches it.
    look: Notify,
    /// Wakes requests that wait for any endpoint.
    opened: Arc<Notify>,
}

impl Endpoint {
    pub fn new(named: &routing::Endpoint, release: Arc<Release>, opened: Arc<Notify>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            address: named.address,
            release,
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            claims: Claims::new(),
            streams: AtomicU64::new(0),
            streams_end: watch::Sender::new(None),
            look: Notify::new(),
            opened,
        }
    }

    /// Takes part in the traffic, once it has answered.
    pub fn activate(&self) {
        self.streams_end.send_replace(None);
        self.claims.unbar(Bar::Draining);
        self.opened.notify_waiters();
    }

    /// Gets no new request; its streams end after `grace`.
    pub fn drain(&self, grace: Duration) {
        if self.claims.bar(Bar::Draining) {
            self.streams_end.send_replace(Some(Instant::now() + grace));
        }
    }

    /// Its streams end now, whether it drains or not.
    pub fn end_streams(&self) {
        self.streams_end.send_replace(Some(Instant::now()));
    }

    /// It has answered this ingress.
    pub fn answered(&self) {
        if self.claims.unbar(Bar::Unanswered) {
            self.opened.notify_waiters();
        }
    }

    /// It did not answer: no request until it has answered again.
    pub fn silent(&self) {
        self.claims.bar(Bar::Unanswered);
        self.look.notify_one();
    }

    /// Something went wrong there that need not mean that it is gone: look at once.
    pub fn look(&self) {
        self.look.notify_one();
    }

    /// Waits until somebody wants it looked at.
    pub async fn wanted(&self) {
        self.look.notified().await;
    }

    pub fn has_answered(&self) -> bool {
        !self.claims.is_barred(Bar::Unanswered)
    }

    /// How busy it is, when it can be claimed.
    pub fn load_if_open(&self) -> Option<u64> {
        self.claims.load_if_open()
    }

    /// Requests and streams under way, and how many of them are streams.
    pub fn under_way(&self) -> (u64, u64) {
        let in_flight = self.claims.in_flight();
        (in_flight, self.streams.load(Ordering::Acquire).min(in_flight))
    }

    /// One request's right to be sent there.
    pub fn claim(self: &Arc<Self>) -> Option<Claim> {
        self.claims.claim().then(|| Claim { endpoint: self.clone(), stream: false })
    }
}

/// A request under way on an endpoint. Dropping it is the end of the request.
#[derive(Debug)]
pub struct Claim {
    pub endpoint: Arc<Endpoint>,
    stream: bool,
}

impl Claim {
    /// It turned out to be a stream, which drains on its own clock (I5).
    pub fn becomes_stream(&mut self) {
        if !self.stream {
            self.stream = true;
            self.endpoint.streams.fetch_add(1, Ordering::AcqRel);
        }
    }

    pub fn is_stream(&self) -> bool {
        self.stream
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.stream {
            self.endpoint.streams.fetch_sub(1, Ordering::AcqRel);
        }
        self.endpoint.claims.release();
    }
}

/// Returns when the streams of this endpoint have to end.
pub async fn streams_end(endpoint: Arc<Endpoint>) {
    let mut deadline = endpoint.streams_end.subscribe();
    loop {
        let at = *deadline.borrow_and_update();
        let passed = async {
            match at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = passed => return,
            changed = deadline.changed() => if changed.is_err() { return },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ReleaseId, TaskId};

    fn endpoint() -> Arc<Endpoint> {
        let named = routing::Endpoint { task: TaskId("t1".to_owned()), address: ([127, 0, 0, 1], 1).into() };
        let release = Arc::new(Release::new(ReleaseId::new(uuid::Uuid::nil())));
        Arc::new(Endpoint::new(&named, release, Arc::default()))
    }

    #[test]
    fn i1_an_endpoint_cannot_be_claimed_before_it_has_answered() {
        let endpoint = endpoint();
        endpoint.activate();
        assert!(endpoint.claim().is_none());
        endpoint.answered();
        assert!(endpoint.claim().is_some());
        endpoint.silent();
        assert!(endpoint.claim().is_none());
    }

    #[test]
    fn a_drained_endpoint_keeps_its_requests_and_takes_new_ones_after_a_return() {
        let endpoint = endpoint();
        endpoint.answered();
        let mut claim = endpoint.claim().expect("open");
        claim.becomes_stream();
        claim.becomes_stream();
        endpoint.drain(Duration::ZERO);
        assert!(endpoint.claim().is_none());
        assert_eq!(endpoint.under_way(), (1, 1));
        endpoint.activate();
        let second = endpoint.claim().expect("open again");
        drop(claim);
        assert_eq!(endpoint.under_way(), (1, 0));
        drop(second);
        assert_eq!(endpoint.under_way(), (0, 0));
    }

    #[tokio::test]
    async fn i5_streams_end_at_their_deadline_unless_the_endpoint_came_back() {
        let endpoint = endpoint();
        let ended = tokio::runtime::Handle::current().spawn(streams_end(endpoint.clone()));
        endpoint.drain(Duration::from_hours(1));
        endpoint.drain(Duration::ZERO);
        assert!(endpoint.streams_end.borrow().is_some_and(|at| at > Instant::now()), "draining twice changes nothing");
        endpoint.activate();
        assert!(endpoint.streams_end.borrow().is_none());
        endpoint.drain(Duration::ZERO);
        tokio::time::timeout(Duration::from_secs(10), ended).await.expect("in time").expect("ended");
    }
}
