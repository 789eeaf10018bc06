//! Secrets of apps: written by those who may change settings, read back by those who say why.

use crate::{Platform, Result, Settings, access::Reached, audit::Act, error::OrNotFound};
use domain::{Action, Actor, App, Invalid, Release, Secret, SecretChange, SecretId, SecretRef, SecretTo, SettingsForm};
use orchestrator::ReleaseSecret;
use store::NewSecret;

/// Fewer letters than this are no reason.
const SHORTEST_REASON: usize = 5;

impl Settings<'_> {
    /// The value of a secret as the current release has it. Who asks says why, and that is written down first.
    ///
    /// # Errors
    /// No reason, or no such secret.
    pub async fn reveal(&self, actor: &Actor, name: &str, secret: &str, reason: &str) -> Result<Secret<String>> {
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::RevealSecret).await?;
        let Reached { thing: app, team, .. } = reached;
        let reason: String = reason.trim().chars().take(500).collect();
        if reason.chars().count() < SHORTEST_REASON {
            let sentence = "Say why you have to see it; the reason stands in the audit log.";
            return Err(Invalid::new("reason", sentence).into());
        }
        let release = self.0.current_of(&app).await?.release;
        let kept = release.settings.secrets.get(secret).or_not_found("secret", secret)?;
        let value = self.0.parts.store.secrets().value(kept.id).await?.or_not_found("secret", secret)?;
        let mut tx = self.0.parts.store.begin().await?;
        let act = Act {
            action: "secret.reveal".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team.id),
            detail: format!("{secret} of r{}: {reason}", release.number),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        Ok(value)
    }
}

impl Platform {
    /// The settings after a change, and the values that have to be kept for them. Nothing is written.
    pub(crate) fn changed(
        &self,
        actor: &Actor,
        app: &App,
        last: &domain::Settings,
        mut change: SettingsForm,
    ) -> Result<(domain::Settings, Vec<NewSecret>)> {
        let changes = std::mem::take(&mut change.secrets);
        let mut settings = change.over(Some(last))?;
        let mut values = Vec::new();
        for SecretChange { name, to } in changes {
            match to {
                SecretTo::Gone => drop(settings.secrets.remove(&name)),
                SecretTo::Delivery(delivery) => match settings.secrets.get_mut(&name) {
                    Some(secret) => secret.delivery = delivery,
                    None => return Err(Invalid::new("secrets", format!("Give the secret {name} a value.")).into()),
                },
                SecretTo::Value(value, delivery) => {
                    let (id, set_by, set_at) = (SecretId::new(self.uuid()), actor.person.email.to_string(), self.now());
                    let secret = SecretRef { id, set_by: set_by.clone(), set_at, delivery };
                    settings.secrets.insert(name.clone(), secret);
                    values.push(NewSecret { id, app_id: app.id, name, value, set_by, set_at });
                }
            }
        }
        settings.check()?;
        Ok((settings, values))
    }

    /// The secrets of a release with their values, for the orchestrator alone.
    pub(crate) async fn secrets_of(&self, release: &Release) -> Result<Vec<ReleaseSecret>> {
        let mut secrets = Vec::new();
        for (name, SecretRef { id, delivery, .. }) in &release.settings.secrets {
            let value = self.parts.store.secrets().value(*id).await?.or_not_found("secret", name)?;
            secrets.push(ReleaseSecret { id: *id, name: name.clone(), delivery: *delivery, value });
        }
        Ok(secrets)
    }
}
