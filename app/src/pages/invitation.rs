use crate::{
    api::invitations::{AcceptInvitation, FindInvitation},
    pages::{loaded::loaded, parts::Refusal},
    ui::{Form, Frame, PageHead, Sending, Submit},
};
use domain::Invitation as Invited;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Where the link of an invitation leads.
#[component]
pub fn Invitation() -> impl IntoView {
    let params = use_params_map();
    loaded(
        move || FindInvitation { token: params.read().get("token").unwrap_or_default() },
        |invitation: Invited| {
            view! { <Frame><PageHead title="You are invited"/><Accept invitation/></Frame> }.into_any()
        },
    )
}

/// One press and the team is there.
#[component]
pub fn Accept(
    /// To what.
    invitation: Invited,
) -> impl IntoView {
    let accept = Sending::to::<AcceptInvitation>();
    let (team, role) = (invitation.team.to_string(), invitation.role);
    view! {
        <section class="card stack invitation">
            <p>{invitation.invited_by}" invites you to the team "<strong>{team.clone()}</strong>" as "<strong>{role.to_string()}</strong>": "{role.purpose()}"."</p>
            <Refusal error=accept.refused/>
            <Form sending=accept>
                <input type="hidden" name="id" value=invitation.id.to_string()/>
                <Submit pending=accept.pending>{format!("Join {team}")}</Submit>
            </Form>
        </section>
    }
}
