use super::Shape;
use domain::{DeployState, Finding, Health, Outcome, ReplicaState, Standing, StepState, TokenState, Validity};

/// The four states of the console and the lack of one. Never shown by colour alone: icon, word and colour go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Well,
    /// Something is going on.
    Working,
    /// Somebody should look.
    Warning,
    /// It does not work.
    Broken,
    /// Nothing to say.
    Quiet,
}

impl Tone {
    /// All, for the gallery.
    pub const ALL: [Self; 5] = [Self::Well, Self::Working, Self::Warning, Self::Broken, Self::Quiet];

    /// Its class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Well => "tone-well",
            Self::Working => "tone-working",
            Self::Warning => "tone-warning",
            Self::Broken => "tone-broken",
            Self::Quiet => "tone-quiet",
        }
    }

    /// Its icon.
    pub const fn shape(self) -> Shape {
        match self {
            Self::Well => Shape::Check,
            Self::Working => Shape::Ring,
            Self::Warning => Shape::Warning,
            Self::Broken => Shape::Cross,
            Self::Quiet => Shape::Dash,
        }
    }
}

/// What has a tone and a word for a badge.
pub trait Told {
    /// Both.
    fn told(&self) -> (Tone, &'static str);
}

impl Told for DeployState {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Under(_) => (Tone::Working, "Under way"),
            Self::Undoing => (Tone::Warning, "Taken back"),
            Self::Done => (Tone::Well, "Done"),
            Self::Failed => (Tone::Broken, "Failed"),
            Self::Cancelled => (Tone::Warning, "Cancelled"),
        }
    }
}

impl Told for Health {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Empty => (Tone::Quiet, "Empty"),
            Self::Well => (Tone::Well, "Well"),
            Self::Working => (Tone::Working, "Deploying"),
            Self::Unwell => (Tone::Warning, "Unwell"),
            Self::Broken => (Tone::Broken, "Down"),
            Self::Stopped => (Tone::Quiet, "Stopped"),
        }
    }
}

impl Told for Standing {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Active => (Tone::Well, "Has the traffic"),
            Self::Stopped => (Tone::Quiet, "Starts next"),
            Self::Deploying => (Tone::Working, "Deploying"),
            Self::Failed => (Tone::Broken, "Never served"),
            Self::Earlier => (Tone::Quiet, "Earlier"),
        }
    }
}

impl Told for ReplicaState {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Pending => (Tone::Working, "Waits for a node"),
            Self::Preparing => (Tone::Working, "Starts"),
            Self::Running => (Tone::Well, "Runs"),
            Self::Stopped => (Tone::Quiet, "Stopped"),
            Self::Failed => (Tone::Broken, "Failed"),
        }
    }
}

impl Told for StepState {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Pending => (Tone::Quiet, "To come"),
            Self::Working => (Tone::Working, "Under way"),
            Self::Ended(Outcome::Done) => (Tone::Well, "Done"),
            Self::Ended(Outcome::Skipped) => (Tone::Quiet, "Not needed"),
            Self::Ended(Outcome::Failed) => (Tone::Broken, "Failed"),
            Self::Ended(Outcome::Cancelled) => (Tone::Warning, "Cancelled"),
        }
    }
}

impl Told for Finding {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Unknown => (Tone::Working, "Looking"),
            Self::Here => (Tone::Well, "Points here"),
            Self::Elsewhere(_) => (Tone::Warning, "Points elsewhere"),
            Self::Nowhere => (Tone::Warning, "No address"),
            Self::NoAnswer(_) => (Tone::Warning, "No answer"),
        }
    }
}

impl Told for Validity {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::NotYet => (Tone::Warning, "Not yet"),
            Self::Good => (Tone::Well, "Good"),
            Self::EndsSoon => (Tone::Warning, "Ends soon"),
            Self::Ended => (Tone::Broken, "Ended"),
        }
    }
}

impl Told for TokenState {
    fn told(&self) -> (Tone, &'static str) {
        match self {
            Self::Works => (Tone::Well, "Works"),
            Self::Expired => (Tone::Quiet, "Expired"),
            Self::Stopped => (Tone::Warning, "Stopped"),
        }
    }
}
