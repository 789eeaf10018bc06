use crate::{
    api::{home::MyHome, projects::CreateProject},
    pages::{loaded::loaded, parts::Refusal},
    ui::{Crumb, Empty, Field, Form, Frame, PageHead, Select, Sending, Submit},
};
use domain::{Action, Home, Team};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A project to come.
#[component]
pub fn New() -> impl IntoView {
    loaded(
        || MyHome {},
        |home| {
            let crumbs = vec![Crumb::new("New project", "/projects/new")];
            view! { <Frame crumbs=crumbs><PageHead title="New project"/><NewProject home/></Frame> }.into_any()
        },
    )
}

#[component]
fn NewProject(home: Home) -> impl IntoView {
    let teams: Vec<Team> =
        home.teams.into_iter().filter(|(_, role)| role.may(Action::CreateProject)).map(|(team, _)| team).collect();
    let wanted = use_query_map().read_untracked().get("team");
    let Some(first) = teams.iter().find(|team| wanted.as_deref() == Some(team.name.as_str())).or(teams.first()) else {
        return view! { <Empty title="No team of yours to make it in"><p>"You can look at your teams' projects. To make one it takes the role developer."</p></Empty> }.into_any();
    };
    let (team, name) = (RwSignal::new(first.id.to_string()), RwSignal::new(String::new()));
    let create = Sending::to::<CreateProject>();
    let refused = create.refused;
    let several = (teams.len() > 1)
        .then(|| teams.iter().map(|team| (team.id.to_string(), team.name.to_string())).collect::<Vec<_>>());
    view! {
        <p class="lead">"A project holds apps that belong together. They share one private network that no other project reaches."</p>
        <Form sending=create>
            <div class="form">
                <Refusal error=refused fields=&["name"]/>
                {match several {
                    Some(options) => view! { <Select label="Team" name="team" options value=team on_choice=move |id| team.set(id)/> }.into_any(),
                    None => view! { <input type="hidden" name="team" value=team.get_untracked()/> }.into_any(),
                }}
                <Field name="name" field="name" label="Name" value=name error=refused required=true help="Small letters, digits and hyphens." example="website"/>
                <div class="form-end"><Submit pending=create.pending>"Create project"</Submit><a class="button quiet" href="/">"Back"</a></div>
            </div>
        </Form>
    }
    .into_any()
}
