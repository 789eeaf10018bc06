mod samples;

use crate::api::ApiError;
use crate::ui::{
    Ago, Area, Badge, Banner, Copyable, Crumb, Dialog, DialogRef, Elapsed, Empty, ErrorView, Field, Frame, Icon,
    KeyValue, KeyValues, Meter, PageHead, Select, Shape, Skeleton, Status, Submit, ThemeSwitch, Timeline, Tone,
    Traffic, use_toasts,
};
use domain::{DeployState, Health, Invalid, Standing, Step, Timestamp};
use leptos::prelude::*;

/// Every part of the design system in each of its states, for eyes and for screenshots. The server shows it; a browser that
/// comes here from another page asks the server, so that nobody downloads every part twice.
#[component]
pub fn Gallery() -> impl IntoView {
    if cfg!(feature = "hydrate") {
        Effect::new(|| {
            let _ = window().location().reload();
        });
        return ().into_any();
    }
    let crumbs = vec![Crumb::new("website", "/gallery"), Crumb::new("shop", "/gallery")];
    view! {
        <Frame crumbs>
            <PageHead title="Gallery"><button class="button quiet">"Quiet"</button><button class="button primary">"Primary"</button></PageHead>
            <Buttons/>
            <States/>
            <Fields/>
            <Deploys/>
            <Values/>
            <Answers/>
        </Frame>
    }
    .into_any()
}

#[component]
fn Part(name: &'static str, children: Children) -> impl IntoView {
    view! { <section class="gallery-part"><h2>{name}</h2><div class="gallery-row">{children()}</div></section> }
}

#[component]
fn Buttons() -> impl IntoView {
    let (handle, toasts) = (DialogRef::new(), use_toasts());
    view! {
        <Part name="Buttons">
            <Submit pending=false>"Deploy 1.4"</Submit>
            <Submit pending=true>"Deploy 1.4"</Submit>
            <Submit pending=false kind="quiet">"Roll back to r41"</Submit>
            <Submit pending=false kind="danger">"Delete shop"</Submit>
            <button class="button quiet small"><Icon shape=Shape::Back/>"Small"</button>
            <button class="button bare" aria-label="Copy"><Icon shape=Shape::Copy/></button>
            <a href="/gallery">"A link"</a>
            <button class="chip"><code>"slipway/sample:1.0"</code></button>
            <button class="button quiet" on:click=move |_| handle.open()>"Dialog"</button>
            <button class="button quiet" on:click=move |_| toasts.say("r43 is being cancelled.")>"Toast"</button>
            <ThemeSwitch/>
            <Dialog handle title=Signal::stored("Roll back to r41".to_owned())>
                <p>"Image and settings come back together."</p>
                <div class="form-end"><button class="button primary">"Roll back to r41"</button><button class="button quiet" on:click=move |_| handle.close()>"Keep it as it is"</button></div>
            </Dialog>
        </Part>
        <Part name="Icons">{Shape::ALL.map(|shape| view! { <span title=format!("{shape:?}")><Icon shape/></span> }).collect_view()}</Part>
    }
    .into_any()
}

#[component]
fn States() -> impl IntoView {
    const SENTENCES: [&str; 5] = [
        "r43 serves with 3 replicas.",
        "r44 is being deployed: its replicas are checked.",
        "r43 serves with 2 of 3 replicas: no node has 2 GiB free.",
        "r43 does not run: exec format error.",
        "Nothing has been deployed yet.",
    ];
    view! {
        <Part name="Status sentences"><div class="stack">
            {Tone::ALL.into_iter().zip(SENTENCES).map(|(tone, sentence)| view! { <Status tone sentence=sentence.to_owned()/> }).collect_view()}
        </div></Part>
        <Part name="Badges">
            {[Health::Well, Health::Working, Health::Unwell, Health::Broken, Health::Stopped, Health::Empty].map(|of| view! { <Badge of/> }).collect_view()}
            {[Standing::Active, Standing::Stopped, Standing::Deploying, Standing::Failed, Standing::Earlier].map(|of| view! { <Badge of/> }).collect_view()}
        </Part>
        <Part name="Banners"><div class="stack">
            {Tone::ALL.into_iter().zip(SENTENCES).map(|(tone, sentence)| view! { <Banner tone>{sentence}</Banner> }).collect_view()}
        </div></Part>
    }
    .into_any()
}

#[component]
fn Fields() -> impl IntoView {
    let refused = Signal::stored(Some(ApiError::Invalid(Invalid::new("tag", "There is no tag “1.9” in this image."))));
    let text = |text: &str| RwSignal::new(text.to_owned());
    let options =
        vec![("a".to_owned(), "company / website".to_owned()), ("b".to_owned(), "company / tools".to_owned())];
    view! {
        <Part name="Fields"><div class="form">
            <div class="field-pair">
                <Field name="a" field="image" label="Image" value=text("registry.example.com/team/shop") help="Where the image lives."/>
                <Field name="b" field="tag" label="Tag" value=text("1.9") error=refused/>
            </div>
            <div class="field-grid">
                <Field name="c" field="memory" label="Memory" value=text("") unit="MiB" example="256"/>
                <Select label="Project" options value="a".to_owned() on_choice=|_| ()/>
            </div>
            <Area name="d" field="variables" label="Variables" example="NAME=value" help="One NAME=value on each line."/>
        </div></Part>
    }
    .into_any()
}

#[component]
fn Deploys() -> impl IntoView {
    let states =
        [DeployState::Under(Step::Probe), DeployState::Under(Step::Drain), DeployState::Done, DeployState::Failed];
    view! {
        <Part name="Deploys">
            {states.map(|state| {
                let deploy = samples::deploy(state);
                view! { <div class="card"><Traffic deploy=deploy.clone()/><Timeline deploy/></div> }
            }).collect_view()}
        </Part>
    }
    .into_any()
}

#[component]
fn Values() -> impl IntoView {
    view! {
        <Part name="Values">
            <KeyValues>
                <KeyValue key="Digest"><Copyable text="sha256:9f2c41d2a6b7" shown="9f2c41d2a6b7"/></KeyValue>
                <KeyValue key="Made"><Ago at=Timestamp(1_790_000_000_000)/></KeyValue>
                <KeyValue key="Took"><Elapsed since=Timestamp(0) millis=Some(12_300)/></KeyValue>
                <KeyValue key="Memory"><Meter label="Memory" value=180 limit=256/></KeyValue>
                <KeyValue key="Nearly full"><Meter label="Memory" value=250 limit=256/></KeyValue>
            </KeyValues>
        </Part>
        <Part name="On its way"><div class="stack"><Skeleton lines=3/></div></Part>
    }
    .into_any()
}

#[component]
fn Answers() -> impl IntoView {
    view! {
        <Part name="Nothing yet"><div class="stack"><Empty title="No app yet"><p>"Apps of this project reach each other by a network of their own."</p><button class="button primary">"Deploy an app"</button></Empty></div></Part>
        <Part name="Refused"><div class="stack"><ErrorView error=ApiError::Internal("Something went wrong on our side. Incident 4f1c20aa.".to_owned())/></div></Part>
    }
    .into_any()
}
