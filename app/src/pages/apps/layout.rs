use super::rail::app_rail;
use crate::{
    api::apps::FindApp,
    live::{About, keep_fresh, use_changes},
    pages::{frozen::Frozen, loaded::loaded},
    ui::{Banner, Crumb, Frame, Tone},
};
use domain::AppOverview;
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_params_map};

/// The app that the pages below are about, kept true by the event stream. Pages are shown once it is there.
#[derive(Debug, Clone, Copy)]
pub struct ThisApp {
    /// Everything of it.
    pub overview: RwSignal<Option<AppOverview>>,
    /// Counts up when something of it changed.
    pub changes: Signal<u32>,
}

impl ThisApp {
    /// The app of the address.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(|| Self { overview: RwSignal::new(None), changes: Signal::stored(0) })
    }

    /// A part of it, which changes only when it differs.
    pub fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&AppOverview) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| self.overview.read().as_ref().map(&part))
    }

    /// Its name.
    pub fn name(self) -> String {
        self.overview.read_untracked().as_ref().map(|overview| overview.card.app.name.to_string()).unwrap_or_default()
    }

    /// What the page is built from; it does not follow what changes later.
    pub fn now(self) -> Option<AppOverview> {
        self.overview.get_untracked()
    }
}

/// What surrounds the pages of an app.
#[component]
pub fn Layout() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let overview = RwSignal::new(None::<AppOverview>);
    let is_there = Memo::new(move |_| overview.read().is_some());
    let about = move || if is_there.get() { About::App(name.get()) } else { About::Nothing };
    let this = ThisApp { overview, changes: use_changes(about) };
    provide_context(this);
    let project = this.part(|app| app.card.project.clone());
    let put = move |fresh: AppOverview| this.overview.set(Some(fresh));
    let trouble = keep_fresh(this.changes, move || FindApp { name: name.get_untracked() }, put);
    loaded(
        move || FindApp { name: name.get() },
        move |overview: AppOverview| {
            let crumbs = crumbs(&overview);
            let rail = app_rail(overview.card.app.name.as_str());
            this.overview.set(Some(overview));
            view! {
            <Frame crumbs rail>
                {move || trouble.get().map(|error| view! { <Banner tone=Tone::Warning>"This page may be out of date: "{error.to_string()}</Banner> })}
                {move || project.get().map(|project| view! { <Frozen project/> })}
                <Outlet/>
            </Frame>
        }
        .into_any()
        },
    )
}

fn crumbs(overview: &AppOverview) -> Vec<Crumb> {
    let (app, project) = (&overview.card.app, &overview.card.project);
    vec![
        Crumb::new(&project.name, format!("/projects/{}", project.id)),
        Crumb::new(&app.name, format!("/apps/{}", app.name)),
    ]
}
