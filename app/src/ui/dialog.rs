use leptos::{html, prelude::*};

/// The handle of a dialog: who has it can open it.
#[derive(Debug, Clone, Copy)]
pub struct DialogRef(NodeRef<html::Dialog>);

impl DialogRef {
    /// A handle that a [`Dialog`] has to be given.
    pub fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Shows it; the rest of the page waits.
    pub fn open(self) {
        if let Some(dialog) = self.0.get_untracked() {
            let _ = dialog.show_modal();
        }
    }

    /// Takes it away.
    pub fn close(self) {
        if let Some(dialog) = self.0.get_untracked() {
            dialog.close();
        }
    }
}

/// A question that has to be answered first. Escape and a press beside it answer no.
#[component]
pub fn Dialog(
    /// Its handle.
    handle: DialogRef,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What it is about, and its buttons.
    children: Children,
) -> impl IntoView {
    let beside = move |event: web_sys::MouseEvent| {
        if event.target() == event.current_target() {
            handle.close();
        }
    };
    view! {
        <dialog class="dialog" node_ref=handle.0 on:click=beside aria-label=title>
            <div class="dialog-body">
                <h2>{title}</h2>
                {children()}
            </div>
        </dialog>
    }
}
