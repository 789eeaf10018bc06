//! What pages show of costs: every sum is one of lines, so that what stands on paper adds up.

use super::{Currency, Decimal, Exact, Gap, Interval, Line, Money, Month, Rates, Resource, percent};
use crate::{AppName, Project, TeamId, Timestamp};
use serde::{Deserialize, Serialize};

/// What lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Without tax.
    pub net: Money,
    /// With tax.
    pub gross: Money,
    /// Whether something of it has no rate, and is missing here.
    pub has_gaps: bool,
}

impl Total {
    /// What these lines come to.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>, currency: Currency) -> Self {
        let nothing = Self { net: Money::zero(currency), gross: Money::zero(currency), has_gaps: false };
        lines.into_iter().fold(nothing, |sum, line| match &line.cost {
            Ok(cost) => Self { net: sum.net.plus(cost.net), gross: sum.gross.plus(cost.gross), ..sum },
            Err(_) => Self { has_gaps: true, ..sum },
        })
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            net: self.net.plus(other.net),
            gross: self.gross.plus(other.gross),
            has_gaps: self.has_gaps || other.has_gaps,
        }
    }

    /// The tax in it.
    pub fn tax(self) -> Money {
        self.gross.minus(self.net)
    }
}

/// How much of a resource these lines have, in its units.
pub fn units_of<'a>(of: Resource, lines: impl IntoIterator<Item = &'a Line>) -> Decimal {
    let parts = lines.into_iter().filter(|line| line.of == of);
    let exact = parts.map(|line| Exact::of(line.quantity, of.per_unit(line.month))).reduce(|sum, part| sum.plus(&part));
    let billionths = exact.map_or(0, |sum| sum.rounded(9));
    Decimal::from_billionths(i64::try_from(billionths).unwrap_or(i64::MAX))
}

/// A line as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// Of what.
    pub of: Resource,
    /// How much, in units of that.
    pub units: Decimal,
    /// The first moment of it.
    pub from: Timestamp,
    /// The moment after the last of it.
    pub to: Timestamp,
    /// By which terms, or why there is no price.
    pub terms: String,
    /// Without tax, and with it.
    pub cost: Option<(Money, Money)>,
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        let terms = match &line.cost {
            Ok(cost) => {
                let terms = &cost.terms;
                let part = |word: &str, part: Decimal| {
                    if part == Decimal::default() { String::new() } else { format!("{word}{}", percent(part)) }
                };
                let exchange =
                    if terms.exchange == Decimal::ONE { String::new() } else { format!(", × {}", terms.exchange) };
                let (share, tax) = (part(" + ", terms.share), part(", tax ", terms.tax));
                format!("{} {}{share}{exchange}{tax}", terms.price, terms.currency)
            }
            Err(gap) => gap.to_string(),
        };
        let cost = line.cost.as_ref().ok().map(|cost| (cost.net, cost.gross));
        Self { of: line.of, units: line.units(), from: line.from, to: line.to, terms, cost }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Price => f.write_str("There is no rate for this time."),
            Self::Exchange(currency) => write!(f, "There is no exchange rate from {currency} for this time."),
        }
    }
}

/// A month, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The month.
    pub month: Month,
    /// Until when usage is counted: its end, or now.
    pub until: Timestamp,
    /// Whether it is still running, so that everything in it is provisional.
    pub is_running: bool,
}

impl Span {
    /// The month, as it is at a moment.
    pub fn at(month: Month, now: Timestamp) -> Self {
        Self { month, until: month.end().min(now), is_running: now < month.end() }
    }
}

/// What an app costs in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppCost {
    /// The app.
    pub app: AppName,
    /// Its project.
    pub project: Project,
    /// Its team.
    pub team: TeamId,
    /// Which month.
    pub span: Span,
    /// In which currency; none while nobody has chosen one.
    pub currency: Option<Currency>,
    /// So far. They come to the total.
    pub lines: Vec<LineView>,
    /// What the lines come to.
    pub total: Option<Total>,
    /// What the whole month comes to if nothing changes, while it is running.
    pub forecast: Option<Total>,
    /// Where the lines come from: the newest first.
    pub intervals: Vec<Interval>,
    /// How many older intervals are not shown.
    pub more_intervals: u64,
    /// Whether the one who asks may look into the app.
    pub may_inspect: bool,
    /// Whether the one who asks may set rates.
    pub may_set_rates: bool,
}

/// What a team, or the company, pays for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The team, by its id and name; none for the company.
    pub team: Option<(TeamId, String)>,
    /// Which month.
    pub span: Span,
    /// In which currency; none while nobody has chosen one.
    pub currency: Option<Currency>,
    /// Apps of a team, teams of the company. They come to the total.
    pub rows: Vec<StatementRow>,
    /// What the rows come to.
    pub total: Option<Total>,
    /// What the whole month comes to if nothing changes, while it is running.
    pub forecast: Option<Total>,
    /// Whether the one who asks may set rates.
    pub may_set_rates: bool,
}

/// A row of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRow {
    /// What it is called, or was called last.
    pub name: String,
    /// The project of an app.
    pub project: Option<String>,
    /// Where there is more about it.
    pub href: Option<String>,
    /// Whether it is gone.
    pub is_gone: bool,
    /// GiB-hours.
    pub memory: Decimal,
    /// vCPU-hours.
    pub cpu: Decimal,
    /// What its lines come to.
    pub total: Option<Total>,
}

/// All rates there ever were, for the page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatesView {
    /// By what they are of, then by time.
    pub rates: Rates,
    /// The present moment, which says what holds.
    pub now: Timestamp,
    /// Whether the one who asks may set them.
    pub may_set: bool,
}
