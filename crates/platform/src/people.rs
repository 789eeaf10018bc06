//! People, and how a proven identity becomes an actor.

use crate::{Platform, Result, error::OrNotFound};
use domain::{Actor, Email, Origin, Person, PersonId, Role, Team, TeamId, TeamName};

/// Operations on people.
pub struct People<'a>(pub(crate) &'a Platform);

impl People<'_> {
    /// Somebody whose address an identity provider vouches for. On the first time they get a team of their own, so that
    /// nobody has to be asked before a first deploy.
    pub async fn welcome(&self, email: &Email, name: &str) -> Result<Person> {
        self.admit(email, name, false).await
    }

    /// The person at the machine itself, who came by the one-time link: they run the platform.
    pub async fn welcome_operator(&self) -> Result<Person> {
        let email = "operator@localhost".parse()?;
        self.admit(&email, "Operator", true).await
    }

    /// A signed-in person with the roles they hold now.
    pub async fn actor(&self, id: PersonId, origin: Origin) -> Result<Actor> {
        let store = &self.0.parts.store;
        let person = store.people().by_id(id).await?.or_not_found("person", id.to_string())?;
        Ok(Actor { person, roles: store.teams().roles_of(id).await?, origin })
    }

    async fn admit(&self, email: &Email, name: &str, is_admin: bool) -> Result<Person> {
        let now = self.0.now();
        let newcomer =
            Person { id: PersonId::new(self.0.uuid()), email: email.clone(), name: name.to_owned(), is_admin };
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
        Ok(Team { id: TeamId::new(self.0.uuid()), name, created_at: self.0.now() })
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
