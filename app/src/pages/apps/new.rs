use super::{
    deploy_fields::{DeployFields, FIELDS, Typed},
    name_field::NameField,
};
use crate::{
    api::apps::{AppChoices, CreateApp},
    pages::{
        frozen::{Despite, Frozen},
        loaded::loaded,
        parts::Refusal,
    },
    ui::{Crumb, Empty, Form, Frame, Icon, PageHead, Select, Sending, Shape, Submit},
};
use domain::{Action, Home, ImageRef, ProjectOverview};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// An app to come, with its first deploy: one form.
#[component]
pub fn New() -> impl IntoView {
    loaded(|| AppChoices {}, |(home, samples)| view! { <Page home samples/> }.into_any())
}

#[component]
fn Page(home: Home, samples: Vec<ImageRef>) -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let projects: Vec<ProjectOverview> =
        home.projects.into_iter().filter(|project| project.role.may(Action::CreateApp)).collect();
    let Some(project) = projects.iter().find(|project| project.project.id.to_string() == id) else {
        return view! { <Frame><PageHead title="New app"/><Empty title="No project of yours at this address">
            <p>"Choose one on the first page, or ask an owner of the team."</p><a class="button quiet" href="/">"Go home"</a>
        </Empty></Frame> }.into_any();
    };
    let crumbs = vec![
        Crumb::new(&project.project.name, format!("/projects/{id}")),
        Crumb::new("New app", format!("/projects/{id}/apps/new")),
    ];
    let options: Vec<_> =
        projects.iter().map(|p| (p.project.id.to_string(), format!("{} / {}", p.team.name, p.project.name))).collect();
    view! { <Frame crumbs><PageHead title="New app"/><NewApp id options projects samples/></Frame> }.into_any()
}

#[component]
fn NewApp(
    id: String,
    options: Vec<(String, String)>,
    projects: Vec<ProjectOverview>,
    samples: Vec<ImageRef>,
) -> impl IntoView {
    let (project, name, typed) = (RwSignal::new(id), RwSignal::new(String::new()), Typed::first(samples.first()));
    let create = Sending::to::<CreateApp>();
    let error = Signal::from(create.refused);
    let (image, tag) = (typed.image, typed.tag);
    let projects = StoredValue::new(projects);
    let chosen = Memo::new(move |_| {
        let id = project.get();
        let is_it = |p: &&ProjectOverview| p.project.id.to_string() == id;
        projects.with_value(|all| all.iter().find(is_it).map(|p| (p.project.clone(), p.role)))
    });
    view! {
        <Form sending=create>
            <div class="form">
                <Refusal error fields=FIELDS/>
                <div class="field-pair">
                    <NameField value=name error/>
                    <Select label="Project" name="project" options value=project on_choice=move |id| project.set(id)/>
                </div>
                <Samples samples image tag/>
                <DeployFields typed error/>
                {move || chosen.get().map(|(project, role)| view! {
                    <Frozen project=project.clone()/>
                    <Despite project role name="deploy[despite]"/>
                })}
                <div class="form-end">
                    <Submit pending=create.pending><Icon shape=Shape::Deploy/>{move || deploy_word(&name.read(), &tag.read())}</Submit>
                    <a class="button quiet" href=move || format!("/projects/{}", project.read())>"Back"</a>
                </div>
            </div>
        </Form>
    }
}

/// What the button says: what happens when it is pressed.
fn deploy_word(name: &str, tag: &str) -> String {
    match (name, tag) {
        ("", _) | (_, "") => "Deploy".to_owned(),
        (name, tag) => format!("Deploy {name} {tag}"),
    }
}

/// Images that everybody may try, to press one.
#[component]
fn Samples(samples: Vec<ImageRef>, image: RwSignal<String>, tag: RwSignal<String>) -> impl IntoView {
    (!samples.is_empty()).then(|| {
        let chip = move |sample: ImageRef| {
            let word = sample.to_string();
            view! {
                <button type="button" class="chip" on:click=move |_| { image.set(sample.repository.to_string()); tag.set(sample.tag.to_string()); }>
                    <code>{word}</code>
                </button>
            }
        };
        view! { <div class="chips"><span class="help">"Samples"</span>{samples.into_iter().map(chip).collect_view()}</div> }
    })
}
