use crate::{
    api::{home::MyHome, session::Session},
    pages::loaded::loaded,
    ui::{Crumb, Frame, Icon, PageHead, Shape},
};
use domain::{Action, Home, Rights, Subject};
use leptos::prelude::*;

/// The permission table itself, with one's own roles marked.
#[component]
pub fn Permissions() -> impl IntoView {
    let platform = use_context::<Session>().and_then(|session| session.person).and_then(|person| person.platform_role);
    loaded(
        || MyHome {},
        move |home: Home| {
            let mine = home.teams.iter().map(|(_, role)| Rights { team: Some(*role), ..Rights::default() });
            let mine: Vec<_> = mine.chain([Rights { platform, ..Rights::default() }]).collect();
            let told = told(&home, platform.map(domain::PlatformRole::as_str));
            let crumbs = vec![Crumb::new("Permissions", "/permissions")];
            view! {
                <Frame crumbs>
                    <PageHead title="Who may do what"/>
                    <p class="lead">"This is the table that decides. In a team its role counts, and beside it the role on the platform; who is not named may not."</p>
                    <p>{told}</p>
                    <Matrix mine/>
                </Frame>
            }
            .into_any()
        },
    )
}

/// What one is oneself, in a sentence.
fn told(home: &Home, platform: Option<&str>) -> String {
    let teams: Vec<_> = home.teams.iter().map(|(team, role)| format!("{role} of {}", team.name)).collect();
    let all = teams.into_iter().chain(platform.map(|role| format!("the platform's {role}"))).collect::<Vec<_>>();
    if all.is_empty() { "You have no role yet.".to_owned() } else { format!("You are {}.", all.join(", ")) }
}

#[component]
fn Matrix(mine: Vec<Rights>) -> impl IntoView {
    let columns: Vec<(Subject, bool)> =
        Subject::ALL.into_iter().map(|subject| (subject, mine.iter().any(|rights| rights.has(subject)))).collect();
    let heads = columns.iter().map(|(subject, is_own)| view! {
        <th scope="col" class:own=*is_own title=subject.purpose()>{subject.as_str()}{is_own.then(|| view! { <span class="unseen">" (you)"</span> })}</th>
    }).collect_view();
    view! {
        <div class="wide-table" tabindex="0" role="region" aria-label="The permission table">
            <table class="matrix">
                <thead><tr><th scope="col">"To"</th>{heads}</tr></thead>
                <tbody>{Action::ALL.iter().map(|action| view! { <Row action=*action columns=columns.clone()/> }).collect_view()}</tbody>
            </table>
        </div>
        <dl class="key-values roles">
            {Subject::ALL.into_iter().map(|subject| view! { <div><dt>{subject.as_str()}</dt><dd>{subject.purpose()}</dd></div> }).collect_view()}
        </dl>
    }
}

#[component]
fn Row(action: Action, columns: Vec<(Subject, bool)>) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">{action.phrase()}</th>
            {columns.into_iter().map(|(subject, is_own)| view! {
                <td class:own=is_own>{if subject.may(action) {
                    view! { <span class="may"><Icon shape=Shape::Check/><span class="unseen">"may"</span></span> }.into_any()
                } else {
                    view! { <span class="may-not">"–"<span class="unseen">" may not"</span></span> }.into_any()
                }}</td>
            }).collect_view()}
        </tr>
    }
}
