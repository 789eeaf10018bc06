//! A large company, written into the store of a running platform: what nobody would click together.

use anyhow::{Context, Result};
use domain::{App, AppId, Person, PersonId, Project, ProjectId, ReleaseId, Role, Team, TeamId, Timestamp};
use store::{NewRelease, Store, StoredRelease, Tx};
use uuid::Uuid;

/// Teams; the operator belongs to every hundredth.
pub const TEAMS: usize = 1_000;
/// In each team, each of them in no other.
pub const PEOPLE: usize = 10;
/// In each team.
const PROJECTS: usize = 2;
/// In each team.
pub const APPS: usize = 10;

/// Writes it, with releases like the one that is there.
pub async fn company(store: &Store) -> Result<()> {
    let operator = store.people().all().await?.into_iter().next().context("nobody has signed in")?;
    let app = store.apps().live().await?.into_iter().next().context("there is no app to take after")?;
    let model = store.releases().last_of(app.id).await?.context("it has no release")?;
    let mut ids = Ids(0);
    let mut tx = store.begin().await?;
    for number in 0..TEAMS {
        let team = a_team(&mut tx, &mut ids, number, app.created_at).await?;
        if number % 100 == 0 {
            tx.teams().put_member(team, operator.id, Role::Developer, app.created_at).await?;
        }
        for project in 0..PROJECTS {
            a_project(&mut tx, &mut ids, (team, number, project), &model).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Ids that are there once; nothing in them has to be hard to guess.
struct Ids(u128);

impl Ids {
    fn next(&mut self) -> Uuid {
        self.0 += 1;
        Uuid::from_u128(self.0)
    }
}

async fn a_team(tx: &mut Tx, ids: &mut Ids, number: usize, now: Timestamp) -> Result<TeamId> {
    let id = TeamId::new(ids.next());
    let team = Team { id, name: format!("team-{number}").parse()?, created_at: now, suspended_at: None };
    tx.teams().insert(&team).await?;
    for person in 0..PEOPLE {
        let email = format!("person-{number}-{person}@example.com").parse()?;
        let person = Person { id: PersonId::new(ids.next()), email, name: "Ada".to_owned(), platform_role: None };
        tx.people().insert(&person, now).await?;
        tx.teams().put_member(id, person.id, Role::Developer, now).await?;
    }
    Ok(id)
}

async fn a_project(
    tx: &mut Tx,
    ids: &mut Ids,
    (team, number, project): (TeamId, usize, usize),
    model: &StoredRelease,
) -> Result<()> {
    let made_at = model.release.made_at;
    let id = ProjectId::new(ids.next());
    let name = format!("project-{project}").parse()?;
    let row = Project { id, team_id: team, name, created_at: made_at, deleted_at: None, freeze: None };
    tx.projects().insert(&row).await?;
    for app in 0..APPS / PROJECTS {
        let app = App {
            id: AppId::new(ids.next()),
            project_id: id,
            name: format!("app-{number}-{project}-{app}").parse()?,
            active_release: None,
            created_at: made_at,
            deleted_at: None,
            stopped: None,
        };
        tx.apps().insert(&app).await?;
        let release = like(model, ReleaseId::new(ids.next()), app.id);
        tx.releases().insert(release.clone()).await?;
        tx.apps().set_active_release(app.id, Some(release.id)).await?;
    }
    Ok(())
}

fn like(model: &StoredRelease, id: ReleaseId, app_id: AppId) -> NewRelease {
    let StoredRelease { release, is_local } = model.clone();
    NewRelease {
        id,
        app_id,
        image: release.image,
        digest: release.digest,
        is_local,
        settings: release.settings,
        made_by: release.made_by,
        made_at: release.made_at,
        reason: release.reason,
    }
}
