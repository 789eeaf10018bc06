//! Rates and statements: who sets them, who sees them, and that they add up.

use crate::harness::Harness;
use crate::teams::{again, joins};
use domain::money::{AppCost, RateForm, RatesView, Size, Statement};
use domain::{Actor, AuditFilter, PlatformRole, Role, TeamId};
use platform::Error;
use std::time::Duration;

const NOVEMBER: &str = "2023-11";

async fn with_role(harness: &Harness, email: &str, role: PlatformRole) -> Actor {
    let (person, chief) = (harness.person(email).await, harness.person("chief@example.com").await);
    harness.platform.people().set_platform_role(&chief, person.id(), Some(role)).await.expect("given");
    again(harness, &person).await
}

fn form(of: &str, value: &str, currency: &str, from: &str) -> RateForm {
    let [of, value, currency, from] = [of, value, currency, from].map(str::to_owned);
    RateForm { of, value, currency, from, share: String::new() }
}

/// 0.10 EUR for a GiB-hour and 1 EUR for a vCPU-hour, since before anything ran, and a tax of 20 %.
async fn sets_rates(harness: &Harness, finance: &Actor) {
    let rates = harness.platform.rates();
    rates.choose_currency(finance, "eur").await.expect("chosen");
    for (of, value, currency) in [("tax", "20", ""), ("memory", "0.10", "EUR"), ("cpu", "1", "EUR")] {
        rates.set(finance, form(of, value, currency, "2023-01-01")).await.expect("set");
    }
}

/// An app of 256 MiB and half a core that has run for two hours.
async fn runs_two_hours(harness: &Harness) -> (Actor, TeamId) {
    let ada = harness.person("ada@example.com").await;
    let project = harness.project(&ada).await;
    let deploy = harness.create(&ada, &project, "shop", "1.0").await.expect("begun");
    harness.ended(&ada, "shop", &deploy).await;
    harness.eventually("it is written down", async || !cost(harness, &ada).await.intervals.is_empty()).await;
    harness.clock.advance(Duration::from_hours(2));
    let two_hours = 2 * 3_600_000;
    harness
        .eventually("it has run two hours", async || cost(harness, &ada).await.intervals[0].millis() >= two_hours)
        .await;
    (ada.clone(), ada.roles[0].0)
}

async fn cost(harness: &Harness, actor: &Actor) -> AppCost {
    harness.platform.costs().of_app(actor, "shop", "").await.expect("a cost")
}

fn total(statement: &Statement) -> String {
    statement.total.expect("it has a currency").gross.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_costs_the_same_on_every_page() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    let (ada, team) = runs_two_hours(&harness).await;
    assert_eq!(cost(&harness, &ada).await.total, None, "no rates yet");
    sets_rates(&harness, &finance).await;
    let of_app = cost(&harness, &ada).await;
    // Two hours of 256 MiB and of half a core, and some seconds that cost less than a cent.
    let told: Vec<_> = of_app.lines.iter().map(|l| (l.of.as_str(), l.cost.expect("priced").1.to_string())).collect();
    assert_eq!(told, [("memory", "0.06 EUR".to_owned()), ("cpu", "1.20 EUR".to_owned())]);
    let costs = harness.platform.costs();
    let of_team = costs.of_team(&ada, team, NOVEMBER).await.expect("a statement");
    let of_company = costs.of_company(&finance, "").await.expect("a statement");
    assert_eq!(of_app.total.expect("a total").gross.to_string(), "1.26 EUR");
    assert_eq!([total(&of_team), total(&of_company)], ["1.26 EUR", "1.26 EUR"]);
    assert_eq!(of_team.rows[0].href.as_deref(), Some("/apps/shop/cost?month=2023-11"));
    assert!(of_app.span.is_running && of_app.forecast.expect("a forecast").gross.micros > 100_000_000, "{of_app:#?}");
    let csv = costs.csv(&ada, Some(team), NOVEMBER).await.expect("CSV");
    assert_eq!((csv.lines().count(), csv), (3, costs.csv(&finance, None, NOVEMBER).await.expect("CSV")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_costs_before_the_press_what_running_it_costs() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    let costs = harness.platform.costs();
    let size = |replicas: &str| Size { replicas: replicas.to_owned(), ..Size::default() };
    let told = async |replicas: &str| {
        let found = costs.of_size(&finance, &size(replicas), Some(&Size::default())).await.expect("an answer");
        [found.cost, found.before].map(|total| total.map(|total| total.gross.to_string()))
    };
    assert_eq!(told("2").await, [None, None], "no rates yet");
    sets_rates(&harness, &finance).await;
    // 720 hours of 256 MiB and of half a core, with tax; and of two of them.
    assert_eq!(told("2").await, ["907.20 EUR", "453.60 EUR"].map(|text| Some(text.to_owned())));
    assert_eq!(told("many").await, [None, Some("453.60 EUR".to_owned())], "that is no size");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_is_gone_is_still_on_the_statement() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    let (ada, team) = runs_two_hours(&harness).await;
    sets_rates(&harness, &finance).await;
    harness.platform.teams().rename(&ada, team, "market").await.expect("renamed");
    let project = harness.platform.home(&ada).await.expect("a home").projects[0].project.id;
    harness.platform.projects().delete(&ada, project).await.expect("deleted");
    harness.eventually("the project is gone", async || harness.platform.teams().delete(&ada, team).await.is_ok()).await;
    let costs = harness.platform.costs();
    let of_company = costs.of_company(&finance, "").await.expect("a statement");
    let rows: Vec<_> = of_company.rows.iter().map(|row| (row.name.as_str(), row.is_gone, row.href.is_some())).collect();
    assert_eq!((rows, total(&of_company).as_str()), (vec![("market", true, false)], "1.26 EUR"));
    let of_team = costs.of_team(&finance, team, "").await.expect("a statement");
    assert_eq!(
        (of_team.rows[0].name.as_str(), of_team.rows[0].is_gone, total(&of_team).as_str()),
        ("shop", true, "1.26 EUR")
    );
    let stranger = harness.person("stranger@example.com").await;
    assert!(matches!(costs.of_team(&stranger, team, "").await, Err(Error::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_without_a_rate_is_told_and_not_free() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    let (ada, _) = runs_two_hours(&harness).await;
    harness.platform.rates().choose_currency(&finance, "EUR").await.expect("chosen");
    harness.platform.rates().set(&finance, form("memory", "0.10", "EUR", "2023-01-01")).await.expect("set");
    let of_app = cost(&harness, &ada).await;
    assert!(of_app.total.expect("a total").has_gaps);
    let cpu = of_app.lines.iter().find(|line| line.of.as_str() == "cpu").expect("a line");
    assert_eq!((cpu.cost, cpu.terms.as_str()), (None, "There is no rate for this time."));
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_set_by_finance_and_admins_and_their_history_stays() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    let auditor = with_role(&harness, "audit@example.com", PlatformRole::Auditor).await;
    let chief = harness.person("chief@example.com").await;
    let rates = harness.platform.rates();
    assert!(matches!(rates.set(&auditor, form("tax", "20", "", "")).await, Err(Error::Forbidden(_))));
    assert!(matches!(rates.all(&harness.person("ada@example.com").await).await, Err(Error::Forbidden(_))));
    sets_rates(&harness, &finance).await;
    assert!(matches!(rates.choose_currency(&chief, "USD").await, Err(Error::Conflict(_))), "it is chosen");
    assert!(
        matches!(rates.set(&chief, form("memory", "0.2", "EUR", "2023-02-01")).await, Err(Error::Invalid(_))),
        "the past"
    );
    assert!(
        matches!(rates.set(&chief, form("memory", "0.2", "USD", "")).await, Err(Error::Invalid(_))),
        "no exchange rate"
    );
    rates.set(&chief, form("memory", "0.2", "EUR", "")).await.expect("from now on");
    let RatesView { rates: all, .. } = rates.all(&auditor).await.expect("all");
    let memory: Vec<_> = all.all.iter().filter(|rate| rate.of.key() == "memory").collect();
    assert_eq!(memory.iter().map(|rate| rate.value.to_string()).collect::<Vec<_>>(), ["0.1", "0.2"]);
    assert_eq!((memory[0].until, memory[1].until), (Some(memory[1].from), None));
    let filter = AuditFilter { action: "rate".to_owned(), ..AuditFilter::default() };
    let log = harness.platform.audit().page(&chief, None, &filter).await.expect("a page");
    assert_eq!(log.lines.len(), 5);
    assert!(
        log.lines[0].detail.starts_with("0.2 EUR from ") && log.lines[0].detail.ends_with("; it was 0.1 EUR"),
        "{:?}",
        log.lines[0]
    );
}

/// Two people of finance press at once.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_set_a_rate_at_once_both_are_in_the_history() {
    let harness = Harness::start().await;
    let finance = with_role(&harness, "fin@example.com", PlatformRole::Finance).await;
    sets_rates(&harness, &finance).await;
    let rates = harness.platform.rates();
    let (one, two) = tokio::join!(
        rates.set(&finance, form("tax", "21", "", "2099-01-01")),
        rates.set(&finance, form("tax", "22", "", "2099-01-01")),
    );
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    let all = rates.all(&finance).await.expect("all").rates.all;
    let taxes = all.iter().filter(|rate| rate.of.key() == "tax");
    assert_eq!(taxes.filter(|rate| rate.until.is_none()).count(), 1, "{all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_are_for_the_team_and_for_finance_and_for_nobody_else() {
    let harness = Harness::start().await;
    let (finance, costs) =
        (with_role(&harness, "fin@example.com", PlatformRole::Finance).await, harness.platform.costs());
    let (ada, team) = runs_two_hours(&harness).await;
    let billing = joins(&harness, &ada, "bill@example.com", Role::Billing).await;
    let stranger = harness.person("stranger@example.com").await;
    for actor in [&ada, &billing, &finance] {
        assert!(costs.of_app(actor, "shop", "").await.is_ok() && costs.of_team(actor, team, "").await.is_ok());
    }
    assert!(!costs.of_app(&billing, "shop", "").await.expect("a cost").may_inspect);
    assert!(matches!(costs.of_app(&stranger, "shop", "").await, Err(Error::NotFound { .. })));
    assert!(matches!(costs.csv(&stranger, Some(team), "").await, Err(Error::NotFound { .. })));
    for actor in [&ada, &billing, &stranger] {
        assert!(matches!(costs.of_company(actor, "").await, Err(Error::Forbidden(_))));
        assert!(matches!(costs.csv(actor, None, "").await, Err(Error::Forbidden(_))));
    }
    assert!(matches!(harness.platform.apps().overview(&finance, "shop").await, Err(Error::Forbidden(_))));
    assert!(matches!(costs.of_app(&ada, "shop", "2023-13").await, Err(Error::Invalid(_))));
}
