use super::layout::ThisTeam;
use crate::{
    api::invitations::{ResendInvitation, SendInvitation, WithdrawInvitation},
    live::use_now,
    pages::parts::{Refusal, RoleSelect},
    ui::{Ago, Banner, Copyable, Field, Form, Sending, Submit, Tone},
};
use domain::{Invitation, Role, TeamOverview};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Asks somebody by address; the link is shown once.
#[component]
pub fn Invite(this: ThisTeam) -> impl IntoView {
    let send = Sending::to::<SendInvitation>();
    let email = RwSignal::new(String::new());
    let team = this.now().map(|team| team.team.id.to_string()).unwrap_or_default();
    let console = this.now().map(|team| team.console).unwrap_or_default();
    let query = use_query_map();
    let link = Memo::new(move |_| query.read().get("token").map(|token| format!("{console}/invitations/{token}")));
    view! {
        <section class="card stack">
            <h2>"Invite somebody"</h2>
            {move || link.get().map(|link| view! {
                <Banner tone=Tone::Well>
                    <p>"Give them this link. It is shown only now, works once within seven days, and only for their address."</p>
                    <p><Copyable text=link/></p>
                </Banner>
            })}
            <Refusal error=send.refused fields=&["email"]/>
            <Form sending=send>
                <div class="row-form invite">
                    <input type="hidden" name="team" value=team/>
                    <Field name="email" field="email" label="Their e-mail address" value=email error=send.refused keys="email" required=true example="grace@example.com"/>
                    <div class="field"><label for="invite-role">"As"</label><RoleSelect id="invite-role" chosen=Role::Developer/></div>
                    <Submit pending=send.pending>"Invite"</Submit>
                </div>
            </Form>
            <p class="help">"Nothing is mailed. Who signs in with that address also finds the invitation on their first page."</p>
        </section>
    }
}

/// Who is asked and has not answered.
#[component]
pub fn Invitations(this: ThisTeam) -> impl IntoView {
    let (resend, withdraw) = (Sending::to::<ResendInvitation>(), Sending::to::<WithdrawInvitation>());
    let open = this.part(|team: &TeamOverview| team.invitations.clone());
    move || {
        let open = open.get().unwrap_or_default();
        (!open.is_empty()).then(|| {
            let row = |invitation: Invitation| view! { <Row invitation resend withdraw/> };
            view! {
                <section class="stack">
                    <h2>"Invited"</h2>
                    <Refusal error=resend.refused/>
                    <Refusal error=withdraw.refused/>
                    <table class="table people">
                        <thead><tr><th scope="col">"Address"</th><th scope="col">"As"</th><th scope="col">"Invited"</th><th scope="col" class="end"><span class="unseen">"Actions"</span></th></tr></thead>
                        <tbody>{open.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </section>
            }
        })
    }
}

#[component]
fn Row(invitation: Invitation, resend: Sending, withdraw: Sending) -> impl IntoView {
    let now = use_now();
    let expires = invitation.expires_at;
    let is_over = move || now.get().is_some_and(|now| now >= expires);
    let (team, id, email) = (invitation.team_id.to_string(), invitation.id.to_string(), invitation.email.to_string());
    let (team_too, id_too, email_too) = (team.clone(), id.clone(), email.clone());
    view! {
        <tr>
            <th scope="row">{email.clone()}<span class="help block">"by "{invitation.invited_by}</span></th>
            <td>{invitation.role.to_string()}</td>
            <td><Ago at=invitation.created_at/>{move || is_over().then(|| view! { <span class="help block">"too old by now"</span> })}</td>
            <td class="end"><div class="row-form">
                <Form sending=resend>
                    <input type="hidden" name="team" value=team/>
                    <input type="hidden" name="id" value=id/>
                    <button type="submit" class="button quiet small" aria-label=format!("Make a new link for {email}")>"New link"</button>
                </Form>
                <Form sending=withdraw>
                    <input type="hidden" name="team" value=team_too/>
                    <input type="hidden" name="id" value=id_too/>
                    <button type="submit" class="button quiet small" aria-label=format!("Withdraw the invitation of {email_too}")>"Withdraw"</button>
                </Form>
            </div></td>
        </tr>
    }
    .into_any()
}
