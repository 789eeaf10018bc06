use super::parts::{Figures, Months, NoRates};
use domain::money::{Statement, StatementRow, Total};
use leptos::prelude::*;

/// A month of a team, or of the company: one number, and the table that comes to it.
#[component]
pub fn StatementView(
    statement: Statement,
    /// The page's address, without the month.
    base: String,
    /// What a row is.
    what: &'static str,
) -> impl IntoView {
    let Statement { span, currency, rows, total, forecast, may_set_rates, .. } = statement;
    let has_projects = rows.iter().any(|row| row.project.is_some());
    let body = if rows.is_empty() {
        view! { <p class="nothing">"Nothing ran in this month."</p> }.into_any()
    } else {
        view! {
            <table class="table costs">
                <thead><tr>
                    <th scope="col">{what}</th>
                    {has_projects.then(|| view! { <th scope="col">"Project"</th> })}
                    <th scope="col" class="end">"GiB-hours"</th><th scope="col" class="end">"vCPU-hours"</th>
                    <th scope="col" class="end">"Without tax"</th><th scope="col" class="end">"Tax"</th><th scope="col" class="end">"With tax"</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! { <Row row has_projects/> }).collect_view()}</tbody>
                {total.map(|total| view! {
                    <tfoot><tr><th scope="row">"All of it"</th>{has_projects.then(|| view! { <td></td> })}<td></td><td></td><Amounts total/></tr></tfoot>
                })}
            </table>
        }
        .into_any()
    };
    view! {
        <Months span base/>
        {currency.is_none().then(|| view! { <NoRates may_set_rates/> })}
        <Figures span total forecast/>
        {body}
    }
    .into_any()
}

#[component]
fn Row(row: StatementRow, has_projects: bool) -> impl IntoView {
    let StatementRow { name, project, href, is_gone, memory, cpu, total } = row;
    view! {
        <tr>
            <th scope="row">
                {match href {
                    Some(href) => view! { <a class="row-link" href=href>{name}</a> }.into_any(),
                    None => name.into_any(),
                }}
                {is_gone.then(|| view! { <span class="help">" deleted"</span> })}
            </th>
            {has_projects.then(|| view! { <td>{project}</td> })}
            <td class="end">{memory.short(3)}<span class="narrow help">" GiB-hours"</span></td>
            <td class="end">{cpu.short(3)}<span class="narrow help">" vCPU-hours"</span></td>
            {match total {
                Some(total) => view! { <Amounts total/> }.into_any(),
                None => view! { <td class="end"></td><td class="end"></td><td class="end"></td> }.into_any(),
            }}
        </tr>
    }
    .into_any()
}

#[component]
fn Amounts(total: Total) -> impl IntoView {
    view! {
        <td class="end"><span class="narrow help">"without tax "</span>{total.net.to_string()}</td>
        <td class="end"><span class="narrow help">"tax "</span>{total.tax().to_string()}</td>
        <td class="end"><span class="narrow help">"with tax "</span>{total.gross.to_string()}{total.has_gaps.then(|| view! { <span class="help block">"a rate is missing"</span> })}</td>
    }
}
