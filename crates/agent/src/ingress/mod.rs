//! The ingress runs as a plain container, made from our own executable. Why not as a service: docs/decisions/0005.

mod container;
mod networks;

use crate::error::is_not_found;
use crate::image::{PackedImage, Program, Recipe};
use crate::{Error, LocalAgent, Result, labels};
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, InspectContainerOptions, RemoveContainerOptionsBuilder, RemoveImageOptions,
    RenameContainerOptionsBuilder, StartContainerOptions, StopContainerOptionsBuilder,
};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::PathBuf;

/// Where the folder stands inside the container.
pub const FOLDER: &str = "/run/slipway";

/// Where the ingress listens inside the container.
pub const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8080);

/// The same for HTTPS.
pub const LISTEN_HTTPS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8443);

/// How long the ingress may take to finish its requests when it is replaced, in seconds: a little more than it gives them itself.
const STOP_PATIENCE: i32 = 25;

/// The ingress as it shall run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressContainer {
    /// The program; our own executable, in a running platform.
    pub executable: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The folder that it shares with the server: its socket and its last route table. Made when it is not there.
    pub folder: PathBuf,
    /// Where it is reached from outside.
    pub publish: SocketAddr,
    /// Where it is reached over HTTPS.
    pub publish_https: Option<SocketAddr>,
    /// The id of the installation.
    pub installation: String,
    /// The container's name.
    pub name: String,
    /// The name of the bridge network on which visitors come in.
    pub network: String,
    /// User and group of the process: the server's own, so that both may open each other's sockets.
    pub user: (u32, u32),
}

impl IngressContainer {
    /// The ingress of an installation, as `slipway ingress` in our own executable. A relative folder is meant from here.
    pub fn new(executable: PathBuf, folder: PathBuf, publish: SocketAddr, installation: String) -> Self {
        let arguments = ["ingress", "--folder", FOLDER, "--listen", &LISTEN.to_string()].map(str::to_owned).to_vec();
        Self {
            executable,
            arguments,
            folder: std::path::absolute(&folder).unwrap_or(folder),
            publish,
            publish_https: None,
            installation,
            name: "slipway-ingress".to_owned(),
            network: "slipway-entry".to_owned(),
            user: own_user(),
        }
    }

    /// Serves HTTPS too.
    pub fn serve_https(&mut self, publish: SocketAddr) {
        self.publish_https = Some(publish);
        self.arguments.extend(["--listen-https".to_owned(), LISTEN_HTTPS.to_string()]);
    }
}

/// User and group of this process.
fn own_user() -> (u32, u32) {
    std::fs::metadata("/proc/self").map_or((0, 0), |process| (process.uid(), process.gid()))
}

impl LocalAgent {
    /// Sees to it that the ingress runs as it shall and is attached to exactly these networks, besides its own. A running
    /// one is left alone unless its program or configuration changed. Gives the address from which visitors of this
    /// machine come in: the gateway of the ingress's own network.
    pub async fn ensure_ingress(&self, wanted: &IngressContainer, networks: &[String]) -> Result<IpAddr> {
        // One at a time: two that both find nothing would both make a container.
        let mut program = self.program.lock().await;
        let found = self.find_own(wanted).await?;
        make_folder(wanted)?;
        let image = Box::pin(self.ensure_image(wanted, &mut program)).await?;
        let gateway = self.ensure_entry(wanted).await?;
        let config = fingerprint(wanted, &image.id);
        self.remove_container(&set_aside(wanted)).await?;
        match found {
            Some(found) if label(&found, labels::CONFIG) == Some(&config) => {
                self.attach(wanted, networks).await?;
                self.start(wanted, &found).await?;
            }
            old => Box::pin(self.replace(wanted, &image.id, &config, networks, old)).await?,
        }
        Ok(gateway)
    }

    /// Takes the ingress away, with its own network and image. One that is not there is no error.
    pub async fn remove_ingress(&self, wanted: &IngressContainer) -> Result<()> {
        self.remove_container(&set_aside(wanted)).await?;
        self.remove_container(&wanted.name).await?;
        self.remove_entry(wanted).await?;
        match self.docker.remove_image(&image_reference(wanted), None::<RemoveImageOptions>, None).await {
            Err(error) if !is_not_found(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// A program is measured once in the life of this process. A newer build that is put in its place meanwhile belongs to
    /// the next start.
    async fn ensure_image(&self, wanted: &IngressContainer, program: &mut Option<Program>) -> Result<PackedImage> {
        let known = match program.take() {
            Some(known) if known.executable() == wanted.executable => known,
            _ => Program::measure(&wanted.executable).await?,
        };
        let mut recipe = Recipe::named(image_reference(wanted));
        recipe.labels.insert(labels::PLATFORM.to_owned(), wanted.installation.clone());
        let images = program.insert(known).ensure_images(&self.docker, &[recipe]).await?;
        images.into_iter().next().ok_or_else(|| Error::Refused("The ingress has no image.".to_owned()))
    }

    /// Puts a new container in the place of the old one. When it cannot start, the old one comes back.
    async fn replace(
        &self,
        wanted: &IngressContainer,
        image: &str,
        config: &str,
        networks: &[String],
        old: Option<ContainerInspectResponse>,
    ) -> Result<()> {
        let aside = set_aside(wanted);
        if old.is_some() {
            // Stopped first: engines fail to rename a running container that is on an overlay.
            let stop = StopContainerOptionsBuilder::new().t(STOP_PATIENCE).build();
            self.docker.stop_container(&wanted.name, Some(stop)).await?;
            self.rename(&wanted.name, &aside).await?;
        }
        if let Err(error) = self.create_and_start(wanted, image, config, networks).await {
            self.remove_container(&wanted.name).await?;
            if old.is_some() {
                self.rename(&aside, &wanted.name).await?;
                self.docker.start_container(&wanted.name, None::<StartContainerOptions>).await?;
            }
            return Err(error);
        }
        self.remove_container(&aside).await?;
        // The engine keeps it when something else still uses it.
        if let Some(unused) = old.and_then(|old| old.image).filter(|old| old != image) {
            let _ = self.docker.remove_image(&unused, None::<RemoveImageOptions>, None).await;
        }
        Ok(())
    }

    async fn create_and_start(
        &self,
        wanted: &IngressContainer,
        image: &str,
        config: &str,
        networks: &[String],
    ) -> Result<()> {
        let options = CreateContainerOptionsBuilder::new().name(&wanted.name).build();
        self.docker.create_container(Some(options), container::body(wanted, image, config)).await?;
        // Before it starts, so that it can reach what its last route table names from the first request on.
        self.attach(wanted, networks).await?;
        self.start(wanted, &ContainerInspectResponse::default()).await
    }

    async fn start(&self, wanted: &IngressContainer, found: &ContainerInspectResponse) -> Result<()> {
        if found.state.as_ref().and_then(|state| state.running) == Some(true) {
            return Ok(());
        }
        let started = self.docker.start_container(&wanted.name, None::<StartContainerOptions>).await;
        started.map_err(|error| match Error::from(error) {
            Error::Refused(words) if is_port_taken(&words) => Error::Refused(match wanted.publish_https {
                None => format!("{} is in use by another program; choose another with --listen.", wanted.publish),
                Some(https) => format!(
                    "{} or {https} is in use by another program; choose another with --listen or --listen-https.",
                    wanted.publish
                ),
            }),
            other => other,
        })
    }

    /// The container, unless another installation has one of that name.
    async fn find_own(&self, wanted: &IngressContainer) -> Result<Option<ContainerInspectResponse>> {
        let found = self.find(&wanted.name).await?;
        match found {
            Some(found) if label(&found, labels::PLATFORM) != Some(&wanted.installation) => {
                Err(Error::Refused(format!(
                    "The container {} belongs to another installation of Slipway. Stop that one first.",
                    wanted.name
                )))
            }
            found => Ok(found),
        }
    }

    async fn find(&self, name: &str) -> Result<Option<ContainerInspectResponse>> {
        match self.docker.inspect_container(name, None::<InspectContainerOptions>).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_not_found(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let options = RenameContainerOptionsBuilder::new().name(to).build();
        Ok(self.docker.rename_container(from, options).await?)
    }

    async fn remove_container(&self, name: &str) -> Result<()> {
        let force = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        match self.docker.remove_container(name, Some(force)).await {
            Err(error) if !is_not_found(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// What the old container is called while a new one takes its place.
fn set_aside(wanted: &IngressContainer) -> String {
    format!("{}-before", wanted.name)
}

fn label<'a>(found: &'a ContainerInspectResponse, name: &str) -> Option<&'a String> {
    found.config.as_ref()?.labels.as_ref()?.get(name)
}

/// Docker's words for a port that another container, or another program, has.
fn is_port_taken(words: &str) -> bool {
    words.contains("address already in use") || words.contains("port is already allocated")
}

/// Everything that makes a container need replacing.
fn fingerprint(wanted: &IngressContainer, image: &str) -> String {
    let IngressContainer { arguments, folder, publish, publish_https, network, user, .. } = wanted;
    let shape = container::SHAPE;
    let parts =
        format!("{shape} {image} {arguments:?} {} {publish} {publish_https:?} {network} {user:?}", folder.display());
    hex::encode(Sha256::digest(parts))
}

/// Only the server and the ingress may look inside.
fn make_folder(wanted: &IngressContainer) -> Result<()> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&wanted.folder);
    made.map_err(|error| Error::Refused(format!("The folder {} cannot be made: {error}.", wanted.folder.display())))
}

/// One tag for each installation on an engine, whatever characters its id has.
fn image_reference(wanted: &IngressContainer) -> String {
    let digest = hex::encode(Sha256::digest(&wanted.installation));
    format!("slipway-ingress:{}", &digest[..12])
}
