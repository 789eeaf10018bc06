use anyhow::Result;
use std::time::Duration;

/// A client that keeps its connections, or makes a new one for each request.
pub fn client(keeps_connections: bool) -> Result<reqwest::Client> {
    let builder =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(30));
    let builder = if keeps_connections { builder } else { builder.pool_max_idle_per_host(0) };
    Ok(builder.build()?)
}

/// The given share of a sorted list, such as 0.99.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// Sorts and takes the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    percentile(&values, 0.5)
}
