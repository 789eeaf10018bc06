use super::{Currency, Interval, Period, Rates, Total, price};
use crate::{AppId, ReleaseId, Settings, SettingsForm, Timestamp, typed};
use serde::{Deserialize, Serialize};

/// For how long a size is priced: 30 days.
const MONTH: i64 = 30 * 86_400_000;

/// How large an app shall be, as typed into a form; what is empty is as the platform chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Size {
    /// How many copies.
    pub replicas: String,
    /// MiB of each.
    pub memory: String,
    /// Cores of each.
    pub cpu: String,
}

impl Size {
    fn settings(&self) -> Option<Settings> {
        let form = SettingsForm {
            replicas: typed::whole("replicas", &self.replicas).ok()?,
            memory: typed::whole("memory", &self.memory).ok()?,
            cpu: typed::cores(&self.cpu).ok()?,
            ..SettingsForm::default()
        };
        form.over(None).ok()
    }

    /// What it costs to run for 30 days. Nothing is known of a size that cannot be.
    pub fn cost(&self, rates: &Rates, now: Timestamp) -> Option<Total> {
        let (settings, currency): (Settings, Currency) = (self.settings()?, rates.currency?);
        let period = Period { from: now, to: now.plus_millis(MONTH) };
        let running = Interval {
            app: AppId::NIL,
            release: ReleaseId::NIL,
            number: 0,
            node: String::new(),
            replicas: settings.replicas.get().into(),
            memory: settings.memory.get().into(),
            cpu: settings.cpu.get().into(),
            from: period.from,
            to: period.to,
            is_open: true,
        };
        Some(Total::of(&price(running.usage(), rates, period), currency))
    }
}

/// What a size costs in 30 days, and what the one before it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeCost {
    /// Nothing while there are no rates, or the size cannot be.
    pub cost: Option<Total>,
    /// Of the size that is to be changed.
    pub before: Option<Total>,
}
