//! The services that releases are.

use super::Swarm;
use super::labels::{self, Labels, filter};
use super::secrets::is_missing_secret;
use super::spec::{Place, service};
use crate::{Credentials, Error, KnownRelease, ReleaseSpec, Result};
use bollard::auth::DockerCredentials;
use bollard::errors::Error as EngineError;
use domain::ReleaseId;
use serde::Deserialize;
use serde_json::Value;

/// How often a service is read and written again when somebody else wrote it in between.
const TRIES: usize = 8;

/// A service as the engine gives it. Its specification stays JSON: read into types and written back it would lose what
/// they do not know, and Swarm would take the difference for an update and restart every replica.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Service {
    #[serde(rename = "ID")]
    id: String,
    version: Version,
    spec: Value,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    index: u64,
}

impl Service {
    fn copies(&self) -> u16 {
        let copies = self.spec.pointer("/Mode/Replicated/Replicas").and_then(Value::as_u64).unwrap_or_default();
        u16::try_from(copies).unwrap_or(u16::MAX)
    }

    fn with_copies(mut self, replicas: u16) -> Self {
        if let Some(copies) = self.spec.pointer_mut("/Mode/Replicated/Replicas") {
            *copies = replicas.into();
        }
        self
    }

    fn known(&self) -> Option<KnownRelease> {
        let labels = Labels::deserialize(self.spec.get("Labels")?).ok()?;
        Some(KnownRelease {
            release_id: labels::read(Some(&labels), labels::RELEASE)?,
            app_id: labels::read(Some(&labels), labels::APP)?,
            replicas: self.copies(),
        })
    }
}

impl Swarm {
    /// One call when the release is new, which is when every millisecond counts: that the service or its network is there
    /// or not shows in the engine's answer.
    pub(super) async fn make_release(&self, spec: &ReleaseSpec) -> Result<()> {
        match self.create(spec).await? {
            Created::Yes => Ok(()),
            Created::WasThere => self.adopt(spec).await,
            missing @ (Created::NoNetwork | Created::NoSecret) => {
                if matches!(missing, Created::NoNetwork) {
                    self.make_network(spec.project_id).await?;
                }
                match self.create(spec).await? {
                    Created::Yes => Ok(()),
                    Created::WasThere => self.adopt(spec).await,
                    Created::NoNetwork => Err(Error::Unreachable("The project's network is not there yet.".to_owned())),
                    Created::NoSecret => Err(Error::Unreachable("A secret of the release went away.".to_owned())),
                }
            }
        }
    }

    async fn create(&self, spec: &ReleaseSpec) -> Result<Created> {
        let only_node = if spec.is_local { Some(self.own_node().await?) } else { None };
        let secrets = self.make_secrets(spec).await?;
        let service = service(spec, &Place { platform: &self.platform, only_node, secrets });
        let credentials = spec.credentials.as_ref().map(|credentials| for_engine(spec, credentials));
        match self.engine.docker().create_service(service, credentials).await {
            Ok(_) => Ok(Created::Yes),
            Err(EngineError::DockerResponseServerError { message, .. }) if message.contains("name conflicts") => {
                Ok(Created::WasThere)
            }
            Err(EngineError::DockerResponseServerError { message, .. }) if is_missing_network(&message) => {
                Ok(Created::NoNetwork)
            }
            Err(EngineError::DockerResponseServerError { message, .. }) if is_missing_secret(&message) => {
                Ok(Created::NoSecret)
            }
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    /// The service was there before: only its number of copies may have to change.
    async fn adopt(&self, spec: &ReleaseSpec) -> Result<()> {
        if self.update_copies(spec.release.id, spec.replicas).await? {
            return Ok(());
        }
        let name = super::spec::service_name(spec.release.app_id, spec.release.number);
        Err(Error::Refused(format!("A service {name} is there already, and this installation did not make it.")))
    }

    pub(super) async fn set_copies(&self, release: ReleaseId, replicas: u16) -> Result<()> {
        if self.update_copies(release, replicas).await? {
            return Ok(());
        }
        Err(Error::Refused(format!("The release {release} is not in the swarm any more.")))
    }

    /// False when there is no such release.
    async fn update_copies(&self, release: ReleaseId, replicas: u16) -> Result<bool> {
        for _ in 0..TRIES {
            let Some(service) = self.find(release).await? else { return Ok(false) };
            if service.copies() == replicas {
                return Ok(true);
            }
            let service = service.with_copies(replicas);
            let path = format!("/services/{}/update", service.id);
            let query = [("version", service.version.index.to_string()), ("registryAuthFrom", "spec".to_owned())];
            match self.engine.post(&path, &query, &service.spec).await {
                // The version moves by itself: Swarm writes to services too.
                Err(Error::Refused(sentence)) if sentence.contains("update out of sequence") => {}
                other => return other.map(|()| true),
            }
        }
        Err(Error::Unreachable("The service changes all the time; its number of copies could not be set.".to_owned()))
    }

    pub(super) async fn take_release_away(&self, release: ReleaseId) -> Result<()> {
        let Some(service) = self.find(release).await? else { return self.sweep_secrets().await };
        match self.engine.docker().delete_service(&service.id).await {
            Ok(()) | Err(EngineError::DockerResponseServerError { status_code: 404, .. }) => self.sweep_secrets().await,
            Err(error) => Err(self.engine.explain(error)),
        }
    }

    pub(super) async fn known_releases(&self) -> Result<Vec<KnownRelease>> {
        let ours = filter(&[(labels::PLATFORM, &self.platform)]);
        let services: Vec<Service> = self.engine.get("/services", &ours).await?;
        Ok(services.iter().filter_map(Service::known).collect())
    }

    async fn find(&self, release: ReleaseId) -> Result<Option<Service>> {
        let wanted = filter(&[(labels::PLATFORM, &self.platform), (labels::RELEASE, &release.to_string())]);
        let services: Vec<Service> = self.engine.get("/services", &wanted).await?;
        Ok(services.into_iter().next())
    }
}

/// What the engine made of a wish for a new service.
enum Created {
    Yes,
    WasThere,
    NoNetwork,
    NoSecret,
}

fn is_missing_network(message: &str) -> bool {
    message.contains("network") && message.contains("not found")
}

fn for_engine(spec: &ReleaseSpec, credentials: &Credentials) -> DockerCredentials {
    DockerCredentials {
        username: Some(credentials.username.clone()),
        password: Some(credentials.password.expose().clone()),
        serveraddress: Some(spec.release.image.repository.registry().unwrap_or("docker.io").to_owned()),
        ..Default::default()
    }
}
