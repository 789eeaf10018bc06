use domain::{Deploy, DeployState, Step};
use leptos::prelude::*;

/// Which release gets the requests: a bar that turns over when the traffic moves.
#[component]
pub fn Traffic(
    /// The deploy.
    #[prop(into)]
    deploy: Signal<Deploy>,
) -> impl IntoView {
    // A start brings the traffic from no other release.
    let from = deploy.get_untracked().from_number.filter(|_| deploy.read_untracked().from_stopped.is_none());
    let way = from.map(|from| view! { <Way deploy from=format!("r{from}")/> });
    view! { <div class="traffic">{way}<p>{move || traffic_sentence(&deploy.read())}</p></div> }
}

/// The way from one release to the next; a first deploy has none.
#[component]
fn Way(deploy: Signal<Deploy>, from: String) -> impl IntoView {
    let has_moved = Memo::new(move |_| deploy.read().state.has_switched());
    let is_draining = Memo::new(move |_| deploy.read().state == DeployState::Under(Step::Drain));
    view! {
        <div class="traffic-line" class:moved=has_moved class:draining=is_draining>
            <span class="traffic-end" class:active=move || !has_moved.get()>{from}</span>
            <svg class="traffic-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect class="traffic-way" width="100" height="4"/>
                <rect class="traffic-hull" width="50" height="4"/>
            </svg>
            <span class="traffic-end" class:active=has_moved>{move || format!("r{}", deploy.read().number)}</span>
        </div>
    }
}

fn traffic_sentence(deploy: &Deploy) -> String {
    match (deploy.state, deploy.from_number) {
        (DeployState::Under(Step::Drain), Some(from)) => {
            format!("New requests go to r{}; those on r{from} finish.", deploy.number)
        }
        (state, _) if state.has_switched() => format!("All requests go to r{}.", deploy.number),
        _ if deploy.from_stopped.is_some() => "Visitors are told that the app is stopped.".to_owned(),
        (_, Some(from)) => format!("All requests go to r{from}."),
        (_, None) => "The address does not answer yet.".to_owned(),
    }
}
