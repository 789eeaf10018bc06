//! The gate in front of apps: lets a signed-in person through to an app by a code that works once, and tells the ingresses
//! what to check by.

use crate::{Error, Platform, Result, audit::Act, error::OrNotFound, hash, routes::named_teams};
use domain::gate::{Admission, CodeShown, GateKey, GateTable, KeyMaterial, Pass};
use domain::{Access, Actor, App, AppName, Change, ClosedView, HostName, TeamId, Timestamp};
use store::GateCode;

/// How long a code works.
const CODE_MILLIS: i64 = 60 * 1000;

/// How long somebody passes before the console is asked again. Nobody notices that: it answers by itself while the session lasts.
const PASS_MILLIS: i64 = 12 * 3600 * 1000;

/// How old the key that signs may get.
const KEY_MILLIS: i64 = 30 * 24 * 3600 * 1000;

/// The longest path that is returned to.
const LONGEST_PATH: usize = 4000;

/// Operations of the gate.
pub struct Gate<'a>(pub(crate) &'a Platform);

/// Where somebody goes who came to the console from an app.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// To the app, by this address.
    In(String),
    /// Nowhere: they may not open what is at this host.
    Closed(HostName),
}

impl Gate<'_> {
    /// Lets somebody in who wants to open an app, or not. `nonce` is the hash of what the ingress gave their browser.
    ///
    /// # Errors
    /// There is no app at this host.
    pub async fn enter(&self, actor: &Actor, host: &str, path: &str, nonce: &str) -> Result<Way> {
        let (app, host) = self.app_at(host).await?;
        let path = if is_returnable(path) { path } else { "/" };
        let address = self.0.parts.config.address(&host);
        let access = self.0.parts.store.access().of(app.id).await?;
        if access.is_open_at(bare(path)) {
            return Ok(Way::In(format!("{address}{path}")));
        }
        let Some(session) = actor.origin.session.clone().filter(|_| nonce.len() == 64) else {
            return Err(Error::Conflict("Open the app's address, not this one.".to_owned()));
        };
        if !admits(&access, actor) {
            return Ok(Way::Closed(host));
        }
        let (code, hash) = self.0.token();
        let expires_at = self.0.now().plus_millis(CODE_MILLIS);
        let kept = GateCode {
            app_id: app.id,
            host,
            nonce: nonce.to_owned(),
            person_id: actor.id(),
            session,
            path: path.to_owned(),
            expires_at,
        };
        write!(self.0, tx => tx.gate().put_code(&hash, &kept, self.0.now()));
        Ok(Way::In(format!("{address}/.slipway/sign-in?code={}", code.expose())))
    }

    /// Takes a code that an ingress was shown. It is used up, whatever comes of it.
    ///
    /// # Errors
    /// It is not found: it is wrong, used, too old, for another host or another browser, or its session has ended. Which of
    /// these is not told.
    pub async fn redeem(&self, shown: &CodeShown) -> Result<Admission> {
        let now = self.0.now();
        let code = write!(self.0, tx => tx.gate().take_code(&hash(&shown.code), now));
        let is_theirs = |code: &GateCode| code.host == shown.host && code.nonce == shown.nonce;
        let code = code.filter(is_theirs).or_not_found("code", "this")?;
        let store = &self.0.parts.store;
        let person = store.people().by_id(code.person_id).await?.or_not_found("code", "this")?;
        let mut tx = store.begin().await?;
        // Inside the transaction: what ends after it is in the next list of ended ones.
        let is_alive = tx.sessions().load(&code.session, now).await?.is_some_and(|row| row.person == Some(person.id));
        is_alive.then_some(()).or_not_found("code", "this")?;
        let expires_at = now.plus_millis(PASS_MILLIS);
        tx.gate().note_session(&code.session, expires_at, now).await?;
        tx.commit().await?;
        let pass = Pass {
            app_id: code.app_id,
            host: code.host,
            person_id: person.id,
            email: person.email,
            name: person.name,
            session: code.session,
            expires_at,
        };
        Ok(Admission { pass, path: code.path })
    }

    /// What somebody is told who may not open an app.
    ///
    /// # Errors
    /// There is no app at this host.
    pub async fn closed(&self, actor: &Actor, host: &str) -> Result<ClosedView> {
        let (app, host) = self.app_at(host).await?;
        let access = self.0.parts.store.access().of(app.id).await?;
        let is_open = admits(&access, actor);
        let asked_at = self.0.parts.store.access().asked_at(app.id, actor.id()).await?;
        let open = is_open.then(|| self.0.parts.config.address(&host));
        Ok(ClosedView {
            host: self.0.parts.config.with_port(&host),
            open,
            email: actor.person.email.to_string(),
            asked_at,
        })
    }

    /// Asks to be let in to the app at a host. It stands on the app's page until somebody answers.
    ///
    /// # Errors
    /// There is no app at this host; it is open to the one who asks.
    pub async fn ask(&self, actor: &Actor, host: &str) -> Result<()> {
        let (app, _) = self.app_at(host).await?;
        let access = self.0.parts.store.access().of(app.id).await?;
        if admits(&access, actor) {
            return Err(Error::Conflict("The app is open to you already.".to_owned()));
        }
        let project = self.0.parts.store.projects().by_id(app.project_id).await?;
        let act = Act {
            action: "access.ask".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: project.map(|project| project.team_id),
            detail: String::new(),
        };
        let mut tx = self.0.parts.store.begin().await?;
        if tx.access().ask(app.id, actor.id(), self.0.now()).await? {
            self.0.note(&mut tx, actor, act).await?;
            tx.commit().await?;
            self.0.live.tell(Change::App(app.id));
        }
        Ok(())
    }

    /// The keys by which apps tell that what they are told about a visitor is Slipway's word, newest first.
    pub async fn keys(&self) -> Result<Vec<GateKey>> {
        Ok(self.0.parts.store.gate().keys().await?.into_iter().map(|(key, _)| key).collect())
    }

    async fn app_at(&self, host: &str) -> Result<(App, HostName)> {
        let not_found = || Error::not_found("app", host);
        let base = &self.0.parts.config.base_domain;
        let host = HostName::of_request(host);
        if let Some(domain) = self.0.parts.store.domains().named(&host).await?.filter(|it| it.served_since.is_some()) {
            let app = self.0.parts.store.apps().by_id(domain.app_id).await?.filter(|app| app.deleted_at.is_none());
            return Ok((app.ok_or_else(not_found)?, host));
        }
        let name = host.as_str().strip_suffix(base.as_str()).and_then(|rest| rest.strip_suffix('.'));
        let name: AppName = name.and_then(|name| name.parse().ok()).ok_or_else(not_found)?;
        let app = self.0.parts.store.apps().named(&name).await?.filter(|app| app.deleted_at.is_none());
        Ok((app.ok_or_else(not_found)?, host))
    }
}

impl Platform {
    /// What ingresses check by at this moment, for routes of these teams and lists.
    pub(crate) async fn gate_table(&self, teams: &[TeamId]) -> Result<GateTable> {
        let store = &self.parts.store;
        Ok(GateTable {
            console: self.console_address(),
            keys: self.current_keys().await?,
            ended: store.gate().ended_sessions(self.now()).await?,
            teams: store.gate().teams(teams).await?,
        })
    }

    /// The key that signs and the one before. The first use makes one; one that is too old is followed by another.
    async fn current_keys(&self) -> Result<Vec<GateKey>> {
        let mut keys = self.parts.store.gate().keys().await?;
        let is_fresh = |(_, made_at): &(GateKey, Timestamp)| self.now().millis_since(*made_at) < KEY_MILLIS;
        if !keys.first().is_some_and(is_fresh) {
            let key = self.new_key();
            let mut tx = self.parts.store.begin().await?;
            tx.gate().put_key(&key, self.now()).await?;
            for (old, _) in keys.drain(keys.len().min(1)..) {
                tx.gate().drop_key(&old.id).await?;
            }
            tx.commit().await?;
            keys.insert(0, (key, self.now()));
        }
        Ok(keys.into_iter().map(|(key, _)| key).collect())
    }

    fn new_key(&self) -> GateKey {
        let part = || {
            let mut bytes = [0; 32];
            self.parts.random.fill(&mut bytes);
            KeyMaterial::new(bytes)
        };
        GateKey { id: hex::encode(&self.uuid().as_bytes()[..]), pass: part(), assertion: part() }
    }
}

fn admits(access: &Access, actor: &Actor) -> bool {
    access.who.admits(&actor.person.email, |team| actor.role_in(team).is_some())
}

/// The teams that routes name: their own and the listed ones.
pub(crate) fn teams_of<'a>(routes: impl Iterator<Item = (TeamId, &'a Access)>) -> Vec<TeamId> {
    let gated = routes.filter(|(_, access)| access.who != domain::Who::Public);
    let mut teams: Vec<_> =
        gated.flat_map(|(own, access)| [own].into_iter().chain(named_teams(access).iter().copied())).collect();
    teams.sort();
    teams.dedup();
    teams
}

/// Whether a browser can be sent back to it: a path on the same host, of letters that stand in an address.
fn is_returnable(path: &str) -> bool {
    path.starts_with('/') && path.len() <= LONGEST_PATH && path.bytes().all(|b| b.is_ascii_graphic())
}

fn bare(path: &str) -> &[u8] {
    path.split('?').next().unwrap_or_default().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_back_to_a_path_and_nowhere_else() {
        for good in ["/", "/a/b?c=d&e=%20", "//evil.example/x"] {
            // The last is a path of the app's host: it is put behind scheme and host, never sent by itself.
            assert!(is_returnable(good), "{good}");
        }
        for bad in ["", "http://evil.example/", "evil.example", "/a\r\nSet-Cookie: x=y", "/a b", "/ä", "\\evil.example"]
        {
            assert!(!is_returnable(bad), "{bad:?}");
        }
    }
}
