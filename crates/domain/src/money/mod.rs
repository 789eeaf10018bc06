//! Money: what usage costs. Everything here is exact until a line is rounded, once.

mod allocate;
mod amount;
mod csv;
mod currency;
mod decimal;
mod exact;
mod month;
mod price;
mod rate;
mod rates;
mod resource;
mod size;
mod statement;
mod usage;

pub use allocate::{Held, Portion, allocate};
pub use amount::Money;
pub use csv::{statement_head, statement_row};
pub use currency::Currency;
pub use decimal::Decimal;
pub use exact::Exact;
pub use month::Month;
pub use price::{Cost, Gap, Line, Period, Terms, price};
pub use rate::{NewRate, Rate, RateForm, RateOf, percent};
pub use rates::{Place, Rates};
pub use resource::Resource;
pub use size::{Size, SizeCost};
pub use statement::{AppCost, LineView, RatesView, Span, Statement, StatementRow, Total, units_of};
pub use usage::{Interval, Usage};
