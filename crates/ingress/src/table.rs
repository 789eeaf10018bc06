use crate::endpoint::{Claim, Endpoint};
use crate::gate::Gate;
use crate::release::Release;
use crate::tls::Certificates;
use domain::routing::RouteTable;
use domain::{Access, AppId, HostName, TeamId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A route table made ready for look-ups. It is replaced as a whole, never edited (I4).
#[derive(Debug, Default)]
pub struct Table {
    /// As the server sent it, for disk and status.
    pub source: RouteTable,
    pub console_hosts: HashSet<HostName>,
    pub routes: HashMap<HostName, Arc<Route>>,
    pub gate: Gate,
    /// What HTTPS is served by.
    pub certificates: Certificates,
}

/// Where a host's requests go.
#[derive(Debug, Clone)]
pub struct Route {
    pub app_id: AppId,
    pub host: HostName,
    pub team_id: TeamId,
    pub access: Access,
    /// Where visitors of this host are sent on to.
    pub redirects_to: Option<HostName>,
    pub app: Arc<App>,
    /// The release that has the traffic.
    pub release: Arc<Release>,
    pub endpoints: Vec<Arc<Endpoint>>,
    /// Whether somebody stopped the app, so that nothing is to be waited for.
    pub is_stopped: bool,
}

/// What outlives an app's routes.
#[derive(Debug, Default)]
pub struct App {
    parked: AtomicU64,
}

impl App {
    /// A place to wait for an endpoint, unless `limit` requests wait already.
    pub fn park(self: &Arc<Self>, limit: u64) -> Option<Parked> {
        let place = Parked(self.clone());
        (self.parked.fetch_add(1, Ordering::AcqRel) < limit).then_some(place)
    }
}

/// A waiting request. Dropping it frees the place.
#[derive(Debug)]
pub struct Parked(Arc<App>);

impl Drop for Parked {
    fn drop(&mut self) {
        self.0.parked.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Route {
    /// Claims the endpoint with the fewest requests under way, any of several, and only if there is no other one of those
    /// in `avoid`, where this request failed before.
    pub fn claim(&self, avoid: &[u64]) -> Option<Claim> {
        let fresh = |endpoint: &&Arc<Endpoint>| !avoid.contains(&endpoint.number);
        self.claim_among(&fresh).or_else(|| if avoid.is_empty() { None } else { self.claim_among(&|_| true) })
    }

    fn claim_among(&self, wanted: &dyn Fn(&&Arc<Endpoint>) -> bool) -> Option<Claim> {
        while let Some(endpoint) = self.least_busy(wanted) {
            if let Some(claim) = endpoint.claim() {
                return Some(claim);
            }
            // It was barred since it was looked at, so that it is not among the open ones any more.
        }
        None
    }

    fn least_busy(&self, wanted: &dyn Fn(&&Arc<Endpoint>) -> bool) -> Option<&Arc<Endpoint>> {
        self.endpoints
            .iter()
            .filter(wanted)
            .filter_map(|endpoint| Some((endpoint.load_if_open()?, fastrand::u32(..), endpoint)))
            .min_by_key(|(load, tie_break, _)| (*load, *tie_break))
            .map(|(.., endpoint)| endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ReleaseId, TaskId, routing};

    fn route(endpoints: u16) -> Route {
        let release = Arc::new(Release::new(ReleaseId::new(uuid::Uuid::nil())));
        let endpoint = |port: u16| {
            let named = routing::Endpoint { task: TaskId(port.to_string()), address: ([127, 0, 0, 1], port).into() };
            let endpoint = Endpoint::new(&named, release.clone(), Arc::default());
            endpoint.answered();
            Arc::new(endpoint)
        };
        let endpoints = (1..=endpoints).map(endpoint).collect();
        Route {
            app_id: AppId::NIL,
            host: "shop.localhost".parse().expect("a host name"),
            team_id: TeamId::NIL,
            access: Access::from(domain::Who::Public),
            redirects_to: None,
            app: Arc::<App>::default(),
            release: release.clone(),
            endpoints,
            is_stopped: false,
        }
    }

    #[test]
    fn requests_spread_evenly() {
        let route = route(4);
        let claims: Vec<_> = (0..40).map(|_| route.claim(&[]).expect("open")).collect();
        assert!(route.endpoints.iter().all(|endpoint| endpoint.under_way().0 == 10), "{claims:?}");
    }

    #[test]
    fn single_requests_reach_every_endpoint() {
        let route = route(3);
        let mut seen = HashSet::new();
        for _ in 0..1000 {
            seen.insert(route.claim(&[]).expect("open").endpoint.number);
        }
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn an_endpoint_that_failed_this_request_is_the_last_resort() {
        let route = route(2);
        let failed = route.endpoints[0].number;
        for _ in 0..50 {
            assert_ne!(route.claim(&[failed]).expect("the other one").endpoint.number, failed);
        }
        route.endpoints[1].silent();
        assert_eq!(route.claim(&[failed]).expect("the last resort").endpoint.number, failed);
        route.endpoints[0].silent();
        assert!(route.claim(&[failed]).is_none());
    }

    #[test]
    fn places_to_wait_are_bounded_and_given_back() {
        let app = Arc::<App>::default();
        let first = app.park(1).expect("free");
        assert!(app.park(1).is_none());
        drop(first);
        assert!(app.park(1).is_some());
    }
}
