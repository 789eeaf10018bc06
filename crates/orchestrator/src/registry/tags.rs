//! Which tags a repository has, with age and size for the first of them.

use super::session::{self, Session};
use super::{Registry, words};
use crate::{Result, version};
use domain::{Tag, TagView};
use futures::StreamExt;
use reqwest::header::LINK;
use reqwest::{Method, Response};
use serde::Deserialize;
use std::time::Duration;
use url::Url;

/// Tags on one page of the registry's list.
const PER_PAGE: &str = "1000";
/// Pages that are read.
const MOST_PAGES: usize = 20;
/// For how many tags, by their text the newest, age and size are looked up.
const LOOKED_AT: usize = 24;
/// How many at a time.
const AT_ONCE: usize = 8;
/// How long that may take; a list without ages is better than none.
const LOOKING_TAKES: Duration = Duration::from_secs(4);

impl Registry {
    pub(super) async fn list_tags(&self, session: &Session<'_>) -> Result<Vec<TagView>> {
        let mut tags = names(session).await?;
        tags.sort_by(version::newest_first);
        let looks = tags.iter().take(LOOKED_AT).cloned().map(|tag| self.view(session, tag));
        let known: Vec<_> = futures::stream::iter(looks)
            .buffer_unordered(AT_ONCE)
            .take_until(tokio::time::sleep(LOOKING_TAKES))
            .collect()
            .await;
        Ok(newest_first(tags, known))
    }

    /// A tag with what can be found out about it.
    async fn view(&self, session: &Session<'_>, tag: Tag) -> TagView {
        let digest = self.digest(session, tag.as_str()).await.ok().flatten();
        let details = match &digest {
            Some(digest) => self.details(session, digest).await.unwrap_or_default(),
            None => super::Details::default(),
        };
        TagView { tag, digest, size: details.size, made_at: details.made_at }
    }
}

/// Those of known age by age, then the others by their text.
fn newest_first(tags: Vec<Tag>, known: Vec<TagView>) -> Vec<TagView> {
    let (mut aged, ageless): (Vec<_>, Vec<_>) = known.into_iter().partition(|view| view.made_at.is_some());
    aged.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| version::newest_first(&a.tag, &b.tag)));
    let rest = tags.into_iter().filter(|tag| aged.iter().all(|view| view.tag != *tag));
    let rest: Vec<_> = rest
        .map(|tag| {
            let looked_at = ageless.iter().find(|view| view.tag == tag).cloned();
            looked_at.unwrap_or(TagView { tag, digest: None, size: None, made_at: None })
        })
        .collect();
    aged.into_iter().chain(rest).collect()
}

/// All tags that an app can be deployed from.
async fn names(session: &Session<'_>) -> Result<Vec<Tag>> {
    #[derive(Deserialize)]
    struct Page {
        tags: Option<Vec<String>>,
    }
    let mut url = session.place.url("tags/list");
    url.query_pairs_mut().append_pair("n", PER_PAGE);
    let mut tags = Vec::new();
    for _ in 0..MOST_PAGES {
        let answer = session.ask(Method::GET, url, "application/json").await?;
        if !answer.status().is_success() {
            return Err(words::status(session, answer.status()));
        }
        let next = next_page(&answer);
        let page = serde_json::from_slice::<Page>(&session::body(answer, &session.place.registry).await?);
        let page = page.map_err(|_| words::nonsense(&session.place.registry, "a list that cannot be read"))?;
        tags.extend(
            page.tags.unwrap_or_default().iter().filter(|tag| !is_signature(tag)).filter_map(|t| t.parse().ok()),
        );
        match next {
            Some(next) => url = next,
            None => break,
        }
    }
    Ok(tags)
}

/// Signatures and attestations stand among the tags under the digest of what they sign: `sha256-….sig`.
fn is_signature(tag: &str) -> bool {
    tag.strip_prefix("sha256-").is_some_and(|rest| rest.len() >= 64)
}

/// The address behind `Link: <…>; rel="next"`.
fn next_page(answer: &Response) -> Option<Url> {
    let link = answer.headers().get(LINK)?.to_str().ok()?;
    let (target, relation) = link.strip_prefix('<')?.split_once('>')?;
    relation.contains("next").then(|| answer.url().join(target).ok()).flatten()
}
