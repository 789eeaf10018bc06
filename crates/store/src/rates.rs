use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Meta, Rates, Result, Tx};
use domain::money::{Currency, Rate};
use domain::{RateId, Timestamp};

/// Under which the currency of statements is kept.
const CURRENCY: &str = "statement_currency";

impl<E: Executor> Rates<E> {
    /// Everything that prices usage.
    pub async fn all(mut self) -> Result<domain::money::Rates> {
        let text = "select id, subject, value, currency, share, valid_from, valid_until, set_by, set_at from rates \
                    order by subject, valid_from";
        let all = self.0.all(sql(text, values![]), rate).await?;
        let currency = sql("select value as currency from meta where key = $1", values![CURRENCY]);
        Ok(domain::money::Rates { currency: self.0.one(currency, |row| row.get("currency")).await?, all })
    }
}

impl Rates<&mut Tx> {
    /// Chooses the currency of statements, if none is chosen; returns the one that counts.
    pub async fn put_currency(self, currency: Currency) -> Result<String> {
        Meta(self.0).put_if_absent(CURRENCY, currency.as_str()).await
    }

    /// Adds a rate; [`Conflict`](crate::Error::Conflict) when there is one of the same thing from the same moment.
    pub async fn insert(self, rate: &Rate) -> Result<()> {
        let text = "insert into rates (id, subject, value, currency, share, valid_from, valid_until, set_by, set_at) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing";
        let Rate { id, of, value, currency, share, from, until, set_by, set_at } = rate;
        let values = values![id, of, value, currency, share, from, until, set_by, set_at];
        self.0.insert("rate", text, values).await
    }

    /// Ends a rate that has no earlier end; false when there is none to end.
    pub async fn end(self, id: RateId, at: Timestamp) -> Result<bool> {
        let text = "update rates set valid_until = $2 where id = $1 and valid_from < $2 \
                    and (valid_until is null or valid_until > $2)";
        self.0.change(text, values![id, at]).await
    }

    /// Takes a rate away that has not begun at this moment; false when it has, or is not there.
    pub async fn withdraw(self, id: RateId, now: Timestamp) -> Result<bool> {
        self.0.change("delete from rates where id = $1 and valid_from > $2", values![id, now]).await
    }
}

fn rate(row: &dyn Row) -> Result<Rate> {
    Ok(Rate {
        id: row.get("id")?,
        of: row.get("subject")?,
        value: row.get("value")?,
        currency: row.maybe("currency")?,
        share: row.get("share")?,
        from: row.get("valid_from")?,
        until: row.maybe("valid_until")?,
        set_by: row.get("set_by")?,
        set_at: row.get("set_at")?,
    })
}
