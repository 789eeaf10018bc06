use crate::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! bounded {
    ($($(#[$doc:meta])* $name:ident($inner:ty), $field:literal, $low:expr, $high:expr, $sentence:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name($inner);

        impl $name {
            /// The bare number, in the unit of the type.
            pub const fn get(self) -> $inner { self.0 }
        }

        impl TryFrom<u64> for $name {
            type Error = Invalid;
            fn try_from(value: u64) -> Result<Self, Invalid> {
                <$inner>::try_from(value).ok().filter(|v| ($low..=$high).contains(v)).map(Self)
                    .ok_or_else(|| Invalid::new($field, $sentence))
            }
        }

        impl From<$name> for u64 {
            fn from(value: $name) -> Self { Self::from(value.0) }
        }
    )*};
}

bounded! {
    /// A TCP port on which an app listens.
    Port(u16), "port", 1, u16::MAX, "A port is a number from 1 to 65535.";
    /// How many copies of a release run.
    Replicas(u16), "replicas", 1, 50, "Run between 1 and 50 replicas.";
    /// A memory limit in MiB.
    Memory(u32), "memory", 16, 1_048_576, "Give between 16 MiB and 1 TiB of memory.";
    /// A CPU limit in thousandths of a core.
    CpuMillis(u32), "cpu", 10, 256_000, "Give between 0.01 and 256 cores.";
}

impl Memory {
    /// The limit in bytes.
    pub const fn bytes(self) -> u64 {
        self.0 as u64 * 1024 * 1024
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&human_bytes(self.bytes()))
    }
}

/// Bytes with a binary unit and at most one decimal: `512 MiB`, `1.5 GiB`.
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut unit = 0;
    let mut tenths = u128::from(bytes) * 10;
    while tenths >= 10_240 && unit < UNITS.len() - 1 {
        tenths /= 1024;
        unit += 1;
    }
    match tenths % 10 {
        0 => format!("{} {}", tenths / 10, UNITS[unit]),
        decimal => format!("{}.{decimal} {}", tenths / 10, UNITS[unit]),
    }
}

/// A span of time as people read it: `340 ms`, `1.4 s`, `2 min 5 s`.
pub fn human_millis(millis: i64) -> String {
    match millis.max(0) {
        ms @ 0..1000 => format!("{ms} ms"),
        ms @ 1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        ms => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_bounds_and_a_sentence() {
        assert_eq!(Port::try_from(8080).map(Port::get), Ok(8080));
        assert_eq!(Port::try_from(0).expect_err("no port").sentence, "A port is a number from 1 to 65535.");
        assert!(Port::try_from(65_536).is_err());
        assert!(Replicas::try_from(51).is_err());
    }

    #[test]
    fn amounts_are_readable() {
        assert_eq!(human_bytes(512 * 1024 * 1024), "512 MiB");
        assert_eq!(human_bytes(1536 * 1024 * 1024), "1.5 GiB");
        assert_eq!(human_bytes(0), "0 B");
        assert_eq!(human_millis(340), "340 ms");
        assert_eq!(human_millis(1_450), "1.4 s");
        assert_eq!(human_millis(125_000), "2 min 5 s");
    }
}
