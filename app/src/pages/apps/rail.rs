use crate::ui::{Rail, RailItem, Shape};
use leptos::prelude::*;

/// The pages of an app.
pub fn app_rail(name: &str) -> AnyView {
    let base = format!("/apps/{name}");
    view! {
        <Rail label="App">
            <RailItem href=base.clone() label="Overview" shape=Shape::Overview exact=true/>
            <RailItem href=format!("{base}/releases") label="Releases" shape=Shape::Releases/>
            <RailItem href=format!("{base}/logs") label="Logs" shape=Shape::Logs/>
            <RailItem href=format!("{base}/access") label="Access" shape=Shape::People/>
            <RailItem href=format!("{base}/settings") label="Settings" shape=Shape::Settings/>
            <RailItem href=format!("{base}/cost") label="Cost" shape=Shape::Cost/>
            <RailItem href=format!("{base}/tokens") label="Tokens" shape=Shape::Key/>
            <RailItem href=format!("{base}/danger") label="Danger" shape=Shape::Danger/>
        </Rail>
    }
    .into_any()
}
