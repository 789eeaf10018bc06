use crate::{
    api::sessions::{EndOtherSessions, EndSession, OwnSessions},
    live::{About, keep_fresh, use_changes},
    pages::{loaded::loaded, parts::Refusal},
    ui::{Ago, Crumb, Form, Frame, PageHead, Sending, Submit},
};
use domain::OwnSession;
use leptos::prelude::*;

/// Where one is signed in.
#[component]
pub fn Sessions() -> impl IntoView {
    loaded(
        || OwnSessions {},
        |sessions| {
            let crumbs = vec![Crumb::new("Sessions", "/me/sessions")];
            view! { <Frame crumbs><Body sessions/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(sessions: Vec<OwnSession>) -> impl IntoView {
    let state = RwSignal::new(sessions);
    keep_fresh(use_changes(|| About::Everything), || OwnSessions {}, move |fresh| state.set(fresh));
    let (end, others) = (Sending::to::<EndSession>(), Sending::to::<EndOtherSessions>());
    let has_others = Memo::new(move |_| state.read().iter().any(|session| !session.is_this));
    view! {
        <PageHead title="Where you are signed in" tab="Sessions"/>
        <Refusal error=end.refused/>
        <Refusal error=others.refused/>
        <table class="table people">
            <thead><tr><th scope="col">"Browser"</th><th scope="col">"From"</th><th scope="col">"Signed in"</th><th scope="col">"Last seen"</th><th scope="col" class="end"><span class="unseen">"Actions"</span></th></tr></thead>
            <tbody>{move || state.get().into_iter().map(|session| view! { <Row session end/> }).collect_view()}</tbody>
        </table>
        {move || has_others.get().then(|| view! {
            <Form sending=others><Submit pending=others.pending kind="danger">"End all others"</Submit></Form>
        })}
        <p class="help">"A session ends by itself after twelve hours without use, and seven days after the sign-in."</p>
    }
    .into_any()
}

#[component]
fn Row(session: OwnSession, end: Sending) -> impl IntoView {
    let label = format!("End the session of {}", session.browser);
    view! {
        <tr>
            <th scope="row">{session.browser}{session.is_this.then(|| view! { <span class="help block">"this browser"</span> })}</th>
            <td>{session.address}</td>
            <td><span class="help narrow">"Signed in "</span><Ago at=session.created_at/></td>
            <td><span class="help narrow">"Seen "</span><Ago at=session.seen_at/></td>
            <td class="end">{(!session.is_this).then(|| view! {
                <Form sending=end>
                    <input type="hidden" name="id" value=session.id/>
                    <button type="submit" class="button quiet small" aria-label=label>"End"</button>
                </Form>
            })}</td>
        </tr>
    }
    .into_any()
}
