use super::{Compact, Result};
use domain::TagView;
use leptos::{prelude::server, server_fn::codec::Json};

/// The tags of an image, newest first where ages are known.
#[server(prefix = "/api/console", endpoint = "images/tags", input = Json, output = Compact)]
pub async fn image_tags(image: String) -> Result<Vec<TagView>> {
    let door = super::server::Door::open()?;
    door.answer(door.platform.images().tags(&door.actor, &image).await)
}
