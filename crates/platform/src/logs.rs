//! What replicas write, last lines first and then live.

use crate::{Error, LogSource, Platform, Result};
use domain::{Action, Actor, App, Change, LogLine};
use futures::stream::{BoxStream, StreamExt};
use tokio::sync::{broadcast, watch};

/// Most lines that one reader gets from the past, for each replica.
const MOST_LINES: u32 = 2000;

/// How many releases back are read.
const RELEASES: u32 = 10;

/// Operations on logs.
pub struct Logs<'a>(pub(crate) &'a Platform);

impl Logs<'_> {
    /// The last lines of all replicas of an app and, when `follow`, new ones as they come, those of later releases included.
    pub async fn read(
        &self,
        actor: &Actor,
        name: &str,
        last: u32,
        follow: bool,
    ) -> Result<BoxStream<'static, LogLine>> {
        let app = self.0.reach_app(actor, name).await?.allowing(Action::ReadLogs).await?.thing;
        let (sender, sources) = watch::channel(self.0.log_sources(&app).await?);
        let changes = self.0.live.listen();
        let lines = self.0.parts.agent.logs(sources, last.min(MOST_LINES), follow).await;
        let lines = lines.map_err(|gone| Error::Unavailable(gone.0))?;
        let keep_sources = keep_sources(self.0.clone(), app, changes, sender);
        let rights_change = self.0.live.rights_change(actor.behind());
        if !follow {
            return Ok(lines);
        }
        Ok(lines
            .map(Some)
            .chain(futures::stream::once(async { None }))
            .take_until(keep_sources)
            .take_until(rights_change)
            .filter_map(|line| async { line })
            .boxed())
    }
}

/// Adds releases to the sources as they are made. Ends when the app is gone, and the reader's stream with it.
async fn keep_sources(
    platform: Platform,
    app: App,
    mut changes: broadcast::Receiver<Change>,
    sender: watch::Sender<Vec<LogSource>>,
) {
    loop {
        match changes.recv().await {
            Ok(change) if change != Change::App(app.id) => continue,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
        match platform.parts.store.apps().by_id(app.id).await {
            Ok(Some(app)) if app.deleted_at.is_none() => {}
            Ok(_) => return,
            Err(_) => continue,
        }
        if let Ok(sources) = platform.log_sources(&app).await {
            sender.send_if_modified(|known| {
                let is_new = *known != sources;
                *known = sources;
                is_new
            });
        }
    }
}

impl Platform {
    async fn log_sources(&self, app: &App) -> Result<Vec<LogSource>> {
        let releases = self.parts.store.releases().of_app(app.id, RELEASES).await?;
        Ok(releases.into_iter().map(|s| (s.release.id, s.release.number)).collect())
    }
}
