//! The command line.

use clap::{Args, Parser, Subcommand};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// The platform a company runs for itself: an image tag goes in, an HTTPS address comes out.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Command {
    /// What this process shall be.
    #[command(subcommand)]
    pub role: Role,
}

/// What a process can be.
#[derive(Debug, Subcommand)]
pub enum Role {
    /// Everything on one machine.
    Run(Box<RunOptions>),
    /// The data plane: takes requests and brings them to replicas. Started by the platform itself.
    Ingress(IngressOptions),
    /// The audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// What is asked of a server elsewhere.
    #[command(flatten)]
    Client(client::Command),
}

/// What can be done with the audit log from outside of the platform.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Goes through the whole log and says whether every line is as it was written. Ends with 1 when one is not.
    Verify(StoreOptions),
}

/// Where a store is.
#[derive(Debug, Args)]
pub struct StoreOptions {
    /// The folder of the installation; the default is ~/.local/share/slipway.
    #[arg(long, env = "SLIPWAY_FOLDER")]
    pub folder: Option<PathBuf>,
    /// The store, such as `postgres://user@host/slipway`; by default the SQLite file in the folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// Options of `slipway run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Where people reach the console and the apps.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Apps answer at NAME.<base domain>, the console at the base domain itself.
    #[arg(long, default_value = "localhost")]
    pub base_domain: String,
    /// Keeps everything; the default is ~/.local/share/slipway.
    #[arg(long, env = "SLIPWAY_FOLDER")]
    pub folder: Option<PathBuf>,
    /// The store, such as `postgres://user@host/slipway`; by default an SQLite file in the folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The engine's socket.
    #[arg(long, env = "SLIPWAY_DOCKER_SOCKET", default_value = "/var/run/docker.sock")]
    pub docker_socket: PathBuf,
    /// Runs without Docker: everything can be tried, nothing is real.
    #[arg(long)]
    pub demo: bool,
    /// Prints one line of JSON when ready, for programs that start this one.
    #[arg(long)]
    pub json: bool,
    /// Registries that may be reached by plain HTTP and at private addresses, such as 10.0.0.5:5000.
    #[arg(long = "allow-registry", value_name = "HOST[:PORT]")]
    pub allowed_registries: Vec<String>,
    /// Seconds for which the old release stands by after a switch.
    #[arg(long, default_value_t = 60)]
    pub watch_seconds: u64,
    /// Who is an admin of the platform, by the address they sign in with. May be given several times.
    #[arg(long = "admin", value_name = "EMAIL", env = "SLIPWAY_ADMINS", value_delimiter = ',')]
    pub admins: Vec<domain::Email>,
    /// Who may open an app that is made, until somebody says otherwise: `public` or `company`. By default the company, where an
    /// identity provider is configured.
    #[arg(long, value_name = "WHO", value_parser = default_access)]
    pub default_access: Option<domain::Who>,
    /// How visitors are served over HTTPS.
    #[command(flatten)]
    pub https: HttpsOptions,
    /// An address that own domains of apps have to point to. May be given several times. By default those of the base domain.
    #[arg(long = "address", value_name = "IP")]
    pub addresses: Vec<IpAddr>,
    /// Who is asked where domains point; by default this machine's name servers.
    #[arg(long, value_name = "IP:PORT")]
    pub dns_server: Option<SocketAddr>,
    /// How people sign in.
    #[command(flatten)]
    pub oidc: OidcOptions,
}

/// HTTPS. With it, HTTP only leads there.
#[derive(Debug, Args)]
pub struct HttpsOptions {
    /// Where people reach the console and the apps over HTTPS, such as 0.0.0.0:443.
    #[arg(long, value_name = "ADDRESS:PORT", requires = "certificates")]
    pub listen_https: Option<SocketAddr>,
    /// A certificate with those it was issued by, as PEM; the first is for the base domain and all names below it. The file is read
    /// again when it changes. May be given several times.
    #[arg(long = "certificate", id = "certificates", value_name = "FILE", requires = "listen_https")]
    pub certificates: Vec<PathBuf>,
    /// The key of the certificate at the same place.
    #[arg(long = "certificate-key", id = "keys", value_name = "FILE", requires = "listen_https")]
    pub keys: Vec<PathBuf>,
    /// For how many days browsers shall refuse to come by HTTP. There is no way back before they are over.
    #[arg(long, default_value_t = 0, value_name = "DAYS", requires = "listen_https")]
    pub hsts_days: u64,
}

fn default_access(text: &str) -> Result<domain::Who, &'static str> {
    match text {
        "public" => Ok(domain::Who::Public),
        "company" => Ok(domain::Who::Company),
        _ => Err("say public or company"),
    }
}

/// OpenID Connect. Without an issuer people sign in by a one-time link that is printed here.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "the names are those of the options")]
pub struct OidcOptions {
    /// The provider, such as `https://accounts.google.com`.
    #[arg(long, requires = "oidc_client_id")]
    pub oidc_issuer: Option<String>,
    /// What the provider knows this installation by.
    #[arg(long)]
    pub oidc_client_id: Option<String>,
    /// Only accounts of these domains may sign in. May be given several times.
    #[arg(long = "oidc-domain", value_name = "DOMAIN", requires = "oidc_issuer")]
    pub oidc_domains: Vec<String>,
    /// Accepts accounts by their address's domain, for providers that send no `hd` claim. Not possible with Google.
    #[arg(long, requires = "oidc_issuer")]
    pub oidc_by_address: bool,
    /// What the sign-in button calls the provider.
    #[arg(long, requires = "oidc_issuer")]
    pub oidc_name: Option<String>,
}

/// Options of `slipway ingress`.
#[derive(Debug, Args)]
pub struct IngressOptions {
    /// Where requests come in.
    #[arg(long, default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
    /// Where requests come in over HTTPS.
    #[arg(long)]
    pub listen_https: Option<SocketAddr>,
    /// Holds the sockets to the server and the last route table.
    #[arg(long, default_value = "/run/slipway")]
    pub folder: PathBuf,
    /// Addresses from which requests count as coming from this machine.
    #[arg(long = "local-peer", value_name = "ADDRESS")]
    pub local_peers: Vec<IpAddr>,
}

impl From<IngressOptions> for ingress::Config {
    fn from(options: IngressOptions) -> Self {
        let IngressOptions { listen, listen_https, folder, local_peers } = options;
        Self { listen_https, local_peers, ..Self::new(listen, folder) }
    }
}
