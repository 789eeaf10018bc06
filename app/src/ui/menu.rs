use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;

/// A button that unfolds a panel. It works without scripts; with them it folds again on Escape, on a press elsewhere, and when one
/// of its links is followed.
#[component]
pub fn Menu(
    /// What the button is called.
    label: &'static str,
    /// What stands on it.
    button: ViewFn,
    /// The panel.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let fold = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    Effect::new(move || {
        let press = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if details.get_untracked().is_some_and(|details| !details.contains(target.as_ref())) {
                fold();
            }
        });
        on_cleanup(move || press.remove());
    });
    view! {
        <details class="menu" node_ref=details on:keydown=move |event| if event.key() == "Escape" { fold() }>
            <summary aria-label=label>{button.run()}</summary>
            <div class="panel" on:click=move |event| if is_on_link(&event) { fold() }>{children()}</div>
        </details>
    }
}

fn is_on_link(event: &ev::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("a").is_ok_and(|link| link.is_some()))
}
