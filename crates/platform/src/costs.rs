//! What things cost. All of it is priced by one function of `domain`, from what ran and from the rates.

use crate::{Platform, Result, access::Reached, error::OrNotFound};
use domain::money::{
    AppCost, Currency, Interval, Line, LineView, Month, Period, Rates, Resource, Size, SizeCost, Span, Statement,
    StatementRow, Total, price, statement_head, statement_row, units_of,
};
use domain::{Action, Actor, AppId, TeamId};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::BilledApp;

/// How many intervals the page of an app shows.
const SHOWN: usize = 200;

/// Operations on costs.
pub struct Costs<'a>(pub(crate) &'a Platform);

/// A month's usage with everything that prices it.
struct Priced {
    span: Span,
    rates: Rates,
    intervals: Vec<Interval>,
}

impl Costs<'_> {
    /// What an app costs in a month, this one if none is named.
    ///
    /// # Errors
    /// A month that is none.
    pub async fn of_app(&self, actor: &Actor, name: &str, month: &str) -> Result<AppCost> {
        let Reached { thing: app, project, team, role, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::SeeCost).await?;
        let span = self.span(month)?;
        let intervals = self.0.parts.store.usage().of_app(app.id, span.month.start(), span.until).await?;
        let priced = self.priced(span, intervals).await?;
        let lines = priced.lines();
        let (total, forecast) = priced.totals(&lines);
        let mut intervals = priced.known();
        intervals.reverse();
        let more_intervals = intervals.len().saturating_sub(SHOWN) as u64;
        intervals.truncate(SHOWN);
        Ok(AppCost {
            app: app.name,
            project,
            team: team.id,
            span,
            currency: priced.rates.currency,
            lines: lines.iter().map(LineView::from).collect(),
            total,
            forecast,
            intervals,
            more_intervals,
            may_inspect: role.may(Action::Inspect),
            may_set_rates: actor.platform_rights().may(Action::SetRates),
        })
    }

    /// What an app of some size costs in 30 days by the rates of now, and what the size before it does. Prices are no secret
    /// among those who may sign in.
    pub async fn of_size(&self, _actor: &Actor, size: &Size, before: Option<&Size>) -> Result<SizeCost> {
        let (rates, now) = (self.0.parts.store.rates().all().await?, self.0.now());
        Ok(SizeCost { cost: size.cost(&rates, now), before: before.and_then(|before| before.cost(&rates, now)) })
    }

    /// What a team pays for a month, by app, those that are gone included.
    ///
    /// # Errors
    /// A month that is none.
    pub async fn of_team(&self, actor: &Actor, id: TeamId, month: &str) -> Result<Statement> {
        let name = self.reach_payer(actor, id).await?;
        let span = self.span(month)?;
        let store = &self.0.parts.store;
        let priced = self.priced(span, store.usage().of_team(id, span.month.start(), span.until).await?).await?;
        let (lines, billed) = (priced.lines(), store.usage().billed(Some(id)).await?);
        let mut by_app: BTreeMap<AppId, Vec<&Line>> = BTreeMap::new();
        for line in &lines {
            by_app.entry(line.app).or_default().push(line);
        }
        let rows = billed.iter().filter_map(|app| Some(app_row(app, by_app.get(&app.app)?, priced.rates.currency)));
        Ok(statement(actor, Some((id, name)), &priced, &lines, rows.collect()))
    }

    /// What the company pays for a month, by team.
    ///
    /// # Errors
    /// A month that is none.
    pub async fn of_company(&self, actor: &Actor, month: &str) -> Result<Statement> {
        self.0.allow_on_platform(actor, Action::SeeCompanyCost).await?;
        let span = self.span(month)?;
        let store = &self.0.parts.store;
        let priced = self.priced(span, store.usage().of_all(span.month.start(), span.until).await?).await?;
        let (lines, billed) = (priced.lines(), store.usage().billed(None).await?);
        let team_of: HashMap<AppId, &BilledApp> = billed.iter().map(|app| (app.app, app)).collect();
        let mut by_team: BTreeMap<(&str, TeamId), Vec<&Line>> = BTreeMap::new();
        for (line, app) in lines.iter().filter_map(|line| Some((line, team_of.get(&line.app)?))) {
            by_team.entry((&app.team_name, app.team)).or_default().push(line);
        }
        let live: HashSet<TeamId> = store.teams().all().await?.into_iter().map(|card| card.team.id).collect();
        let row = |((name, id), lines): ((&str, TeamId), Vec<&Line>)| StatementRow {
            name: name.to_owned(),
            href: Some(format!("/teams/{id}/cost?month={}", span.month)).filter(|_| live.contains(&id)),
            is_gone: !live.contains(&id),
            ..sums(&lines, priced.rates.currency)
        };
        let rows = by_team.into_iter().map(row).collect();
        Ok(statement(actor, None, &priced, &lines, rows))
    }

    /// All lines of a team's month, or of the company's, as CSV.
    ///
    /// # Errors
    /// A month that is none.
    pub async fn csv(&self, actor: &Actor, team: Option<TeamId>, month: &str) -> Result<String> {
        let span = self.span(month)?;
        let (from, usage) = (span.month.start(), self.0.parts.store.usage());
        let intervals = if let Some(id) = team {
            self.reach_payer(actor, id).await?;
            usage.of_team(id, from, span.until).await?
        } else {
            self.0.allow_on_platform(actor, Action::SeeCompanyCost).await?;
            usage.of_all(from, span.until).await?
        };
        let priced = self.priced(span, intervals).await?;
        let mut by_app: HashMap<AppId, Vec<Line>> = HashMap::new();
        for line in priced.lines() {
            by_app.entry(line.app).or_default().push(line);
        }
        let mut csv = statement_head();
        for app in self.0.parts.store.usage().billed(team).await? {
            let team_id = app.team.to_string();
            let names = [&team_id, &app.team_name, &app.project, &app.name].map(String::as_str);
            let rows = by_app.get(&app.app).into_iter().flatten();
            csv.extend(rows.map(|line| statement_row(line, names, span.is_running)));
        }
        Ok(csv)
    }

    /// The name of a team that pays. One that is gone is still there for those who see all statements.
    async fn reach_payer(&self, actor: &Actor, id: TeamId) -> Result<String> {
        let team = self.0.parts.store.teams().by_id(id).await?;
        if team.is_none() && actor.platform_rights().may(Action::SeeCompanyCost) {
            let billed = self.0.parts.store.usage().billed(Some(id)).await?;
            return billed.into_iter().next().map(|app| app.team_name).or_not_found("team", id.to_string());
        }
        Ok(self.0.reach_team(actor, id).await?.allowing(Action::SeeCost).await?.team.name.to_string())
    }

    fn span(&self, month: &str) -> Result<Span> {
        let now = self.0.now();
        let month = if month.trim().is_empty() { Month::of(now) } else { month.parse()? };
        Ok(Span::at(month, now))
    }

    async fn priced(&self, span: Span, intervals: Vec<Interval>) -> Result<Priced> {
        Ok(Priced { span, rates: self.0.parts.store.rates().all().await?, intervals })
    }
}

impl Priced {
    /// What is known to have run in the month so far.
    fn known(&self) -> Vec<Interval> {
        self.intervals.iter().filter_map(|interval| interval.until(self.span.until)).collect()
    }

    fn lines(&self) -> Vec<Line> {
        self.price(&self.known())
    }

    fn price(&self, intervals: &[Interval]) -> Vec<Line> {
        price(intervals.iter().flat_map(Interval::usage), &self.rates, Period::from(self.span.month))
    }

    /// What the lines come to, and what the month will come to while it is running.
    fn totals(&self, lines: &[Line]) -> (Option<Total>, Option<Total>) {
        let Some(currency) = self.rates.currency else { return (None, None) };
        let end = self.span.month.end();
        let forecast = || {
            let going_on: Vec<_> = self.known().iter().map(|interval| interval.going_on_until(end)).collect();
            Total::of(&self.price(&going_on), currency)
        };
        (Some(Total::of(lines, currency)), self.span.is_running.then(forecast))
    }
}

fn statement(
    actor: &Actor,
    team: Option<(TeamId, String)>,
    priced: &Priced,
    lines: &[Line],
    rows: Vec<StatementRow>,
) -> Statement {
    let (total, forecast) = priced.totals(lines);
    let may_set_rates = actor.platform_rights().may(Action::SetRates);
    Statement { team, span: priced.span, currency: priced.rates.currency, rows, total, forecast, may_set_rates }
}

fn app_row(app: &BilledApp, lines: &[&Line], currency: Option<Currency>) -> StatementRow {
    let month = lines.first().map(|line| line.month.to_string()).unwrap_or_default();
    StatementRow {
        name: app.name.clone(),
        project: Some(app.project.clone()),
        href: app.is_live.then(|| format!("/apps/{}/cost?month={month}", app.name)),
        is_gone: !app.is_live,
        ..sums(lines, currency)
    }
}

/// A row without a name.
fn sums(lines: &[&Line], currency: Option<Currency>) -> StatementRow {
    StatementRow {
        name: String::new(),
        project: None,
        href: None,
        is_gone: false,
        memory: units_of(Resource::Memory, lines.iter().copied()),
        cpu: units_of(Resource::Cpu, lines.iter().copied()),
        total: currency.map(|currency| Total::of(lines.iter().copied(), currency)),
    }
}
