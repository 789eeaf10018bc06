//! A person's first page.

use crate::{Platform, Result, error::OrNotFound};
use domain::{Action, Actor, Deploy, DeployForm, Home, NewApp, ProjectOverview};

impl Platform {
    /// The actor's teams, their projects and apps.
    pub async fn home(&self, actor: &Actor) -> Result<Home> {
        self.allow_own(actor).await?;
        let store = &self.parts.store;
        let teams = store.teams().of_person(actor.id()).await?;
        let mut projects = Vec::new();
        for (team, _) in &teams {
            let role = actor.rights_in(team.id);
            for project in
                store.projects().of_teams(&[team.id]).await?.into_iter().map(|project| self.as_of_now(project))
            {
                let apps = self.cards(&project, team, role).await?;
                projects.push(ProjectOverview { project, team: team.clone(), role, apps });
            }
        }
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
