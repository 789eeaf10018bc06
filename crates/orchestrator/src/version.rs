//! The order of tags when nothing is known of them but their text.

use domain::Tag;
use std::cmp::Ordering;

/// Versions before words, and the highest version first: `1.10`, `1.9`, `v1.2`, `latest`, `main`.
pub(crate) fn newest_first(a: &Tag, b: &Tag) -> Ordering {
    let (a, b) = (a.as_str(), b.as_str());
    is_version(b).cmp(&is_version(a)).then_with(|| {
        let ascending = natural(a.trim_start_matches('v'), b.trim_start_matches('v'));
        if is_version(a) { ascending.reverse() } else { ascending }
    })
}

fn is_version(tag: &str) -> bool {
    tag.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
}

/// Numbers within the text count as numbers.
fn natural(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (part_a, part_b) = (part(&mut a), part(&mut b));
        let order = match (number(part_a), number(part_b)) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => pre_release(part_a).cmp(&pre_release(part_b)).then_with(|| part_a.cmp(part_b)),
        };
        if order.is_ne() || (part_a.is_empty() && part_b.is_empty()) {
            return order;
        }
    }
}

/// `1.0-rc` comes before `1.0`, and `1.0.1` after it.
fn pre_release(part: &str) -> bool {
    !part.starts_with('-')
}

/// Takes the digits, or what is between digits, off the front.
fn part<'a>(text: &mut &'a str) -> &'a str {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    let (part, rest) = text.split_at(end);
    *text = rest;
    part
}

fn number(part: &str) -> Option<u128> {
    part.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_comes_first_and_words_last() {
        let mut tags: Vec<Tag> = ["main", "1.9", "1.10-rc1", "1.10", "v2.0.1", "2.0", "latest", "1.10.1"]
            .map(|tag| tag.parse().expect("a tag"))
            .to_vec();
        tags.sort_by(newest_first);
        let order: Vec<_> = tags.iter().map(Tag::as_str).collect();
        assert_eq!(order, ["v2.0.1", "2.0", "1.10.1", "1.10", "1.10-rc1", "1.9", "latest", "main"]);
    }
}
