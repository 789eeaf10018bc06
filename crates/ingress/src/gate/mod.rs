//! The gate in front of apps. Everything that decides is in memory, so that people who are signed in pass also while the server
//! is away; only who comes back from signing in is asked about.

mod answers;
mod assertion;
mod cookies;
mod pass;
mod redeem;
mod stay;

pub use answers::{Answer, OWN_PATHS, own, path_of, refuse};
pub use assertion::key_set;
pub use cookies::strip;
pub use stay::Stay;

use crate::table::Route;
use assertion::Assertion;
use domain::gate::{GateKey, GateTable, Pass};
use domain::{Email, TeamId, Timestamp};
use http::{HeaderMap, HeaderValue};
use pass::PassKey;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// How many checked cookies are remembered; they are checked again beyond that.
const REMEMBERED: usize = 10_000;

/// How many cookies of the gate's name a request may bring. A browser sends one.
const MOST_COOKIES: usize = 4;

/// What the gate checks by, made ready of one table. A new table begins anew, so that nothing is remembered that it changes.
#[derive(Debug, Default)]
pub struct Gate {
    console: String,
    keys: Vec<Keys>,
    ended: HashSet<String>,
    teams: HashMap<TeamId, Team>,
    checked: RwLock<HashMap<Vec<u8>, Arc<Admitted>>>,
}

#[derive(Debug)]
struct Keys {
    pass: PassKey,
    assertion: assertion::Key,
}

#[derive(Debug)]
struct Team {
    name: String,
    members: HashSet<Email>,
}

/// A visitor with a good pass.
#[derive(Debug)]
pub struct Admitted {
    pass: Pass,
    /// Whether the app is open to them.
    is_listed: bool,
    user: HeaderValue,
    email: HeaderValue,
    groups: HeaderValue,
    assertion: Assertion,
}

/// What comes of a request.
#[derive(Debug)]
pub enum Ruling {
    /// Nobody is asked here.
    Open,
    /// This is who it is, and they may.
    In(Arc<Admitted>),
    /// This is who it is, and they may not.
    NotListed,
    /// Nobody knows who it is.
    Stranger,
}

impl Gate {
    /// A table of before there was a gate, or one whose keys are none, leaves nobody in who has to be asked.
    pub fn new(table: &GateTable) -> Self {
        let keys = |key: &GateKey| Some(Keys { pass: PassKey::new(key), assertion: assertion::Key::new(key)? });
        let team = |team: &domain::gate::GateTeam| {
            (team.id, Team { name: team.name.clone(), members: team.members.iter().cloned().collect() })
        };
        Self {
            console: table.console.clone(),
            keys: table.keys.iter().filter_map(keys).collect(),
            ended: table.ended.iter().cloned().collect(),
            teams: table.teams.iter().map(team).collect(),
            checked: RwLock::default(),
        }
    }

    /// Judges a request for an app.
    pub fn rule(&self, route: &Route, path: &[u8], headers: &HeaderMap, now: Timestamp) -> Ruling {
        if route.access.is_open_at(path) {
            return Ruling::Open;
        }
        let shown = cookies::named(headers, self.pass_cookie()).take(MOST_COOKIES);
        match shown.filter_map(|cookie| self.check(route, cookie, now)).max_by_key(|admitted| admitted.is_listed) {
            Some(admitted) if admitted.is_listed => Ruling::In(admitted),
            Some(_) => Ruling::NotListed,
            None => Ruling::Stranger,
        }
    }

    /// Whether somebody who was let in before may still be there, by this table.
    pub fn still_admits(&self, route: &Route, path: &[u8], admitted: Option<&Admitted>, now: Timestamp) -> bool {
        let holds = |pass: &Pass| self.is_good(route, pass, now) && self.is_listed(route, pass);
        route.access.is_open_at(path) || admitted.is_some_and(|admitted| holds(&admitted.pass))
    }

    fn check(&self, route: &Route, cookie: &[u8], now: Timestamp) -> Option<Arc<Admitted>> {
        let known = self.checked.read().unwrap_or_else(PoisonError::into_inner).get(cookie).cloned();
        let admitted = match known {
            Some(admitted) => admitted,
            None => self.check_anew(route, cookie)?,
        };
        self.is_good(route, &admitted.pass, now).then_some(admitted)
    }

    /// Whether a pass that is genuine is for this app, at this host, and has not ended.
    fn is_good(&self, route: &Route, pass: &Pass, now: Timestamp) -> bool {
        let is_here = pass.app_id == route.app_id && pass.host == route.host;
        is_here && pass.expires_at > now && !self.ended.contains(&pass.session)
    }

    fn check_anew(&self, route: &Route, cookie: &[u8]) -> Option<Arc<Admitted>> {
        let pass = self.keys.iter().find_map(|keys| keys.pass.open(cookie))?;
        // Only what is for this app is remembered, with what this app says of it.
        if pass.app_id != route.app_id || pass.host != route.host {
            return None;
        }
        let admitted = Arc::new(self.admitted(route, pass)?);
        let mut checked = self.checked.write().unwrap_or_else(PoisonError::into_inner);
        if checked.len() >= REMEMBERED {
            checked.clear();
        }
        checked.insert(cookie.to_vec(), admitted.clone());
        Some(admitted)
    }

    fn admitted(&self, route: &Route, pass: Pass) -> Option<Admitted> {
        let groups = self.groups(route, &pass.email);
        Some(Admitted {
            is_listed: self.is_listed(route, &pass),
            user: HeaderValue::from_str(&pass.person_id.to_string()).ok()?,
            email: HeaderValue::from_bytes(pass.email.as_str().as_bytes()).ok()?,
            groups: HeaderValue::from_str(&groups.join(",")).ok()?,
            assertion: Assertion::new(&pass, groups, &self.console),
            pass,
        })
    }

    fn is_listed(&self, route: &Route, pass: &Pass) -> bool {
        let belongs = |id| self.teams.get(&id).is_some_and(|team| team.members.contains(&pass.email));
        route.access.who.admits(&pass.email, belongs)
    }

    /// Of all teams of a visitor an app hears only of those that its own route names.
    fn groups(&self, route: &Route, email: &Email) -> Vec<String> {
        let listed: &[TeamId] = match &route.access.who {
            domain::Who::People(people) => &people.teams,
            _ => &[],
        };
        let all: HashSet<_> = listed.iter().chain([&route.team_id]).collect();
        let teams = all.into_iter().filter_map(|id| self.teams.get(id));
        let mut names: Vec<_> =
            teams.filter(|team| team.members.contains(email)).map(|team| team.name.clone()).collect();
        names.sort();
        names
    }

    /// What an app is told about a visitor, as headers.
    pub fn told(&self, admitted: &Admitted, now: Timestamp) -> [(&'static str, Option<HeaderValue>); 4] {
        let assertion = self.keys.first().and_then(|keys| admitted.assertion.signed(&keys.assertion, now));
        [
            ("x-forwarded-user", Some(admitted.user.clone())),
            ("x-forwarded-email", Some(admitted.email.clone())),
            ("x-forwarded-groups", Some(admitted.groups.clone())),
            ("x-slipway-jwt", assertion),
        ]
    }

    /// Whether people sign in over HTTPS, so that their passes are for it alone.
    pub fn is_secure(&self) -> bool {
        self.console.starts_with("https://")
    }

    /// Over HTTPS no other host can set a cookie of this name.
    fn pass_cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-slipway-gate" } else { "slipway-gate" }
    }

    fn nonce_cookie(&self) -> &'static str {
        if self.is_secure() { "__Host-slipway-gate-nonce" } else { "slipway-gate-nonce" }
    }
}

#[cfg(test)]
mod tests;
