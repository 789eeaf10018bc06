//! Who did what: one row for every change, written in the change's own transaction.

use crate::{Platform, Result};
use domain::{Actor, AuditId, TeamId};
use store::{AuditRow, Tx};

/// What was changed, for the log.
pub(crate) struct Act<'a> {
    /// Such as `app.delete`.
    pub action: String,
    /// Such as `app`.
    pub kind: &'static str,
    pub id: String,
    pub name: &'a str,
    pub team: Option<TeamId>,
    /// In words, without any secret.
    pub detail: String,
}

impl Platform {
    /// Writes the row that belongs to a change.
    pub(crate) async fn note(&self, tx: &mut Tx, actor: &Actor, act: Act<'_>) -> Result<()> {
        let row = AuditRow {
            id: AuditId::new(self.uuid()),
            at: self.now(),
            team: act.team,
            actor_email: actor.token.as_ref().map_or(&actor.person.email, |token| &token.made_by).to_string(),
            door: actor.origin.door.clone(),
            address: actor.origin.address.clone(),
            action: act.action,
            subject_kind: act.kind.to_owned(),
            subject_id: act.id,
            subject_name: act.name.to_owned(),
            detail: with_token(actor, act.detail),
        };
        Ok(tx.audit().append(&row).await?)
    }
}

/// Names the token that somebody came with. Of tokens that work at a time, no two of an app or person share a name.
fn with_token(actor: &Actor, detail: String) -> String {
    match &actor.token {
        None => detail,
        Some(token) if detail.is_empty() => format!("by token {}", token.name),
        Some(token) => format!("{detail}; by token {}", token.name),
    }
}
