use super::layout::ThisApp;
use crate::{
    api::releases::RollBack,
    pages::parts::Refusal,
    ui::{
        Ago, Badge, Copyable, Dialog, DialogRef, Empty, Form, Icon, KeyValue, KeyValues, PageHead, Sending, Shape,
        Submit,
    },
};
use domain::{Action, Release, Standing};
use leptos::prelude::*;

/// All releases of an app, newest first, and the way back to an earlier one.
#[component]
pub fn Releases() -> impl IntoView {
    let this = ThisApp::of_page();
    let releases = this
        .part(|app| app.releases.iter().map(|release| (release.clone(), app.standing(release))).collect::<Vec<_>>());
    let active = this.part(|app| app.card.release.as_ref().map(|release| release.number));
    let may_roll_back = this.part(|app| app.role.may(Action::RollBack) && app.deploying().is_none());
    let (chosen, dialog) = (RwSignal::new(None::<Release>), DialogRef::new());
    let ask = Callback::new(move |release: Release| {
        chosen.set(Some(release));
        dialog.open();
    });
    view! {
        <PageHead title="Releases" tab=format!("Releases of {}", this.name())/>
        {move || {
            let releases = releases.get().unwrap_or_default();
            if releases.is_empty() {
                return view! { <Empty title="Nothing released yet"><p>"Each deploy makes a release: an image and its settings, kept together."</p></Empty> }.into_any();
            }
            let can = may_roll_back.get().unwrap_or_default();
            view! { <Table releases active=active.get().flatten() can ask name=this.name()/> }.into_any()
        }}
        <RollBackDialog this chosen dialog/>
    }
    .into_any()
}

#[component]
fn Table(
    releases: Vec<(Release, Standing)>,
    active: Option<u32>,
    can: bool,
    ask: Callback<Release>,
    name: String,
) -> impl IntoView {
    view! {
        <table class="table releases">
            <thead><tr>
                <th scope="col">"Release"</th><th scope="col">"State"</th><th scope="col">"Tag"</th><th scope="col">"Digest"</th><th scope="col">"Runs as"</th>
                <th scope="col">"By"</th><th scope="col" class="end">"Made"</th><th scope="col"><span class="unseen">"Actions"</span></th>
            </tr></thead>
            <tbody>{releases.into_iter().map(|(release, standing)| view! { <Row release standing active can ask name=name.clone()/> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(
    release: Release,
    standing: Standing,
    active: Option<u32>,
    can: bool,
    ask: Callback<Release>,
    name: String,
) -> impl IntoView {
    let (number, asked) = (release.number, release.clone());
    let reason = (!release.reason.is_empty()).then(|| release.reason.clone());
    let compare = active.filter(|active| *active != number).map(|active| {
        let href = format!("/apps/{name}/releases/diff?from={}&to={}", number.min(active), number.max(active));
        view! { <a class="button quiet small" href=href aria-label=format!("Compare r{number} with r{active}")>"Compare"</a> }
    });
    let back = (can && standing == Standing::Earlier).then(|| {
        // Without scripts the form is sent as it stands; with them the dialog asks first.
        view! {
            <form method="post" action="/api/console/releases/roll-back" on:submit=move |event| { event.prevent_default(); ask.run(asked.clone()); }>
                <input type="hidden" name="name" value=name/>
                <input type="hidden" name="number" value=number.to_string()/>
                <button type="submit" class="button quiet small"><Icon shape=Shape::Back/>{format!("Roll back to r{number}")}</button>
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row" class="mono">{format!("r{number}")}</th>
            <td><Badge of=standing/></td>
            <td><code title=release.image.to_string()>{release.image.tag.to_string()}</code></td>
            <td><Copyable text=release.digest.as_str() shown=release.digest.short()/></td>
            <td>{release.settings.in_short()}</td>
            <td class="by">{release.made_by}{reason.map(|reason| view! { <span class="help">{reason}</span> })}</td>
            <td class="end"><Ago at=release.made_at/></td>
            <td class="end ways">{compare}{back}</td>
        </tr>
    }
}

/// Says what comes back before it does.
#[component]
fn RollBackDialog(this: ThisApp, chosen: RwSignal<Option<Release>>, dialog: DialogRef) -> impl IntoView {
    let roll_back = Sending::to::<RollBack>();
    let number = move || chosen.read().as_ref().map(|release| release.number).unwrap_or_default();
    let title = Signal::derive(move || format!("Roll back to r{}", number()));
    let active = this.part(|app| app.card.release.as_ref().map(|release| release.number));
    let stays = move || {
        active.get().flatten().map(|active| {
            format!("It takes the traffic from r{active} without losing a request. r{active} stays in the list.")
        })
    };
    view! {
        <Dialog handle=dialog title>
            <p>"Image and settings come back together. "{stays}</p>
            {move || chosen.get().map(|release| view! { <Contents release/> })}
            <Refusal error=roll_back.refused/>
            <Form sending=roll_back>
                <input type="hidden" name="name" value=this.name()/>
                <input type="hidden" name="number" value=move || number().to_string()/>
                <div class="form-end">
                    <Submit pending=roll_back.pending>{title}</Submit>
                    <button type="button" class="button quiet" on:click=move |_| dialog.close()>"Keep it as it is"</button>
                </div>
            </Form>
        </Dialog>
    }
}

#[component]
fn Contents(release: Release) -> impl IntoView {
    let Release { image, settings, made_at, made_by, .. } = release;
    let (short, variables) = (settings.in_short(), settings.variables.len());
    view! {
        <KeyValues>
            <KeyValue key="Image"><code>{image.to_string()}</code></KeyValue>
            <KeyValue key="Runs as">{short}</KeyValue>
            <KeyValue key="Variables">{variables.to_string()}</KeyValue>
            <KeyValue key="Made">{made_at.to_utc()}" by "{made_by}</KeyValue>
        </KeyValues>
    }
}
