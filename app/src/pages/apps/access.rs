use super::layout::ThisApp;
use crate::{
    api::routes::{ChangeAccess, DeclineAccess, FindRoute, GrantAccess},
    live::keep_fresh,
    pages::{
        loaded::loaded_part,
        parts::{Refusal, bare},
    },
    ui::{Ago, Area, Banner, Form, PageHead, Sending, Submit, Tone, use_toasts},
};
use domain::{AccessRequest, Action, Opener, RouteView, TeamId, TypedAccess};
use leptos::prelude::*;

const FIELDS: &[&str] = &["people", "open_paths"];

/// Who may open an app: what is said, who that comes to, and the form to say otherwise.
#[component]
pub fn Access() -> impl IntoView {
    let this = ThisApp::of_page();
    let Some(now) = this.now() else { return ().into_any() };
    let (name, may_change) = (this.name(), now.role.may(Action::ChangeAccess));
    let address = bare(&now.card.address).to_owned();
    let (change, route) = (Sending::to::<ChangeAccess>(), RwSignal::new(None::<RouteView>));
    say_when_changed(change);
    let question = {
        let name = name.clone();
        move || FindRoute { name: name.clone() }
    };
    let trouble = keep_fresh(this.changes, question.clone(), move |fresh| route.set(Some(fresh)));
    let openers = Memo::new(move |_| route.read().as_ref().map(|route| route.openers.clone()).unwrap_or_default());
    let requests = Memo::new(move |_| route.read().as_ref().map(|route| route.requests.clone()).unwrap_or_default());
    view! {
        <PageHead title="Access" tab=format!("Who may open {name}")/>
        <p class="lead">"Who may open "<strong>{address}</strong>". A deploy or a rollback changes nothing of it."</p>
        {loaded_part(question, move |found: RouteView| {
            route.set(Some(found));
            let (name, name_too) = (name.clone(), name.clone());
            view! {
                <Requests name=name_too requests/>
                // What is being typed stays, unless what it was typed over is different now: then it is another form.
                <For each=move || route.get() key=|route| route.base.clone() children=move |route| view! { <Change name=name.clone() route may_change change/> }/>
                <Openers openers/>
            }
            .into_any()
        })}
        {move || trouble.get().map(|error| view! { <Banner tone=Tone::Warning>"This may be out of date: "{error.to_string()}</Banner> })}
    }
    .into_any()
}

fn say_when_changed(change: Sending) {
    let toasts = use_toasts();
    Effect::new(move |was_pending: Option<bool>| {
        let pending = change.pending.get();
        if was_pending == Some(true) && !pending && change.refused.read_untracked().is_none() {
            toasts.say("Changed. It counts from now on.");
        }
        pending
    });
}

#[component]
fn Change(name: String, route: RouteView, may_change: bool, change: Sending) -> impl IntoView {
    let RouteView { base, typed, teams, needs_provider, .. } = route;
    let TypedAccess { who, people, teams: chosen, open_paths } = typed;
    let error = change.refused;
    let choice = move |value: &'static str, title: &'static str, help: &'static str| {
        let checked = who == value;
        view! {
            <label class="pick">
                <input type="radio" name="access[who]" value=value checked=checked/>
                <span><strong>{title}</strong><span class="help block">{help}</span></span>
            </label>
        }
    };
    view! {
        {needs_provider.then(|| view! { <Banner tone=Tone::Warning>"There is no identity provider here, so that only who has the link from the terminal can sign in."</Banner> })}
        <Refusal error fields=FIELDS/>
        <Form sending=change>
            <fieldset class="form access" disabled=!may_change>
                <legend class="unseen">"Who may open it"</legend>
                <input type="hidden" name="name" value=name/>
                <input type="hidden" name="base" value=base/>
                <div class="picks">
                    {choice("public", "Everybody", "No one is asked for a name. The app sees every request that reaches it.")}
                    {choice("company", "The company", "Everybody who may sign in here.")}
                    {choice("people", "Listed people", "Only people, teams and domains that you name.")}
                </div>
                <div class="listed">
                    <Area name="access[people]" field="people" label="People" value=people error example="grace@example.com\n@partner.example"
                        help="Addresses, or a whole domain like @partner.example, one to a line."/>
                    <Teams teams chosen/>
                </div>
                <Area name="access[open_paths]" field="open_paths" label="Paths that are open to everybody" value=open_paths error example="/healthz"
                    help="Such as health checks and hooks: the path and what is below it, one to a line."/>
                {if may_change {
                    view! { <div class="form-end"><Submit pending=change.pending>"Change access"</Submit></div> }.into_any()
                } else {
                    view! { <p class="help">"Changing this takes the role developer."</p> }.into_any()
                }}
            </fieldset>
        </Form>
    }
}

#[component]
fn Teams(teams: Vec<(TeamId, String)>, chosen: Vec<TeamId>) -> impl IntoView {
    let row = move |(at, (id, name)): (usize, (TeamId, String))| {
        let checked = chosen.contains(&id);
        view! {
            <label class="check">
                <input type="checkbox" name=format!("access[teams][{at}]") value=id.to_string() checked=checked/>{name}
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend>"Teams"</legend>
            <div class="chips">{teams.into_iter().enumerate().map(row).collect_view()}</div>
            <p class="help">"Everybody who belongs to one of them, also who joins later."</p>
        </fieldset>
    }
}

/// Who asks to be let in.
#[component]
fn Requests(name: String, requests: Memo<Vec<AccessRequest>>) -> impl IntoView {
    let (grant, decline) = (Sending::to::<GrantAccess>(), Sending::to::<DeclineAccess>());
    move || {
        let row = |request| view! { <Asking name=name.clone() request grant decline/> };
        let rows: Vec<_> = requests.get().into_iter().map(row).collect();
        (!rows.is_empty()).then(|| view! {
            <section class="stack">
                <h2>"Asking to be let in"</h2>
                <Refusal error=grant.refused/>
                <Refusal error=decline.refused/>
                <table class="table people">
                    <thead><tr><th scope="col">"Person"</th><th scope="col">"Asked"</th><th scope="col" class="end"><span class="unseen">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        })
    }
}

#[component]
fn Asking(name: String, request: AccessRequest, grant: Sending, decline: Sending) -> impl IntoView {
    let email = request.email.to_string();
    let (name_too, email_too) = (name.clone(), email.clone());
    let (let_in, say_no) = (format!("Let in: {email}"), format!("Decline: {email}"));
    view! {
        <tr>
            <th scope="row"><strong>{request.name}</strong><span class="help block">{email.clone()}</span></th>
            <td><Ago at=request.asked_at/></td>
            <td class="end"><div class="row-form">
                <Form sending=grant>
                    <input type="hidden" name="name" value=name/>
                    <input type="hidden" name="email" value=email/>
                    <button type="submit" class="button primary small" aria-label=let_in>"Let in"</button>
                </Form>
                <Form sending=decline>
                    <input type="hidden" name="name" value=name_too/>
                    <input type="hidden" name="email" value=email_too/>
                    <button type="submit" class="button quiet small" aria-label=say_no>"Decline"</button>
                </Form>
            </div></td>
        </tr>
    }
    .into_any()
}

/// Who a list comes to, with the reason.
#[component]
fn Openers(openers: Memo<Vec<Opener>>) -> impl IntoView {
    let row = |opener: Opener| view! { <tr><th scope="row">{opener.who}</th><td>{opener.reason}</td></tr> };
    let table = move |openers: Vec<Opener>| {
        view! {
            <section class="stack">
                <h2>"Who can open it now"</h2>
                <table class="table people">
                    <thead><tr><th scope="col">"Person"</th><th scope="col">"Why"</th></tr></thead>
                    <tbody>{openers.into_iter().map(row).collect_view()}</tbody>
                </table>
                <p class="help">"Addresses count also before somebody has signed in for the first time."</p>
            </section>
        }
    };
    move || Some(openers.get()).filter(|openers| !openers.is_empty()).map(table)
}
