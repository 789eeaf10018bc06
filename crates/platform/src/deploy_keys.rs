//! A request to deploy that is sent again, because its answer was lost, begins no second deploy.

use crate::{Deploys, Error, Platform, Result, access::Reached, hash};
use domain::{Action, Actor, App, AppId, Deploy, DeployForm, Invalid};

/// How long a key is remembered.
const REMEMBERED_MILLIS: i64 = 24 * 3600 * 1000;

/// A request that can be told from others.
pub(crate) struct Request {
    key: String,
    request: String,
}

impl Request {
    /// A key as it was sent, and what was asked for with it. Only hashes are kept.
    ///
    /// # Errors
    /// A key that is none.
    pub fn new(key: &str, form: &DeployForm) -> Result<Self> {
        let is_sound = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !is_sound {
            return Err(Invalid::new("idempotency_key", "A key has 1 to 255 visible characters of ASCII.").into());
        }
        let form = serde_json::to_string(form).map_err(Error::internal)?;
        Ok(Self { key: hash(key), request: hash(&form) })
    }
}

impl Deploys<'_> {
    /// As [`Deploys::start`], but the same request under the same key begins one deploy only, for a day.
    ///
    /// # Errors
    /// As for [`Deploys::start`]; another request under this key.
    pub async fn start_once(&self, actor: &Actor, name: &str, form: DeployForm, key: &str) -> Result<Deploy> {
        let Reached { thing: app, .. } = self.0.reach_app(actor, name).await?.allowing(Action::Deploy).await?;
        let request = Request::new(key, &form)?;
        if let Some(begun) = self.0.begun_by(&app, &request).await? {
            return Ok(begun);
        }
        match self.begin_for(actor, name, form, Some(&request)).await {
            // The same request came twice at once, and the other was first.
            Err(Error::Conflict(sentence)) => self.0.begun_by(&app, &request).await?.ok_or(Error::Conflict(sentence)),
            outcome => outcome,
        }
    }
}

impl Platform {
    async fn begun_by(&self, app: &App, request: &Request) -> Result<Option<Deploy>> {
        let store = &self.parts.store;
        match store.deploy_keys().find(app.id, &request.key).await? {
            None => Ok(None),
            Some((asked, id)) if asked == request.request => Ok(store.deploys().by_id(id).await?),
            Some(_) => Err(Error::Conflict("This Idempotency-Key began another deploy; use a new one.".to_owned())),
        }
    }

    /// Remembers the key in the transaction of the deploy it begins.
    pub(crate) async fn remember(
        &self,
        tx: &mut store::Tx,
        app: AppId,
        request: &Request,
        deploy: &Deploy,
    ) -> Result<()> {
        let now = self.now();
        tx.deploy_keys().delete_before(now.plus_millis(-REMEMBERED_MILLIS)).await?;
        let kept = tx.deploy_keys().insert(app, &request.key, &request.request, deploy.id, now).await;
        kept.map_err(|error| match error {
            store::Error::Conflict(_) => Error::Conflict("The same request is under way.".to_owned()),
            other => other.into(),
        })
    }
}
