//! The labels on everything of ours. What is ours is found by them, never by its name; the installation's label stands in
//! every filter, so that two installations on one swarm do not see each other.

use std::collections::HashMap;
use std::str::FromStr;

/// Which installation made it. On services, containers and networks.
pub const PLATFORM: &str = "slipway.platform";
/// Which app. On services and containers.
pub const APP: &str = "slipway.app";
/// The app's name when the release was made, for people.
pub const APP_NAME: &str = "slipway.app.name";
/// Which release. On services and containers.
pub const RELEASE: &str = "slipway.release";
/// The release's number within its app. On services and containers.
pub const NUMBER: &str = "slipway.number";
/// Which project. On services, containers and networks.
pub const PROJECT: &str = "slipway.project";
/// Which value of a secret. On secrets.
pub const SECRET: &str = "slipway.secret";
/// The port on which the app listens. On services and containers.
pub const PORT: &str = "slipway.port";

/// Labels as the engine gives them.
pub type Labels = HashMap<String, String>;

/// Reads a label of a known form.
pub(super) fn read<T: FromStr>(labels: Option<&Labels>, name: &str) -> Option<T> {
    labels?.get(name)?.parse().ok()
}

/// The filter that finds what carries all of these.
pub(super) fn filter(wanted: &[(&str, &str)]) -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), wanted.iter().map(|(name, value)| format!("{name}={value}")).collect())])
}
