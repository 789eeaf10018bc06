//! Who is let in, of those whom the issuer vouches for. Pure: the same rules hold for the real issuer and the stand-in.

use crate::{DomainProof, Identity, Refused};
use domain::{Email, HostName};

/// What the issuer said about an account, after signature and origin were checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(crate) hosted_domain: Option<String>,
}

/// The rules of one installation.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) provider: String,
    pub(crate) allowed_domains: Vec<HostName>,
    pub(crate) domain_proof: DomainProof,
}

impl Rules {
    pub(crate) fn admit(&self, claims: Claims) -> Result<Identity, Refused> {
        let email = self.verified_address(&claims)?;
        self.check_domain(&email, claims.hosted_domain.as_deref())?;
        let first_half = email.as_str().split('@').next().unwrap_or_default();
        let name = claims.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| first_half.to_owned());
        Ok(Identity { subject: claims.subject, name, hosted_domain: claims.hosted_domain, email })
    }

    fn verified_address(&self, claims: &Claims) -> Result<Email, Refused> {
        let provider = self.provider.clone();
        match claims.email.as_deref().map(str::parse::<Email>) {
            Some(Ok(email)) if claims.email_verified => Ok(email),
            Some(Ok(email)) => Err(Refused::Unverified { provider, email }),
            Some(Err(_)) | None => Err(Refused::NoEmail { provider }),
        }
    }

    fn check_domain(&self, email: &Email, hosted_domain: Option<&str>) -> Result<(), Refused> {
        if self.allowed_domains.is_empty() {
            return Ok(());
        }
        let refused = (email.clone(), self.allowed_domains.clone());
        match (hosted_domain, self.domain_proof) {
            (Some(domain), _) if self.allows(domain) => Ok(()),
            (None, DomainProof::EmailAddress) if self.allows(email.domain()) => Ok(()),
            (None, DomainProof::HostedDomain) => Err(Refused::PrivateAccount { email: refused.0, domains: refused.1 }),
            // Where the issuer names a company, an address under another one does not outweigh it.
            _ => Err(Refused::WrongDomain { email: refused.0, domains: refused.1 }),
        }
    }

    fn allows(&self, domain: &str) -> bool {
        self.allowed_domains.iter().any(|allowed| allowed.as_str().eq_ignore_ascii_case(domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(domain_proof: DomainProof) -> Rules {
        Rules {
            provider: "Google".to_owned(),
            allowed_domains: vec!["example.com".parse().expect("a domain")],
            domain_proof,
        }
    }

    fn claims(email: &str, hosted_domain: Option<&str>) -> Claims {
        Claims {
            subject: "1".to_owned(),
            email: Some(email.to_owned()),
            email_verified: true,
            name: None,
            hosted_domain: hosted_domain.map(str::to_owned),
        }
    }

    fn outcome(domain_proof: DomainProof, claims: Claims) -> &'static str {
        rules(domain_proof).admit(claims).map_or_else(|refused| refused.code(), |_| "admitted")
    }

    #[test]
    fn the_hosted_domain_decides_and_not_the_address() {
        use DomainProof::HostedDomain as proof;
        assert_eq!(outcome(proof, claims("ada@example.com", Some("example.com"))), "admitted");
        assert_eq!(outcome(proof, claims("ada@example.com", Some("EXAMPLE.com"))), "admitted");
        assert_eq!(outcome(proof, claims("ada@second-domain.example", Some("example.com"))), "admitted");
        assert_eq!(outcome(proof, claims("ada@example.com", None)), "private_account");
        assert_eq!(outcome(proof, claims("ada@example.com", Some("wrong.example"))), "wrong_domain");
        assert_eq!(outcome(proof, claims("ada@example.com", Some("sub.example.com"))), "wrong_domain");
        assert_eq!(outcome(proof, claims("ada@example.com", Some(""))), "wrong_domain");
    }

    #[test]
    fn where_the_address_counts_a_contradicting_hosted_domain_still_wins() {
        use DomainProof::EmailAddress as proof;
        assert_eq!(outcome(proof, claims("ada@example.com", None)), "admitted");
        assert_eq!(outcome(proof, claims("ada@notexample.com", None)), "wrong_domain");
        assert_eq!(outcome(proof, claims("\"x@example.com\"@evil.example", None)), "no_email");
        assert_eq!(outcome(proof, claims("ada@example.com", Some("wrong.example"))), "wrong_domain");
    }

    #[test]
    fn an_unverified_address_is_refused_before_anything_else_is_looked_at() {
        let unverified = Claims { email_verified: false, ..claims("ada@example.com", Some("example.com")) };
        assert_eq!(outcome(DomainProof::HostedDomain, unverified), "unverified");
        let no_address = Claims { email: None, ..claims("", Some("example.com")) };
        assert_eq!(outcome(DomainProof::HostedDomain, no_address), "no_email");
    }

    #[test]
    fn who_has_no_name_is_called_by_the_address() {
        let identity = rules(DomainProof::HostedDomain)
            .admit(Claims { name: Some("  ".to_owned()), ..claims("Ada@Example.com", Some("example.com")) })
            .expect("admitted");
        assert_eq!((identity.name.as_str(), identity.email.as_str()), ("ada", "ada@example.com"));
    }
}
