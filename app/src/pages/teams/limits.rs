use super::layout::ThisTeam;
use crate::{
    api::teams::{ResumeTeam, SetQuota, SuspendTeam},
    pages::parts::Refusal,
    ui::{Field, Form, KeyValue, KeyValues, Meter, PageHead, Sending, Submit},
};
use domain::{Action, Quota, TeamOverview};
use leptos::prelude::*;

/// What a team may use and uses. The platform's admins change it here.
#[component]
pub fn Limits() -> impl IntoView {
    let this = ThisTeam::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let rows = this.part(rows);
    let (may_limit, may_suspend) = (now.role.may(Action::SetQuota), now.role.may(Action::SuspendTeam));
    view! {
        <PageHead title="Limits" tab=format!("Limits of {}", now.team.name)/>
        <section class="card">
            {move || rows.get().map(|rows| view! { <KeyValues>{rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</KeyValues> })}
        </section>
        {may_limit.then(|| view! { <Change id=now.team.id.to_string() quota=now.quota/> })}
        {may_suspend.then(|| view! { <Suspend this/> })}
    }
    .into_any()
}

/// What is limited: name, use, limit, unit.
type Amount = (&'static str, u64, Option<u64>, &'static str);

fn rows(team: &TeamOverview) -> [Amount; 4] {
    let (used, quota) = (team.used, team.quota);
    [
        ("Apps", used.apps, quota.apps, ""),
        ("Replicas", used.replicas, quota.replicas, ""),
        ("Memory", used.memory, quota.memory, " MiB"),
        ("CPU", used.cpu, quota.cpu, " thousandths of a core"),
    ]
}

#[component]
fn Row(row: Amount) -> impl IntoView {
    let (key, used, limit, unit) = row;
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    view! {
        <KeyValue key>
            {match limit {
                Some(limit) => view! { <Meter label=key value=small(used) limit=small(limit)/>" "{format!("{used} of {limit}{unit}")} }.into_any(),
                None => format!("{used}{unit}, no limit").into_any(),
            }}
        </KeyValue>
    }
}

#[component]
fn Change(id: String, quota: Quota) -> impl IntoView {
    let set = Sending::to::<SetQuota>();
    let error = set.refused;
    let text = |limit: Option<u64>| RwSignal::new(limit.map(|limit| limit.to_string()).unwrap_or_default());
    let (apps, replicas, memory, cpu) = (text(quota.apps), text(quota.replicas), text(quota.memory), text(quota.cpu));
    view! {
        <section class="stack">
            <h2>"Change the limits"</h2>
            <Refusal error fields=&["apps", "replicas", "memory", "cpu"]/>
            <Form sending=set>
                <div class="form">
                    <input type="hidden" name="id" value=id/>
                    <div class="field-grid">
                        <Field name="quota[apps]" field="apps" label="Apps" value=apps error keys="numeric"/>
                        <Field name="quota[replicas]" field="replicas" label="Replicas" value=replicas error keys="numeric"/>
                        <Field name="quota[memory]" field="memory" label="Memory" value=memory error keys="numeric" unit="MiB"/>
                        <Field name="quota[cpu]" field="cpu" label="CPU" value=cpu error keys="numeric" unit="m" help="Thousandths of a core."/>
                    </div>
                    <p class="help">"Empty is no limit. What is there already stays; what would go beyond is refused."</p>
                    <div class="form-end"><Submit pending=set.pending>"Set limits"</Submit></div>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn Suspend(this: ThisTeam) -> impl IntoView {
    let (suspend, resume) = (Sending::to::<SuspendTeam>(), Sending::to::<ResumeTeam>());
    let id = this.now().map(|team| team.team.id.to_string()).unwrap_or_default();
    let (id_too, is_suspended) = (id.clone(), this.part(|team| team.team.suspended_at.is_some()));
    view! {
        <section class="card stack">
            <h2>"Suspend"</h2>
            <p>"While a team is suspended its apps keep serving, and everything that would change them or the team is refused."</p>
            <Refusal error=suspend.refused/>
            <Refusal error=resume.refused/>
            <div hidden=move || is_suspended.get() == Some(true)><Form sending=suspend>
                <input type="hidden" name="id" value=id/>
                <Submit pending=suspend.pending kind="danger">"Suspend the team"</Submit>
            </Form></div>
            <div hidden=move || is_suspended.get() != Some(true)><Form sending=resume>
                <input type="hidden" name="id" value=id_too/>
                <Submit pending=resume.pending>"Let the team go on"</Submit>
            </Form></div>
        </section>
    }
}
