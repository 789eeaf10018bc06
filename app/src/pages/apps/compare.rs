use super::layout::ThisApp;
use crate::{
    api::releases::CompareReleases,
    pages::loaded::loaded_part,
    ui::{Ago, Differences, Empty, PageHead, Select},
};
use domain::{Comparison, Release};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// Two releases of an app side by side. Which ones stands in the address.
#[component]
pub fn Compare() -> impl IntoView {
    let (this, query) = (ThisApp::of_page(), use_query_map());
    // A number that is none is one that no release has.
    let number = move |name| query.read().get(name).and_then(|text| text.trim_start_matches('r').parse().ok());
    loaded_part(
        move || CompareReleases {
            name: this.name(),
            from: number("from").unwrap_or_default(),
            to: number("to").unwrap_or_default(),
        },
        move |comparison| view! { <Body this comparison/> }.into_any(),
    )
}

#[component]
fn Body(this: ThisApp, comparison: Comparison) -> impl IntoView {
    let Comparison { from, to, differences, numbers } = comparison;
    let title = format!("r{} and r{}", from.number, to.number);
    let same = differences.is_empty();
    view! {
        <PageHead title=title.clone() tab=format!("{title} of {}", this.name())>
            <a class="button quiet" href=format!("/apps/{}/releases", this.name())>"Releases"</a>
        </PageHead>
        <Choice this from=from.number to=to.number numbers/>
        <div class="columns">
            <Made release=from/>
            <Made release=to/>
        </div>
        {if same {
            view! { <Empty title="No difference"><p>"Image and settings are the same, digit for digit."</p></Empty> }.into_any()
        } else {
            view! { <Differences list=differences/> }.into_any()
        }}
    }
}

/// Another pair. It works without scripts too, by its button.
#[component]
fn Choice(this: ThisApp, from: u32, to: u32, numbers: Vec<u32>) -> impl IntoView {
    let navigate = use_navigate();
    let options: Vec<_> = numbers.iter().map(|n| (n.to_string(), format!("r{n}"))).collect();
    let go = Callback::new(move |(from, to): (String, String)| {
        navigate(&format!("/apps/{}/releases/diff?from={from}&to={to}", this.name()), NavigateOptions::default());
    });
    view! {
        <form method="get" class="choice">
            <Select label="From" name="from" options=options.clone() value=from.to_string() on_choice=move |from| go.run((from, to.to_string()))/>
            <Select label="To" name="to" options value=to.to_string() on_choice=move |to| go.run((from.to_string(), to))/>
            <button type="submit" class="button quiet scriptless">"Compare"</button>
        </form>
    }
}

#[component]
fn Made(release: Release) -> impl IntoView {
    view! {
        <section class="card made">
            <h2 class="mono">{format!("r{}", release.number)}</h2>
            <p><code>{release.image.to_string()}</code></p>
            <p class="help">{release.made_by}" · "<Ago at=release.made_at/></p>
            {(!release.reason.is_empty()).then_some(view! { <p>{release.reason}</p> })}
        </section>
    }
}
