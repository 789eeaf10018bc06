use super::{size_cost::SizeCostLine, tag_picker::TagPicker};
use crate::{
    api::ApiError,
    ui::{Area, Field},
};
use domain::{ImageRef, Probe, Release};
use leptos::prelude::*;

/// The fields that say by themselves why they were refused.
pub const FIELDS: &[&str] = &["name", "image", "tag", "port", "replicas", "memory", "cpu", "probe_path", "variables"];

/// Those of them that are folded away.
const FOLDED: &[&str] = &["port", "replicas", "memory", "cpu", "probe_path", "variables"];

/// What stands in the fields of a deploy.
#[derive(Debug, Clone)]
pub struct Typed {
    pub image: RwSignal<String>,
    pub tag: RwSignal<String>,
    port: RwSignal<String>,
    replicas: RwSignal<String>,
    memory: RwSignal<String>,
    cpu: RwSignal<String>,
    probe_path: RwSignal<String>,
    variables: Option<String>,
}

impl Typed {
    /// For a first deploy of one of the samples, or of something else. Empty numbers leave the choice to the platform.
    pub fn first(sample: Option<&ImageRef>) -> Self {
        let of = |text: fn(&ImageRef) -> String| RwSignal::new(sample.map(text).unwrap_or_default());
        let empty = || RwSignal::new(String::new());
        Self {
            image: of(|image| image.repository.to_string()),
            tag: of(|image| image.tag.to_string()),
            port: empty(),
            replicas: empty(),
            memory: empty(),
            cpu: empty(),
            probe_path: empty(),
            variables: Some(String::new()),
        }
    }

    /// For the next deploy: everything as it was. Who may not read variables does not get a field for them, and they stay.
    pub fn next(last: &Release, may_read_variables: bool) -> Self {
        let settings = &last.settings;
        let number = |value: u64| RwSignal::new(value.to_string());
        let path = if let Probe::Http { path } = &settings.probe { path.clone() } else { String::new() };
        Self {
            image: RwSignal::new(last.image.repository.to_string()),
            tag: RwSignal::new(last.image.tag.to_string()),
            port: number(settings.port.into()),
            replicas: number(settings.replicas.into()),
            memory: number(settings.memory.into()),
            cpu: RwSignal::new(settings.cpu.to_cores()),
            probe_path: RwSignal::new(path),
            variables: may_read_variables.then(|| settings.variables.to_env_text()),
        }
    }
}

/// What to deploy, and folded away how it runs.
#[component]
pub fn DeployFields(
    /// What stands in them.
    typed: Typed,
    /// Why the form was refused.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let must_unfold = Memo::new(move |_| {
        error.with(|error| error.as_ref().is_some_and(|e| FOLDED.iter().any(|field| e.at(field).is_some())))
    });
    let (image, tag) = (typed.image, typed.tag);
    let (replicas, memory, cpu) = (typed.replicas, typed.memory, typed.cpu);
    view! {
        <div class="field-pair">
            <Field name="deploy[image]" field="image" label="Image" value=image error example="registry.example.com/team/shop"/>
            <Field name="deploy[tag]" field="tag" label="Tag" value=tag error example="1.0"/>
        </div>
        <TagPicker image tag/>
        <details class="disclosure" open=must_unfold>
            <summary>"How it runs"<span class="help">"port, replicas, limits, variables"</span></summary>
            <Settings typed error/>
        </details>
        <SizeCostLine replicas memory cpu/>
    }
}

#[component]
fn Settings(typed: Typed, error: Signal<Option<ApiError>>) -> impl IntoView {
    let Typed { port, replicas, memory, cpu, probe_path, variables, .. } = typed;
    view! {
        <div class="field-grid">
            <Field name="deploy[port]" field="port" label="Port" value=port error keys="numeric" example="8080" help="Where the app listens."/>
            <Field name="deploy[replicas]" field="replicas" label="Replicas" value=replicas error keys="numeric" example="1" help="How many copies run."/>
            <Field name="deploy[memory]" field="memory" label="Memory" value=memory error keys="numeric" unit="MiB" example="256" help="The limit of each copy."/>
            <Field name="deploy[cpu]" field="cpu" label="CPU" value=cpu error keys="decimal" unit="cores" example="0.5" help="The limit of each copy."/>
            <Field name="deploy[probe_path]" field="probe_path" label="Health path" value=probe_path error example="/healthz"
                help="Has to answer 200 to 399 before the app gets traffic. Empty: the port has to accept a connection."/>
        </div>
        {variables.map(|value| view! {
            <Area name="deploy[variables]" field="variables" label="Variables" value error example="NAME=value" help="One NAME=value on each line, as in an .env file. What is not listed is not set."/>
        })}
    }
}
