use super::parts::{Figures, Months, NoRates, month_of_page};
use crate::{
    api::costs::FindAppCost,
    pages::{apps::app_rail, loaded::loaded},
    ui::{Crumb, Frame, PageHead},
};
use domain::money::{AppCost, Interval, LineView, Total};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What an app costs: one number, the lines that come to it, and what ran. For who may see what it costs and nothing else of
/// it, too: therefore it stands beside the other pages of an app, and not below them.
#[component]
pub fn OfApp() -> impl IntoView {
    let (params, month) = (use_params_map(), month_of_page());
    let name = move || params.read().get("name").unwrap_or_default();
    loaded(move || FindAppCost { name: name(), month: month.get() }, show)
}

fn show(cost: AppCost) -> AnyView {
    let crumbs = vec![
        Crumb::new(&cost.project.name, format!("/projects/{}", cost.project.id)),
        Crumb::new(&cost.app, format!("/apps/{}", cost.app)),
    ];
    let page = view! { <Body cost=cost.clone()/> };
    if cost.may_inspect {
        view! { <Frame crumbs rail=app_rail(cost.app.as_str())>{page}</Frame> }.into_any()
    } else {
        view! { <Frame crumbs>{page}</Frame> }.into_any()
    }
}

#[component]
fn Body(cost: AppCost) -> impl IntoView {
    let AppCost { app, team, span, lines, total, forecast, intervals, more_intervals, may_set_rates, .. } = cost;
    let statement = format!("/teams/{team}/cost?month={}", span.month);
    view! {
        <PageHead title="Cost" tab=format!("Cost of {app}")><a class="button quiet" href=statement>"Statement of the team"</a></PageHead>
        <Months span base=format!("/apps/{app}/cost")/>
        {cost.currency.is_none().then(|| view! { <NoRates may_set_rates/> })}
        <Figures span total forecast/>
        <Lines lines total/>
        <Intervals intervals more=more_intervals/>
    }
    .into_any()
}

#[component]
fn Lines(lines: Vec<LineView>, total: Option<Total>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="nothing">"Nothing of it ran in this month."</p> }.into_any();
    }
    view! {
        <table class="table costs">
            <thead><tr><th scope="col">"What"</th><th scope="col">"Price"</th><th scope="col" class="end">"Amount"</th><th scope="col" class="end">"Without tax"</th><th scope="col" class="end">"With tax"</th></tr></thead>
            <tbody>{lines.into_iter().map(|line| view! { <Line line/> }).collect_view()}</tbody>
            {total.map(|total| view! {
                <tfoot><tr>
                    <th scope="row">"All of it"</th><td></td><td></td>
                    <td class="end"><span class="narrow help">"without tax "</span>{total.net.to_string()}</td><td class="end"><span class="narrow help">"with tax "</span>{total.gross.to_string()}</td>
                </tr></tfoot>
            })}
        </table>
    }
    .into_any()
}

#[component]
fn Line(line: LineView) -> impl IntoView {
    let is_gap = line.cost.is_none();
    let (net, gross) = line.cost.map(|(net, gross)| (net.to_string(), gross.to_string())).unzip();
    let (from, to) = (line.from.to_short(), line.to.to_short());
    let period = format!("{from} to {to} UTC");
    view! {
        <tr class:gap=is_gap>
            <th scope="row">{line.of.label()}<span class="help block">{period}</span></th>
            <td>{line.terms}{(!is_gap).then(|| view! { <span class="help block">{format!("per {}", line.of.unit())}</span> })}</td>
            <td class="end">{line.units.short(3)}" "<span class="help">{format!("{}s", line.of.unit())}</span></td>
            <td class="end">{net.map(|net| view! { <span class="narrow help">"without tax "</span>{net} })}</td>
            <td class="end">{gross.map(|gross| view! { <span class="narrow help">"with tax "</span>{gross} })}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Intervals(intervals: Vec<Interval>, more: u64) -> impl IntoView {
    if intervals.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack">
            <h2>"What ran"</h2>
            <table class="table costs">
                <thead><tr><th scope="col">"Release"</th><th scope="col">"Reserved"</th><th scope="col">"From (UTC)"</th><th scope="col">"Until"</th><th scope="col" class="end">"GiB-hours"</th><th scope="col" class="end">"vCPU-hours"</th></tr></thead>
                <tbody>{intervals.into_iter().map(|interval| view! { <Ran interval/> }).collect_view()}</tbody>
            </table>
            {(more > 0).then(|| view! { <p class="help">{format!("And {more} more before these, which count all the same.")}</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn Ran(interval: Interval) -> impl IntoView {
    let reserved = format!("{} MiB, {} vCPU", interval.memory, interval.vcpus().short(2));
    let until = if interval.is_open { "still runs".to_owned() } else { interval.to.to_short() };
    view! {
        <tr>
            <th scope="row"><span class="mono">{format!("r{}", interval.number)}</span><span class="help">" "{interval.node.clone()}</span></th>
            <td>{reserved}</td>
            <td><time datetime=interval.from.to_iso() title=interval.from.to_utc()>{interval.from.to_short()}</time></td>
            <td><time datetime=interval.to.to_iso() title=interval.to.to_utc()>{until}</time></td>
            <td class="end">{interval.gib_hours().short(3)}<span class="narrow help">" GiB-hours"</span></td>
            <td class="end">{interval.vcpu_hours().short(3)}<span class="narrow help">" vCPU-hours"</span></td>
        </tr>
    }
    .into_any()
}
