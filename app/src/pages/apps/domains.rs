use super::layout::ThisApp;
use crate::{
    api::domains::{AddDomain, ListDomains, LookAtDomain, RedirectDomain, RemoveDomain},
    live::keep_fresh,
    pages::{
        loaded::loaded_part,
        parts::{Refusal, bare},
    },
    ui::{Ago, Badge, Field, Form, PageHead, Sending, Submit},
};
use domain::{Action, DomainView, DomainsView, records};
use leptos::prelude::*;

/// The domains of its own under which an app answers.
#[component]
pub fn Domains() -> impl IntoView {
    let this = ThisApp::of_page();
    if this.now().is_none() {
        return ().into_any();
    }
    view! {
        <PageHead title="Domains" tab=format!("Domains of {}", this.name())/>
        {loaded_part(move || ListDomains { name: this.name() }, move |found| view! { <Body this found/> }.into_any())}
    }
    .into_any()
}

#[component]
fn Body(this: ThisApp, found: DomainsView) -> impl IntoView {
    let may_change = this.now().is_some_and(|now| now.role.may(Action::ChangeDomains));
    let (address, own) = (found.address.clone(), bare(&found.address).to_owned());
    let shown = RwSignal::new(found);
    keep_fresh(this.changes, move || ListDomains { name: this.name() }, move |fresh| shown.set(fresh));
    let is_empty = Memo::new(move |_| shown.read().domains.is_empty());
    view! {
        <p class="lead">"This app always answers at "<a href=address>{own}</a>". A domain of your own leads to it too, once it points here."</p>
        {move || if is_empty.get() {
            view! { <p class="help">"There is no domain yet."</p> }.into_any()
        } else {
            view! { <Table name=this.name() shown may_change/> }.into_any()
        }}
        {if may_change {
            view! { <Add name=this.name() shown/> }.into_any()
        } else {
            view! { <p class="help">"Changing this takes the role developer."</p> }.into_any()
        }}
    }
    .into_any()
}

#[component]
fn Add(name: String, shown: RwSignal<DomainsView>) -> impl IntoView {
    let (add, host) = (Sending::to::<AddDomain>(), RwSignal::new(String::new()));
    let error = add.refused;
    Effect::new(move |was_pending: Option<bool>| {
        let pending = add.pending.get();
        if was_pending == Some(true) && !pending && error.read_untracked().is_none() {
            host.set(String::new());
        }
        pending
    });
    let help = Signal::derive(move || match records(&shown.read().addresses) {
        Some(records) => {
            format!("At whoever keeps the domain's DNS, set {records}. Or a CNAME to the app's own address.")
        }
        None => "At whoever keeps the domain's DNS, set a CNAME to the app's own address.".to_owned(),
    });
    view! {
        <section class="stack">
            <h2>"Add a domain"</h2>
            <Refusal error fields=&["host"]/>
            <Form sending=add>
                <div class="form">
                    <input type="hidden" name="name" value=name/>
                    <Field name="host" field="host" label="Domain" value=host error example="www.example.com" keys="url" required=true help/>
                    <div class="form-end"><Submit pending=add.pending>"Add domain"</Submit></div>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn Table(name: String, shown: RwSignal<DomainsView>, may_change: bool) -> impl IntoView {
    let sendings = Sendings {
        look: Sending::to::<LookAtDomain>(),
        redirect: Sending::to::<RedirectDomain>(),
        remove: Sending::to::<RemoveDomain>(),
    };
    let row = move |view: DomainView| view! { <Row name=name.clone() view sendings may_change/> };
    view! {
        <Refusal error=sendings.look.refused/>
        <Refusal error=sendings.redirect.refused/>
        <Refusal error=sendings.remove.refused/>
        <table class="table people">
            <thead><tr>
                <th scope="col">"Domain"</th><th scope="col">"State"</th><th scope="col">"Visitors"</th>
                <th scope="col" class="end"><span class="unseen">"Actions"</span></th>
            </tr></thead>
            <tbody>{move || shown.get().domains.into_iter().map(row.clone()).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// What can be done to a domain.
#[derive(Debug, Clone, Copy)]
struct Sendings {
    look: Sending,
    redirect: Sending,
    remove: Sending,
}

#[component]
fn Row(name: String, view: DomainView, sendings: Sendings, may_change: bool) -> impl IntoView {
    let DomainView { domain, address, sentence, warning } = view;
    let (host, redirects) = (domain.host.to_string(), domain.redirects);
    let visitors = match (domain.served_since.is_some(), redirects) {
        (false, _) => "Wait until it points here",
        (true, false) => "Get the app here",
        (true, true) => "Are sent on to the app's own address",
    };
    let (turn, value) = if redirects { ("Serve here", "false") } else { ("Send on", "true") };
    let press = move |sending: Sending, word: &'static str, redirects: Option<&'static str>| {
        let (name, host, label) = (name.clone(), host.clone(), format!("{word}: {host}"));
        view! {
            <Form sending>
                <input type="hidden" name="name" value=name/>
                <input type="hidden" name="host" value=host/>
                {redirects.map(|value| view! { <input type="hidden" name="redirects" value=value/> })}
                <button type="submit" class="button quiet small" aria-label=label>{word}</button>
            </Form>
        }
    };
    view! {
        <tr>
            <th scope="row">
                <a class="address" href=address target="_blank" rel="noreferrer">{domain.host.to_string()}</a>
                <span class="help block">"added "<Ago at=domain.added_at/></span>
            </th>
            <td><Badge of=domain.finding/><span class="help block">{sentence}</span>{warning.map(|warning| view! { <span class="help block">{warning}</span> })}</td>
            <td>{visitors}</td>
            <td class="end">{may_change.then(|| view! {
                <div class="row-form">
                    {press(sendings.look, "Look again", None)}
                    {press(sendings.redirect, turn, Some(value))}
                    {press(sendings.remove, "Remove", None)}
                </div>
            })}</td>
        </tr>
    }
    .into_any()
}
