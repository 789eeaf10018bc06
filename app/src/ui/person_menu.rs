use super::{Icon, Menu, Shape, ThemeSwitch};
use domain::Person;
use leptos::prelude::*;

/// Who is signed in, how they like the console, and the way out.
#[component]
pub fn PersonMenu(
    /// Who.
    person: Person,
) -> impl IntoView {
    let initials = person.initials();
    view! {
        <Menu label="You and this console" button=ViewFn::from(move || view! { <span class="avatar">{initials.clone()}</span> })>
            <p class="person"><strong>{person.name.clone()}</strong><br/><span>{person.email.to_string()}</span></p>
            <hr/>
            <div class="menu-row"><span>"Theme"</span><ThemeSwitch/></div>
            <hr/>
            <form method="post" action="/sign-out">
                <button type="submit" class="menu-item"><Icon shape=Shape::Leave/>"Sign out"</button>
            </form>
        </Menu>
    }
}
