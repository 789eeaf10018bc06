use crate::{
    api::people::{AllPeople, SetPlatformRole},
    api::session::Session,
    pages::{loaded::loaded, parts::Refusal},
    ui::{Crumb, Form, Frame, PageHead, Sending, Submit},
};
use domain::{Person, PlatformRole};
use leptos::prelude::*;

/// Everybody on the platform, with their roles on it.
#[component]
pub fn People() -> impl IntoView {
    loaded(
        || AllPeople {},
        |people| {
            let crumbs = vec![Crumb::new("People", "/people")];
            view! { <Frame crumbs><PageHead title="People on the platform"/><Table people/></Frame> }.into_any()
        },
    )
}

#[component]
fn Table(people: Vec<Person>) -> impl IntoView {
    let set = Sending::to::<SetPlatformRole>();
    let you = use_context::<Session>().and_then(|session| session.person).map(|person| person.id);
    view! {
        <p class="lead">"What people are in a team is said by its owners. Here stands what they are on the platform beside that."</p>
        <Refusal error=set.refused/>
        <table class="table people">
            <thead><tr><th scope="col">"Person"</th><th scope="col">"On the platform"</th></tr></thead>
            <tbody>{people.into_iter().map(|person| { let is_you = you == Some(person.id); view! { <Row person set is_you/> } }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(person: Person, set: Sending, is_you: bool) -> impl IntoView {
    let email = person.email.to_string();
    let name = if person.name.is_empty() { email.clone() } else { person.name.clone() };
    let has = person.platform_role;
    let option = move |role: PlatformRole| {
        view! { <option value=role.as_str() selected=has == Some(role)>{format!("{role}: {}", role.purpose())}</option> }
    };
    view! {
        <tr>
            <th scope="row"><strong>{name}</strong>{is_you.then_some(" (you)")}<span class="help block">{email.clone()}</span></th>
            <td>{if is_you {
                view! { <span>{has.map_or("nothing", PlatformRole::as_str)}</span> }.into_any()
            } else {
                view! {
                    <Form sending=set><div class="row-form">
                        <input type="hidden" name="id" value=person.id.to_string()/>
                        <select name="role" aria-label=format!("Role of {email} on the platform")>
                            <option value="" selected=has.is_none()>"nothing"</option>
                            {PlatformRole::ALL.into_iter().map(option).collect_view()}
                        </select>
                        <Submit pending=set.pending kind="quiet small">"Give"</Submit>
                    </div></Form>
                }.into_any()
            }}</td>
        </tr>
    }
    .into_any()
}
