use super::{Elapsed, Icon, tone::Told};
use domain::{Deploy, StepState, TimelineStep};
use leptos::prelude::*;

/// The steps of a deploy, filling in place.
#[component]
pub fn Timeline(
    /// The deploy.
    #[prop(into)]
    deploy: Signal<Deploy>,
) -> impl IntoView {
    view! {
        <ol class="timeline">
            {move || deploy.read().timeline().into_iter().map(|step| view! { <TimelineRow step/> }).collect_view()}
        </ol>
    }
}

#[component]
fn TimelineRow(step: TimelineStep) -> impl IntoView {
    let (tone, word) = step.state.told();
    let is_pending = step.state == StepState::Pending;
    view! {
        <li class=format!("step {}", tone.class()) class:pending=is_pending aria-current=(step.state == StepState::Working).then_some("step")>
            <span class="step-icon"><Icon shape=tone.shape()/></span>
            <div class="step-text">
                <span class="step-title">{step.step.title()}</span>
                <span class="unseen">{format!(": {word}")}</span>
                <span class="step-detail">{step.detail}</span>
            </div>
            <span class="step-time">{step.started_at.map(|since| view! { <Elapsed since millis=step.millis/> })}</span>
        </li>
    }
}
