use super::{secrets::SecretsField, variables::VariablesField};
use crate::{api::ApiError, pages::apps::layout::ThisApp, ui::Field};
use domain::{SettingsView, TypedSecret, TypedSettings};
use leptos::prelude::*;

/// The fields that say by themselves why they were refused.
pub const FIELDS: &[&str] = &["port", "replicas", "memory", "cpu", "probe_path", "variables", "secrets"];

/// What stands in the fields.
#[derive(Debug, Clone, Copy)]
pub struct Edited {
    port: RwSignal<String>,
    replicas: RwSignal<String>,
    memory: RwSignal<String>,
    cpu: RwSignal<String>,
    probe_path: RwSignal<String>,
    variables: RwSignal<Option<String>>,
    secrets: RwSignal<Vec<TypedSecret>>,
}

impl Edited {
    /// As it was found.
    pub fn new(typed: TypedSettings) -> Self {
        let TypedSettings { port, replicas, memory, cpu, variables, probe_path, secrets } = typed;
        Self {
            port: RwSignal::new(port),
            replicas: RwSignal::new(replicas),
            memory: RwSignal::new(memory),
            cpu: RwSignal::new(cpu),
            probe_path: RwSignal::new(probe_path.unwrap_or_default()),
            variables: RwSignal::new(variables),
            secrets: RwSignal::new(secrets),
        }
    }

    /// As it stands now; who reads it in an effect follows it.
    pub fn typed(&self) -> TypedSettings {
        TypedSettings {
            port: self.port.get(),
            replicas: self.replicas.get(),
            memory: self.memory.get(),
            cpu: self.cpu.get(),
            probe_path: Some(self.probe_path.get()),
            variables: self.variables.get(),
            secrets: self.secrets.get(),
        }
    }

    /// Puts something else into all fields.
    pub fn put(&self, typed: TypedSettings) {
        self.port.set(typed.port);
        self.replicas.set(typed.replicas);
        self.memory.set(typed.memory);
        self.cpu.set(typed.cpu);
        self.probe_path.set(typed.probe_path.unwrap_or_default());
        self.variables.set(typed.variables);
        self.secrets.set(typed.secrets);
    }
}

/// All sections.
#[component]
pub fn Fields(
    /// Whose.
    this: ThisApp,
    /// What stands in them.
    edited: Edited,
    /// What stood in them at first.
    found: RwSignal<SettingsView>,
    /// Why the form was refused.
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let Edited { port, replicas, memory, cpu, probe_path, variables, secrets } = edited;
    let typed = Signal::derive(move || found.read().typed.clone());
    let kept = Signal::derive(move || found.read().secrets.clone());
    let has_variables = variables.read_untracked().is_some();
    view! {
        <section class="card settings-part" id="variables">
            <h2>"Variables"</h2>
            {if has_variables {
                view! { <VariablesField text=variables found=typed error/> }.into_any()
            } else {
                view! { <p class="help">"Reading variables takes the role owner. They stay as they are."</p> }.into_any()
            }}
        </section>
        {has_variables.then(|| view! {
            <section class="card settings-part scripted" id="secrets">
                <h2>"Secrets"</h2>
                <p class="help">"Written here and not shown again. A replica reads a secret from the file "<code>"/run/secrets/NAME"</code>"."</p>
                <SecretsField this found=kept changes=secrets error/>
            </section>
        })}
        <section class="card settings-part" id="scale">
            <h2>"Scale"</h2>
            <div class="field-grid">
                <Field name="settings[replicas]" field="replicas" label="Replicas" value=replicas error keys="numeric" help="How many copies run."/>
            </div>
        </section>
        <section class="card settings-part" id="health">
            <h2>"Health"</h2>
            <div class="field-grid">
                <Field name="settings[port]" field="port" label="Port" value=port error keys="numeric" help="Where the app listens."/>
                <Field name="settings[probe_path]" field="probe_path" label="Health path" value=probe_path error example="/healthz"
                    help="Has to answer 200 to 399 before the app gets traffic. Empty: the port has to accept a connection."/>
            </div>
        </section>
        <section class="card settings-part" id="limits">
            <h2>"Limits"</h2>
            <div class="field-grid">
                <Field name="settings[memory]" field="memory" label="Memory" value=memory error keys="numeric" unit="MiB" help="The limit of each copy. What needs more is ended by the kernel."/>
                <Field name="settings[cpu]" field="cpu" label="CPU" value=cpu error keys="decimal" unit="cores" help="The limit of each copy. What needs more gets slower."/>
            </div>
        </section>
    }
}
