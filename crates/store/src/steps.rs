//! The steps of deploys: rows of their own, so that each is written when it happens.

use crate::executor::sql;
use crate::row::Row;
use crate::value::{list, values};
use crate::{Deploys, Executor, Result, Tx};
use domain::{Deploy, DeployId, Outcome, Step, StepRecord, Timestamp};
use std::collections::HashMap;

impl Deploys<&mut Tx> {
    /// Begins a step; false, and nothing changes, when it has begun before.
    pub async fn start_step(self, id: DeployId, step: Step, at: Timestamp, detail: &str) -> Result<bool> {
        let detail = detail.to_owned();
        insert(self.0, id, &StepRecord { step, started_at: at, ended_at: None, outcome: None, detail }).await
    }

    /// Ends a step; false, and nothing changes, when it has ended before or never began.
    pub async fn end_step(
        self,
        id: DeployId,
        step: Step,
        at: Timestamp,
        outcome: Outcome,
        detail: &str,
    ) -> Result<bool> {
        let text = "update deploy_steps set ended_at = $3, outcome = $4, detail = $5 \
                    where deploy_id = $1 and step = $2 and ended_at is null";
        self.0.change(text, values![id, step, at, outcome, detail]).await
    }

    /// Says what a step that is under way waits for; false when it is not under way.
    pub async fn detail_step(self, id: DeployId, step: Step, detail: &str) -> Result<bool> {
        let text = "update deploy_steps set detail = $3 where deploy_id = $1 and step = $2 and ended_at is null";
        self.0.change(text, values![id, step, detail]).await
    }
}

/// Adds a step; false when there is one.
pub(crate) async fn insert(tx: &mut Tx, deploy: DeployId, record: &StepRecord) -> Result<bool> {
    let StepRecord { step, started_at, ended_at, outcome, detail } = record;
    let text = "insert into deploy_steps (deploy_id, step, started_at, ended_at, outcome, detail) \
                values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    tx.change(text, values![deploy, step, started_at, ended_at, outcome, detail]).await
}

/// Gives deploys their steps, in order, by one statement for all of them.
pub(crate) async fn fill(on: &mut impl Executor, deploys: &mut [Deploy]) -> Result<()> {
    let ids: Vec<_> = deploys.iter().map(|deploy| deploy.id).collect();
    let text = "select deploy_id, step, started_at, ended_at, outcome, detail from deploy_steps \
                where deploy_id in (select value from {each}($1{json}))";
    let mut steps: HashMap<DeployId, Vec<StepRecord>> = HashMap::new();
    for (deploy, step) in on.all(sql(text, values![list(&ids)]), step).await? {
        steps.entry(deploy).or_default().push(step);
    }
    for deploy in deploys {
        deploy.steps = steps.remove(&deploy.id).unwrap_or_default();
        deploy.steps.sort_by_key(|record| record.step);
    }
    Ok(())
}

fn step(row: &dyn Row) -> Result<(DeployId, StepRecord)> {
    let record = StepRecord {
        step: row.get("step")?,
        started_at: row.get("started_at")?,
        ended_at: row.maybe("ended_at")?,
        outcome: row.maybe("outcome")?,
        detail: row.get("detail")?,
    };
    Ok((row.get("deploy_id")?, record))
}
