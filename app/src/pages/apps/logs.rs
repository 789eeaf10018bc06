use super::layout::ThisApp;
use crate::{
    api::logs::LastLines,
    pages::loaded::loaded_part,
    ui::{LogView, PageHead},
};
use domain::AppOverview;
use leptos::prelude::*;

/// What the replicas of an app write.
#[component]
pub fn Logs() -> impl IntoView {
    let this = ThisApp::of_page();
    let replicas = this.part(AppOverview::slots);
    let replicas = Signal::derive(move || replicas.get().unwrap_or_default());
    let name = this.name();
    view! {
        <PageHead title="Logs" tab=format!("Logs of {name}")/>
        {loaded_part(move || LastLines { name: this.name() }, move |first| {
            let stream = format!("/apps/{}/logs/stream?last=200", this.name());
            view! { <LogView stream first replicas/> }.into_any()
        })}
    }
    .into_any()
}
