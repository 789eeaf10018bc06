use domain::money::{Currency, Decimal, RateOf};
use domain::{
    AppId, AppName, AuditId, DeployId, DeployState, Digest, Email, HostName, InvitationId, Outcome, PersonId,
    PlatformRole, ProjectId, ProjectName, RateId, ReleaseId, Repository, Role, SecretId, Step, Tag, TaskId, TeamId,
    TeamName, Timestamp, TokenId, TokenName,
};

/// What is bound to a placeholder. An absent value keeps its type: PostgreSQL fixes the types of a statement's
/// placeholders when it sees it first, and would refuse the next value otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Int(Option<i64>),
}

/// What can be bound.
pub(crate) trait Bind {
    /// As it is stored.
    fn value(&self) -> Value;
    /// The NULL of its type.
    fn null() -> Value;
}

impl<T: Bind> Bind for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or_else(T::null, Bind::value)
    }
    fn null() -> Value {
        T::null()
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn value(&self) -> Value {
        (**self).value()
    }
    fn null() -> Value {
        T::null()
    }
}

macro_rules! bind {
    ($variant:ident: $($type:ty, $this:ident => $stored:expr;)*) => {$(
        impl Bind for $type {
            fn value(&self) -> Value {
                let $this = self;
                Value::$variant(Some($stored))
            }
            fn null() -> Value {
                Value::$variant(None)
            }
        }
    )*};
}

bind! { Text:
    str, it => printable(it);
    String, it => printable(it);
    AppId, it => it.to_string();
    AuditId, it => it.to_string();
    DeployId, it => it.to_string();
    InvitationId, it => it.to_string();
    PersonId, it => it.to_string();
    ProjectId, it => it.to_string();
    RateId, it => it.to_string();
    ReleaseId, it => it.to_string();
    SecretId, it => it.to_string();
    TaskId, it => printable(&it.0);
    TeamId, it => it.to_string();
    TokenId, it => it.to_string();
    TokenName, it => it.to_string();
    AppName, it => it.to_string();
    HostName, it => it.to_string();
    ProjectName, it => it.to_string();
    TeamName, it => it.to_string();
    Email, it => it.to_string();
    Repository, it => it.to_string();
    Tag, it => it.to_string();
    Digest, it => it.to_string();
    Currency, it => it.as_str().to_owned();
    RateOf, it => it.key();
    Role, it => it.as_str().to_owned();
    PlatformRole, it => it.as_str().to_owned();
    Step, it => it.as_str().to_owned();
    Outcome, it => it.as_str().to_owned();
    DeployState, it => it.as_str().to_owned();
}

bind! { Int:
    Decimal, it => it.billionths();
    Timestamp, it => it.0;
    i64, it => *it;
    u32, it => i64::from(*it);
    u64, it => i64::try_from(*it).unwrap_or(i64::MAX);
}

/// PostgreSQL keeps no NUL in a TEXT, and what engines and apps say may hold one. Both databases keep the sign for what
/// cannot be shown instead.
pub(crate) fn printable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A list for a placeholder inside `{each}(…{json})`.
pub(crate) fn list<T: ToString>(items: &[T]) -> String {
    serde_json::Value::from(items.iter().map(ToString::to_string).collect::<Vec<_>>()).to_string()
}

/// The values of a statement's placeholders, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Bind::value(&$value)),*] };
}
pub(crate) use values;
