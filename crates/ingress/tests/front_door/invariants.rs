//! I1 to I6 of the design, and the promise that follows from them.

use crate::support::{App, Ground, Visitor, aside, eventually, issue, pool, route, swap};
use domain::Probe;
use domain::routing::{Generation, Pool, RouteTable};
use http::{Method, StatusCode};
use ingress::Limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio_util::task::AbortOnDropHandle;

const SHOP: &str = "shop.localhost";

fn by_healthz(pool: Pool) -> Pool {
    Pool { probe: Probe::Http { path: "/healthz".to_owned() }, ..pool }
}

/// As long as it takes to probe in vain a few times.
async fn some_tries(ground: &Ground, app: &App) {
    let probe = Probe::Http { path: "/healthz".to_owned() };
    let report = ground.probe_by(99, app.endpoint("elsewhere"), probe, 300).await;
    assert!(!report.ready && report.tries > 2, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_an_endpoint_gets_no_request_before_it_has_answered_this_ingress() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    app.is_well(false);
    ground.put(vec![route(SHOP, by_healthz(pool(1, &[app.endpoint("t1")])))]).await;
    for life in ["first", "second"] {
        let mut visitor = ground.visitor().await;
        let asked = aside(async move { visitor.get(SHOP, "/who").await });
        some_tries(&ground, &app).await;
        assert!(!asked.is_finished(), "it waits in the {life} life");
        assert_eq!((app.hits(), ground.traffic(1).await.ready), (0, 0));
        if life == "first" {
            asked.abort();
            ground.restart();
            continue;
        }
        app.is_well(true);
        assert_eq!(asked.await.expect("asked").text(), "shop");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_another_task_at_the_same_address_has_to_answer_anew() {
    let (mut ground, app) =
        (Ground::with(Limits { parked_requests: 0, ..Limits::default() }), App::start("shop").await);
    let by_task = |task| vec![route(SHOP, by_healthz(pool(1, &[app.endpoint(task)])))];
    ground.put(by_task("t1")).await;
    ground.ready(1, 1).await;
    app.is_well(false);
    ground.put(by_task("t1")).await;
    assert_eq!(ground.get(SHOP, "/who").await.status, StatusCode::OK, "it has answered, whatever the table");
    ground.put(by_task("t2")).await;
    assert_eq!(ground.get(SHOP, "/who").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_a_drained_release_that_was_seen_idle_gets_nothing_more() {
    // With no place to wait, so that every switch has to be seamless.
    let mut ground = Ground::with(Limits { parked_requests: 0, ..Limits::default() });
    let apps = [App::start("one").await, App::start("two").await];
    let pools = [pool(1, &[apps[0].endpoint("t1")]), pool(2, &[apps[1].endpoint("t2")])];
    ground.put(vec![route(SHOP, pools[0].clone())]).await;
    ground.ready(1, 1).await;
    assert!(ground.probe(2, apps[1].endpoint("t2")).await.ready);
    let load = Load::start(&ground, 4).await;
    for turn in 1..=30 {
        let (new, old) = (turn % 2, (turn + 1) % 2);
        ground.put(vec![swap(SHOP, pools[new].clone(), vec![pools[old].clone()])]).await;
        let old_release = [1, 2][old];
        eventually("the old release is idle", || async { ground.traffic(old_release).await.in_flight == 0 }).await;
        let seen = apps[old].hits();
        load.passes(20).await;
        assert_eq!(apps[old].hits(), seen, "a request reached a release that was seen idle");
    }
    load.end_without_loss().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_what_is_under_way_on_a_draining_release_is_counted_until_it_ends() {
    let mut ground = Ground::new();
    let (old, new) = (App::start("old").await, App::start("new").await);
    ground.serve(&old).await;
    let mut visitor = ground.visitor().await;
    let asked = aside(async move { visitor.request(Method::POST, SHOP, "/hold", "order").await });
    eventually("the request is under way", || async { old.held() == 1 }).await;
    assert!(ground.probe(2, new.endpoint("t2")).await.ready);
    ground.put(vec![swap(SHOP, pool(2, &[new.endpoint("t2")]), vec![pool(1, &[old.endpoint("t1")])])]).await;
    assert_eq!(ground.get(SHOP, "/who").await.text(), "new");
    let draining = ground.traffic(1).await;
    assert_eq!((draining.in_flight, draining.streams, draining.ready), (1, 0, 0));
    old.let_go();
    assert_eq!(asked.await.expect("asked").text(), "old");
    eventually("the old release is idle", || async { ground.traffic(1).await.in_flight == 0 }).await;
    assert_eq!(ground.counted(1, 1).await.lost, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i3_a_replica_that_left_the_table_is_counted_with_its_release() {
    let mut ground = Ground::new();
    let (stays, leaves) = (App::start("stays").await, App::start("leaves").await);
    ground.put(vec![route(SHOP, pool(1, &[leaves.endpoint("t1")]))]).await;
    let mut visitor = ground.visitor().await;
    let asked = aside(async move { visitor.get(SHOP, "/hold").await });
    eventually("the request is under way", || async { leaves.held() == 1 }).await;
    ground.put(vec![route(SHOP, pool(1, &[stays.endpoint("t2")]))]).await;
    assert_eq!(ground.traffic(1).await.in_flight, 1);
    leaves.let_go();
    assert_eq!(asked.await.expect("asked").text(), "leaves");
    eventually("nothing is under way", || async { ground.traffic(1).await.in_flight == 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_a_table_that_is_not_newer_changes_nothing() {
    let mut ground = Ground::new();
    let (one, two) = (App::start("one").await, App::start("two").await);
    ground.put(vec![]).await;
    ground.serve(&one).await;
    let routes = vec![route(SHOP, pool(2, &[two.endpoint("t2")]))];
    for older in [1, 2] {
        let table = RouteTable { generation: Generation(older), routes: routes.clone(), ..RouteTable::default() };
        let in_force = ground.control.put_table(&table).await.expect("that is no error");
        assert_eq!(in_force, Generation(2));
        assert_eq!(ground.get(SHOP, "/who").await.text(), "one");
    }
    ground.restart();
    assert_eq!(ground.get(SHOP, "/who").await.text(), "one", "nor on disk");
    assert_eq!(ground.control.status().await.expect("status").generation, Generation(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_i6_an_ingress_that_starts_without_the_server_serves_its_last_table() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    ground.serve(&app).await;
    for _ in 0..3 {
        ground.restart();
        assert_eq!(ground.get(SHOP, "/who").await.text(), "shop");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_a_table_that_cannot_be_read_keeps_no_ingress_from_the_next() {
    let (mut ground, app) = (Ground::new(), App::start("shop").await);
    std::fs::write(ground.folder().join("table.json"), "{\"gener").expect("half a table");
    ground.restart();
    ground.serve(&app).await;
    assert_eq!(ground.get(SHOP, "/who").await.text(), "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_comes_back_takes_requests_at_once() {
    let mut ground = Ground::with(Limits { parked_requests: 0, ..Limits::default() });
    let (old, new) = (App::start("old").await, App::start("new").await);
    let (first, second) = (pool(1, &[old.endpoint("t1")]), pool(2, &[new.endpoint("t2")]));
    ground.put(vec![route(SHOP, first.clone())]).await;
    ground.ready(1, 1).await;
    assert!(ground.probe(2, new.endpoint("t2")).await.ready);
    ground.put(vec![swap(SHOP, second.clone(), vec![first.clone()])]).await;
    assert_eq!(ground.get(SHOP, "/who").await.text(), "new");
    ground.put(vec![swap(SHOP, first, vec![second])]).await;
    assert_eq!(ground.get(SHOP, "/who").await.text(), "old");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_on_kept_connections_across_fifty_switches() {
    let mut ground = Ground::new();
    let live = App::start("r0").await;
    ground.serve(&live).await;
    let load = Load::start(&ground, 8).await;
    let _last = switch_fifty_times(&mut ground, live, &load).await;
    load.end_without_loss().await;
}

/// The same for browsers, by HTTP/1.1 and by HTTP/2, while each switch brings another certificate too.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_over_https_across_fifty_switches() {
    let issued = issue(&[SHOP]);
    let mut ground = Ground::encrypted(&[&issued]);
    let live = App::start("r0").await;
    ground.serve(&live).await;
    let mut visitors = Vec::new();
    for protocol in ["http/1.1", "h2"].repeat(4) {
        visitors.push(Visitor::connect_encrypted(ground.https_address(), SHOP, &issued.trusted, protocol).await);
    }
    let load = Load::by(visitors).await;
    ground.certify(&[&issue(&[SHOP])]);
    let _last = switch_fifty_times(&mut ground, live, &load).await;
    load.end_without_loss().await;
}

/// Gives the app that has the traffic in the end.
async fn switch_fifty_times(ground: &mut Ground, mut live: App, load: &Load) -> App {
    for release in 2..=51_u128 {
        let next = App::start(&format!("r{release}")).await;
        let task = format!("t{release}");
        assert!(ground.probe(release, next.endpoint(&task)).await.ready);
        let last = pool(release - 1, &[live.endpoint(&format!("t{}", release - 1))]);
        ground.put(vec![swap(SHOP, pool(release, &[next.endpoint(&task)]), vec![last])]).await;
        eventually("the old release is idle", || async { ground.traffic(release - 1).await.in_flight == 0 }).await;
        // Its process ends now, and takes kept connections along.
        live = next;
        load.passes(8).await;
    }
    live
}

/// Visitors who ask without pause, GET and POST in turn, each on one kept connection.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    visitors: Vec<AbortOnDropHandle<()>>,
}

impl Load {
    async fn start(ground: &Ground, visitors: usize) -> Self {
        let mut all = Vec::new();
        for _ in 0..visitors {
            all.push(ground.visitor().await);
        }
        Self::by(all).await
    }

    async fn by(visitors: Vec<Visitor>) -> Self {
        let (stop, answered) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let mut load = Self { stop, answered, visitors: Vec::new() };
        let count = visitors.len();
        for visitor in visitors {
            let visiting = keep_asking(visitor, load.stop.clone(), load.answered.clone());
            load.visitors.push(aside(visiting));
        }
        load.passes(count).await;
        load
    }

    /// Waits until so many more requests were answered.
    async fn passes(&self, requests: usize) {
        let goal = self.answered.load(Ordering::SeqCst) + requests;
        let over = || self.visitors.iter().any(AbortOnDropHandle::is_finished);
        eventually("requests pass", || async { over() || self.answered.load(Ordering::SeqCst) >= goal }).await;
    }

    async fn end_without_loss(self) {
        self.stop.store(true, Ordering::SeqCst);
        for visitor in self.visitors {
            visitor.await.expect("no request of this visitor was lost");
        }
    }
}

async fn keep_asking(mut visitor: Visitor, stop: Arc<AtomicBool>, answered: Arc<AtomicUsize>) {
    for turn in 0.. {
        let answer = match turn % 2 {
            0 => visitor.get(SHOP, "/who").await,
            _ => visitor.request(Method::POST, SHOP, "/echo", "an order").await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(turn % 2 == 0 || answer.text() == "an order");
        answered.fetch_add(1, Ordering::SeqCst);
        if stop.load(Ordering::SeqCst) {
            return;
        }
    }
}
