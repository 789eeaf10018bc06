use crate::{
    api::session::Session,
    ui::{Banner, Mark, Tone},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The way in: by the company's identity provider, or by the link that the terminal shows.
#[component]
pub fn SignIn() -> impl IntoView {
    let Some(session) = use_context::<Session>() else { return ().into_any() };
    if session.person.is_some() {
        return view! { <Redirect path="/"/> }.into_any();
    }
    let provider = session.info.sign_in;
    let named = provider.clone().unwrap_or_else(|| "the provider".to_owned());
    let refused = use_query_map().read_untracked().get("refused").map(|code| refusal(&code, &named));
    view! {
        <Title text="Sign in"/>
        <main id="main" class="sign-in">
            <div class="sign-in-card">
                <div class="brand"><Mark/><span>"Slipway"</span></div>
                <h1>"Sign in"</h1>
                {refused.map(|sentence| view! { <Banner tone=Tone::Broken>{sentence}</Banner> })}
                {match provider {
                    Some(provider) => view! { <ByProvider provider/> }.into_any(),
                    None => view! { <ByLink/> }.into_any(),
                }}
            </div>
            {session.info.is_demo.then(|| view! { <p class="help">"This is the demo: nothing here runs on Docker."</p> })}
        </main>
    }
    .into_any()
}

#[component]
fn ByProvider(provider: String) -> impl IntoView {
    view! {
        <p>"Put an image online, see how it is, read what it writes. Use your company account."</p>
        <a class="button primary wide" rel="external" href="/sign-in/oidc">"Sign in with "{provider}</a>
        <p class="help">"There is no password here and no account to make."</p>
    }
}

#[component]
fn ByLink() -> impl IntoView {
    view! {
        <p>"Open the link that the platform printed on the terminal where it was started. It begins with "<code>"http://"</code>
        " and ends with a token."</p>
        <p class="help">"The link works once, on this machine, for 30 minutes. Start the platform again to get another one."</p>
    }
}

/// What the code in the address says to the person. The codes are those of `identity` and of the server's sign-in pages.
fn refusal(code: &str, provider: &str) -> String {
    match code {
        "unreachable" | "provider_down" => format!("{provider} does not answer at the moment. Try again in a minute."),
        "wrong_issuer" | "misconfigured" => {
            format!("{provider} does not accept this platform as it is configured. Tell whoever runs this platform.")
        }
        "declined" => format!("The sign-in was stopped at {provider}. Start again when you want to."),
        "forged_state" | "not_begun" => {
            "This sign-in was not started in this browser. Start again from here.".to_owned()
        }
        "too_late" => "This sign-in took more than ten minutes. Start again.".to_owned(),
        "code_refused" | "wrong_nonce" => "This sign-in has been used already or is too old. Start again.".to_owned(),
        "token_expired" | "bad_token" => {
            format!(
                "What {provider} said about you cannot be trusted. Start again; if it stays so, tell whoever runs this platform."
            )
        }
        "no_email" => {
            format!("{provider} does not tell your e-mail address, and without one there is no account here.")
        }
        "unverified" => {
            format!("{provider} has not verified your e-mail address. Verify it there, then sign in again.")
        }
        "private_account" | "wrong_domain" => {
            "This is not an account of the company. Sign in with your company account.".to_owned()
        }
        "link" => "This link has been used, is older than 30 minutes, or was made for another machine.".to_owned(),
        "no_provider" => "No identity provider is set up here. Use the link from the terminal.".to_owned(),
        _ => "The sign-in did not work. Try again; if it stays so, tell whoever runs this platform.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_told_which_account_to_take() {
        assert_eq!(
            refusal("wrong_domain", "Google"),
            "This is not an account of the company. Sign in with your company account."
        );
    }

    #[test]
    fn a_code_that_nobody_knows_still_gets_a_sentence() {
        assert!(refusal("<b>", "Google").starts_with("The sign-in did not work."));
    }
}
