use crate::{
    api::apps::StopApp,
    pages::{
        apps::layout::ThisApp,
        parts::{Refusal, bare},
    },
    ui::{Dialog, DialogRef, Form, Sending, Submit},
};
use leptos::prelude::*;

/// Says what becomes of a stopped app before it is one.
#[component]
pub fn StopDialog(this: ThisApp, dialog: DialogRef) -> impl IntoView {
    let stop = Sending::to::<StopApp>();
    let (name, now) = (this.name(), this.now());
    let address = now.map(|now| bare(&now.card.address).to_owned()).unwrap_or_default();
    let active = this.part(|app| app.card.release.as_ref().map(|release| release.number));
    let stays = move || {
        let number = active.get().flatten().unwrap_or_default();
        format!("Its replicas go and use nothing. r{number} stays with its settings, variables and secrets.")
    };
    // The page stays; it hears that the app is stopped, and then has nothing left to stop.
    let is_stopped = this.part(|app| app.card.app.stopped.is_some());
    Effect::new(move || {
        if is_stopped.get() == Some(true) {
            dialog.close();
        }
    });
    view! {
        <Dialog handle=dialog title=format!("Stop {name}")>
            <ul>
                <li><strong>{address}</strong>" says that the app is stopped. Requests that are under way still finish."</li>
                <li>{stays}</li>
                <li>"It stays stopped, whatever is deployed, until somebody starts it."</li>
            </ul>
            <Refusal error=stop.refused/>
            <Form sending=stop>
                <input type="hidden" name="name" value=name.clone()/>
                <div class="form-end">
                    <Submit pending=stop.pending kind="danger">{format!("Stop {name}")}</Submit>
                    <button type="button" class="button quiet" on:click=move |_| dialog.close()>"Keep it running"</button>
                </div>
            </Form>
        </Dialog>
    }
}
