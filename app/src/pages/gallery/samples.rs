use domain::{AppId, Deploy, DeployId, DeployState, Outcome, ReleaseId, Step, StepRecord, Timestamp};

const BEGAN: Timestamp = Timestamp(1_790_000_000_000);

/// A deploy in this state, with the steps that lead there.
pub fn deploy(state: DeployState) -> Deploy {
    let reached = match state {
        DeployState::Under(step) => step,
        DeployState::Done => Step::Retire,
        _ => Step::Probe,
    };
    let steps = Step::ALL.into_iter().take_while(|step| *step <= reached);
    Deploy {
        id: DeployId::NIL,
        app_id: AppId::NIL,
        release_id: ReleaseId::NIL,
        number: 44,
        from_release: None,
        from_number: Some(43),
        from_stopped: None,
        state,
        steps: steps.map(|step| record(step, state, step == reached)).collect(),
        reason: String::new(),
        last_lines: Vec::new(),
        started_by: "ada@example.com".to_owned(),
        started_at: BEGAN,
        ended_at: state.is_over().then(|| BEGAN.plus_millis(9_400)),
        cancel_requested_at: None,
        lost_requests: 0,
    }
}

fn record(step: Step, state: DeployState, is_last: bool) -> StepRecord {
    let begins = BEGAN.plus_millis(step as i64 * 1_300);
    let (outcome, detail) = match (is_last, state) {
        (true, DeployState::Under(_)) => (None, "1 of 3 replicas answers"),
        (true, DeployState::Failed) => (Some(Outcome::Failed), "GET /healthz answered 500"),
        _ => (Some(Outcome::Done), ""),
    };
    StepRecord {
        step,
        started_at: begins,
        ended_at: outcome.map(|_| begins.plus_millis(1_240)),
        outcome,
        detail: detail.to_owned(),
    }
}
