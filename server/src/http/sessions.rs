//! Sessions in the store, and the person behind a request.

use super::State;
use axum::extract::{Request, State as Given};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use domain::{Actor, Origin, PersonId, Timestamp};
use platform::Clock;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use store::Store;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

/// A session ends after this many hours without a request.
pub const IDLE_HOURS: i64 = 12;

/// A session ends this many milliseconds after the sign-in, whatever happens.
const LONGEST_MILLIS: i64 = 7 * 24 * 3600 * 1000;

const PERSON: &str = "person";
const SIGNED_IN_AT: &str = "signed_in_at";
const SEEN_AT: &str = "seen_at";
const BROWSER: &str = "browser";
const ADDRESS: &str = "address";

/// The header in which the ingress says where a request comes from.
const FROM: &str = "x-forwarded-for";

/// How much is kept of what a browser calls itself.
const LONGEST_BROWSER: usize = 300;

/// How exact the idle limit is, in milliseconds.
const SEEN_EVERY_MILLIS: i64 = 10 * 60 * 1000;

/// Begins a session for a person under a new id, so that an id planted before the sign-in is worth nothing.
pub async fn begin(session: &Session, person: PersonId, now: Timestamp, headers: &HeaderMap) -> anyhow::Result<()> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(PERSON, person).await?;
    session.insert(SIGNED_IN_AT, now).await?;
    session.insert(BROWSER, text(headers, "user-agent").chars().take(LONGEST_BROWSER).collect::<String>()).await?;
    session.insert(ADDRESS, address(headers)).await?;
    Ok(())
}

/// Where a request comes from: the ingress says so, and takes away what others say.
pub fn address(headers: &HeaderMap) -> &str {
    text(headers, FROM)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Puts the actor beside the request when its session belongs to somebody. Roles are read anew for each request, so that
/// one that was taken away is gone at once.
pub async fn with_actor(Given(state): Given<State>, session: Session, mut request: Request, next: Next) -> Response {
    if let Some(actor) = actor(&state, &session, request.headers()).await {
        request.extensions_mut().insert(actor);
    }
    next.run(request).await
}

async fn actor(state: &State, session: &Session, headers: &HeaderMap) -> Option<Actor> {
    let person = session.get::<PersonId>(PERSON).await.ok()??;
    let since = session.get::<Timestamp>(SIGNED_IN_AT).await.ok()??;
    if state.clock.now().millis_since(since) > LONGEST_MILLIS {
        let _ended = session.flush().await;
        return None;
    }
    note_seen(state, session).await;
    let origin =
        Origin { door: "console".to_owned(), address: address(headers).to_owned(), session: session.id().map(hash) };
    state.platform.people().actor(person, origin).await.ok()
}

/// Moves the end of an idle session on, at most every few minutes: each move is a write.
async fn note_seen(state: &State, session: &Session) {
    let now = state.clock.now();
    let seen = session.get::<Timestamp>(SEEN_AT).await.ok().flatten().unwrap_or_default();
    if now.millis_since(seen) > SEEN_EVERY_MILLIS {
        let _kept_by_the_layer = session.insert(SEEN_AT, now).await;
    }
}

/// The store's side of tower-sessions. Only a hash of the id is kept: who reads the database cannot take a session over.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: std::sync::Arc<dyn Clock>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    /// Sessions in this store.
    pub fn new(store: Store, clock: std::sync::Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (data, person) = parts(record)?;
            let now = self.clock.now();
            let mut tx = self.store.begin().await.map_err(backend)?;
            let made = tx.sessions().create(&hash(record.id), &data, person, now, expiry(record)).await;
            let is_free = made.map_err(backend)?;
            if is_free && person.is_some() {
                let said = |key: &str| record.data.get(key).and_then(Value::as_str).unwrap_or_default();
                let described = tx.sessions().describe(&hash(record.id), said(BROWSER), said(ADDRESS)).await;
                described.map_err(backend)?;
            }
            tx.commit().await.map_err(backend)?;
            if is_free {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (data, person) = parts(record)?;
        let mut tx = self.store.begin().await.map_err(backend)?;
        tx.sessions().save(&hash(record.id), &data, person, self.clock.now(), expiry(record)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = self.store.sessions().load(&hash(*id), self.clock.now()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&row.data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(row.expires_at.0 / 1000).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        tx.sessions().delete(&hash(*id)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

fn parts(record: &Record) -> Result<(String, Option<PersonId>)> {
    let data = serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?;
    let person = record.data.get(PERSON).and_then(Value::as_str).and_then(|text| text.parse().ok());
    Ok((data, person))
}

/// What is kept of a session's id.
pub fn hash(id: Id) -> String {
    hex::encode(Sha256::digest(id.0.to_be_bytes()))
}

fn expiry(record: &Record) -> Timestamp {
    Timestamp(record.expiry_date.unix_timestamp() * 1000)
}

fn backend(error: store::Error) -> Error {
    Error::Backend(error.to_string())
}
