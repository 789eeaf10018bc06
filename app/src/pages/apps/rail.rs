use crate::ui::{Icon, Menu, Rail, RailItem, Shape};
use leptos::prelude::*;

/// The pages of an app. A phone has room for four of them and a menu with the others.
pub fn app_rail(name: &str) -> AnyView {
    let base = format!("/apps/{name}");
    let more = ViewFn::from(|| view! { <Icon shape=Shape::Chevron/><span>"More"</span> });
    view! {
        <Rail label="App">
            <RailItem href=base.clone() label="Overview" shape=Shape::Overview exact=true/>
            <RailItem href=format!("{base}/releases") label="Releases" shape=Shape::Releases/>
            <RailItem href=format!("{base}/logs") label="Logs" shape=Shape::Logs/>
            <RailItem href=format!("{base}/settings") label="Settings" shape=Shape::Settings/>
            <div class="rail-rest">{others(&base)}</div>
            <div class="rail-more"><Menu label="More pages of the app" button=more>{others(&base)}</Menu></div>
        </Rail>
    }
    .into_any()
}

fn others(base: &str) -> AnyView {
    view! {
        <RailItem href=format!("{base}/access") label="Access" shape=Shape::People/>
        <RailItem href=format!("{base}/domains") label="Domains" shape=Shape::Link/>
        <RailItem href=format!("{base}/cost") label="Cost" shape=Shape::Cost/>
        <RailItem href=format!("{base}/tokens") label="Tokens" shape=Shape::Key/>
        <RailItem href=format!("{base}/danger") label="Danger" shape=Shape::Danger/>
    }
    .into_any()
}
