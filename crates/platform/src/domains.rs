//! Own domains of apps: who asks for one gets it once it points here, and nobody has one twice.

use crate::{Error, Platform, Result, access::Reached, audit::Act, error::OrNotFound};
use domain::{Action, Actor, App, Change, Domain, DomainView, DomainsView, Finding, HostName, Team, own_domain};
use std::net::IpAddr;
use std::sync::PoisonError;
use store::Tx;

/// How many domains an app may have: each stands in every ingress's table.
const MOST: usize = 50;

/// How long after a look a domain that is not served yet is looked at again.
const WAITING_MILLIS: i64 = 60 * 1000;

/// The same of one that is served.
const SERVED_MILLIS: i64 = 3600 * 1000;

/// Operations on the domains of apps.
pub struct Domains<'a>(pub(crate) &'a Platform);

impl Domains<'_> {
    /// The domains of an app, with what was found of each.
    pub async fn list(&self, actor: &Actor, app: &str) -> Result<DomainsView> {
        let Reached { thing: app, .. } = self.0.reach_app(actor, app).await?.allowing(Action::Inspect).await?;
        let config = &self.0.parts.config;
        let ours = self.0.known_addresses();
        let certificates = self.0.certificates_in_use().await?;
        let view = |domain: Domain| {
            let has_certificate = certificates.iter().any(|(_, facts)| facts.covers(&domain.host));
            let warning = (config.https.is_some() && !has_certificate).then(|| {
                format!("There is no certificate for {}, so that it is reached by http:// alone.", domain.host)
            });
            DomainView {
                address: if warning.is_some() {
                    format!("http://{}", domain.host)
                } else {
                    config.address(&domain.host)
                },
                sentence: domain.finding.sentence(&domain.host, &ours),
                warning,
                domain,
            }
        };
        let domains = self.0.parts.store.domains().of_app(app.id).await?.into_iter().map(view).collect();
        let address = config.address(&HostName::of_app(&app.name, &config.base_domain));
        Ok(DomainsView { address, domains, addresses: ours })
    }

    /// Adds a domain to an app. It is served as soon as it points here.
    ///
    /// # Errors
    /// It is no domain, or the platform's own; another app has it, whoever that belongs to.
    pub async fn add(&self, actor: &Actor, app: &str, host: &str) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, app).await?.allowing(Action::ChangeDomains).await?;
        let host = own_domain(host, &self.0.parts.config.base_domain)?;
        let mut tx = self.0.parts.store.begin().await?;
        if tx.domains().of_app(app.id).await?.len() >= MOST {
            return Err(Error::Conflict(format!(
                "{} has {MOST} domains, which is the most an app may have.",
                app.name
            )));
        }
        self.0.make_free(&mut tx, &app, &host).await?;
        let domain = Domain {
            host,
            app_id: app.id,
            added_at: self.0.now(),
            served_since: None,
            pointed_at: None,
            checked_at: None,
            finding: Finding::Unknown,
            redirects: false,
        };
        tx.domains().insert(&domain).await?;
        self.0.note(&mut tx, actor, act(&app, &team, "domain.add", domain.host.to_string())).await?;
        tx.commit().await?;
        self.0.domains_changed(&app);
        self.0.look_where_it_points(domain).await
    }

    /// Takes a domain from an app. It leads nowhere from then on.
    pub async fn remove(&self, actor: &Actor, app: &str, host: &str) -> Result<()> {
        let (app, team, domain) = self.reach(actor, app, host, Action::ChangeDomains).await?;
        let mut tx = self.0.parts.store.begin().await?;
        tx.domains().delete(&domain.host, app.id).await?.then_some(()).or_not_found("domain", host)?;
        self.0.note(&mut tx, actor, act(&app, &team, "domain.remove", domain.host.to_string())).await?;
        tx.commit().await?;
        self.0.domains_changed(&app);
        Ok(())
    }

    /// Says whether visitors of a domain are sent on to the app's own address, or get the app there.
    pub async fn redirect(&self, actor: &Actor, app: &str, host: &str, redirects: bool) -> Result<()> {
        let (app, team, domain) = self.reach(actor, app, host, Action::ChangeDomains).await?;
        if domain.redirects == redirects {
            return Ok(());
        }
        let since = redirects.then(|| self.0.now());
        let mut tx = self.0.parts.store.begin().await?;
        tx.domains().redirect(&domain.host, app.id, since).await?.then_some(()).or_not_found("domain", host)?;
        let does = if redirects { "sends on" } else { "serves the app" };
        let detail = format!("{} {does}", domain.host);
        self.0.note(&mut tx, actor, act(&app, &team, "domain.redirect", detail)).await?;
        tx.commit().await?;
        self.0.domains_changed(&app);
        Ok(())
    }

    /// Looks where a domain points, now. Who may change the app's domains may: each look asks the DNS.
    pub async fn look(&self, actor: &Actor, app: &str, host: &str) -> Result<()> {
        let (.., domain) = self.reach(actor, app, host, Action::ChangeDomains).await?;
        self.0.look_where_it_points(domain).await
    }

    async fn reach(&self, actor: &Actor, app: &str, host: &str, action: Action) -> Result<(App, Team, Domain)> {
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, app).await?.allowing(action).await?;
        let host = HostName::of_request(host);
        let domain = self.0.parts.store.domains().named(&host).await?.filter(|domain| domain.app_id == app.id);
        Ok((app, team, domain.or_not_found("domain", host.as_str())?))
    }
}

impl Platform {
    /// Sees to it that nobody has a domain whom it would be taken from. Whose it is is not told.
    async fn make_free(&self, tx: &mut Tx, app: &App, host: &HostName) -> Result<()> {
        let Some(holder) = tx.domains().named(host).await? else { return Ok(()) };
        if holder.app_id == app.id {
            return Err(Error::Conflict(format!("{} has the domain {host} already.", app.name)));
        }
        let app = tx.apps().by_id(holder.app_id).await?;
        if holder.is_given_up(self.now()) || app.is_none_or(|app| app.deleted_at.is_some()) {
            tx.domains().delete(host, holder.app_id).await?;
            return Ok(());
        }
        Err(Error::Conflict(format!(
            "{host} is in use by another app of this platform. If the domain is yours, ask who runs the platform."
        )))
    }

    /// Looks at every domain whose last look is long enough ago.
    pub(crate) async fn look_at_domains(&self) -> Result<()> {
        if self.known_addresses().is_empty() {
            // For the pages; whether it is answered shows at each domain.
            let _at_the_next_look = self.own_addresses().await;
        }
        for domain in self.parts.store.domains().all().await? {
            let patience = if domain.served_since.is_some() { SERVED_MILLIS } else { WAITING_MILLIS };
            if domain.checked_at.is_none_or(|at| self.now().millis_since(at) >= patience) {
                self.look_where_it_points(domain).await?;
            }
        }
        Ok(())
    }

    /// Asks the DNS, and notes what it says. A domain that has pointed here once is served from then on: where it points after that
    /// is its visitors' way, not our rule.
    async fn look_where_it_points(&self, mut domain: Domain) -> Result<()> {
        let finding = self.find_out(&domain.host).await;
        let (now, before) = (self.now(), domain.clone());
        domain.checked_at = Some(now);
        if finding == Finding::Here {
            domain.pointed_at = Some(now);
            domain.served_since = domain.served_since.or(Some(now));
        }
        domain.finding = finding;
        let is_there = write!(self, tx => tx.domains().note(&domain));
        if is_there && (before.finding != domain.finding || before.served_since != domain.served_since) {
            self.gates.notify_one();
            self.live.tell(Change::App(domain.app_id));
        }
        Ok(())
    }

    async fn find_out(&self, host: &HostName) -> Finding {
        let no_answer = |gone: crate::Unreachable| Finding::NoAnswer(gone.0);
        let ours = match self.own_addresses().await {
            Ok(ours) if ours.is_empty() => {
                return Finding::NoAnswer("the platform's own domain has no address".to_owned());
            }
            Ok(ours) => ours,
            Err(gone) => return no_answer(gone),
        };
        self.parts.dns.addresses(host).await.map_or_else(no_answer, |found| Finding::of(&found, &ours))
    }

    /// Where domains have to point: to what the operator named, or to where the platform's own domain points.
    async fn own_addresses(&self) -> std::result::Result<Vec<IpAddr>, crate::Unreachable> {
        match self.parts.config.addresses.as_slice() {
            [] => {
                let found = self.parts.dns.addresses(&self.parts.config.base_domain).await?;
                found.clone_into(&mut self.addresses.lock().unwrap_or_else(PoisonError::into_inner));
                Ok(found)
            }
            named => Ok(named.to_vec()),
        }
    }

    /// The same as it was last found out: a page waits for no DNS.
    fn known_addresses(&self) -> Vec<IpAddr> {
        match self.parts.config.addresses.as_slice() {
            [] => self.addresses.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            named => named.to_vec(),
        }
    }

    fn domains_changed(&self, app: &App) {
        self.gates.notify_one();
        self.live.tell(Change::App(app.id));
    }
}

fn act<'a>(app: &'a App, team: &Team, action: &str, detail: String) -> Act<'a> {
    let (action, id) = (action.to_owned(), app.id.to_string());
    Act { action, kind: "app", id, name: app.name.as_str(), team: Some(team.id), detail }
}
