use domain::{Email, HostName};

/// Why somebody was not signed in. Each has a sentence for the person in front of the browser; what only helps the operator
/// is in [`Refused::cause`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The issuer does not answer, or says that it cannot at the moment.
    #[error("{provider} does not answer at the moment. Try again in a minute.")]
    Unreachable {
        /// As on the button.
        provider: String,
        /// For the log.
        cause: String,
    },
    /// What answers at the issuer's address calls itself something else.
    #[error("{provider} answers under another name than it is configured by here. Tell whoever runs this platform.")]
    WrongIssuer {
        /// As on the button.
        provider: String,
        /// For the log: both names.
        cause: String,
    },
    /// The issuer does not know this installation, or what is there is no issuer.
    #[error("{provider} does not accept this platform as it is configured. Tell whoever runs this platform.")]
    Misconfigured {
        /// As on the button.
        provider: String,
        /// For the log.
        cause: String,
    },
    /// The person stopped at the issuer's page.
    #[error("The sign-in was stopped at {provider}. Start again when you want to.")]
    Declined {
        /// As on the button.
        provider: String,
    },
    /// The issuer refuses for a reason of its own.
    #[error("{provider} refused this sign-in. Try again; if it stays so, tell whoever runs this platform.")]
    ProviderRefused {
        /// As on the button.
        provider: String,
        /// For the log.
        cause: String,
    },
    /// The answer does not belong to a sign-in that this browser has begun.
    #[error("This sign-in was not started in this browser. Start again from here.")]
    ForgedState,
    /// More than ten minutes passed at the issuer's pages.
    #[error("This sign-in took more than ten minutes. Start again.")]
    TooLate,
    /// The issuer does not redeem the code: it was used before, is too old, or was issued to another browser's sign-in.
    #[error("This sign-in has been used already or is too old. Start again.")]
    CodeRefused {
        /// For the log.
        cause: String,
    },
    /// The ID token answers another request than ours.
    #[error("{provider} answered another sign-in than this one. Start again.")]
    WrongNonce {
        /// As on the button.
        provider: String,
    },
    /// The ID token was too old when it arrived.
    #[error("What {provider} said about you is no longer valid. Start again; if it stays so, a clock is wrong.")]
    TokenExpired {
        /// As on the button.
        provider: String,
        /// For the log.
        cause: String,
    },
    /// The ID token is missing, is not signed by the issuer, or is meant for somebody else.
    #[error("What {provider} said about you cannot be trusted. Tell whoever runs this platform.")]
    BadToken {
        /// As on the button.
        provider: String,
        /// For the log.
        cause: String,
    },
    /// The issuer names no address, or something that is none.
    #[error("{provider} does not tell your e-mail address, and without one there is no account here.")]
    NoEmail {
        /// As on the button.
        provider: String,
    },
    /// Nobody has proved that the address is this person's.
    #[error("{provider} has not verified that {email} is your address. Verify it there, then sign in again.")]
    Unverified {
        /// As on the button.
        provider: String,
        /// As the issuer says it.
        email: Email,
    },
    /// The account is in no company's directory, whatever its address looks like.
    #[error(
        "{email} is not an account of {}: it is a private one. Sign in with your company account.",
        either(domains)
    )]
    PrivateAccount {
        /// As the issuer says it.
        email: Email,
        /// Whose accounts may sign in.
        domains: Vec<HostName>,
    },
    /// The account belongs to another company.
    #[error("{email} is not an account of {}. Sign in with your company account.", either(domains))]
    WrongDomain {
        /// As the issuer says it.
        email: Email,
        /// Whose accounts may sign in.
        domains: Vec<HostName>,
    },
}

impl Refused {
    /// One word for logs and audit rows; it does not change when the sentence does.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::WrongIssuer { .. } => "wrong_issuer",
            Self::Misconfigured { .. } => "misconfigured",
            Self::Declined { .. } => "declined",
            Self::ProviderRefused { .. } => "provider_refused",
            Self::ForgedState => "forged_state",
            Self::TooLate => "too_late",
            Self::CodeRefused { .. } => "code_refused",
            Self::WrongNonce { .. } => "wrong_nonce",
            Self::TokenExpired { .. } => "token_expired",
            Self::BadToken { .. } => "bad_token",
            Self::NoEmail { .. } => "no_email",
            Self::Unverified { .. } => "unverified",
            Self::PrivateAccount { .. } => "private_account",
            Self::WrongDomain { .. } => "wrong_domain",
        }
    }

    /// What helps the operator and is not for the person. Contains no secret.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Unreachable { cause, .. }
            | Self::WrongIssuer { cause, .. }
            | Self::Misconfigured { cause, .. }
            | Self::ProviderRefused { cause, .. }
            | Self::CodeRefused { cause }
            | Self::TokenExpired { cause, .. }
            | Self::BadToken { cause, .. } => Some(cause),
            _ => None,
        }
    }

    /// Whether the fault is with a part that does not work (HTTP 503), not with the person or the request (HTTP 403).
    pub const fn is_an_outage(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::WrongIssuer { .. } | Self::Misconfigured { .. })
    }
}

fn either(domains: &[HostName]) -> String {
    domains.iter().map(HostName::as_str).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_told_which_account_to_take() {
        let refused = Refused::WrongDomain {
            email: "somebody@gmail.com".parse().expect("an address"),
            domains: ["example.com", "example.org"].map(|d| d.parse().expect("a domain")).to_vec(),
        };
        assert_eq!(
            refused.to_string(),
            "somebody@gmail.com is not an account of example.com or example.org. Sign in with your company account."
        );
    }
}
