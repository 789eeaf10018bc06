//! What several pages show.

use crate::{
    api::ApiError,
    ui::{Ago, Badge, Banner, Tone},
};
use domain::{AppCard, Role};
use leptos::prelude::*;

/// Apps as a table: state, address, release, age.
#[component]
pub fn AppTable(
    /// By name.
    apps: Vec<AppCard>,
) -> impl IntoView {
    view! {
        <table class="table apps">
            <thead><tr><th scope="col">"App"</th><th scope="col">"State"</th><th scope="col">"Address"</th><th scope="col">"Release"</th><th scope="col" class="end">"Since"</th></tr></thead>
            <tbody>{apps.into_iter().map(|card| view! { <AppRow card/> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn AppRow(card: AppCard) -> impl IntoView {
    let shown = bare(&card.address).to_owned();
    let release = card.release.map(|release| (release.number, release.tag.to_string(), release.made_at));
    view! {
        <tr>
            <th scope="row"><a class="row-link" href=format!("/apps/{}", card.app.name)>{card.app.name.to_string()}</a></th>
            <td><span title=card.state.sentence><Badge of=card.state.health/></span></td>
            <td><a class="address" href=card.address target="_blank" rel="noreferrer">{shown}</a></td>
            <td>{release.as_ref().map(|(number, tag, _)| view! { <span class="mono">{format!("r{number}")}</span>" "<code>{tag.clone()}</code> })}</td>
            <td class="end">{release.map(|(_, _, at)| view! { <Ago at/> })}</td>
        </tr>
    }
}

/// An address without its scheme, as people say it.
pub fn bare(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// Why a form was refused, where that is not said at a field.
#[component]
pub fn Refusal(
    /// Why.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// The fields that say it themselves.
    #[prop(optional)]
    fields: &'static [&'static str],
) -> impl IntoView {
    move || {
        error
            .read()
            .as_ref()
            .and_then(|error| error.beside(fields))
            .map(|sentence| view! { <Banner tone=Tone::Broken>{sentence}</Banner> })
    }
}

/// A choice among the roles of a team, each with what it is for.
#[component]
pub fn RoleSelect(
    /// What it is called, where no label stands beside it.
    #[prop(optional, into)]
    label: Option<String>,
    /// For the label beside it.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The role that is chosen at first.
    chosen: Role,
) -> impl IntoView {
    let option = move |role: Role| {
        view! { <option value=role.as_str() selected=role == chosen>{format!("{role}: {}", role.purpose())}</option> }
    };
    view! {
        <select name="role" id=id aria-label=label>
            {Role::ALL.into_iter().rev().map(option).collect_view()}
        </select>
    }
}
