use super::{Icon, Menu, Shape, ThemeSwitch};
use crate::live::leave;
use domain::{Action, Person, Rights};
use leptos::prelude::*;

/// Who is signed in, how they like the console, and the way out.
#[component]
pub fn PersonMenu(
    /// Who.
    person: Person,
) -> impl IntoView {
    let initials = person.initials();
    let rights = Rights { platform: person.platform_role, ..Rights::default() };
    let item = |href: &'static str, word: &'static str| view! { <a class="menu-item" href=href>{word}</a> };
    view! {
        <Menu label="You and this console" button=ViewFn::from(move || view! { <span class="avatar" data-initials=initials.clone()></span> })>
            <p class="person"><strong>{person.name.clone()}</strong><br/><span>{person.email.to_string()}</span></p>
            <hr/>
            <nav class="menu-links" aria-label="Yours">
                {item("/teams", "Teams")}
                {item("/permissions", "Who may do what")}
                {item("/me/tokens", "Your tokens")}
                {item("/me/sessions", "Where you are signed in")}
                {rights.may(Action::SeeCompanyCost).then(|| item("/cost", "Cost of the platform"))}
                {rights.may(Action::ReadPlatformAudit).then(|| item("/audit", "Audit log"))}
                {rights.may(Action::SeeCertificates).then(|| item("/certificates", "Certificates"))}
                {rights.may(Action::ManagePlatformRoles).then(|| item("/people", "People on the platform"))}
            </nav>
            <hr/>
            <div class="menu-row"><span>"Theme"</span><ThemeSwitch/></div>
            <hr/>
            <form method="post" action="/sign-out" on:submit=|_| leave()>
                <button type="submit" class="menu-item"><Icon shape=Shape::Leave/>"Sign out"</button>
            </form>
        </Menu>
    }
}
