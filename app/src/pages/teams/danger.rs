use super::layout::ThisTeam;
use crate::{
    api::teams::{DeleteTeam, LeaveTeam, RenameTeam},
    pages::parts::Refusal,
    ui::{Field, Form, PageHead, Sending, Submit},
};
use domain::{Action, TeamOverview};
use leptos::prelude::*;

/// Another name, leaving, deleting.
#[component]
pub fn Danger() -> impl IntoView {
    let Some(now) = ThisTeam::of_page().now() else { return ().into_any() };
    let (may_rename, may_delete) = (now.role.may(Action::RenameTeam), now.role.may(Action::DeleteTeam));
    let belongs = now.own().is_some() || now.role.team.is_some();
    view! {
        <PageHead title="Danger" tab=format!("{}: rename, leave, delete", now.team.name)/>
        {may_rename.then(|| view! { <Rename team=now.clone()/> })}
        {belongs.then(|| view! { <Leave team=now.clone()/> })}
        {may_delete.then(|| view! { <Delete team=now.clone()/> })}
    }
    .into_any()
}

#[component]
fn Rename(team: TeamOverview) -> impl IntoView {
    let rename = Sending::to::<RenameTeam>();
    let name = RwSignal::new(team.team.name.to_string());
    view! {
        <section class="card stack">
            <h2>"Rename"</h2>
            <Refusal error=rename.refused fields=&["name"]/>
            <Form sending=rename>
                <div class="row-form invite">
                    <input type="hidden" name="id" value=team.team.id.to_string()/>
                    <Field name="name" field="name" label="Name of the team" value=name error=rename.refused required=true/>
                    <Submit pending=rename.pending kind="quiet">"Rename"</Submit>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn Leave(team: TeamOverview) -> impl IntoView {
    let leave = Sending::to::<LeaveTeam>();
    let is_last = team.own().is_some_and(|own| team.is_last_owner(own));
    let name = team.team.name.to_string();
    view! {
        <section class="card danger-zone">
            <h2>{format!("Leave {name}")}</h2>
            {if is_last {
                view! { <p>"You are the last owner. Make somebody else an owner first, or delete the team."</p> }.into_any()
            } else {
                view! {
                    <p>"Its apps are no longer there for you. An owner can invite you again."</p>
                    <Refusal error=leave.refused/>
                    <Form sending=leave>
                        <input type="hidden" name="id" value=team.team.id.to_string()/>
                        <Submit pending=leave.pending kind="danger">{format!("Leave {name}")}</Submit>
                    </Form>
                }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Delete(team: TeamOverview) -> impl IntoView {
    let delete = Sending::to::<DeleteTeam>();
    let typed = RwSignal::new(String::new());
    let name = team.team.name.to_string();
    let in_the_way = match team.projects {
        0 => None,
        1 => Some("It still has a project. Delete that first.".to_owned()),
        n => Some(format!("It still has {n} projects. Delete them first.")),
    };
    view! {
        <section class="card danger-zone">
            <h2>{format!("Delete {name}")}</h2>
            {match in_the_way {
                Some(sentence) => view! { <p>{sentence}</p> }.into_any(),
                None => view! {
                    <p>"Nobody belongs to it any more and its invitations stop working. What it did stays in the platform's audit log."</p>
                    <Refusal error=delete.refused/>
                    <Form sending=delete>
                        <input type="hidden" name="id" value=team.team.id.to_string()/>
                        <Field name="typed" field="typed" label="Type the team's name" value=typed required=true pattern=name.clone() example=name.clone()/>
                        <Submit pending=delete.pending kind="danger">{format!("Delete {name}")}</Submit>
                    </Form>
                }.into_any(),
            }}
        </section>
    }
    .into_any()
}
