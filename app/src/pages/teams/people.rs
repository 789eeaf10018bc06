use super::{
    invite::{Invitations, Invite},
    layout::ThisTeam,
};
use crate::{
    api::teams::{GiveRole, RemoveMember},
    pages::parts::{Refusal, RoleSelect},
    ui::{Empty, Form, PageHead, Sending, Submit},
};
use domain::{Action, Member, TeamId, TeamOverview};
use leptos::prelude::*;

/// Who belongs to a team, and who is asked to.
#[component]
pub fn People() -> impl IntoView {
    let this = ThisTeam::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let head = view! {
        <PageHead title="People" tab=format!("People of {}", now.team.name)>
            <a class="button quiet" href="/permissions">"Who may do what"</a>
        </PageHead>
    };
    if !now.role.may(Action::SeePeople) {
        return view! { {head}<Empty title="Not for you to see"><p>"Who belongs to a team is seen with the role viewer."</p></Empty> }.into_any();
    }
    let manages = this.part(|team| team.role.may(Action::ManagePeople));
    view! {
        {head}
        <Members this/>
        {move || (manages.get() == Some(true)).then(|| view! { <Invite this/><Invitations this/> })}
    }
    .into_any()
}

#[component]
fn Members(this: ThisTeam) -> impl IntoView {
    let (give, remove) = (Sending::to::<GiveRole>(), Sending::to::<RemoveMember>());
    let shown = this.part(|team| (team.members.clone(), team.role));
    let rows = move || {
        let _follow = shown.read();
        this.0.get_untracked().map(|team| {
            let row = |member: &Member| view! { <Row team=team.clone() member=member.clone() give remove/> };
            team.members.iter().map(row).collect_view()
        })
    };
    view! {
        <Refusal error=give.refused/>
        <Refusal error=remove.refused/>
        <table class="table people">
            <thead><tr><th scope="col">"Person"</th><th scope="col">"Role"</th><th scope="col" class="end"><span class="unseen">"Actions"</span></th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(team: TeamOverview, member: Member, give: Sending, remove: Sending) -> impl IntoView {
    let (manages, is_last) = (team.role.may(Action::ManagePeople), team.is_last_owner(&member));
    let is_you = team.you.id == member.person.id;
    let email = member.person.email.to_string();
    let name = if member.person.name.is_empty() { email.clone() } else { member.person.name.clone() };
    let (id, person) = (team.team.id, member.person.id.to_string());
    view! {
        <tr>
            <th scope="row"><strong>{name}</strong>{is_you.then_some(" (you)")}<span class="help block">{email.clone()}</span></th>
            <td>{if manages && !is_last {
                view! { <GiveRoleForm id person=person.clone() member=member.clone() give/> }.into_any()
            } else {
                view! { <span>{member.role.to_string()}</span>{is_last.then(|| view! { <span class="help block">"the last owner"</span> })} }.into_any()
            }}</td>
            <td class="end">{(manages && !is_last && !is_you).then(|| view! {
                <Form sending=remove>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="person" value=person/>
                    <button type="submit" class="button quiet small" aria-label=format!("Take out {email}")>"Take out"</button>
                </Form>
            })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn GiveRoleForm(id: TeamId, person: String, member: Member, give: Sending) -> impl IntoView {
    view! {
        <Form sending=give>
            <div class="row-form">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="person" value=person/>
                <RoleSelect label=format!("Role of {}", member.person.email) chosen=member.role/>
                <Submit pending=give.pending kind="quiet small">"Give"</Submit>
            </div>
        </Form>
    }
}
