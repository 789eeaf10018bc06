use crate::{
    api::teams::FindTeam,
    live::{About, keep_fresh, use_changes},
    pages::loaded::loaded,
    ui::{Banner, Crumb, Frame, Rail, RailItem, Shape, Tone},
};
use domain::{Action, TeamId, TeamOverview};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_params_map};

/// The team that the pages below are about, kept true by the event stream.
#[derive(Debug, Clone, Copy)]
pub struct ThisTeam(pub RwSignal<Option<TeamOverview>>);

impl ThisTeam {
    /// The team of the address.
    pub fn of_page() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(None)))
    }

    /// A part of it, which changes only when it differs.
    pub fn part<T: PartialEq + Send + Sync + 'static>(
        self,
        part: impl Fn(&TeamOverview) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| self.0.read().as_ref().map(&part))
    }

    /// What the page is built from; it does not follow what changes later.
    pub fn now(self) -> Option<TeamOverview> {
        self.0.get_untracked()
    }
}

/// What surrounds the pages of a team.
#[component]
pub fn Layout() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or(TeamId::NIL));
    let overview = RwSignal::new(None::<TeamOverview>);
    let this = ThisTeam(overview);
    provide_context(this);
    let changes = use_changes(|| About::Everything);
    let put = move |fresh: TeamOverview| overview.set(Some(fresh));
    let trouble = keep_fresh(changes, move || FindTeam { id: id.get_untracked() }, put);
    loaded(
        move || FindTeam { id: id.get() },
        move |team: TeamOverview| {
            let (crumbs, rail) = (crumbs(&team), rail(&team));
            overview.set(Some(team));
            let suspension = this.part(|team| team.team.suspension());
            view! {
                <Frame crumbs rail>
                    {move || trouble.get().map(|error| view! { <Banner tone=Tone::Warning>"This page is no longer true: "{error.to_string()}</Banner> })}
                    {move || suspension.get().flatten().map(|sentence| view! { <Banner tone=Tone::Warning>{sentence}</Banner> })}
                    <Outlet/>
                </Frame>
            }
            .into_any()
        },
    )
}

fn crumbs(team: &TeamOverview) -> Vec<Crumb> {
    vec![Crumb::new("Teams", "/teams"), Crumb::new(&team.team.name, format!("/teams/{}", team.team.id))]
}

fn rail(team: &TeamOverview) -> AnyView {
    let base = format!("/teams/{}", team.team.id);
    let cost = team.role.may(Action::SeeCost).then(|| format!("{base}/cost"));
    let audit = team.role.may(Action::ReadAudit).then(|| format!("{base}/audit"));
    view! {
        <Rail label="Team">
            <RailItem href=base.clone() label="People" shape=Shape::People exact=true/>
            <RailItem href=format!("{base}/limits") label="Limits" shape=Shape::Overview/>
            {cost.map(|href| view! { <RailItem href label="Cost" shape=Shape::Cost/> })}
            {audit.map(|href| view! { <RailItem href label="Audit" shape=Shape::Logs/> })}
            <RailItem href=format!("{base}/danger") label="Danger" shape=Shape::Danger/>
        </Rail>
    }
    .into_any()
}
