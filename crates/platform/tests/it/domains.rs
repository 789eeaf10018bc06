//! Own domains of apps: who gets one, when it is served, and that nobody learns or takes what belongs to others.

use crate::harness::Harness;
use domain::{Actor, AuditFilter, DomainsView};
use platform::{Error, Result};
use std::time::Duration;

const WWW: &str = "www.example.com";
const HERE: [u8; 4] = [203, 0, 113, 1];
const DAY: Duration = Duration::from_hours(24);

/// Somebody with an app of this name that has its traffic.
async fn with_app(h: &Harness, email: &str, name: &str) -> Actor {
    let actor = h.person(email).await;
    let project = h.project(&actor).await;
    let deploy = h.create(&actor, &project, name, "1.0").await.expect("created");
    h.switched(&actor, name, &deploy).await;
    actor
}

async fn list(h: &Harness, actor: &Actor, app: &str) -> DomainsView {
    h.platform.domains().list(actor, app).await.expect("a list")
}

fn sentence<T: std::fmt::Debug>(refused: Result<T>) -> String {
    refused.expect_err("refused").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_is_served_once_it_points_here_and_not_before() {
    let h = Harness::start().await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    h.dns.point(WWW, &[[203, 0, 113, 9]]);
    h.platform.domains().add(&ada, "shop", WWW).await.expect("added");
    let view = &list(&h, &ada, "shop").await.domains[0];
    assert_eq!(view.sentence, "www.example.com points to 203.0.113.9, not here: set A to 203.0.113.1.");
    assert_eq!(h.visit_at(WWW, "/").await.0, 404);
    h.dns.point(WWW, &[HERE]);
    h.clock.advance(Duration::from_secs(61));
    h.eventually("it is looked at again by itself", async || h.visit_at(WWW, "/").await.0 == 200).await;
    let view = &list(&h, &ada, "shop").await.domains[0];
    assert_eq!((view.sentence.as_str(), &view.warning), ("www.example.com points here.", &None));
    h.dns.fail(WWW, "the DNS does not answer (timeout)");
    h.platform.domains().look(&ada, "shop", WWW).await.expect("looked");
    let view = &list(&h, &ada, "shop").await.domains[0];
    assert!(
        view.sentence.starts_with("Where www.example.com points cannot be found out: the DNS does not"),
        "{view:?}"
    );
    assert_eq!(h.visit_at(WWW, "/").await.0, 200, "an outage of the DNS is no outage of the app");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_was_taken_away_leads_nowhere() {
    let h = Harness::start().await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    h.dns.point(WWW, &[HERE]);
    h.platform.domains().add(&ada, "shop", WWW).await.expect("added");
    h.eventually("it is served", async || h.visit_at(WWW, "/").await.0 == 200).await;
    h.platform.domains().redirect(&ada, "shop", WWW, true).await.expect("redirects");
    h.eventually("it sends on", async || h.visit_at(WWW, "/").await.0 == 301).await;
    h.platform.domains().remove(&ada, "shop", WWW).await.expect("removed");
    h.eventually("it leads nowhere", async || h.visit_at(WWW, "/").await.0 == 404).await;
    let again = h.platform.domains().remove(&ada, "shop", WWW).await;
    assert_eq!(sentence(again), "There is no domain called “www.example.com”.");
    let log = h.platform.audit().page(&ada, Some(ada.roles[0].0), &AuditFilter::default()).await.expect("a log");
    let actions: Vec<_> = log.lines.iter().map(|line| (line.action.as_str(), line.detail.as_str())).collect();
    assert_eq!(
        actions[..3],
        [
            ("domain.remove", "www.example.com"),
            ("domain.redirect", "www.example.com sends on"),
            ("domain.add", "www.example.com")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_of_another_team_is_refused_without_saying_whose_it_is() {
    let h = Harness::start().await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    let eve = with_app(&h, "eve@example.com", "thief").await;
    h.dns.point(WWW, &[HERE]);
    h.platform.domains().add(&ada, "shop", WWW).await.expect("added");
    for written in [WWW, "WWW.Example.COM", " www.example.com. "] {
        let said = sentence(h.platform.domains().add(&eve, "thief", written).await);
        assert_eq!(
            said,
            "www.example.com is in use by another app of this platform. If the domain is yours, ask who runs the platform."
        );
    }
    assert_eq!(
        sentence(h.platform.domains().add(&ada, "shop", WWW).await),
        "shop has the domain www.example.com already."
    );
    for own in ["localhost", "shop.localhost", "new.localhost"] {
        assert!(matches!(h.platform.domains().add(&eve, "thief", own).await, Err(Error::Invalid(_))), "{own}");
    }
    let theirs = [
        h.platform.domains().remove(&eve, "thief", WWW).await,
        h.platform.domains().redirect(&eve, "thief", WWW, true).await,
        h.platform.domains().look(&eve, "thief", WWW).await,
        h.platform.domains().remove(&eve, "shop", WWW).await,
        h.platform.domains().add(&eve, "shop", "other.example.com").await,
        h.platform.domains().list(&eve, "shop").await.map(drop),
    ];
    for refused in theirs {
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    }
    assert_eq!(list(&h, &ada, "shop").await.domains.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_a_domain_that_does_not_point_here() {
    let h = Harness::start().await;
    let eve = with_app(&h, "eve@example.com", "thief").await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    h.platform.domains().add(&eve, "thief", WWW).await.expect("added, though it is not theirs");
    h.platform.domains().add(&ada, "shop", WWW).await.expect_err("it is held for a week");
    h.clock.advance(DAY * 8);
    h.platform.domains().add(&ada, "shop", WWW).await.expect("taken over");
    assert_eq!(list(&h, &eve, "thief").await.domains, []);
    h.dns.point(WWW, &[HERE]);
    h.platform.domains().look(&ada, "shop", WWW).await.expect("looked");
    h.clock.advance(DAY * 8);
    h.eventually("it is looked at while it points here", async || {
        let domain = list(&h, &ada, "shop").await.domains.remove(0).domain;
        domain.checked_at.is_some_and(|at| platform::Clock::now(&*h.clock).millis_since(at) < 3_600_000)
    })
    .await;
    h.platform.domains().add(&eve, "thief", WWW).await.expect_err("it points here");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_domains_of_a_deleted_app_are_free() {
    let h = Harness::start().await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    let bob = with_app(&h, "bob@example.com", "blog").await;
    h.dns.point(WWW, &[HERE]);
    h.platform.domains().add(&ada, "shop", WWW).await.expect("added");
    h.platform.apps().delete(&ada, "shop").await.expect("deleted");
    h.eventually("it leads nowhere", async || h.visit_at(WWW, "/").await.0 == 404).await;
    h.platform.domains().add(&bob, "blog", WWW).await.expect("free");
    h.eventually("it leads to the other app", async || h.visit_at(WWW, "/").await.0 == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_no_more_domains_than_a_table_can_bear() {
    let h = Harness::start().await;
    let ada = with_app(&h, "ada@example.com", "shop").await;
    for number in 0..50 {
        h.platform.domains().add(&ada, "shop", &format!("d{number}.example.com")).await.expect("added");
    }
    let said = sentence(h.platform.domains().add(&ada, "shop", "one-more.example.com").await);
    assert_eq!(said, "shop has 50 domains, which is the most an app may have.");
}
