use crate::fixtures::{at, memory_at, month, of_month, priced_at, ran, rates};
use domain::money::{Line, LineView, Resource, Span, Total, statement_head, statement_row, units_of};

fn lines() -> Vec<Line> {
    let from = "2026-05-02";
    let rates = rates(
        "GBP",
        &[
            priced_at("exchange", "0.8", "USD", "", from),
            priced_at("memory", "0.01", "USD", "40", from),
            priced_at("cpu", "0.05", "GBP", "", from),
            priced_at("tax", "20", "", "", from),
        ],
    );
    of_month(&[ran(2, 512, 500, "2026-05-01", "2026-06-01")], &rates, "2026-05")
}

#[test]
fn a_line_says_by_which_terms_it_is_priced() {
    let told: Vec<_> = lines().iter().map(|line| LineView::from(line).terms).collect();
    let gap = "There is no rate for this time.";
    assert_eq!(told, [gap, "0.01 USD + 40 %, × 0.8, tax 20 %", gap, "0.05 GBP, tax 20 %"]);
}

#[test]
fn a_total_is_the_sum_of_what_the_lines_show() {
    let lines = lines();
    let total = Total::of(&lines, "GBP".parse().expect("a currency"));
    // 720 GiB-hours at 0.0112 GBP and as many vCPU-hours at 0.05 GBP.
    assert_eq!((total.net.to_string(), total.gross.to_string()), ("44.06 GBP".to_owned(), "52.88 GBP".to_owned()));
    assert_eq!((total.tax().to_string(), total.has_gaps), ("8.82 GBP".to_owned(), true));
    assert_eq!(total.plus(total).gross.to_string(), "105.76 GBP");
    assert_eq!(units_of(Resource::Memory, &lines).to_string(), "744");
}

#[test]
fn a_month_that_is_running_is_provisional() {
    let may = month("2026-05");
    let running = Span::at(may, at("2026-05-20"));
    assert_eq!((running.until, running.is_running), (at("2026-05-20"), true));
    let over = Span::at(may, at("2026-06-01"));
    assert_eq!((over.until, over.is_running), (at("2026-06-01"), false));
}

/// Finance opens the file in a spreadsheet, and anybody may call an app or a team what they like.
#[test]
fn a_name_is_never_a_formula() {
    let names = ["id", "=HYPERLINK(\"http://evil.example\")", "+1", "@shop"];
    let lines =
        of_month(&[ran(1, 1024, 0, "2026-05-01", "2026-05-02")], &rates("USD", &memory_at("1", "USD", "")), "2026-05");
    let row = statement_row(&lines[0], names, true);
    let cells: Vec<_> = row.trim_end().split("\",\"").collect();
    assert_eq!(cells.len(), statement_head().trim_end().split(',').count());
    assert_eq!(cells[3..5], ["'=HYPERLINK(\"\"http://evil.example\"\")", "'+1"]);
    assert_eq!(cells[6..10], ["'@shop", "memory", "24", "GiB-hour"]);
    assert_eq!(cells[17..], ["24.00", "24.00", "USD\""]);
    assert!(row.starts_with("\"2026-05\",\"provisional\",") && row.ends_with("\r\n"), "{row}");
}

#[test]
fn a_row_without_a_rate_has_no_money() {
    let row = statement_row(&lines()[0], ["", "", "", ""], false);
    assert!(row.contains("\"no rate\"") && row.ends_with("\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n"), "{row}");
}
