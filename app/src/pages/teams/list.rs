use crate::{
    api::{home::MyHome, session::Session, teams::AllTeams},
    pages::loaded::{loaded, loaded_part},
    ui::{Crumb, Frame, PageHead},
};
use domain::{Action, Home, PlatformRole, TeamCard};
use leptos::prelude::*;

/// The teams one belongs to; for those who may, all of them.
#[component]
pub fn List() -> impl IntoView {
    let role: Option<PlatformRole> =
        use_context::<Session>().and_then(|session| session.person).and_then(|person| person.platform_role);
    let sees_all = role.is_some_and(|role| role.may(Action::SeeAllTeams));
    loaded(
        || MyHome {},
        move |home| {
            let crumbs = vec![Crumb::new("Teams", "/teams")];
            view! {
                <Frame crumbs>
                    <PageHead title="Teams"><a class="button primary" href="/teams/new">"New team"</a></PageHead>
                    <Own home/>
                    {sees_all.then(|| loaded_part(|| AllTeams {}, |teams| view! { <All teams/> }.into_any()))}
                </Frame>
            }
            .into_any()
        },
    )
}

#[component]
fn Own(home: Home) -> impl IntoView {
    if home.teams.is_empty() {
        return view! { <p class="nothing">"You belong to no team."</p> }.into_any();
    }
    view! {
        <table class="table people">
            <thead><tr><th scope="col">"Team"</th><th scope="col">"You are"</th><th scope="col">"State"</th></tr></thead>
            <tbody>{home.teams.into_iter().map(|(team, role)| view! {
                <tr>
                    <th scope="row"><a class="row-link" href=format!("/teams/{}", team.id)>{team.name.to_string()}</a></th>
                    <td>{role.to_string()}</td>
                    <td>{if team.suspended_at.is_some() { "Suspended" } else { "" }}</td>
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
                        <td>{if card.team.suspended_at.is_some() { "Suspended" } else { "" }}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        </section>
    }
}
