//! A stand-in for an issuer, for tests of what happens around a sign-in. It keeps state and holds the same rules as the real
//! one: states, codes that work once, ten minutes, verified addresses, allowed domains.

use crate::admission::{Claims, Rules};
use crate::{Answer, DomainProof, Identity, Pending, Refused, SignIn};
use async_trait::async_trait;
use domain::{HostName, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use url::Url;

const ISSUER: &str = "https://identity.invalid";

/// Somebody the stand-in knows.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its address, which also makes its subject.
    pub email: String,
    /// As it is written to people.
    pub name: String,
    /// The company whose directory holds it; none for a private account.
    pub hosted_domain: Option<String>,
    /// Whether the address was proved.
    pub email_verified: bool,
}

impl Account {
    /// An account in the directory of its address's domain, verified.
    pub fn of_company(email: &str, name: &str) -> Self {
        let hosted_domain = email.split_once('@').map(|(_, domain)| domain.to_owned());
        Self { email: email.to_owned(), name: name.to_owned(), hosted_domain, email_verified: true }
    }
}

/// An issuer in memory.
#[derive(Debug)]
pub struct Memory {
    rules: Rules,
    accounts: Vec<Account>,
    /// Codes that have not been redeemed, with the account and the nonce they were issued for.
    codes: Mutex<HashMap<String, (Account, String)>>,
    issued: AtomicU64,
    is_down: AtomicBool,
}

impl Memory {
    /// An issuer with these accounts, at an installation that admits these companies.
    pub fn new(allowed_domains: Vec<HostName>, accounts: Vec<Account>) -> Self {
        let rules = Rules { provider: "Memory".to_owned(), allowed_domains, domain_proof: DomainProof::HostedDomain };
        Self { rules, accounts, codes: Mutex::default(), issued: AtomicU64::new(0), is_down: AtomicBool::new(false) }
    }

    /// From now on it does not answer, or answers again.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::SeqCst);
    }

    /// What a browser brings back that was sent to `url` and in which somebody typed `email`. Nobody by that address: the
    /// person gives up.
    pub fn sign_in(&self, url: &Url, email: &str) -> Answer {
        let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
        let of = |name: &str| query.get(name).cloned().unwrap_or_default();
        let Some(account) = self.accounts.iter().find(|account| account.email == email) else {
            return Answer { state: of("state"), error: Some("access_denied".to_owned()), ..Answer::default() };
        };
        let code = self.next("code");
        self.codes().insert(code.clone(), (account.clone(), of("nonce")));
        Answer { state: of("state"), code: Some(code), iss: Some(ISSUER.to_owned()), ..Answer::default() }
    }

    fn check_up(&self) -> Result<(), Refused> {
        let refused =
            || Refused::Unreachable { provider: self.rules.provider.clone(), cause: "told to be down".to_owned() };
        if self.is_down.load(Ordering::SeqCst) { Err(refused()) } else { Ok(()) }
    }

    /// Unlike any other, and guessable: nothing here is secret.
    fn next(&self, kind: &str) -> String {
        format!("{kind}-{}", self.issued.fetch_add(1, Ordering::SeqCst))
    }

    fn codes(&self) -> MutexGuard<'_, HashMap<String, (Account, String)>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SignIn for Memory {
    fn name(&self) -> &str {
        &self.rules.provider
    }

    async fn begin(&self, now: Timestamp) -> Result<(Url, Pending), Refused> {
        self.check_up()?;
        let pending =
            Pending { state: self.next("state"), nonce: self.next("nonce"), verifier: String::new(), started_at: now };
        let query = [("state", &pending.state), ("nonce", &pending.nonce)];
        let url = Url::parse_with_params(&format!("{ISSUER}/auth"), query).map_err(|error| Refused::Misconfigured {
            provider: self.rules.provider.clone(),
            cause: error.to_string(),
        })?;
        Ok((url, pending))
    }

    async fn finish(&self, pending: Pending, answer: Answer, now: Timestamp) -> Result<Identity, Refused> {
        let code = pending.code_in(answer, &self.rules.provider, ISSUER, now)?;
        self.check_up()?;
        let unknown = || Refused::CodeRefused { cause: "the code is unknown or was redeemed".to_owned() };
        let (account, nonce) = self.codes().remove(&code).ok_or_else(unknown)?;
        if nonce != pending.nonce {
            return Err(Refused::WrongNonce { provider: self.rules.provider.clone() });
        }
        self.rules.admit(Claims {
            subject: format!("subject-of-{}", account.email),
            email: Some(account.email),
            email_verified: account.email_verified,
            name: Some(account.name),
            hosted_domain: account.hosted_domain,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn memory() -> Memory {
        let private = Account { hosted_domain: None, ..Account::of_company("mallory@gmail.com", "Mallory") };
        let ada = Account::of_company("ada@example.com", "Ada");
        Memory::new(vec!["example.com".parse().expect("a domain")], vec![ada, private])
    }

    async fn sign_in(memory: &Memory, email: &str) -> Result<Identity, Refused> {
        let (url, pending) = memory.begin(NOW).await?;
        memory.finish(pending, memory.sign_in(&url, email), NOW).await
    }

    #[tokio::test]
    async fn it_admits_and_refuses_like_the_real_one() {
        let memory = memory();
        assert_eq!(sign_in(&memory, "ada@example.com").await.expect("admitted").name, "Ada");
        for (email, code) in [("mallory@gmail.com", "private_account"), ("nobody@example.com", "declined")] {
            assert_eq!(sign_in(&memory, email).await.expect_err("refused").code(), code);
        }
        memory.set_down(true);
        assert_eq!(sign_in(&memory, "ada@example.com").await.expect_err("down").code(), "unreachable");
    }

    #[tokio::test]
    async fn a_code_works_once_and_only_in_its_own_sign_in() {
        let memory = memory();
        let (url, pending) = memory.begin(NOW).await.expect("up");
        let (other_url, other) = memory.begin(NOW).await.expect("up");
        let stolen = memory.sign_in(&url, "ada@example.com").code;
        let answer = Answer { code: stolen.clone(), ..memory.sign_in(&other_url, "ada@example.com") };
        assert_eq!(memory.finish(other, answer, NOW).await.expect_err("another's").code(), "wrong_nonce");
        let again = Answer { code: stolen, ..memory.sign_in(&url, "ada@example.com") };
        assert_eq!(memory.finish(pending, again, NOW).await.expect_err("used").code(), "code_refused");
    }
}
