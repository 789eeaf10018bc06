//! People, and how a proven identity becomes an actor.

use crate::{Error, Platform, Result, audit::Act, error::OrNotFound};
use domain::{Action, Actor, Email, Origin, Person, PersonId, PlatformRole, Role, Team, TeamId, TeamName};

/// Operations on people.
pub struct People<'a>(pub(crate) &'a Platform);

impl People<'_> {
    /// Somebody whose address an identity provider vouches for. On the first time they get a team of their own, so that
    /// nobody has to be asked before a first deploy.
    pub async fn welcome(&self, email: &Email, name: &str) -> Result<Person> {
        self.admit(email, name, None).await
    }

    /// The person at the machine itself, who came by the one-time link: they run the platform.
    pub async fn welcome_operator(&self) -> Result<Person> {
        let email = "operator@localhost".parse()?;
        self.admit(&email, "Operator", Some(PlatformRole::Admin)).await
    }

    /// A signed-in person with the roles they hold now.
    pub async fn actor(&self, id: PersonId, origin: Origin) -> Result<Actor> {
        let store = &self.0.parts.store;
        let mut person = store.people().by_id(id).await?.or_not_found("person", id.to_string())?;
        if self.0.parts.config.admins.contains(&person.email) {
            person.platform_role = Some(PlatformRole::Admin);
        }
        Ok(Actor { person, roles: store.teams().roles_of(id).await?, origin, token: None })
    }

    /// Everybody who has ever signed in, by address.
    pub async fn all(&self, actor: &Actor) -> Result<Vec<Person>> {
        self.0.allow_on_platform(actor, Action::ManagePlatformRoles).await?;
        Ok(self.0.parts.store.people().all().await?)
    }

    /// Gives somebody a role on the platform, or takes it.
    ///
    /// # Errors
    /// The one who asks would lose the role that lets them: somebody else has to do that.
    pub async fn set_platform_role(&self, actor: &Actor, id: PersonId, role: Option<PlatformRole>) -> Result<()> {
        self.0.allow_on_platform(actor, Action::ManagePlatformRoles).await?;
        if id == actor.id() {
            return Err(Error::Conflict("Another admin has to change your role.".to_owned()));
        }
        let person = self.0.parts.store.people().by_id(id).await?.or_not_found("person", id.to_string())?;
        let named = |role: Option<PlatformRole>| role.map_or("none", PlatformRole::as_str);
        let act = Act {
            action: "person.platform_role".to_owned(),
            kind: "person",
            id: id.to_string(),
            name: person.email.as_str(),
            team: None,
            detail: format!("{} instead of {}", named(role), named(person.platform_role)),
        };
        let mut tx = self.0.parts.store.begin().await?;
        tx.people().set_platform_role(id, role).await?;
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.live.tell_rights_changed(id);
        Ok(())
    }

    async fn admit(&self, email: &Email, name: &str, platform_role: Option<PlatformRole>) -> Result<Person> {
        let now = self.0.now();
        let newcomer =
            Person { id: PersonId::new(self.0.uuid()), email: email.clone(), name: name.to_owned(), platform_role };
        let team = self.own_team(email).await?;
        let mut tx = self.0.parts.store.begin().await?;
        let person = tx.people().put_by_email(&newcomer, now).await?;
        if tx.teams().roles_of(person.id).await?.is_empty() {
            tx.teams().insert(&team).await?;
            tx.teams().put_member(team.id, person.id, Role::Owner, now).await?;
        }
        tx.commit().await?;
        Ok(person)
    }

    /// A team named after the first part of the address, with a number behind it when that name is taken.
    async fn own_team(&self, email: &Email) -> Result<Team> {
        let base = team_name(email);
        let mut name: TeamName = base.parse().or_else(|_| "team".parse())?;
        for number in 2.. {
            if self.0.parts.store.teams().by_name(&name).await?.is_none() {
                break;
            }
            name = format!("{base}-{number}").parse()?;
        }
        Ok(Team { id: TeamId::new(self.0.uuid()), name, created_at: self.0.now(), suspended_at: None })
    }
}

fn team_name(email: &Email) -> String {
    let local = email.as_str().split('@').next().unwrap_or_default();
    let label: String = local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(30).collect();
    let words: Vec<_> = label.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "team".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_own_team_is_named_after_them() {
        let name = |text: &str| team_name(&text.parse().expect("an address"));
        assert_eq!(name("ada.lovelace@example.com"), "ada-lovelace");
        assert_eq!(name("ada+test@example.com"), "ada-test");
        assert_eq!(name("ÄÖ@example.com"), "team");
    }
}
