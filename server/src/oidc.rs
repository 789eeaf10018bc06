//! The identity provider, from the command line.

use crate::command::RunOptions;
use anyhow::{Context, Result};
use domain::{HostName, Secret};
use identity::{DomainProof, IssuerConfig, Provider, SignIn};
use std::sync::Arc;

/// Holds the client secret; it has no option, because command lines are readable by everybody on a machine.
const SECRET: &str = "SLIPWAY_OIDC_CLIENT_SECRET";

/// The provider, when one was named. `console` is where people come back to.
pub fn provider(options: &RunOptions, console: String) -> Result<Option<Arc<dyn SignIn>>> {
    let Some(issuer) = options.oidc.oidc_issuer.clone() else { return Ok(None) };
    let redirect_url = format!("{console}/sign-in/oidc/callback").parse()?;
    let domains: Result<Vec<HostName>, _> = options.oidc.oidc_domains.iter().map(|domain| domain.parse()).collect();
    let provider = Provider::new(IssuerConfig {
        issuer,
        client_id: options.oidc.oidc_client_id.clone().unwrap_or_default(),
        client_secret: secret()?,
        redirect_url,
        allowed_domains: domains?,
        domain_proof: if options.oidc.oidc_by_address { DomainProof::EmailAddress } else { DomainProof::HostedDomain },
        display_name: options.oidc.oidc_name.clone(),
    })?;
    Ok(Some(Arc::new(provider)))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads this secret")]
fn secret() -> Result<Secret<String>> {
    std::env::var(SECRET)
        .map(Secret::new)
        .with_context(|| format!("Set {SECRET} to the client secret of the identity provider."))
}
