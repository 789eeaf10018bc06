//! Routes: at which address an app answers, and who may open it there.

use crate::{Platform, Result, access::Reached, audit::Act, error::OrNotFound};
use domain::{Access, Action, Actor, App, Change, Listed, Opener, RouteView, Team, TeamId, TypedAccess, Who};
use std::collections::HashMap;
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
        let mut seen = std::collections::HashSet::new();
        offered.retain(|(id, _)| seen.insert(*id));
        let openers = if role.may(Action::SeePeople) { self.0.openers(&access, &names).await? } else { Vec::new() };
        Ok(RouteView {
            typed: TypedAccess::from(&access),
            teams: offered,
            openers,
            needs_provider: self.0.info().sign_in.is_none(),
        })
    }

    /// Says who may open an app. It counts as soon as every ingress has heard of it, which is at once.
    ///
    /// # Errors
    /// A team that the actor does not belong to and that was not listed before: it is not found.
    pub async fn change_access(&self, actor: &Actor, name: &str, access: Access) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ChangeAccess).await?;
        let mut tx = self.0.parts.store.begin().await?;
        let before = tx.access().of(app.id).await?;
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
        self.0.gates.notify_one();
        self.0.live.tell(Change::App(app.id));
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
        let act = Act {
            action: "access.change".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team.id),
            detail: format!("{} instead of {}", shown(after), shown(before)),
        };
        self.note(tx, actor, act).await
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

    /// The people that a list comes to, each with the first reason why. Who may open an app because everybody may is not listed.
    async fn openers(&self, access: &Access, names: &HashMap<TeamId, String>) -> Result<Vec<Opener>> {
        let Who::People(Listed { emails, teams, domains }) = &access.who else { return Ok(Vec::new()) };
        let mut reasons: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for email in emails {
            reasons.insert(email.to_string(), "listed by address".to_owned());
        }
        for team in self.parts.store.gate().teams(teams).await? {
            for email in team.members {
                reasons.entry(email.to_string()).or_insert_with(|| format!("belongs to {}", named(names, team.id)));
            }
        }
        if !domains.is_empty() {
            for person in self.parts.store.people().all().await? {
                if domains.iter().any(|domain| domain.as_str() == person.email.domain()) {
                    let reason = || format!("has an address at {}", person.email.domain());
                    reasons.entry(person.email.to_string()).or_insert_with(reason);
                }
            }
        }
        Ok(reasons.into_iter().map(|(email, reason)| Opener { email, reason }).collect())
    }
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
