use super::Month;
use serde::{Deserialize, Serialize};

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Memory that is reserved, in MiB for some time.
    Memory,
    /// CPU that is reserved, in thousandths of a core for some time.
    Cpu,
    /// Room on disks, in MiB for some time.
    Disk,
    /// Bytes that visitors were sent.
    Egress,
    /// Requests that were answered.
    Requests,
    /// A service on its plan, for some time.
    Service,
}

impl Resource {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Memory, Self::Cpu, Self::Disk, Self::Egress, Self::Requests, Self::Service];

    /// Those that this platform measures, and so can ask money for.
    pub const METERED: [Self; 2] = [Self::Memory, Self::Cpu];

    /// The word in the database, the API and CSV.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Cpu => "cpu",
            Self::Disk => "disk",
            Self::Egress => "egress",
            Self::Requests => "requests",
            Self::Service => "service",
        }
    }

    /// The resource with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.as_str() == word)
    }

    /// What it is called on a page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Memory => "Memory",
            Self::Cpu => "CPU",
            Self::Disk => "Disk",
            Self::Egress => "Egress",
            Self::Requests => "Requests",
            Self::Service => "Service",
        }
    }

    /// Of what the price is.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Memory => "GiB-hour",
            Self::Cpu => "vCPU-hour",
            Self::Disk => "GiB-month",
            Self::Egress => "GiB",
            Self::Requests => "request",
            Self::Service => "hour",
        }
    }

    /// Whether it is held for a while, and not used up at a moment.
    pub(super) const fn is_held(self) -> bool {
        !matches!(self, Self::Egress | Self::Requests)
    }

    /// How many of the smallest amounts (see [`Usage`](super::Usage)) make one unit, in a month of its length.
    pub(super) fn per_unit(self, month: Month) -> i128 {
        const HOUR: i128 = 3_600_000;
        match self {
            Self::Memory => 1024 * HOUR,
            Self::Cpu => 1000 * HOUR,
            Self::Disk => 1024 * i128::from(month.millis()),
            Self::Egress => 1 << 30,
            Self::Requests => 1,
            Self::Service => HOUR,
        }
    }
}
