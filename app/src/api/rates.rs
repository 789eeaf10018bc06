use super::{Compact, Result};
use domain::money::{RateForm, RatesView};
use leptos::{prelude::server, server_fn::codec::Json};

/// All rates there ever were.
#[server(prefix = "/api/console", endpoint = "rates/all", input = Json, output = Compact)]
pub async fn find_rates() -> Result<RatesView> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.rates().all(&door.actor).await)
}

/// Sets a rate, for now or later.
#[server(prefix = "/api/console", endpoint = "rates/set")]
pub async fn set_rate(#[server(default)] rate: RateForm) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.rates().set(&door.actor, rate).await)
}

/// Chooses the currency of statements.
#[server(prefix = "/api/console", endpoint = "rates/choose-currency")]
pub async fn choose_currency(currency: String) -> Result<()> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.rates().choose_currency(&door.actor, &currency).await)
}
