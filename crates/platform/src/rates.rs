//! Rates: prices, taxes and exchange rates. Finance and admins set them, for now or later; what has been priced stays.

use crate::{Error, Platform, Result, audit::Act};
use domain::money::{Currency, NewRate, Rate, RateForm, RatesView};
use domain::{Action, Actor, RateId};

/// Operations on rates.
pub struct Rates<'a>(pub(crate) &'a Platform);

impl Rates<'_> {
    /// All rates there ever were.
    pub async fn all(&self, actor: &Actor) -> Result<RatesView> {
        self.0.allow_on_platform(actor, Action::SeeCompanyCost).await?;
        let rates = self.0.parts.store.rates().all().await?;
        Ok(RatesView { rates, now: self.0.now(), may_set: actor.platform_rights().may(Action::SetRates) })
    }

    /// Chooses the currency of statements, once and for all.
    ///
    /// # Errors
    /// Another one was chosen before: statements have been made in it.
    pub async fn choose_currency(&self, actor: &Actor, code: &str) -> Result<()> {
        self.0.allow_on_platform(actor, Action::SetRates).await?;
        let currency: Currency = code.parse()?;
        let mut tx = self.0.parts.store.begin().await?;
        if let Some(chosen) = tx.rates().all().await?.currency {
            return Err(Error::Conflict(format!("Statements are in {chosen}, and stay so: some have been made.")));
        }
        tx.rates().put_currency(currency).await?;
        let act = Act {
            action: "rate.currency".to_owned(),
            kind: "rate",
            id: String::new(),
            name: currency.as_str(),
            team: None,
            detail: String::new(),
        };
        self.0.note(&mut tx, actor, act).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a rate. The one that holds until then ends when it begins, and stays in the history.
    ///
    /// # Errors
    /// It would change what has been priced, or its currency cannot be exchanged; a field that cannot be accepted.
    pub async fn set(&self, actor: &Actor, form: RateForm) -> Result<()> {
        self.0.allow_on_platform(actor, Action::SetRates).await?;
        let (new, now) = (NewRate::try_from(form)?, self.0.now());
        let mut tx = self.0.parts.store.begin().await?;
        let rates = tx.rates().all().await?;
        let place = rates.place(&new, now)?;
        let before = rates.at(new.of, place.from).map(|rate| rate.in_words(rates.currency));
        if let Some(ends) = place.ends {
            tx.rates().end(ends, place.from).await?;
        }
        if let Some(replaced) = place.replaces {
            tx.rates().withdraw(replaced, now).await?;
        }
        let rate = Rate {
            id: RateId::new(self.0.uuid()),
            of: new.of,
            value: new.value,
            currency: new.currency,
            share: new.share,
            from: place.from,
            until: place.until,
            set_by: actor.person.email.to_string(),
            set_at: now,
        };
        tx.rates().insert(&rate).await?;
        let before = before.map(|before| format!("; it was {before}")).unwrap_or_default();
        let act = Act {
            action: "rate.set".to_owned(),
            kind: "rate",
            id: rate.id.to_string(),
            name: &rate.of.to_string(),
            team: None,
            detail: format!("{} from {}{before}", rate.in_words(rates.currency), rate.from.to_utc()),
        };
        self.0.note(&mut tx, actor, act).await?;
        Ok(tx.commit().await?)
    }
}
