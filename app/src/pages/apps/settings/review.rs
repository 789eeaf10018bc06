use crate::{
    pages::{apps::layout::ThisApp, frozen::Despite},
    ui::{Banner, Differences, Field, Icon, Sending, Shape, Submit, Tone},
};
use domain::Review;
use leptos::prelude::*;

/// What would change, why, and the one button that does it.
#[component]
pub fn ReviewCard(
    /// Whose settings they are.
    this: ThisApp,
    /// What would change.
    review: Review,
    /// The form's way.
    apply: Sending,
    /// Why, in the person's words.
    message: RwSignal<String>,
) -> impl IntoView {
    let Review { base, next, differences } = review;
    if differences.is_empty() {
        return view! { <Banner tone=Tone::Quiet>{format!("Nothing is different from r{base}.")}</Banner> }.into_any();
    }
    let place = this.part(|app| (app.card.project.clone(), app.role));
    let count = differences.len();
    let word = if count == 1 { "Apply 1 change".to_owned() } else { format!("Apply {count} changes") };
    view! {
        <section class="card review" id="review">
            <h2>{format!("This makes r{next}")}</h2>
            <Differences list=differences needs="New replicas"/>
            <p class="help">{format!("r{base} serves until the new replicas answer, and stays in the list to come back to.")}</p>
            <Field name="message" field="message" label="Why" value=message help=format!("Stands beside r{next} in the list of releases. May stay empty.")/>
            {move || place.get().map(|(project, role)| view! { <Despite project role name="despite"/> })}
            <div class="form-end"><Submit pending=apply.pending><Icon shape=Shape::Deploy/>{word}</Submit></div>
        </section>
    }
    .into_any()
}
