use crate::executor::sql;
use crate::row::Row;
use crate::value::{list, values};
use crate::{Error, Executor, Gate, Result, Tx};
use domain::gate::{GateKey, GateTeam, KeyMaterial};
use domain::{AppId, HostName, PersonId, TeamId, Timestamp};

/// A code that stands for somebody's admission to one app, until it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateCode {
    /// To which app.
    pub app_id: AppId,
    /// At which host it has to be shown.
    pub host: HostName,
    /// The hash of what the browser has to hold that shows it.
    pub nonce: String,
    /// Who.
    pub person_id: PersonId,
    /// The hash of the session that asked for it.
    pub session: String,
    /// Where they wanted to go.
    pub path: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl<E: Executor> Gate<E> {
    /// The keys, newest first, with the moments at which they were made.
    pub async fn keys(mut self) -> Result<Vec<(GateKey, Timestamp)>> {
        let sealing = self.0.key();
        let read = |row: &dyn Row| {
            let id: String = row.get("id")?;
            let open = |column: &str| -> Result<KeyMaterial> {
                let text = sealing.open(&place(column, &id), &row.get::<String>(column)?)?;
                KeyMaterial::try_from(text).map_err(|e| Error::Corrupt(e.to_owned()))
            };
            Ok((GateKey { pass: open("pass")?, assertion: open("assertion")?, id: id.clone() }, row.get("created_at")?))
        };
        let text = "select id, pass, assertion, created_at from gate_keys order by created_at desc, id";
        self.0.all(sql(text, values![]), read).await
    }

    /// Sessions from which a pass was made that still works, and which have ended.
    pub async fn ended_sessions(mut self, now: Timestamp) -> Result<Vec<String>> {
        let text = "select g.session from gate_sessions g where g.expires_at > $1 and not exists \
                    (select 1 from sessions s where s.id = g.session and s.expires_at > $1) order by g.session";
        self.0.all(sql(text, values![now]), |row| row.get("session")).await
    }

    /// These teams, by id, with the addresses of who belongs to them.
    pub async fn teams(mut self, teams: &[TeamId]) -> Result<Vec<GateTeam>> {
        let text = "select t.id, t.name, p.email from teams t join members m on m.team_id = t.id \
                    join people p on p.id = m.person_id where t.id in (select value from {each}($1{json})) \
                    order by t.id, p.email";
        let read = |row: &dyn Row| Ok((row.get("id")?, row.get::<String>("name")?, row.get("email")?));
        let mut found: Vec<GateTeam> = Vec::new();
        for (id, name, email) in self.0.all(sql(text, values![list(teams)]), read).await? {
            match found.last_mut().filter(|team| team.id == id) {
                Some(team) => team.members.push(email),
                None => found.push(GateTeam { id, name, members: vec![email] }),
            }
        }
        Ok(found)
    }
}

impl Gate<&mut Tx> {
    /// Adds a key. It is sealed.
    pub async fn put_key(self, key: &GateKey, now: Timestamp) -> Result<()> {
        let sealing = self.0.key();
        let seal = |column: &str, part: &KeyMaterial| sealing.seal(&place(column, &key.id), &part.to_hex());
        let (pass, assertion) = (seal("pass", &key.pass)?, seal("assertion", &key.assertion)?);
        let text =
            "insert into gate_keys (id, pass, assertion, created_at) values ($1, $2, $3, $4) on conflict do nothing";
        self.0.insert("gate key", text, values![key.id, pass, assertion, now]).await
    }

    /// Forgets a key: what it has signed is believed no longer.
    pub async fn drop_key(self, id: &str) -> Result<bool> {
        self.0.change("delete from gate_keys where id = $1", values![id]).await
    }

    /// Keeps a code by its hash, and forgets those that have expired.
    pub async fn put_code(self, hash: &str, code: &GateCode, now: Timestamp) -> Result<()> {
        self.0.execute("delete from gate_codes where expires_at <= $1", values![now]).await?;
        let GateCode { app_id, host, nonce, person_id, session, path, expires_at } = code;
        let text = "insert into gate_codes (hash, app_id, host, nonce, person_id, session, path, expires_at) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
        let values = values![hash, app_id, host.as_str(), nonce, person_id, session, path, expires_at];
        self.0.insert("gate code", text, values).await
    }

    /// Uses a code up, whatever comes of it. There once, and only before it expires.
    pub async fn take_code(mut self, hash: &str, now: Timestamp) -> Result<Option<GateCode>> {
        let text = "delete from gate_codes where hash = $1 \
                    returning app_id, host, nonce, person_id, session, path, expires_at";
        let found = self.0.one(sql(text, values![hash]), code).await?;
        Ok(found.filter(|code| code.expires_at > now))
    }

    /// Notes that a pass was made from a session, and forgets those whose passes have all ended.
    pub async fn note_session(self, session: &str, expires_at: Timestamp, now: Timestamp) -> Result<()> {
        self.0.execute("delete from gate_sessions where expires_at <= $1", values![now]).await?;
        let text = "insert into gate_sessions (session, expires_at) values ($1, $2) \
                    on conflict (session) do update set expires_at = excluded.expires_at";
        self.0.execute(text, values![session, expires_at]).await.map(|_| ())
    }
}

fn code(row: &dyn Row) -> Result<GateCode> {
    let host: String = row.get("host")?;
    Ok(GateCode {
        app_id: row.get("app_id")?,
        host: host.parse().map_err(|_| Error::Corrupt("the column host holds what cannot be read back".to_owned()))?,
        nonce: row.get("nonce")?,
        person_id: row.get("person_id")?,
        session: row.get("session")?,
        path: row.get("path")?,
        expires_at: row.get("expires_at")?,
    })
}

/// Where a part of a key stands, for the seal.
pub(crate) fn place(part: &str, id: &str) -> String {
    format!("gate_keys/{id}/{part}")
}
