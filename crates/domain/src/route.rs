use crate::{Email, TeamId, Timestamp, TypedAccess};
use serde::{Deserialize, Serialize};

/// Who may open an app, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteView {
    /// Names what the form shows, so that nobody overwrites what they have not seen.
    pub base: String,
    /// As the form has it.
    pub typed: TypedAccess,
    /// Teams that can be listed, by id and name: the app's own, those of the one who asks, and those that are on the list.
    pub teams: Vec<(TeamId, String)>,
    /// Who a list comes to at this moment. Empty for who may not see people.
    pub openers: Vec<Opener>,
    /// Who asks to be let in and is not. Empty for who could not let them in.
    pub requests: Vec<AccessRequest>,
    /// Whether there is no identity provider, so that hardly anybody can sign in.
    pub needs_provider: bool,
}

/// Somebody who may open an app, or several of whom no more is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// Who: an address, or `everybody at partner.example`.
    pub who: String,
    /// Why: `belongs to shop`.
    pub reason: String,
}

/// Somebody asks to be let in to an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Who, by address.
    pub email: Email,
    /// Their name.
    pub name: String,
    /// When.
    pub asked_at: Timestamp,
}

/// What somebody is told who may not open an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedView {
    /// The app's address, without scheme.
    pub host: String,
    /// Its address, when they may open it by now.
    pub open: Option<String>,
    /// Who asks, by address: often it is the wrong account.
    pub email: String,
    /// When they asked to be let in.
    pub asked_at: Option<Timestamp>,
}
