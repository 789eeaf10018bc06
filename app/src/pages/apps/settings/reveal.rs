use crate::{
    api::{ApiError, ask, read, secrets::RevealSecret},
    pages::apps::layout::ThisApp,
    ui::{Banner, Copyable, Dialog, DialogRef, Tone},
};
use leptos::{prelude::*, task::spawn_local};

/// Which secret somebody wants to see.
#[derive(Debug, Clone, Copy)]
pub struct Revealing {
    name: RwSignal<String>,
    value: RwSignal<Option<Result<String, ApiError>>>,
    dialog: DialogRef,
}

impl Revealing {
    /// None yet.
    pub fn new() -> Self {
        Self { name: RwSignal::new(String::new()), value: RwSignal::new(None), dialog: DialogRef::new() }
    }

    /// Asks why.
    pub fn ask(self, name: String) {
        self.name.set(name);
        self.value.set(None);
        self.dialog.open();
    }
}

/// Asks for the reason, which is written down before the value is shown.
#[component]
pub fn RevealDialog(this: ThisApp, revealing: Revealing) -> impl IntoView {
    let Revealing { name, value, dialog } = revealing;
    let reason = RwSignal::new(String::new());
    let title = Signal::derive(move || format!("Reveal {}", name.read()));
    let reveal = move |()| {
        spawn_local(async move {
            let question =
                RevealSecret { name: this.name(), secret: name.get_untracked(), reason: reason.get_untracked() };
            value.set(Some(ask(&question).await.and_then(|answer| read(&answer))));
            reason.set(String::new());
        });
    };
    view! {
        <Dialog handle=dialog title>
            {move || match value.get() {
                Some(Ok(shown)) => view! { <pre class="revealed">{shown.clone()}</pre><Copyable text=shown shown="Copy"/> }.into_any(),
                other => view! {
                    <p>"Your name, the time and the reason are written into the team's audit log before it is shown."</p>
                    {other.and_then(Result::err).map(|error| view! { <Banner tone=Tone::Broken>{error.to_string()}</Banner> })}
                    <div class="field">
                        <label for="field-reveal-reason">"Why"</label>
                        <div class="input"><input id="field-reveal-reason" type="text" autocomplete="off" prop:value=reason
                            on:input:target=move |event| reason.set(event.target().value())
                            on:keydown=move |event| if event.key() == "Enter" { event.prevent_default(); reveal(()); }/></div>
                    </div>
                    <div class="form-end"><button type="button" class="button primary" on:click=move |_| reveal(())>"Write it down and reveal"</button></div>
                }.into_any(),
            }}
            <div class="form-end"><button type="button" class="button quiet" on:click=move |_| { value.set(None); dialog.close(); }>"Close"</button></div>
        </Dialog>
    }
}
