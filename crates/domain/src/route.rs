use crate::{TeamId, TypedAccess};
use serde::{Deserialize, Serialize};

/// Who may open an app, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteView {
    /// As the form has it.
    pub typed: TypedAccess,
    /// Teams that can be listed, by id and name: the app's own, those of the one who asks, and those that are on the list.
    pub teams: Vec<(TeamId, String)>,
    /// The people that a list comes to at this moment, by address. Empty for who may not see people.
    pub openers: Vec<Opener>,
    /// Whether there is no identity provider, so that hardly anybody can sign in.
    pub needs_provider: bool,
}

/// Somebody who may open an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opener {
    /// Who.
    pub email: String,
    /// Why: `belongs to shop`.
    pub reason: String,
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
}
