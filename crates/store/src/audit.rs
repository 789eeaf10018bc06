use crate::executor::sql;
use crate::row::Row;
use crate::value::{printable, values};
use crate::{Audit, Counters, Error, Executor, Result, Tx};
use domain::{AuditId, AuditLine, TeamId, Timestamp};
use sha2::{Digest, Sha256};

/// Gives the lines their numbers.
const COUNTER: &str = "audit";
/// Under which the number of lines is kept that were there before the chain.
const BEFORE_CHAIN: &str = "audit_before_chain";

/// What a new line of the audit log says: who did what to what, when, and by which door.
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

/// Which lines are wanted. What is empty does not narrow them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditQuery {
    /// Of one team.
    pub team: Option<TeamId>,
    /// Of one person.
    pub person: String,
    /// One action, or a kind of actions: what stands before the point.
    pub action: String,
    /// About one app, by name.
    pub app: String,
    /// Not before this moment.
    pub from: Timestamp,
    /// Before this moment.
    pub to: Timestamp,
    /// With a smaller number than this.
    pub before: u64,
    /// How many at most.
    pub limit: u32,
}

macro_rules! audit {
    ($rest:literal) => {
        concat!(
            "select seq, id, at, team_id, actor_email, door, address, action, subject_kind, subject_id, subject_name, \
             detail, hash from audit ",
            $rest
        )
    };
}

impl<E: Executor> Audit<E> {
    /// The lines that a query asks for, newest first.
    pub async fn find(mut self, query: &AuditQuery) -> Result<Vec<AuditLine>> {
        let text = audit!(
            "where ($1 = '' or team_id = $1) and ($2 = '' or actor_email = $2) \
             and ($3 = '' or action = $3 or action like $3 || '.%') \
             and ($4 = '' or (subject_kind in ('app', 'deploy', 'variables') and subject_name = $4)) \
             and at >= $5 and at < $6 and seq < $7 order by seq desc limit $8"
        );
        let team = query.team.map(|team| team.to_string()).unwrap_or_default();
        let AuditQuery { person, action, app, from, to, before, limit, .. } = query;
        self.0.all(sql(text, values![team, person, action, app, from, to, before, limit]), line).await
    }

    /// At most `limit` lines of a team, newest first.
    pub async fn of_team(mut self, team: TeamId, limit: u32) -> Result<Vec<AuditLine>> {
        self.0.all(sql(audit!("where team_id = $1 order by seq desc limit $2"), values![team, limit]), line).await
    }

    /// At most `limit` lines about one thing, newest first.
    pub async fn of_subject(mut self, id: &str, limit: u32) -> Result<Vec<AuditLine>> {
        self.0.all(sql(audit!("where subject_id = $1 order by seq desc limit $2"), values![id, limit]), line).await
    }

    /// At most `limit` lines with a larger number than this, in the order in which they were written.
    pub async fn after(mut self, number: u64, limit: u32) -> Result<Vec<AuditLine>> {
        self.0.all(sql(audit!("where seq > $1 order by seq limit $2"), values![number, limit]), line).await
    }

    /// How many lines were written before lines were chained, and how many in all.
    pub async fn written(mut self) -> Result<(u64, u64)> {
        let before = "select value from meta where key = $1";
        let before = self.0.one(sql(before, values![BEFORE_CHAIN]), |row| row.get::<String>("value")).await?;
        let all = "select value from counters where name = $1";
        let all = self.0.one(sql(all, values![COUNTER]), |row| row.get("value")).await?;
        let before = before.unwrap_or_else(|| "0".to_owned()).parse();
        Ok((
            before.map_err(|_| Error::Corrupt(format!("what is kept under {BEFORE_CHAIN} is no number")))?,
            all.unwrap_or_default(),
        ))
    }
}

impl Audit<&mut Tx> {
    /// Adds a line, in the transaction of the change that it tells of. Its hash covers it and the line before: there is one
    /// transaction at a time, so no other line comes between.
    pub async fn append(self, new: &AuditRow) -> Result<()> {
        let number = Counters(&mut *self.0).next(COUNTER).await?;
        let last = sql("select hash from audit where seq = $1", values![number - 1]);
        let last: String = (&mut *self.0).one(last, |row| row.get("hash")).await?.unwrap_or_default();
        let hash = chain_hash(&last, &as_line(number, new));
        let text = "insert into audit (id, at, team_id, actor_email, door, address, action, subject_kind, subject_id, \
                    subject_name, detail, seq, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                    on conflict do nothing";
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
            new.detail,
            number,
            hash
        ];
        self.0.insert("audit line", text, values).await
    }
}

/// What a line's hash has to be: over the hash of the line before and everything that the line says, each part in quotes.
pub fn chain_hash(before: &str, line: &AuditLine) -> String {
    let content = serde_json::json!([
        before,
        line.number,
        line.id,
        line.at,
        line.team,
        line.person,
        line.door,
        line.address,
        line.action,
        line.kind,
        line.subject_id,
        line.subject,
        line.detail
    ]);
    hex::encode(Sha256::digest(content.to_string().as_bytes()))
}

/// A new line as it will be read back.
fn as_line(number: u64, new: &AuditRow) -> AuditLine {
    AuditLine {
        number,
        id: new.id,
        at: new.at,
        team: new.team,
        person: printable(&new.actor_email),
        door: printable(&new.door),
        address: printable(&new.address),
        action: printable(&new.action),
        kind: printable(&new.subject_kind),
        subject_id: printable(&new.subject_id),
        subject: printable(&new.subject_name),
        detail: printable(&new.detail),
        hash: String::new(),
    }
}

fn line(row: &dyn Row) -> Result<AuditLine> {
    Ok(AuditLine {
        number: row.get("seq")?,
        id: row.get("id")?,
        at: row.get("at")?,
        team: row.maybe("team_id")?,
        person: row.get("actor_email")?,
        door: row.get("door")?,
        address: row.get("address")?,
        action: row.get("action")?,
        kind: row.get("subject_kind")?,
        subject_id: row.get("subject_id")?,
        subject: row.get("subject_name")?,
        detail: row.get("detail")?,
        hash: row.get("hash")?,
    })
}
