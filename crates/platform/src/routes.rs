//! Routes: at which address an app answers, and who may open it there.

use crate::{Error, Platform, Result, access::Reached, audit::Act, error::OrNotFound};
use domain::gate::GateTeam;
use domain::{
    Access, AccessRequest, Action, Actor, App, AppId, Change, Email, Listed, Opener, Rights, RouteView, Team, TeamId,
    TypedAccess, Who,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::Tx;

/// Operations on the routes of apps.
pub struct Routes<'a>(pub(crate) &'a Platform);

impl Routes<'_> {
    /// Who may open an app, and who that comes to.
    pub async fn find(&self, actor: &Actor, name: &str) -> Result<RouteView> {
        let Reached { thing: app, team, role, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        let access = self.0.parts.store.access().of(app.id).await?;
        let mut offered = vec![(team.id, team.name.to_string())];
        if role.may(Action::ChangeAccess) {
            let own = self.0.parts.store.teams().of_person(actor.id()).await?;
            offered.extend(own.into_iter().map(|(team, _)| (team.id, team.name.to_string())));
        }
        let names = self.0.names_of(&access).await?;
        offered.extend(named_teams(&access).iter().map(|id| (*id, named(&names, *id))));
        let mut seen = HashSet::new();
        offered.retain(|(id, _)| seen.insert(*id));
        let listed = self.0.parts.store.gate().teams(named_teams(&access)).await?;
        let openers = if role.may(Action::SeePeople) { openers(actor, &access, &listed) } else { Vec::new() };
        let requests = self.0.requests(&app, role, &access, &listed).await?;
        Ok(RouteView {
            base: version(&access),
            typed: TypedAccess::from(&access),
            teams: offered,
            openers,
            requests,
            needs_provider: self.0.info().sign_in.is_none(),
        })
    }

    /// Says who may open an app. It counts as soon as every ingress has heard of it, which is at once.
    ///
    /// `base` is what the change was made for, as [`RouteView::base`]; empty when that does not matter.
    ///
    /// # Errors
    /// A team that the actor does not belong to and that was not listed before: it is not found. Somebody has changed it
    /// meanwhile.
    pub async fn change_access(&self, actor: &Actor, name: &str, base: &str, access: Access) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ChangeAccess).await?;
        let mut tx = self.0.parts.store.begin().await?;
        let before = tx.access().of(app.id).await?;
        if !base.is_empty() && base != version(&before) {
            let sentence = "Somebody has changed who may open this app meanwhile. Load the page again to see it.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        for id in named_teams(&access) {
            let is_known = *id == team.id || actor.role_in(*id).is_some() || named_teams(&before).contains(id);
            is_known.then_some(()).or_not_found("team", id.to_string())?;
        }
        if before == access {
            return Ok(());
        }
        let change = Changed { app: &app, team: &team, before: &before, after: &access };
        self.0.put_access(&mut tx, actor, change).await?;
        tx.commit().await?;
        self.0.access_changed(app.id);
        Ok(())
    }

    /// Lets somebody in who asked: puts their address on the list.
    ///
    /// # Errors
    /// There is no list: the app is open to everybody who may sign in.
    pub async fn grant(&self, actor: &Actor, name: &str, email: &str) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ChangeAccess).await?;
        let email: Email = email.parse()?;
        let mut tx = self.0.parts.store.begin().await?;
        let before = tx.access().of(app.id).await?;
        let Who::People(listed) = &before.who else {
            return Err(Error::Conflict(format!("{} has no list: everybody who may sign in can open it.", app.name)));
        };
        tx.access().forget_request(app.id, &email).await?;
        if !listed.emails.contains(&email) {
            let mut listed = listed.clone();
            listed.emails.push(email);
            listed.emails.sort();
            let after = Access { who: Who::People(listed), ..before.clone() };
            let change = Changed { app: &app, team: &team, before: &before, after: &after };
            self.0.put_access(&mut tx, actor, change).await?;
        }
        tx.commit().await?;
        self.0.access_changed(app.id);
        Ok(())
    }

    /// Does not let somebody in who asked. They are told nothing, and may ask again.
    pub async fn decline(&self, actor: &Actor, name: &str, email: &str) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ChangeAccess).await?;
        let email: Email = email.parse()?;
        let mut tx = self.0.parts.store.begin().await?;
        if tx.access().forget_request(app.id, &email).await? {
            self.0.note(&mut tx, actor, act(&app, &team, "access.decline", email.to_string())).await?;
            tx.commit().await?;
            self.0.live.tell(Change::App(app.id));
        }
        Ok(())
    }
}

struct Changed<'a> {
    app: &'a App,
    team: &'a Team,
    before: &'a Access,
    after: &'a Access,
}

impl Platform {
    /// What an app gets that is made just now.
    pub(crate) fn first_access(&self) -> Access {
        Access::from(self.parts.config.default_access.clone())
    }

    /// How many ask to be let in to an app, for who could let them in.
    pub(crate) async fn asking(&self, app: &App, role: Rights) -> Result<usize> {
        let access = self.parts.store.access().of(app.id).await?;
        let listed = self.parts.store.gate().teams(named_teams(&access)).await?;
        Ok(self.requests(app, role, &access, &listed).await?.len())
    }

    async fn requests(
        &self,
        app: &App,
        role: Rights,
        access: &Access,
        listed: &[GateTeam],
    ) -> Result<Vec<AccessRequest>> {
        if !role.may(Action::ChangeAccess) {
            return Ok(Vec::new());
        }
        let mut requests = self.parts.store.access().requests(app.id).await?;
        requests.retain(|request| !admits(access, &request.email, listed));
        Ok(requests)
    }

    async fn put_access(&self, tx: &mut Tx, actor: &Actor, change: Changed<'_>) -> Result<()> {
        let Changed { app, team, before, after } = change;
        tx.access().put(app.id, after, actor.person.email.as_str(), self.now()).await?;
        let mut names = HashMap::new();
        for id in named_teams(before).iter().chain(named_teams(after)) {
            if let Some(team) = tx.teams().by_id(*id).await? {
                names.insert(*id, team.name.to_string());
            }
        }
        let shown = |access: &Access| access.in_short(|id| named(&names, id));
        let detail = format!("{} instead of {}", shown(after), shown(before));
        self.note(tx, actor, act(app, team, "access.change", detail)).await
    }

    fn access_changed(&self, app: AppId) {
        self.gates.notify_one();
        self.live.tell(Change::App(app));
    }

    async fn names_of(&self, access: &Access) -> Result<HashMap<TeamId, String>> {
        let mut names = HashMap::new();
        for id in named_teams(access) {
            if let Some(team) = self.parts.store.teams().by_id(*id).await? {
                names.insert(*id, team.name.to_string());
            }
        }
        Ok(names)
    }
}

/// Who a list comes to, each with the first reason why. Who belongs to a team is told to who may know that; a domain is not taken
/// apart, or anybody could learn who has an account here by listing it.
fn openers(actor: &Actor, access: &Access, teams: &[GateTeam]) -> Vec<Opener> {
    let Who::People(Listed { emails, domains, .. }) = &access.who else { return Vec::new() };
    let mut reasons: BTreeMap<String, String> =
        emails.iter().map(|email| (email.to_string(), "listed by address".to_owned())).collect();
    for team in teams {
        if actor.rights_in(team.id).may(Action::SeePeople) {
            for email in &team.members {
                reasons.entry(email.to_string()).or_insert_with(|| format!("belongs to {}", team.name));
            }
        } else {
            reasons.insert(format!("everybody in {}", team.name), "listed as a team".to_owned());
        }
    }
    for domain in domains {
        reasons.insert(format!("everybody at {domain}"), "listed as a domain".to_owned());
    }
    reasons.into_iter().map(|(who, reason)| Opener { who, reason }).collect()
}

fn admits(access: &Access, email: &Email, teams: &[GateTeam]) -> bool {
    access.who.admits(email, |id| teams.iter().any(|team| team.id == id && team.members.contains(email)))
}

fn act<'a>(app: &'a App, team: &Team, action: &str, detail: String) -> Act<'a> {
    let (action, id) = (action.to_owned(), app.id.to_string());
    Act { action, kind: "app", id, name: app.name.as_str(), team: Some(team.id), detail }
}

/// Names a state, for who wants to know whether it is still the same.
fn version(access: &Access) -> String {
    crate::hash(&serde_json::to_string(access).unwrap_or_default())
}

/// The teams on a list.
pub(crate) fn named_teams(access: &Access) -> &[TeamId] {
    match &access.who {
        Who::People(listed) => &listed.teams,
        _ => &[],
    }
}

fn named(names: &HashMap<TeamId, String>, id: TeamId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| "a team that is gone".to_owned())
}
