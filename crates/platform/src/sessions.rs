//! Where somebody is signed in, for themselves.

use crate::{Platform, Result, audit::Act, error::OrNotFound};
use domain::{Actor, OwnSession, browser_in_words};

/// Operations on one's own sessions.
pub struct Sessions<'a>(pub(crate) &'a Platform);

impl Sessions<'_> {
    /// Where the actor is signed in, the last used first.
    pub async fn own(&self, actor: &Actor) -> Result<Vec<OwnSession>> {
        self.0.allow_own(actor).await?;
        let rows = self.0.parts.store.sessions().of_person(actor.id(), self.0.now()).await?;
        Ok(rows
            .into_iter()
            .map(|row| OwnSession {
                is_this: actor.origin.session.as_ref() == Some(&row.id),
                id: row.id,
                created_at: row.created_at,
                seen_at: row.seen_at,
                browser: browser_in_words(&row.browser),
                address: row.address,
            })
            .collect())
    }

    /// Ends one of the actor's own sessions.
    pub async fn end(&self, actor: &Actor, id: &str) -> Result<()> {
        self.0.allow_own(actor).await?;
        let mut tx = self.0.parts.store.begin().await?;
        let ended = tx.sessions().delete_own(actor.id(), id).await?;
        ended.then_some(()).or_not_found("session", "here")?;
        self.0.note(&mut tx, actor, act(actor, "session.end", String::new())).await?;
        tx.commit().await?;
        self.0.live.tell_rights_changed(actor.id());
        Ok(())
    }

    /// Ends all of the actor's sessions but the one that asks, and says how many.
    pub async fn end_others(&self, actor: &Actor) -> Result<u64> {
        self.0.allow_own(actor).await?;
        let this = actor.origin.session.clone().unwrap_or_default();
        let mut tx = self.0.parts.store.begin().await?;
        let ended = tx.sessions().delete_others(actor.id(), &this).await?;
        self.0.note(&mut tx, actor, act(actor, "session.end_others", format!("{ended} ended"))).await?;
        tx.commit().await?;
        self.0.live.tell_rights_changed(actor.id());
        Ok(ended)
    }
}

fn act<'a>(actor: &'a Actor, action: &str, detail: String) -> Act<'a> {
    Act {
        action: action.to_owned(),
        kind: "person",
        id: actor.id().to_string(),
        name: actor.person.email.as_str(),
        team: None,
        detail,
    }
}
