use crate::executor::{Statement, sql};
use crate::row::Row;
use crate::value::{list, values};
use crate::{Error, Executor, Releases, Result, SealingKey, Tx};
use domain::{AppId, Digest, ImageRef, ProjectId, Release, ReleaseId, Settings, Timestamp, Variables};

/// A release, with where its image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRelease {
    /// The release.
    pub release: Release,
    /// Whether its image is on the engine alone, and not in a registry.
    pub is_local: bool,
}

/// A release that has no number yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelease {
    /// See [`Release::id`].
    pub id: ReleaseId,
    /// See [`Release::app_id`].
    pub app_id: AppId,
    /// See [`Release::image`].
    pub image: ImageRef,
    /// See [`Release::digest`].
    pub digest: Digest,
    /// See [`StoredRelease::is_local`].
    pub is_local: bool,
    /// See [`Release::settings`].
    pub settings: Settings,
    /// See [`Release::made_by`].
    pub made_by: String,
    /// See [`Release::made_at`].
    pub made_at: Timestamp,
    /// See [`Release::reason`].
    pub reason: String,
}

macro_rules! releases {
    ($rest:literal) => {
        concat!(
            "select id, app_id, number, repository, tag, digest, source, settings, variables, made_by, made_at, reason \
             from releases ",
            $rest
        )
    };
}

impl<E: Executor> Releases<E> {
    /// The release with this id.
    pub async fn by_id(self, id: ReleaseId) -> Result<Option<StoredRelease>> {
        self.one(sql(releases!("where id = $1"), values![id])).await
    }

    /// At most `limit` releases of an app, newest first.
    pub async fn of_app(self, app: AppId, limit: u32) -> Result<Vec<StoredRelease>> {
        self.all(sql(releases!("where app_id = $1 order by number desc limit $2"), values![app, limit])).await
    }

    /// The releases that have the traffic in the live apps of these projects.
    pub async fn active_in(self, projects: &[ProjectId]) -> Result<Vec<StoredRelease>> {
        let text = releases!(
            "where id in (select active_release from apps where deleted_at is null \
             and project_id in (select value from {each}($1{json})))"
        );
        self.all(sql(text, values![list(projects)])).await
    }

    /// The newest release of an app.
    pub async fn last_of(self, app: AppId) -> Result<Option<StoredRelease>> {
        self.one(sql(releases!("where app_id = $1 order by number desc limit 1"), values![app])).await
    }

    /// The release of an app with this number.
    pub async fn numbered(self, app: AppId, number: u32) -> Result<Option<StoredRelease>> {
        self.one(sql(releases!("where app_id = $1 and number = $2"), values![app, number])).await
    }

    async fn one(mut self, statement: Statement) -> Result<Option<StoredRelease>> {
        let key = self.0.key();
        self.0.one(statement, |row| release(row, &key)).await
    }

    async fn all(mut self, statement: Statement) -> Result<Vec<StoredRelease>> {
        let key = self.0.key();
        self.0.all(statement, |row| release(row, &key)).await
    }
}

impl Releases<&mut Tx> {
    /// Adds a release under the next number of its app, and returns it with that.
    pub async fn insert(mut self, new: NewRelease) -> Result<StoredRelease> {
        let number = self.next_number(new.app_id).await?;
        let (settings, variables) = apart(&new.settings)?;
        let variables = self.0.key().seal(&place(&new.id.to_string()), &variables)?;
        let source = if new.is_local { "engine" } else { "registry" };
        let ImageRef { repository, tag } = &new.image;
        let text = "insert into releases (id, app_id, number, repository, tag, digest, source, settings, variables, \
                    made_by, made_at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                    on conflict do nothing";
        let values = values![
            new.id,
            new.app_id,
            number,
            repository,
            tag,
            new.digest,
            source,
            settings,
            variables,
            new.made_by,
            new.made_at,
            new.reason
        ];
        self.0.insert("release", text, values).await?;
        Ok(numbered(new, number))
    }

    /// Nobody takes the number in between: there is one transaction at a time.
    async fn next_number(&mut self, app: AppId) -> Result<u32> {
        let text = "select coalesce(max(number), 0) + 1 as next from releases where app_id = $1";
        Ok(self.0.one(sql(text, values![app]), |row| row.get("next")).await?.unwrap_or(1))
    }
}

fn numbered(new: NewRelease, number: u32) -> StoredRelease {
    let NewRelease { id, app_id, image, digest, is_local, settings, made_by, made_at, reason } = new;
    StoredRelease {
        release: Release { id, app_id, number, image, digest, settings, made_by, made_at, reason },
        is_local,
    }
}

/// Where the variables of a release stand, for the seal.
pub(crate) fn place(id: &str) -> String {
    format!("releases/{id}/variables")
}

/// The settings without the variables, and the variables, as JSON.
fn apart(settings: &Settings) -> Result<(String, String)> {
    let unwritable = |_| Error::Corrupt("the settings cannot be written as JSON".to_owned());
    let bare = Settings { variables: Variables::default(), ..settings.clone() };
    let variables = serde_json::to_string(&settings.variables).map_err(unwritable)?;
    Ok((serde_json::to_string(&bare).map_err(unwritable)?, variables))
}

fn release(row: &dyn Row, key: &SealingKey) -> Result<StoredRelease> {
    let id: ReleaseId = row.get("id")?;
    let unreadable = |column| move |_| Error::Corrupt(format!("the {column} of release {id} cannot be read back"));
    let bare: Settings = serde_json::from_str(&row.get::<String>("settings")?).map_err(unreadable("settings"))?;
    let variables = key.open(&place(&id.to_string()), &row.get::<String>("variables")?)?;
    let variables = serde_json::from_str(&variables).map_err(unreadable("variables"))?;
    Ok(StoredRelease {
        release: Release {
            id,
            app_id: row.get("app_id")?,
            number: row.get("number")?,
            image: ImageRef { repository: row.get("repository")?, tag: row.get("tag")? },
            digest: row.get("digest")?,
            settings: Settings { variables, ..bare },
            made_by: row.get("made_by")?,
            made_at: row.get("made_at")?,
            reason: row.get("reason")?,
        },
        is_local: row.get::<String>("source")? == "engine",
    })
}
