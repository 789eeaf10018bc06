use crate::{
    api::teams::ListTeams,
    pages::loaded::loaded,
    ui::{Crumb, Frame, PageHead},
};
use domain::{Role, Team, TeamCard, TeamList};
use leptos::prelude::*;

/// The teams one belongs to; for those who may, all of them.
#[component]
pub fn List() -> impl IntoView {
    loaded(
        || ListTeams {},
        |TeamList { own, all }| {
            let crumbs = vec![Crumb::new("Teams", "/teams")];
            view! {
                <Frame crumbs>
                    <PageHead title="Teams"><a class="button primary" href="/teams/new">"New team"</a></PageHead>
                    <Own teams=own/>
                    {all.map(|teams| view! { <All teams/> })}
                </Frame>
            }
            .into_any()
        },
    )
}

#[component]
fn Own(teams: Vec<(Team, Role)>) -> impl IntoView {
    if teams.is_empty() {
        return view! { <p class="nothing">"You belong to no team."</p> }.into_any();
    }
    view! {
        <table class="table people">
            <thead><tr><th scope="col">"Team"</th><th scope="col">"You are"</th><th scope="col">"State"</th></tr></thead>
            <tbody>{teams.into_iter().map(|(team, role)| view! {
                <tr>
                    <th scope="row"><a class="row-link" href=format!("/teams/{}", team.id)>{team.name.to_string()}</a></th>
                    <td>{role.to_string()}</td>
                    <td>{team.suspended_at.map(|_| "Suspended")}</td>
                </tr>
            }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn All(teams: Vec<TeamCard>) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"All teams of the platform"</h2>
            <table class="table people">
                <thead><tr><th scope="col">"Team"</th><th scope="col">"People"</th><th scope="col">"Apps"</th><th scope="col">"State"</th></tr></thead>
                <tbody>{teams.into_iter().map(|card| view! {
                    <tr>
                        <th scope="row"><a class="row-link" href=format!("/teams/{}", card.team.id)>{card.team.name.to_string()}</a></th>
                        <td>{card.people.to_string()}<span class="help narrow">" people"</span></td>
                        <td>{card.apps.to_string()}<span class="help narrow">" apps"</span></td>
                        <td>{card.team.suspended_at.map(|_| "Suspended")}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        </section>
    }
}
