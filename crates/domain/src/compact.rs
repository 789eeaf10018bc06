//! How answers travel to the console's pages: values one after the other, without the names of their fields. A program that reads
//! names has code for each name of each type, and a browser would have to fetch it: ten kilobytes of the first page.

use serde::{Serialize, de::DeserializeOwned};

/// Names the layout of the types. Text of another layout is not read: it would give wrong values, not none.
const LAYOUT: &str = include_str!(concat!(env!("OUT_DIR"), "/layout"));

/// Why a text could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It comes from a program of another version.
    #[error("the text has another layout")]
    OtherLayout,
    /// It is damaged.
    #[error("the text is damaged")]
    Damaged,
}

/// Writes a value.
///
/// # Errors
/// A value of a type that has no fixed layout, which is a defect of the type.
pub fn write(value: &impl Serialize) -> Result<String, Unreadable> {
    let bytes = postcard::to_allocvec(value).map_err(|_| Unreadable::Damaged)?;
    Ok(format!("{LAYOUT}{}", hex::encode(bytes)))
}

/// Reads a value.
///
/// # Errors
/// See [`Unreadable`].
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let values = text.strip_prefix(LAYOUT).ok_or(Unreadable::OtherLayout)?;
    let bytes = hex::decode(values).map_err(|_| Unreadable::Damaged)?;
    postcard::from_bytes(&bytes).map_err(|_| Unreadable::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::RateOf;
    use crate::{AppId, Change, DeployState, Finding, Listed, Probe, SettingsForm, Step, Timestamp, TokenScope, Who};

    type Sample = (Vec<Option<String>>, AppId, Timestamp, f64);

    fn sample() -> Sample {
        (vec![Some("ä\n\"".to_owned()), None], AppId::NIL, Timestamp(-1), 0.5)
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read::<Sample>(&write(&sample()).expect("written")), Ok(sample()));
    }

    /// Serde can write an enum so that only a format with names can read it again.
    #[test]
    fn enums_are_written_so_that_they_can_be_read() {
        fn travels<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
            assert_eq!(read::<T>(&write(&value).expect("written")), Ok(value));
        }
        let path = "/healthz".to_owned();
        travels([Probe::Tcp, Probe::Http { path }]);
        travels([DeployState::Under(Step::Watch), DeployState::Done]);
        travels([Change::App(AppId::NIL)]);
        let addresses = ["203.0.113.9", "2001:db8::9"].map(|text| text.parse().expect("an address"));
        travels([Finding::Here, Finding::Elsewhere(addresses.into()), Finding::NoAnswer("timeout".to_owned())]);
        travels([TokenScope::Personal, TokenScope::Deploy { app: AppId::NIL, name: "shop".parse().expect("a name") }]);
        travels([Who::Public, Who::Company, Who::People(Listed::default())]);
        travels([RateOf::Tax, RateOf::Exchange("USD".parse().expect("a currency"))]);
        travels(SettingsForm { replicas: Some(2), ..SettingsForm::default() }.over(None).expect("settings"));
    }

    #[test]
    fn text_of_another_program_is_not_taken_for_values() {
        let text = write(&sample()).expect("written");
        let other = format!("{}{}", "0".repeat(16), &text[16..]);
        assert_eq!(read::<Sample>(&other), Err(Unreadable::OtherLayout));
        assert_eq!(read::<Sample>("<html>"), Err(Unreadable::OtherLayout));
    }

    #[test]
    fn damaged_text_is_an_error() {
        let text = write(&sample()).expect("written");
        for length in 16..text.len() {
            assert_eq!(read::<Sample>(&text[..length]), Err(Unreadable::Damaged), "{length}");
        }
    }
}
