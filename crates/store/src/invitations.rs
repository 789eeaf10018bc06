use crate::executor::sql;
use crate::row::Row;
use crate::value::values;
use crate::{Executor, Invitations, Result, Tx};
use domain::{Email, Invitation, InvitationId, TeamId, Timestamp};

macro_rules! invitations {
    ($rest:literal) => {
        concat!(
            "select i.id, i.team_id, t.name as team, i.email, i.role, i.invited_by, i.created_at, i.expires_at \
             from invitations i join teams t on t.id = i.team_id ",
            $rest
        )
    };
}

impl<E: Executor> Invitations<E> {
    /// The invitations to a team, by address, those included that have expired.
    pub async fn of_team(mut self, team: TeamId) -> Result<Vec<Invitation>> {
        self.0.all(sql(invitations!("where i.team_id = $1 order by i.email"), values![team]), invitation).await
    }

    /// One of them.
    pub async fn by_id(mut self, team: TeamId, id: InvitationId) -> Result<Option<Invitation>> {
        self.0.one(sql(invitations!("where i.team_id = $1 and i.id = $2"), values![team, id]), invitation).await
    }

    /// What an address is invited to and can still accept, by the team's name.
    pub async fn open_for(mut self, email: &Email, now: Timestamp) -> Result<Vec<Invitation>> {
        let text = invitations!("where i.email = $1 and i.expires_at > $2 order by t.name");
        self.0.all(sql(text, values![email, now]), invitation).await
    }

    /// The invitation with this token, for this address, while it can be accepted.
    pub async fn by_token(mut self, hash: &str, email: &Email, now: Timestamp) -> Result<Option<Invitation>> {
        let text = invitations!("where i.token_hash = $1 and i.email = $2 and i.expires_at > $3");
        self.0.one(sql(text, values![hash, email, now]), invitation).await
    }
}

impl Invitations<&mut Tx> {
    /// Adds an invitation, or replaces the one that the team has for this address: its token works no longer.
    pub async fn put(self, new: &Invitation, token_hash: &str) -> Result<()> {
        let text = "insert into invitations (id, team_id, email, role, token_hash, invited_by, created_at, expires_at) \
                    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (team_id, email) do update set \
                    role = excluded.role, token_hash = excluded.token_hash, invited_by = excluded.invited_by, \
                    created_at = excluded.created_at, expires_at = excluded.expires_at";
        let Invitation { id, team_id, email, role, invited_by, created_at, expires_at, .. } = new;
        let values = values![id, team_id, email, role, token_hash, invited_by, created_at, expires_at];
        self.0.execute(text, values).await.map(|_| ())
    }

    /// Takes an invitation away; false when there is none, so that two who take it cannot both have it.
    pub async fn take(self, team: TeamId, id: InvitationId) -> Result<bool> {
        self.0.change("delete from invitations where team_id = $1 and id = $2", values![team, id]).await
    }
}

fn invitation(row: &dyn Row) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get("id")?,
        team_id: row.get("team_id")?,
        team: row.get("team")?,
        email: row.get("email")?,
        role: row.get("role")?,
        invited_by: row.get("invited_by")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}
