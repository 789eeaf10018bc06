//! The lines that replicas write, from the engine's log files.
//!
//! Each container is read as one stream that begins in its past and goes on into its present, so that there is no seam
//! between the two at which a line could be lost or come twice. The streams are merged by time. Nothing is read faster
//! than it is taken: a reader that is slow makes the engine wait, and costs a bounded amount of memory.

mod container;
mod discovery;
mod line;
mod merge;
mod recent;

use crate::{LocalAgent, Result};
use container::Tail;
use discovery::Discovery;
use domain::{LogLine, ReleaseId};
use futures::stream::{self, BoxStream, StreamExt};
use merge::Merge;
use tokio::sync::watch;

/// A release whose replicas are read, and the number that its lines are marked by.
pub type Source = (ReleaseId, u32);

impl LocalAgent {
    /// The last lines of each replica of these releases that this node has or had, merged by time. With `follow` the lines
    /// that they write from now on come after them, those of replicas that start later from their first line; such a stream
    /// has no end. `sources` may change meanwhile: replicas of a release that is no longer in it are read to their end.
    pub async fn logs(
        &self,
        sources: watch::Receiver<Vec<Source>>,
        last: u32,
        follow: bool,
    ) -> Result<BoxStream<'static, LogLine>> {
        let discovery = Discovery::start(self.docker.clone(), sources).await?;
        let mut merge = Merge::new(self.docker.clone(), discovery, Tail::Last(last), follow);
        merge.opened().await;
        Ok(stream::unfold(merge, |mut merge| async move { Some((merge.next().await?, merge)) }).boxed())
    }

    /// The last lines of a release, over all of its replicas on this node, those that ended included; oldest first.
    pub async fn last_lines(&self, source: Source, count: u32) -> Result<Vec<LogLine>> {
        let (_keep, sources) = watch::channel(vec![source]);
        let mut lines: Vec<LogLine> = self.logs(sources, count, false).await?.collect().await;
        lines.drain(..lines.len().saturating_sub(count as usize));
        Ok(lines)
    }
}
