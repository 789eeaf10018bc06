use crate::{
    api::apps::RestartApp,
    pages::{apps::layout::ThisApp, frozen::Despite, parts::Refusal},
    ui::{Dialog, DialogRef, Form, Sending, Submit},
};
use leptos::prelude::*;

/// Says what a restart does before it is done.
#[component]
pub fn RestartDialog(this: ThisApp, dialog: DialogRef) -> impl IntoView {
    let restart = Sending::to::<RestartApp>();
    let active = this.part(|app| app.card.release.as_ref().map(|release| release.number));
    let next = this.part(|app| app.last_release().map_or(1, |last| last.number + 1));
    let place = this.part(|app| (app.card.project.clone(), app.role));
    let what = move || {
        let (active, next) = (active.get().flatten().unwrap_or_default(), next.get().unwrap_or_default());
        format!(
            "This makes r{next}, with the image and the settings of r{active}. Its replicas start beside those of r{active} and take \
             the traffic once they answer. No request is lost."
        )
    };
    view! {
        <Dialog handle=dialog title=format!("Restart {}", this.name())>
            <p>{what}</p>
            <Refusal error=restart.refused/>
            <Form sending=restart>
                <input type="hidden" name="name" value=this.name()/>
                {move || place.get().map(|(project, role)| view! { <Despite project role name="despite"/> })}
                <div class="form-end">
                    <Submit pending=restart.pending>{format!("Restart {}", this.name())}</Submit>
                    <button type="button" class="button quiet" on:click=move |_| dialog.close()>"Keep it as it is"</button>
                </div>
            </Form>
        </Dialog>
    }
}
