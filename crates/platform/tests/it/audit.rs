use crate::harness::Harness;
use crate::teams::joins;
use domain::{AuditFilter, Role};
use futures::StreamExt as _;
use platform::{Error, verify_audit};

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_in_the_log_with_what_was_tried() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    let victor = joins(&harness, &ada, "victor@example.com", Role::Viewer).await;
    assert!(harness.deploy(&victor, "shop", "1.1").await.is_err());
    let filter = AuditFilter { action: "refused".to_owned(), ..AuditFilter::default() };
    let page = harness.platform.audit().page(&ada, Some(ada.roles[0].0), &filter).await.expect("a page");
    let told: Vec<_> = page.lines.iter().map(|l| (l.person.as_str(), l.action.as_str(), l.subject.as_str())).collect();
    assert_eq!(told, [("victor@example.com", "refused.deploy", "shop")]);
    assert!(matches!(
        harness.platform.audit().page(&victor, Some(ada.roles[0].0), &filter).await,
        Err(Error::Forbidden(_))
    ));
    assert!(matches!(harness.platform.audit().page(&ada, None, &filter).await, Err(Error::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_and_an_export_has_them_all() {
    let harness = Harness::start().await;
    let ada = harness.person("ada@example.com").await;
    let team = ada.roles[0].0;
    for number in 0..60 {
        harness.platform.teams().rename(&ada, team, &format!("team-{number}")).await.expect("renamed");
    }
    let audit = harness.platform.audit();
    let first = audit.page(&ada, Some(team), &AuditFilter::default()).await.expect("a page");
    let next = first.next.expect("there is more");
    assert_eq!(first.lines.len(), 50);
    let filter = AuditFilter { before: next.to_string(), ..AuditFilter::default() };
    let second = audit.page(&ada, Some(team), &filter).await.expect("a page");
    assert_eq!((second.lines.len(), second.next), (10, None));
    let all: Vec<_> = audit.export(&ada, Some(team), &filter).await.expect("begun").collect().await;
    let all: Vec<_> = all.into_iter().flat_map(|part| part.expect("lines")).collect();
    assert_eq!(all, [first.lines, second.lines].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_holds_while_many_write() {
    let harness = Harness::start().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let platform = harness.platform.clone();
        let actor = harness.person(&format!("w{writer}@example.com")).await;
        writers.spawn(async move {
            for number in 0..4 {
                platform.teams().create(&actor, &format!("t-{writer}-{number}")).await.expect("made");
            }
        });
    }
    writers.join_all().await;
    let report = verify_audit(&harness.store).await.expect("read");
    assert_eq!((report.sound, report.fault), (64, None));
}
