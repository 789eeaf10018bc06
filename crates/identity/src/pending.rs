use crate::Refused;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long somebody may take at the issuer's pages, in milliseconds.
const PATIENCE: i64 = 10 * 60 * 1000;

/// A sign-in that has been begun in one browser. It goes into that browser's session and is taken out again to finish; it
/// cannot be cloned, and is worth nothing after ten minutes.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) started_at: Timestamp,
}

/// What the browser brought back from the issuer: the query of the callback's address.
#[derive(Default, Serialize, Deserialize)]
pub struct Answer {
    /// Must be the one that this browser was sent away with.
    #[serde(default)]
    pub state: String,
    /// To be redeemed at the issuer; missing when it refuses.
    pub code: Option<String>,
    /// Why the issuer refuses, as a word of the standard: `access_denied`.
    pub error: Option<String>,
    /// The same in a sentence, where the issuer has one.
    pub error_description: Option<String>,
    /// Which issuer this answer is from (RFC 9207), where it says so.
    pub iss: Option<String>,
}

// The fields are what an attacker wants; a log line that prints one by accident must not help.
impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("started_at", &self.started_at).finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("error", &self.error).finish_non_exhaustive()
    }
}

impl Pending {
    /// The code in `answer`, if it belongs to this sign-in and is in time.
    pub(crate) fn code_in(
        &self,
        answer: Answer,
        provider: &str,
        issuer: &str,
        now: Timestamp,
    ) -> Result<String, Refused> {
        if answer.state != self.state {
            return Err(Refused::ForgedState);
        }
        // An answer of another issuer mixed into this sign-in would send its code to the wrong one.
        if answer.iss.is_some_and(|iss| iss != issuer) {
            return Err(Refused::ForgedState);
        }
        if !(0..=PATIENCE).contains(&now.millis_since(self.started_at)) {
            return Err(Refused::TooLate);
        }
        let provider = provider.to_owned();
        match (answer.code, answer.error) {
            (_, Some(error)) if error == "access_denied" => Err(Refused::Declined { provider }),
            (_, Some(error)) => {
                let cause = answer.error_description.map_or_else(|| error.clone(), |text| format!("{error}: {text}"));
                Err(Refused::ProviderRefused { provider, cause })
            }
            (Some(code), None) => Ok(code),
            (None, None) => Err(Refused::ProviderRefused { provider, cause: "neither a code nor an error".to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.com";
    const START: Timestamp = Timestamp(1_000_000);

    fn judge(answer: Answer, after: i64) -> Result<String, Refused> {
        let pending = Pending {
            state: "right".to_owned(),
            nonce: "nonce".to_owned(),
            verifier: "verifier".to_owned(),
            started_at: START,
        };
        pending.code_in(answer, "Google", ISSUER, START.plus_millis(after))
    }

    fn answer() -> Answer {
        Answer { state: "right".to_owned(), code: Some("code".to_owned()), ..Answer::default() }
    }

    #[test]
    fn the_answer_to_this_sign_in_gives_its_code() {
        assert_eq!(judge(answer(), 60_000), Ok("code".to_owned()));
        assert_eq!(judge(Answer { iss: Some(ISSUER.to_owned()), ..answer() }, 60_000), Ok("code".to_owned()));
    }

    #[test]
    fn another_state_is_refused_and_so_is_none() {
        for state in ["", "wrong", "right "] {
            assert_eq!(judge(Answer { state: state.to_owned(), ..answer() }, 0), Err(Refused::ForgedState));
        }
    }

    #[test]
    fn an_answer_of_another_issuer_is_refused() {
        let mixed_up = Answer { iss: Some("https://evil.example".to_owned()), ..answer() };
        assert_eq!(judge(mixed_up, 0), Err(Refused::ForgedState));
    }

    #[test]
    fn ten_minutes_are_allowed_and_no_more() {
        assert!(judge(answer(), PATIENCE).is_ok());
        assert_eq!(judge(answer(), PATIENCE + 1), Err(Refused::TooLate));
        assert_eq!(judge(answer(), -1), Err(Refused::TooLate));
    }

    #[test]
    fn an_error_counts_even_when_there_is_a_code() {
        let declined = Answer { error: Some("access_denied".to_owned()), ..answer() };
        assert_eq!(judge(declined, 0), Err(Refused::Declined { provider: "Google".to_owned() }));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let pending: Pending =
            serde_json::from_str(r#"{"state":"s3cret","nonce":"s3cret","verifier":"s3cret","started_at":1}"#)
                .expect("a pending sign-in");
        let printed = format!("{pending:?} {:?}", Answer { code: Some("s3cret".to_owned()), ..Answer::default() });
        assert!(!printed.contains("s3cret"), "{printed}");
    }
}
