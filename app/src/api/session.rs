use super::side;
use domain::{Person, PlatformInfo, compact};
use leptos::prelude::SharedValue;
use serde::{Deserialize, Serialize};

/// What every page knows from the start: the platform, and who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The platform.
    pub info: PlatformInfo,
    /// Who.
    pub person: Option<Person>,
}

impl Session {
    /// Read from the request by the server, and handed over with the page.
    pub fn of_page() -> Self {
        let text = SharedValue::new(|| compact::write(&side::session()).unwrap_or_default()).into_inner();
        compact::read(&text).unwrap_or_else(|_| Self::unknown())
    }

    /// Nobody, nowhere.
    pub fn unknown() -> Self {
        Self { info: PlatformInfo { is_demo: false, base_address: String::new(), sign_in: None }, person: None }
    }
}
