use super::Line;
use crate::audit::csv_cell;

/// The names of the columns, for [`statement_row`].
pub fn statement_head() -> String {
    "month,state,team_id,team,project,app_id,app,resource,quantity,unit,from,to,price,price_currency,platform_share,\
     exchange_rate,tax_rate,net,gross,currency\r\n"
        .to_owned()
}

/// A line as a row of CSV (RFC 4180), with the names that it has on the statement: team's id, team, project, app. What a
/// spreadsheet would take for a formula gets an apostrophe in front. Where there is no rate, the money is left empty.
pub fn statement_row(line: &Line, names: [&str; 4], is_provisional: bool) -> String {
    let [team_id, team, project, app] = names;
    let state = match (&line.cost, is_provisional) {
        (Err(_), _) => "no rate",
        (Ok(_), true) => "provisional",
        (Ok(_), false) => "complete",
    };
    let priced = line.cost.as_ref().map(|cost| {
        let terms = &cost.terms;
        [
            terms.price.to_string(),
            terms.currency.to_string(),
            terms.share.to_string(),
            terms.exchange.to_string(),
            terms.tax.to_string(),
            cost.net.to_number(),
            cost.gross.to_number(),
            cost.net.currency.to_string(),
        ]
    });
    let known = [
        line.month.to_string(),
        state.to_owned(),
        team_id.to_owned(),
        team.to_owned(),
        project.to_owned(),
        line.app.to_string(),
        app.to_owned(),
        line.of.as_str().to_owned(),
        line.units().to_string(),
        line.of.unit().to_owned(),
        line.from.to_iso(),
        line.to.to_iso(),
    ];
    let cells: Vec<_> = known.iter().chain(&priced.unwrap_or_default()).map(|cell| csv_cell(cell)).collect();
    format!("{}\r\n", cells.join(","))
}
