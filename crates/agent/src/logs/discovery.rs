//! Finds the containers of releases: those that there are, those that ended, and those that start later.

use crate::{Result, labels};
use bollard::Docker;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum, EventMessage};
use bollard::query_parameters::{EventsOptionsBuilder, ListContainersOptionsBuilder};
use futures::stream::{BoxStream, StreamExt};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;
use tokio::sync::watch;

/// Events say at once that something started; looking again from time to time makes sure of it.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// A container whose log is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The engine's id.
    pub container: String,
    /// The release's number.
    pub number: u32,
    /// The replica's place among its siblings, from 1.
    pub slot: u32,
    /// Whether it was there when the search began.
    pub was_there: bool,
}

/// The search.
pub struct Discovery {
    docker: Docker,
    sources: watch::Receiver<Vec<super::Source>>,
    /// Nobody can change the sources any more.
    is_settled: bool,
    known: HashSet<String>,
    found: VecDeque<Found>,
    events: Option<BoxStream<'static, std::result::Result<EventMessage, bollard::errors::Error>>>,
}

impl Discovery {
    /// Looks for the first time. Fails when the engine does not answer.
    pub async fn start(docker: Docker, sources: watch::Receiver<Vec<super::Source>>) -> Result<Self> {
        let (known, found) = (HashSet::new(), VecDeque::new());
        let mut search = Self { docker, sources, is_settled: false, known, found, events: None };
        search.look(true).await?;
        Ok(search)
    }

    /// What the first look found.
    pub fn first(&mut self) -> Vec<Found> {
        self.found.drain(..).collect()
    }

    /// The next container that shows up.
    pub async fn next(&mut self) -> Found {
        loop {
            if let Some(found) = self.found.pop_front() {
                return found;
            }
            self.wait().await;
            if let Err(error) = self.look(false).await {
                tracing::debug!(%error, "cannot look for containers; trying again");
            }
        }
    }

    async fn look(&mut self, is_first: bool) -> Result<()> {
        let sources = self.sources.borrow_and_update().clone();
        let mut present = HashSet::new();
        for (release, number) in sources {
            let filters = HashMap::from([("label", vec![format!("{}={release}", labels::RELEASE)])]);
            let all = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
            for container in self.docker.list_containers(Some(all)).await? {
                // One that has not started has no log, and reading it would end at once.
                let has_started = container.state != Some(ContainerSummaryStateEnum::CREATED);
                let found = describe(container, number, is_first);
                present.insert(found.container.clone());
                if has_started && self.known.insert(found.container.clone()) {
                    self.found.push_back(found);
                }
            }
        }
        self.known.retain(|container| present.contains(container));
        Ok(())
    }

    /// Until something may have changed.
    async fn wait(&mut self) {
        let events = self.events.get_or_insert_with(|| starts(&self.docker));
        tokio::select! {
            changed = self.sources.changed(), if !self.is_settled => self.is_settled = changed.is_err(),
            event = events.next() => if !matches!(event, Some(Ok(_))) {
                // The engine went away. Without a pause this would ask it without end.
                self.events = None;
                tokio::time::sleep(LOOK_AGAIN).await;
            },
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

/// An event for each container of a release that starts.
fn starts(docker: &Docker) -> BoxStream<'static, std::result::Result<EventMessage, bollard::errors::Error>> {
    let filters =
        HashMap::from([("type", vec!["container"]), ("event", vec!["start"]), ("label", vec![labels::RELEASE])]);
    docker.events(Some(EventsOptionsBuilder::new().filters(&filters).build())).boxed()
}

fn describe(container: ContainerSummary, number: u32, was_there: bool) -> Found {
    let own = container.labels.unwrap_or_default();
    let slot = own.get(labels::TASK_NAME).and_then(|name| labels::slot_of(name)).unwrap_or(1);
    Found { container: container.id.unwrap_or_default(), number, slot, was_there }
}
