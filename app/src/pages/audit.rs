use crate::{
    api::audit::FindAudit,
    pages::loaded::loaded_part,
    ui::{Badge, Crumb, Empty, Frame, PageHead, Select, Told, Tone},
};
use domain::{AUDIT_NOUNS, AuditFilter, AuditLine, AuditPage, TeamId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Who did what on the whole platform.
#[component]
pub fn Audit() -> impl IntoView {
    let crumbs = vec![Crumb::new("Audit log", "/audit")];
    view! { <Frame crumbs><AuditLog team=None/></Frame> }
}

/// The log, narrowed by what stands in the address.
#[component]
pub fn AuditLog(
    /// Of one team.
    team: Option<TeamId>,
) -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        let query = query.read();
        let text = |name: &str| query.get(name).unwrap_or_default();
        AuditFilter {
            person: text("person"),
            action: text("action"),
            app: text("app"),
            from: text("from"),
            to: text("to"),
            before: text("before"),
        }
    });
    let base = team.map_or_else(|| "/audit".to_owned(), |team| format!("/teams/{team}/audit"));
    let exported = StoredValue::new(base.clone());
    let export = move |format: &str| {
        let query = AuditFilter { before: String::new(), ..filter.get() }.to_query();
        format!("{}/export/audit.{format}?{query}", exported.get_value())
    };
    let (csv, json) = (move || export("csv"), move || export("json"));
    view! {
        <PageHead title="Audit log">
            <a class="button quiet" rel="external" download href=csv>"CSV"</a>
            <a class="button quiet" rel="external" download href=json>"JSON"</a>
        </PageHead>
        {let base = base.clone(); move || view! { <Narrow filter=filter.get() base=base.clone()/> }}
        {loaded_part(move || FindAudit { team, filter: filter.get() }, move |page| view! { <Lines page base=base.clone() filter=filter.get_untracked()/> }.into_any())}
    }
    .into_any()
}

#[component]
fn Narrow(filter: AuditFilter, base: String) -> impl IntoView {
    let kind = RwSignal::new(filter.action.clone());
    let everything = [(String::new(), "Everything".to_owned())];
    let mut kinds: Vec<_> =
        everything.into_iter().chain(AUDIT_NOUNS.iter().map(|(k, w)| ((*k).to_owned(), (*w).to_owned()))).collect();
    if !kinds.iter().any(|(key, _)| *key == filter.action) {
        kinds.push((filter.action.clone(), filter.action.clone()));
    }
    let all = base.clone();
    view! {
        <form class="narrow-by" method="get" action=base>
            <label class="select"><span>"Person"</span><input type="text" name="person" value=filter.person placeholder="ada@example.com" autocomplete="off"/></label>
            <Select label="What" name="action" options=Signal::stored(kinds) value=kind on_choice=move |key| kind.set(key)/>
            <label class="select"><span>"App"</span><input type="text" name="app" value=filter.app autocomplete="off"/></label>
            <label class="select"><span>"From"</span><input type="date" name="from" value=filter.from/></label>
            <label class="select"><span>"To"</span><input type="date" name="to" value=filter.to/></label>
            <button type="submit" class="button quiet">"Show"</button>
            <a class="button quiet" href=all>"All"</a>
        </form>
    }
}

#[component]
fn Lines(page: AuditPage, base: String, filter: AuditFilter) -> impl IntoView {
    if page.lines.is_empty() {
        return view! { <Empty title="Nothing was found"><p>"Nobody did anything that this filter leaves."</p></Empty> }.into_any();
    }
    let is_later = !filter.before.is_empty();
    let link = move |before: String| format!("{base}?{}", AuditFilter { before, ..filter.clone() }.to_query());
    let first = is_later.then(|| link(String::new()));
    let next = page.next.map(|before| link(before.to_string()));
    view! {
        <table class="table audit">
            <thead><tr><th scope="col">"When (UTC)"</th><th scope="col">"Who"</th><th scope="col">"What"</th><th scope="col">"On"</th><th scope="col">"More"</th></tr></thead>
            <tbody>{page.lines.into_iter().map(|line| view! { <Line line/> }).collect_view()}</tbody>
        </table>
        <nav class="pager" aria-label="Pages">
            {first.map(|href| view! { <a class="button quiet small" href=href>"Newest"</a> })}
            {next.map(|href| view! { <a class="button quiet small" href=href>"Earlier"</a> })}
        </nav>
    }
    .into_any()
}

/// Somebody was told no.
struct Refused;

impl Told for Refused {
    fn told(&self) -> (Tone, &'static str) {
        (Tone::Warning, "Refused")
    }
}

#[component]
fn Line(line: AuditLine) -> impl IntoView {
    let what = line.action.strip_prefix("refused.").unwrap_or(&line.action).to_owned();
    let from = if line.address.is_empty() { line.door.clone() } else { format!("{}, {}", line.door, line.address) };
    let title = format!("Line {}, hash {}", line.number, line.hash);
    view! {
        <tr title=title>
            <td><time datetime=line.at.to_iso()>{line.at.to_utc().trim_end_matches(" UTC").to_owned()}</time></td>
            <td>{line.person.clone()}<span class="help block">{from}</span></td>
            <td><code>{what}</code>{line.is_refusal().then(|| view! { " "<Badge of=Refused/> })}</td>
            <td>{line.subject}<span class="help">" "{line.kind}</span></td>
            <td>{line.detail}</td>
        </tr>
    }
    .into_any()
}
