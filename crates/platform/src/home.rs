//! A person's first page.

use crate::{Platform, Result, cards::Mine, error::OrNotFound};
use domain::{Action, Actor, Deploy, DeployForm, Home, NewApp};
use std::collections::HashMap;

impl Platform {
    /// The actor's teams, their projects and apps.
    pub async fn home(&self, actor: &Actor) -> Result<Home> {
        self.allow_own(actor).await?;
        let store = &self.parts.store;
        let teams = store.teams().of_person(actor.id()).await?;
        let by_id: HashMap<_, _> = teams.iter().map(|(team, _)| (team.id, team)).collect();
        let ids: Vec<_> = teams.iter().map(|(team, _)| team.id).collect();
        let mine = store.projects().of_teams(&ids).await?.into_iter().filter_map(|project| {
            let team = by_id.get(&project.team_id)?;
            Some((self.as_of_now(project), (*team).clone(), actor.rights_in(team.id)))
        });
        let mut mine: Vec<Mine> = mine.collect();
        mine.sort_by(|(_, one, _), (_, other, _)| one.name.cmp(&other.name));
        let projects = self.overviews(mine).await?;
        let invitations = store.invitations().open_for(&actor.person.email, self.now()).await?;
        Ok(Home { teams, projects, invitations })
    }

    /// One press for somebody new: the sample app in a project of their own.
    pub async fn sample(&self, actor: &Actor) -> Result<Deploy> {
        let home = self.home(actor).await?;
        let own = home.projects.iter().find(|overview| overview.role.may(Action::CreateApp));
        let project = if let Some(overview) = own {
            overview.project.clone()
        } else {
            let team = actor.roles.iter().find(|(_, role)| role.may(Action::CreateProject));
            let (team, _) = team.or_not_found("team", "of your own")?;
            self.projects().create(actor, *team, "first-steps").await?
        };
        let image = self.parts.samples.first().or_not_found("image", "sample")?;
        let deploy =
            DeployForm { image: image.repository.to_string(), tag: image.tag.to_string(), ..Default::default() };
        let new = NewApp { name: self.free_name("hello").await?, deploy };
        self.apps().create(actor, project.id, new).await
    }

    /// The name itself, or with the lowest number behind it that is free.
    async fn free_name(&self, base: &str) -> Result<String> {
        let mut name = base.to_owned();
        for number in 2.. {
            if self.parts.store.apps().named(&name.parse()?).await?.is_none() {
                break;
            }
            name = format!("{base}-{number}");
        }
        Ok(name)
    }
}
