//! What a team may use of the platform.

use crate::{Invalid, Settings, human_bytes};
use serde::{Deserialize, Serialize};

/// A limit with what is used beside it, held and asked for, its name, and how it is shown.
type Row<'a> = (Option<u64>, u64, u64, u64, &'a str, &'a dyn Fn(u64) -> String);

/// The limits of a team; what is not limited is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// How many apps.
    pub apps: Option<u64>,
    /// How many replicas, over all apps.
    pub replicas: Option<u64>,
    /// MiB of memory, over all replicas.
    pub memory: Option<u64>,
    /// Thousandths of a core, over all replicas.
    pub cpu: Option<u64>,
}

/// What a team uses, or would use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Apps.
    pub apps: u64,
    /// Replicas.
    pub replicas: u64,
    /// MiB.
    pub memory: u64,
    /// Thousandths of a core.
    pub cpu: u64,
}

impl Used {
    /// What one app takes with these settings.
    pub fn by(settings: &Settings) -> Self {
        let replicas = u64::from(settings.replicas);
        Self {
            apps: 1,
            replicas,
            memory: replicas * u64::from(settings.memory),
            cpu: replicas * u64::from(settings.cpu),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            apps: self.apps + other.apps,
            replicas: self.replicas + other.replicas,
            memory: self.memory + other.memory,
            cpu: self.cpu + other.cpu,
        }
    }
}

impl Quota {
    /// In a few words, for the audit log.
    pub fn in_short(&self) -> String {
        let shown = |limit: Option<u64>| limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
        let Self { apps, replicas, memory, cpu } = *self;
        let (apps, replicas, memory, cpu) = (shown(apps), shown(replicas), shown(memory), shown(cpu));
        format!("apps {apps}, replicas {replicas}, MiB {memory}, thousandths of a core {cpu}")
    }

    /// Whether what is `asked` for an app fits beside what the team's other apps use. What the app has already is never
    /// refused, so that a limit below what is there keeps nobody from mending, or from asking for less.
    ///
    /// # Errors
    /// A sentence for the first limit that does not hold: what is used, what is asked for, and the limit.
    pub fn check(&self, used: Used, has: Used, asked: Used) -> Result<(), String> {
        let plain = |n: u64| n.to_string();
        let memory = |mib: u64| human_bytes(mib * 1024 * 1024);
        let rows: [Row<'_>; 4] = [
            (self.apps, used.apps, has.apps, asked.apps, "apps", &plain),
            (self.replicas, used.replicas, has.replicas, asked.replicas, "replicas", &plain),
            (self.memory, used.memory, has.memory, asked.memory, "memory", &memory),
            (self.cpu, used.cpu, has.cpu, asked.cpu, "cores", &cores),
        ];
        for (limit, used, has, asked, what, shown) in rows {
            if let Some(limit) = limit.filter(|limit| used + asked > *limit && asked > has) {
                return Err(format!(
                    "This does not fit into the team's limit of {} {what}: its other apps use {}, and this one asks for {}. \
                     Ask for less, free some, or let an admin of the platform raise the limit.",
                    shown(limit),
                    shown(used),
                    shown(asked)
                ));
            }
        }
        Ok(())
    }
}

/// Thousandths of a core as people write cores: `0.5`, `2`.
fn cores(millis: u64) -> String {
    match millis % 1000 {
        0 => (millis / 1000).to_string(),
        rest => format!("{}.{rest:03}", millis / 1000).trim_end_matches('0').to_owned(),
    }
}

/// Limits as typed; an empty field is no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuotaForm {
    /// See [`Quota::apps`].
    pub apps: String,
    /// See [`Quota::replicas`].
    pub replicas: String,
    /// MiB.
    pub memory: String,
    /// Thousandths of a core.
    pub cpu: String,
}

impl TryFrom<QuotaForm> for Quota {
    type Error = Invalid;
    fn try_from(typed: QuotaForm) -> Result<Self, Invalid> {
        let number = |field: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text
                .parse::<u32>()
                .map(|n| Some(u64::from(n)))
                .map_err(|_| Invalid::new(field, "Give a whole number, or leave it empty for no limit.")),
        };
        Ok(Self {
            apps: number("apps", &typed.apps)?,
            replicas: number("replicas", &typed.replicas)?,
            memory: number("memory", &typed.memory)?,
            cpu: number("cpu", &typed.cpu)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_limit_everything_fits() {
        let much = Used { apps: 1000, replicas: 1000, memory: 1 << 40, cpu: 1 << 40 };
        assert_eq!(Quota::default().check(much, Used::default(), much), Ok(()));
    }

    #[test]
    fn a_refusal_says_what_is_used_what_is_asked_for_and_the_limit() {
        let quota = Quota { memory: Some(1024), cpu: Some(1500), ..Quota::default() };
        let (none, used) = (Used::default(), Used { apps: 1, replicas: 1, memory: 768, cpu: 500 });
        assert_eq!(quota.check(used, none, Used { memory: 256, cpu: 1000, ..Used::default() }), Ok(()));
        let refused = quota.check(used, none, Used { memory: 512, ..Used::default() }).expect_err("too much");
        assert!(refused.starts_with(
            "This does not fit into the team's limit of 1 GiB memory: its other apps use 768 MiB, and this one asks for 512 MiB."
        ));
        let refused = quota.check(used, none, Used { cpu: 1250, ..Used::default() }).expect_err("too much");
        assert!(
            refused.contains("limit of 1.5 cores: its other apps use 0.5, and this one asks for 1.25."),
            "{refused}"
        );
    }

    #[test]
    fn a_limit_below_what_is_there_keeps_nobody_from_asking_for_less() {
        let quota = Quota { memory: Some(256), ..Quota::default() };
        let mib = |memory| Used { memory, ..Used::default() };
        assert_eq!(quota.check(mib(512), mib(512), mib(512)), Ok(()));
        assert_eq!(quota.check(mib(512), mib(512), mib(128)), Ok(()));
        assert!(quota.check(mib(512), mib(512), mib(513)).is_err());
    }

    #[test]
    fn an_empty_field_is_no_limit() {
        let typed = QuotaForm { apps: " 3 ".to_owned(), ..QuotaForm::default() };
        assert_eq!(Quota::try_from(typed), Ok(Quota { apps: Some(3), ..Quota::default() }));
        let typed = QuotaForm { cpu: "-1".to_owned(), ..QuotaForm::default() };
        assert_eq!(Quota::try_from(typed).expect_err("negative").field, "cpu");
    }
}
