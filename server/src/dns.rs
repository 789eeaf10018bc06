//! Where hosts point, asked of the DNS itself: what this machine's own files say is nothing that visitors hear.

use anyhow::{Context, Result};
use async_trait::async_trait;
use domain::HostName;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{Resolver, TokioResolver};
use platform::{Dns, Unreachable};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The DNS by this machine's name servers, or by the one that the operator named.
pub struct DnsResolver(TokioResolver);

impl DnsResolver {
    /// Nothing is asked yet.
    pub fn new(server: Option<SocketAddr>) -> Result<Self> {
        let builder = match server {
            Some(server) => Resolver::builder_with_config(only(server), TokioRuntimeProvider::default()),
            None => Resolver::builder_tokio()
                .context("This machine's name servers cannot be read. Name one with --dns-server.")?,
        };
        let mut builder = builder;
        set(builder.options_mut());
        Ok(Self(builder.build()?))
    }
}

fn only(server: SocketAddr) -> ResolverConfig {
    let [mut udp, mut tcp] = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
    (udp.port, tcp.port) = (server.port(), server.port());
    ResolverConfig::from_name_servers(vec![NameServerConfig::new(server.ip(), true, vec![udp, tcp])])
}

fn set(options: &mut ResolverOpts) {
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.use_hosts_file = ResolveHosts::Never;
    // Somebody who has just changed a record wants to see it.
    options.cache_size = 0;
    options.timeout = Duration::from_secs(3);
    options.attempts = 2;
}

#[async_trait]
impl Dns for DnsResolver {
    async fn addresses(&self, host: &HostName) -> Result<Vec<IpAddr>, Unreachable> {
        // With a dot at the end nothing is tried behind it.
        match self.0.lookup_ip(format!("{host}.")).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => Err(Unreachable(format!("the DNS does not answer ({error})"))),
        }
    }
}

#[cfg(test)]
mod tests;
