use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Audit, Executor, Result, Tx};
use domain::{AuditId, TeamId, Timestamp};

/// One line of the audit log: who did what to what, when, and by which door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Never changes.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Whose matter it is; none for the platform's own.
    pub team: Option<TeamId>,
    /// Who, by the address they had then.
    pub actor_email: String,
    /// See [`domain::Origin::door`].
    pub door: String,
    /// See [`domain::Origin::address`].
    pub address: String,
    /// What was done, such as `deploy`.
    pub action: String,
    /// To what kind of thing, such as `app`.
    pub subject_kind: String,
    /// The thing's id.
    pub subject_id: String,
    /// The thing's name at that time.
    pub subject_name: String,
    /// More about it; may be empty. Never a secret.
    pub detail: String,
}

macro_rules! audit {
    ($rest:literal) => {
        concat!(
            "select id, at, team_id, actor_email, door, address, action, subject_kind, subject_id, subject_name, detail \
             from audit ",
            $rest
        )
    };
}

impl<E: Executor> Audit<E> {
    /// At most `limit` lines of a team, newest first.
    pub async fn of_team(mut self, team: TeamId, limit: u32) -> Result<Vec<AuditRow>> {
        let text = audit!("where team_id = $1 order by at desc, id desc limit $2");
        self.0.all(sql(text, values![team, limit]), line).await
    }

    /// At most `limit` lines about one thing, newest first.
    pub async fn of_subject(mut self, id: &str, limit: u32) -> Result<Vec<AuditRow>> {
        let text = audit!("where subject_id = $1 order by at desc, id desc limit $2");
        self.0.all(sql(text, values![id, limit]), line).await
    }
}

impl Audit<&mut Tx> {
    /// Adds a line, in the transaction of the change that it tells of.
    pub async fn append(self, new: &AuditRow) -> Result<()> {
        let text = "insert into audit (id, at, team_id, actor_email, door, address, action, subject_kind, subject_id, \
                    subject_name, detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing";
        let values = values![
            new.id,
            new.at,
            new.team,
            new.actor_email,
            new.door,
            new.address,
            new.action,
            new.subject_kind,
            new.subject_id,
            new.subject_name,
            new.detail
        ];
        self.0.insert("audit line", text, values).await
    }
}

fn line(row: &dyn Row) -> Result<AuditRow> {
    Ok(AuditRow {
        id: row.get("id")?,
        at: row.get("at")?,
        team: row.maybe("team_id")?,
        actor_email: row.get("actor_email")?,
        door: row.get("door")?,
        address: row.get("address")?,
        action: row.get("action")?,
        subject_kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        subject_name: row.get("subject_name")?,
        detail: row.get("detail")?,
    })
}
