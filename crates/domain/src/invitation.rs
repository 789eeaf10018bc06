use crate::{Email, InvitationId, Role, TeamId, TeamName, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody is asked to join a team. It is bound to their address, works once, and not for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Stays the same when it is sent again.
    pub id: InvitationId,
    /// To which team.
    pub team_id: TeamId,
    /// What the team is called.
    pub team: TeamName,
    /// Whom: only who signs in with this address can accept.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// Who asks.
    pub invited_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}
