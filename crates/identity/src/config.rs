use domain::{HostName, Invalid, Secret};
use url::{Host, Url};

/// Google's issuer. Anybody in the world can get an account there, hence the stricter rules for it.
const GOOGLE: &str = "https://accounts.google.com";

/// What an issuer has to say before somebody counts as belonging to an allowed domain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DomainProof {
    /// The `hd` claim names the domain: the account is held by that company's directory. At Google nothing else will do:
    /// a private account can be opened under any address, the company's included.
    #[default]
    HostedDomain,
    /// The verified address ends in the domain. For issuers that only know one company's people and send no `hd`.
    EmailAddress,
}

/// One issuer, as the operator configures it.
#[derive(Debug, Clone)]
pub struct IssuerConfig {
    /// Its name, exactly as it writes it itself; discovery starts here.
    pub issuer: String,
    /// This installation, as the issuer knows it.
    pub client_id: String,
    /// Proves to the issuer that it is us who redeem a code.
    pub client_secret: Secret<String>,
    /// Where the issuer sends the browser back to; registered there.
    pub redirect_url: Url,
    /// Whose accounts may sign in. Empty: everybody the issuer knows, which Google's issuer is not allowed to mean.
    pub allowed_domains: Vec<HostName>,
    /// What proves that an account belongs to one of them.
    pub domain_proof: DomainProof,
    /// What the button says; otherwise `Google` or the issuer's host name.
    pub display_name: Option<String>,
}

impl IssuerConfig {
    /// Whether this is Google, whose issuer knows everybody in the world.
    pub fn is_google(&self) -> bool {
        self.issuer.trim_end_matches('/') == GOOGLE
    }

    /// What the button says.
    pub fn name(&self) -> String {
        self.display_name.clone().unwrap_or_else(|| match Url::parse(&self.issuer) {
            _ if self.is_google() => "Google".to_owned(),
            Ok(url) => url.host_str().unwrap_or(&self.issuer).to_owned(),
            Err(_) => self.issuer.clone(),
        })
    }

    /// Parameters beyond the standard's that help the person at the issuer's page. They are hints: what counts is checked
    /// when the browser comes back.
    pub(crate) fn hints(&self) -> Vec<(&'static str, String)> {
        let mut hints = Vec::new();
        if let ([domain], DomainProof::HostedDomain) = (self.allowed_domains.as_slice(), self.domain_proof) {
            hints.push(("hd", domain.to_string()));
        }
        if self.is_google() {
            // Without it Google silently takes the account that is signed in, and somebody who was refused with the private
            // one would be refused for ever.
            hints.push(("prompt", "select_account".to_owned()));
        }
        hints
    }

    /// Refuses what would let strangers in, or could never work.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        let issuer = Url::parse(&self.issuer).map_err(|_| {
            Invalid::new("oidc_issuer", "The issuer is not an address such as https://accounts.google.com.")
        })?;
        if issuer.scheme() != "https" && !is_loopback(&issuer) {
            return Err(Invalid::new("oidc_issuer", "The issuer must be reached over https: what it says is trusted."));
        }
        if self.client_id.trim().is_empty() || self.client_secret.expose().trim().is_empty() {
            return Err(Invalid::new("oidc_client_id", "The issuer needs both a client id and a client secret."));
        }
        if self.is_google() && self.allowed_domains.is_empty() {
            let sentence =
                "Anybody in the world can sign in at Google. Say which company's accounts may use this platform.";
            return Err(Invalid::new("oidc_domain", sentence));
        }
        if self.is_google() && self.domain_proof == DomainProof::EmailAddress {
            let sentence = "At Google an address proves no membership: a private account can have any. Only the hosted domain counts.";
            return Err(Invalid::new("oidc_domain", sentence));
        }
        Ok(())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn google() -> IssuerConfig {
        IssuerConfig {
            issuer: GOOGLE.to_owned(),
            client_id: "slipway".to_owned(),
            client_secret: Secret::new("not a default".to_owned()),
            redirect_url: "https://example.com/sign-in/oidc/callback".parse().expect("an address"),
            allowed_domains: vec!["example.com".parse().expect("a domain")],
            domain_proof: DomainProof::HostedDomain,
            display_name: None,
        }
    }

    fn field(config: &IssuerConfig) -> String {
        config.check().expect_err("must be refused").field
    }

    #[test]
    fn google_with_one_domain_is_accepted_and_hinted_at() {
        assert_eq!(google().check(), Ok(()));
        assert_eq!(google().name(), "Google");
        assert_eq!(google().hints(), [("hd", "example.com".to_owned()), ("prompt", "select_account".to_owned())]);
    }

    #[test]
    fn google_without_a_domain_would_let_the_world_in() {
        assert_eq!(field(&IssuerConfig { allowed_domains: vec![], ..google() }), "oidc_domain");
        let with_slash = IssuerConfig { issuer: format!("{GOOGLE}/"), allowed_domains: vec![], ..google() };
        assert_eq!(field(&with_slash), "oidc_domain");
    }

    #[test]
    fn google_never_proves_a_company_by_the_address() {
        assert_eq!(field(&IssuerConfig { domain_proof: DomainProof::EmailAddress, ..google() }), "oidc_domain");
    }

    #[test]
    fn an_issuer_without_encryption_is_refused_unless_it_is_this_machine() {
        let at = |issuer: &str| IssuerConfig { issuer: issuer.to_owned(), ..google() };
        assert_eq!(field(&at("http://id.example.com")), "oidc_issuer");
        assert_eq!(field(&at("http://127.0.0.1.example.com")), "oidc_issuer");
        assert_eq!(field(&at("id.example.com")), "oidc_issuer");
        assert_eq!(at("http://127.0.0.1:4000").check(), Ok(()));
        assert_eq!(at("http://[::1]:4000").check(), Ok(()));
    }

    #[test]
    fn an_empty_secret_is_no_secret() {
        assert_eq!(field(&IssuerConfig { client_secret: Secret::new(" ".to_owned()), ..google() }), "oidc_client_id");
    }

    #[test]
    fn several_domains_get_no_hint_because_it_takes_one_only() {
        let domains = ["example.com", "example.org"].map(|d| d.parse().expect("a domain")).to_vec();
        let config = IssuerConfig { issuer: "https://id.example.com".to_owned(), allowed_domains: domains, ..google() };
        assert_eq!(config.hints(), []);
        assert_eq!(config.name(), "id.example.com");
    }
}
