use std::ffi::OsString;

/// Nouns that may be joined with their verb by a colon.
const NOUNS: [&str; 5] = ["app", "config", "release", "secret", "token"];

/// A command line on which `app:deploy` is spelt `app deploy`.
pub fn in_two_words(line: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut is_found = false;
    let mut words = Vec::new();
    for word in line {
        match (is_found, word.to_str().and_then(parts)) {
            (false, Some((noun, verb))) => {
                is_found = true;
                words.extend([noun.into(), verb.into()]);
            }
            _ => words.push(word),
        }
    }
    words
}

fn parts(word: &str) -> Option<(&str, &str)> {
    let (noun, verb) = word.split_once(':')?;
    let is_verb = !verb.is_empty() && verb.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (NOUNS.contains(&noun) && is_verb).then_some((noun, verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(line: &str) -> String {
        let words = in_two_words(line.split(' ').map(OsString::from));
        words.into_iter().map(|word| word.into_string().expect("text")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_colon_is_as_good_as_a_blank_and_only_in_the_command() {
        assert_eq!(spelt("slipway app:deploy -n shop"), "slipway app deploy -n shop");
        assert_eq!(spelt("slipway app deploy -n shop"), "slipway app deploy -n shop");
        assert_eq!(spelt("slipway config:set A=app:deploy app:x"), "slipway config set A=app:deploy app:x");
        assert_eq!(spelt("slipway run --listen localhost:8080"), "slipway run --listen localhost:8080");
        assert_eq!(spelt("slipway app:"), "slipway app:");
    }
}
