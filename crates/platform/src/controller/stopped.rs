//! Deploys of an app that somebody stopped: its release becomes the one that starts next, and nothing runs.

use super::{
    Controller,
    drive::{End, Halt, Run},
};
use domain::Step;

impl Controller {
    /// Any step: only the switch has something to do.
    pub(super) async fn do_stopped_step(&self, run: &Run, step: Step) -> Result<End, Halt> {
        self.still_wanted(run, step).await?;
        if step != Step::Switch {
            return Ok(End::skipped("the app is stopped"));
        }
        write!(self.platform, tx => tx.apps().set_active_release(run.app.id, Some(run.release.id)));
        Ok(End::done(format!("r{} is what starts next", run.release.number)))
    }
}
