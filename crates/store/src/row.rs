use crate::{Error, Result};
use domain::money::{Currency, Decimal, RateOf};
use domain::{
    AppId, AppName, AuditId, DeployId, DeployState, Digest, Email, HostName, InvitationId, Outcome, PersonId,
    PlatformRole, ProjectId, ProjectName, RateId, ReleaseId, Repository, Role, SecretId, Step, Tag, TeamId, TeamName,
    Timestamp, TokenId, TokenName,
};
use sqlx::{postgres::PgRow, sqlite::SqliteRow};

/// A row of either database.
pub trait Row {
    /// The TEXT in this column.
    fn text(&self, column: &str) -> sqlx::Result<Option<String>>;
    /// The BIGINT in this column.
    fn int(&self, column: &str) -> sqlx::Result<Option<i64>>;
}

macro_rules! rows {
    ($($row:ty)*) => {$(
        impl Row for $row {
            fn text(&self, column: &str) -> sqlx::Result<Option<String>> {
                sqlx::Row::try_get(self, column)
            }
            fn int(&self, column: &str) -> sqlx::Result<Option<i64>> {
                sqlx::Row::try_get(self, column)
            }
        }
    )*};
}
rows! { SqliteRow PgRow }

/// What a column can be read as.
pub(crate) trait Column: Sized {
    /// The value, or nothing where the column is NULL.
    fn read(row: &dyn Row, column: &str) -> Result<Option<Self>>;
}

impl dyn Row + '_ {
    /// The value of a column that cannot be NULL.
    pub(crate) fn get<T: Column>(&self, column: &str) -> Result<T> {
        T::read(self, column)?.ok_or_else(|| Error::Corrupt(format!("the column {column} is empty")))
    }

    /// The value of a column that can be NULL.
    pub(crate) fn maybe<T: Column>(&self, column: &str) -> Result<Option<T>> {
        T::read(self, column)
    }
}

impl Column for String {
    fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
        Ok(row.text(column)?)
    }
}

impl Column for i64 {
    fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
        Ok(row.int(column)?)
    }
}

impl Column for Timestamp {
    fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
        Ok(row.int(column)?.map(Self))
    }
}

impl Column for Decimal {
    fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
        Ok(row.int(column)?.map(Self::from_billionths))
    }
}

fn unreadable(column: &str) -> Error {
    Error::Corrupt(format!("the column {column} holds what cannot be read back"))
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Column for $type {
            fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
                row.int(column)?.map(|number| Self::try_from(number).map_err(|_| unreadable(column))).transpose()
            }
        }
    )*};
}
numbers! { u32 u64 }

macro_rules! parsed {
    ($($type:ty)*) => {$(
        impl Column for $type {
            fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
                row.text(column)?.map(|text| text.parse().map_err(|_| unreadable(column))).transpose()
            }
        }
    )*};
}
parsed! {
    AppId AuditId DeployId InvitationId PersonId ProjectId RateId ReleaseId SecretId TeamId AppName ProjectName TeamName Email HostName Repository Tag Digest Currency
    TokenId TokenName
}

macro_rules! words {
    ($($type:ty)*) => {$(
        impl Column for $type {
            fn read(row: &dyn Row, column: &str) -> Result<Option<Self>> {
                row.text(column)?.map(|word| Self::named(&word).ok_or_else(|| unreadable(column))).transpose()
            }
        }
    )*};
}
words! { DeployState Outcome PlatformRole RateOf Role Step }
