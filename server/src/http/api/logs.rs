use super::bearer::end_of;
use super::extract::{Asked, At};
use super::{Refused, State};
use api::LogLine;
use axum::Extension;
use axum::body::Body;
use axum::extract::State as Given;
use axum::http::header;
use axum::response::IntoResponse;
use domain::Actor;
use futures::{StreamExt as _, stream};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// How often a stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// Which lines are wanted.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    last: u32,
    follow: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { last: 200, follow: false }
    }
}

/// The last lines of all replicas and, with `follow`, new ones as they come: an object of JSON on each line. An empty line
/// says that the stream is alive.
#[utoipa::path(get, path = "/apps/{name}/logs", tag = "logs",
    params(("name" = String, Path), ("last" = Option<u32>, Query), ("follow" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/x-ndjson", body = LogLine)))]
pub async fn read(
    Given(state): Given<State>,
    Extension(actor): Extension<Actor>,
    At(name): At<String>,
    Asked(wanted): Asked<Wanted>,
) -> Result<impl IntoResponse, Refused> {
    let lines = state.platform.logs().read(&actor, &name, wanted.last, wanted.follow).await?;
    let lines = lines.map(|line| format!("{}\n", serde_json::to_string(&LogLine::from(line)).unwrap_or_default()));
    let body = if wanted.follow {
        Body::from_stream(with_signs_of_life(lines).take_until(end_of(&state, &actor)).map(Ok::<_, Infallible>))
    } else {
        Body::from_stream(lines.map(Ok::<_, Infallible>))
    };
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body))
}

/// The lines, and an empty one whenever none came for a while. Ends when they do.
fn with_signs_of_life(
    lines: impl futures::Stream<Item = String> + Send + 'static,
) -> impl futures::Stream<Item = String> + Send {
    stream::unfold(Box::pin(lines), async |mut lines| {
        let next = tokio::time::timeout(ALIVE, lines.next()).await;
        let text = next.unwrap_or_else(|_nothing_came| Some("\n".to_owned()))?;
        Some((text, lines))
    })
}
