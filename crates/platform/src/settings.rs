//! Settings: everything a release runs with besides its image. A change is a release of its own, by the protocol of any
//! deploy, so that it loses no request and can be taken back whole.

use crate::{Error, Platform, Result, access::Reached, audit::Act, releases::readable};
use domain::{
    Action, Actor, App, Deploy, DeployState, Difference, Release, ReleaseId, Review, SecretView, Secrets, SettingsForm,
    SettingsView, TypedSettings, Why, compare_settings,
};
use store::{NewRelease, StoredRelease};

/// How many differences a sentence names.
const FEW: usize = 5;

/// Operations on the settings of an app.
pub struct Settings<'a>(pub(crate) &'a Platform);

impl Settings<'_> {
    /// The settings that a change would start from.
    pub async fn find(&self, actor: &Actor, name: &str) -> Result<SettingsView> {
        let Reached { thing: app, role, .. } = self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        let Release { number, made_by, made_at, settings, .. } = self.0.current_of(&app).await?.release;
        let shows = role.may(Action::ReadVariables);
        let typed = TypedSettings::of(&settings, shows);
        let secrets = if shows { views(settings.secrets) } else { Vec::new() };
        Ok(SettingsView { base: number, made_by, made_at, typed, secrets })
    }

    /// The release that a change would start from, and whether the actor may read its variables. Who may not gets none.
    pub async fn current(&self, actor: &Actor, name: &str) -> Result<(Release, bool)> {
        let Reached { thing: app, role, .. } = self.0.reach_app(actor, name).await?.allowing(Action::Inspect).await?;
        Ok(readable(self.0.current_of(&app).await?.release, role))
    }

    /// What a change of the settings of release `base` would do.
    ///
    /// # Errors
    /// As for [`Settings::apply`], before anything is written.
    pub async fn review(&self, actor: &Actor, name: &str, base: u32, change: SettingsForm) -> Result<Review> {
        let Reached { thing: app, role, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::ChangeSettings).await?;
        let current = self.0.must_be_current(&app, base).await?.release;
        let (settings, _values) = self.0.changed(actor, &app, &current.settings, change)?;
        let next = self.0.parts.store.releases().last_of(app.id).await?.map_or(1, |last| last.release.number + 1);
        let differences = compare_settings(&current.settings, &settings, role.may(Action::ReadVariables));
        Ok(Review { base, next, differences })
    }

    /// Makes a release of the same image with changed settings and begins to bring it into traffic. `base` is the release
    /// that the change was made for.
    ///
    /// # Errors
    /// A frozen project, where no reason is given to change it in spite of that; another release that is current meanwhile, so that nobody overwrites what they have not seen; settings that cannot be, or
    /// that are no others; a deploy that is under way.
    pub async fn apply(
        &self,
        actor: &Actor,
        name: &str,
        base: u32,
        change: SettingsForm,
        why: impl Into<Why> + Send,
    ) -> Result<Deploy> {
        let Why { message, despite } = why.into();
        let reached = self.0.reach_app(actor, name).await?.allowing(Action::ChangeSettings).await?;
        let (_, pass) = reached.unless_frozen(&despite).await?;
        let began_at = self.0.now();
        // Nobody else writes from here on, so that what is read stays true until the commit.
        let mut tx = self.0.parts.store.begin().await?;
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?;
        let StoredRelease { release: current, is_local } = self.0.must_be_current(&app, base).await?;
        let (settings, values) = self.0.changed(actor, &app, &current.settings, change)?;
        let differences = compare_settings(&current.settings, &settings, false);
        if differences.is_empty() {
            return Err(Error::Conflict(format!("Nothing is different from r{base}.")));
        }
        self.0.must_be_idle(&app).await?;
        let release = NewRelease {
            id: ReleaseId::new(self.0.uuid()),
            app_id: app.id,
            image: current.image,
            digest: current.digest,
            is_local,
            settings,
            made_by: actor.person.email.to_string(),
            made_at: self.0.now(),
            reason: message.trim().chars().take(500).collect(),
        };
        for value in &values {
            tx.secrets().insert(value).await?;
        }
        let deploy = self.0.begin_release(&mut tx, actor, &app, team.id, release, began_at, &pass).await?;
        let act = Act {
            action: "settings.change".to_owned(),
            kind: "app",
            id: app.id.to_string(),
            name: app.name.as_str(),
            team: Some(team.id),
            detail: format!("r{base} → r{}: {}", deploy.number, in_short(&differences)),
        };
        self.0.note(&mut tx, actor, act).await?;
        tx.commit().await?;
        self.0.under_way(&app);
        Ok(deploy)
    }
}

impl Platform {
    /// The release that a change starts from: the one on its way to the traffic, else the one that has it, else the newest.
    pub(crate) async fn current_of(&self, app: &App) -> Result<StoredRelease> {
        let store = &self.parts.store;
        let open = store.deploys().unfinished_of(app.id).await?.filter(|deploy| deploy.state != DeployState::Undoing);
        let current = match open.map(|deploy| deploy.release_id).or(app.active_release) {
            Some(id) => store.releases().by_id(id).await?,
            None => store.releases().last_of(app.id).await?,
        };
        current.ok_or_else(|| Error::Conflict(format!("{} has no release yet.", app.name)))
    }

    async fn must_be_current(&self, app: &App, base: u32) -> Result<StoredRelease> {
        let current = self.current_of(app).await?;
        let Release { number, made_by, settings, .. } = &current.release;
        if *number == base {
            return Ok(current);
        }
        let before = self.parts.store.releases().numbered(app.id, base).await?;
        let what = before.map(|before| in_short(&compare_settings(&before.release.settings, settings, false)));
        let what = what.filter(|what| !what.is_empty()).unwrap_or_else(|| "another image".to_owned());
        Err(Error::Conflict(if *number > base {
            format!("r{number} by {made_by} changed this meanwhile: {what}.")
        } else {
            format!("r{number} by {made_by} came back meanwhile: {what}.")
        }))
    }
}

fn views(secrets: Secrets) -> Vec<SecretView> {
    let view = |(name, secret): (String, domain::SecretRef)| SecretView {
        name,
        set_by: secret.set_by,
        set_at: secret.set_at,
        delivery: secret.delivery,
    };
    secrets.into_iter().map(view).collect()
}

fn in_short(differences: &[Difference]) -> String {
    let mut words: Vec<_> = differences.iter().take(FEW).map(Difference::in_short).collect();
    if differences.len() > FEW {
        words.push(format!("{} more", differences.len() - FEW));
    }
    words.join(", ")
}
