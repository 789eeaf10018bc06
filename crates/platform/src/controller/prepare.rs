//! Steps 2 and 3: the release's service is created, its replicas start, and every ingress gets good answers from them.

use super::{
    Controller,
    drive::{End, Halt, Run},
    judge::{Verdict, judge},
    lock, probing,
};
use crate::{Error, Result};
use domain::{Replica, Step, TaskId, routing::ProbeReport};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use orchestrator::ReleaseSpec;
use std::collections::HashSet;

/// Good answers in a row before a replica counts as ready.
const GOOD_ANSWERS: u32 = 2;

/// Probes that are under way, and the replicas that have answered.
#[derive(Default)]
struct Answers {
    asked: HashSet<TaskId>,
    ready: HashSet<TaskId>,
    under_way: FuturesUnordered<BoxFuture<'static, (TaskId, ProbeReport)>>,
}

impl Controller {
    /// Creates the service and waits until its replicas run. They are probed from the moment they have an address, so that
    /// a replica that answers before the swarm has heard that it runs is not waited for.
    pub(super) async fn prepare(&self, run: &Run) -> std::result::Result<End, Halt> {
        self.make_release_run(run).await?;
        let mut answers = Answers::default();
        let mut shown = String::new();
        loop {
            self.still_wanted(run, Step::Prepare).await?;
            let replicas = self.platform.look_at(run.release.id).await?;
            self.ask(run, &replicas, &mut answers);
            match self.judge(run, &replicas) {
                Verdict::Hopeless(sentence) => return Err(Halt::Failed(sentence)),
                Verdict::Running => return Ok(End::done(where_they_run(&replicas))),
                Verdict::Waiting(_) if all_answer(run, &replicas, &answers) => {
                    return Ok(End::done(where_they_run(&replicas)));
                }
                Verdict::Waiting(what) => self.waiting_for(run, Step::Prepare, &what, &mut shown).await?,
            }
            if self.lasted(run, Step::Prepare).await? > self.platform.parts.config.deadlines.prepare {
                let minutes = self.platform.parts.config.deadlines.prepare.as_secs().div_ceil(60);
                return Err(Halt::Failed(format!(
                    "r{} did not start within {minutes} min: {shown}.",
                    run.release.number
                )));
            }
            self.pause(&mut answers).await;
        }
    }

    /// Waits until every ingress has had good answers from every replica.
    pub(super) async fn probe(&self, run: &Run) -> std::result::Result<End, Halt> {
        let mut answers = Answers::default();
        let mut shown = String::new();
        let mut last_answer = String::new();
        loop {
            self.still_wanted(run, Step::Probe).await?;
            let replicas = self.platform.look_at(run.release.id).await?;
            self.ask(run, &replicas, &mut answers);
            if let Verdict::Hopeless(sentence) = self.judge(run, &replicas) {
                return Err(Halt::Failed(sentence));
            }
            if all_answer(run, &replicas, &answers) {
                return Ok(End::done(format!("{} ready", counted(answers.ready.len()))));
            }
            let wanted = run.release.settings.replicas.get();
            let what = format!(
                "{} of {wanted} ready{}{last_answer}",
                answers.ready.len(),
                if last_answer.is_empty() { "" } else { "; " }
            );
            self.waiting_for(run, Step::Probe, &what, &mut shown).await?;
            if self.lasted(run, Step::Probe).await? > self.platform.parts.config.deadlines.probe {
                return Err(Halt::Failed(self.never_ready(run, &last_answer)));
            }
            if let Some(report) = self.pause(&mut answers).await {
                last_answer = report.last;
            }
        }
    }

    /// Everything that makes a release run, each part idempotent.
    pub(super) async fn make_release_run(&self, run: &Run) -> std::result::Result<(), Halt> {
        let orchestrator = &self.platform.parts.orchestrator;
        self.attach(run).await?;
        let credentials = self.platform.credentials_for(&run.release.image.repository).await?;
        let spec = ReleaseSpec {
            project_id: run.project.id,
            app_name: run.app.name.clone(),
            release: run.release.clone(),
            is_local: run.is_local,
            replicas: run.release.settings.replicas.get(),
            credentials,
            secrets: self.platform.secrets_of(&run.release).await?,
        };
        let _hands = self.hands.lock().await;
        orchestrator.ensure_release(&spec).await?;
        Ok(())
    }

    /// Sees to it that the project's network is there and the ingress is on it.
    async fn attach(&self, run: &Run) -> Result<()> {
        let parts = &self.platform.parts;
        let network = parts.orchestrator.ensure_network(run.project.id).await?;
        if lock(&self.attached).contains(&network) {
            return Ok(());
        }
        let mut networks: Vec<_> = lock(&self.attached).iter().cloned().collect();
        networks.push(network);
        parts.agent.ensure_ingress(&networks).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        lock(&self.attached).extend(networks);
        Ok(())
    }

    fn judge(&self, run: &Run, replicas: &[Replica]) -> Verdict {
        let placement = self.platform.parts.config.deadlines.placement;
        judge(&run.release, replicas, run.deploy.started_at, self.platform.now(), placement)
    }

    /// Begins to probe the replicas that have an address and were not asked yet.
    fn ask(&self, run: &Run, replicas: &[Replica], answers: &mut Answers) {
        for replica in replicas.iter().filter(|r| r.state <= domain::ReplicaState::Running) {
            let Some(address) = replica.address else { continue };
            if answers.asked.insert(replica.task.clone()) {
                let ingresses = self.platform.parts.ingresses.clone();
                let request = probing::request(&run.release, replica.task.clone(), address, GOOD_ANSWERS);
                let task = replica.task.clone();
                answers
                    .under_way
                    .push(Box::pin(async move { (task, probing::every_ingress(&ingresses, &request).await) }));
            }
        }
    }

    /// Waits for the next answer or the next look. A replica that did not become ready will be asked again.
    async fn pause(&self, answers: &mut Answers) -> Option<ProbeReport> {
        let look = self.platform.parts.config.deadlines.look;
        tokio::select! {
            Some((task, report)) = answers.under_way.next() => {
                if report.ready { answers.ready.insert(task); } else { answers.asked.remove(&task); }
                Some(report)
            }
            () = tokio::time::sleep(look) => None,
        }
    }

    fn never_ready(&self, run: &Run, last_answer: &str) -> String {
        let (port, number) = (run.release.settings.port.get(), run.release.number);
        let seconds = self.platform.parts.config.deadlines.probe.as_secs();
        format!(
            "r{number} runs, but did not become ready within {seconds} s: {last_answer}. Its port is set to {port}; is that where it listens?"
        )
    }
}

/// Whether as many live replicas as wanted have answered every ingress.
fn all_answer(run: &Run, replicas: &[Replica], answers: &Answers) -> bool {
    let alive = replicas.iter().filter(|r| r.state <= domain::ReplicaState::Running);
    alive.filter(|r| answers.ready.contains(&r.task)).count() >= usize::from(run.release.settings.replicas.get())
}

fn where_they_run(replicas: &[Replica]) -> String {
    let mut nodes: Vec<_> =
        replicas.iter().filter(|r| r.state <= domain::ReplicaState::Running).filter_map(|r| r.node.clone()).collect();
    let count = nodes.len();
    nodes.sort();
    nodes.dedup();
    if nodes.is_empty() { "started".to_owned() } else { format!("{} on {}", counted(count), nodes.join(", ")) }
}

fn counted(replicas: usize) -> String {
    if replicas == 1 { "1 replica".to_owned() } else { format!("{replicas} replicas") }
}
