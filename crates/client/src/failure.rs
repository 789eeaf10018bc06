use crate::output::{error_line, plain};
use api::{Code, Deploy, Problem};

/// Why a command did not do what it should.
#[derive(Debug)]
pub enum Failure {
    /// The server said no.
    Refused(Problem),
    /// The command line makes no sense.
    Invalid(String),
    /// The deploy did not arrive.
    Failed(Box<Deploy>),
    /// It took longer than one wanted to wait; it goes on.
    TimedOut(String),
    /// The server, or a part behind it, does not answer.
    Unreachable(String),
    /// The person pressed Ctrl-C; what was begun goes on.
    Interrupted(String),
    /// Something else, here.
    Broken(String),
}

/// What a command gives or why not.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// See docs/user/commands.md, which promises these.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Broken(_) => 1,
            Self::Invalid(_) => 2,
            Self::Failed(_) => 6,
            Self::TimedOut(_) => 7,
            Self::Unreachable(_) => 8,
            Self::Interrupted(_) => 130,
            Self::Refused(problem) => match problem.code {
                Code::Internal => 1,
                Code::Invalid | Code::TooLarge | Code::MethodNotAllowed => 2,
                Code::Unauthorized | Code::Forbidden | Code::TooManyAttempts => 3,
                Code::NotFound => 4,
                Code::Conflict | Code::PreconditionFailed => 5,
                Code::Unavailable => 8,
            },
        }
    }

    /// Says it: to people on standard error, to programs as JSON on standard output, where the answer would have been.
    pub fn tell(&self, is_json: bool) {
        if let Self::Failed(deploy) = self {
            tell_failed(deploy, is_json);
            return;
        }
        error_line(&plain(&self.sentence()));
        if is_json {
            let code = match self {
                Self::Refused(problem) => serde_json::to_value(problem.code).unwrap_or_default(),
                other => other.word().into(),
            };
            crate::output::json(&serde_json::json!({ "code": code, "detail": self.sentence() }));
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::Failed(_) => "failed",
            Self::TimedOut(_) => "timed_out",
            Self::Unreachable(_) => "unreachable",
            Self::Interrupted(_) => "interrupted",
            Self::Broken(_) => "internal",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Refused(problem) => problem.detail.clone(),
            Self::Failed(deploy) => deploy.headline.clone(),
            Self::Invalid(sentence)
            | Self::TimedOut(sentence)
            | Self::Unreachable(sentence)
            | Self::Interrupted(sentence)
            | Self::Broken(sentence) => sentence.clone(),
        }
    }
}

fn tell_failed(deploy: &Deploy, is_json: bool) {
    error_line(&plain(&deploy.headline));
    if !deploy.last_lines.is_empty() {
        error_line("The last lines it wrote:");
        for line in &deploy.last_lines {
            error_line(&format!("  {}", plain(line)));
        }
    }
    if let Some(aftermath) = &deploy.aftermath {
        error_line(&plain(aftermath));
    }
    if is_json {
        crate::output::json(deploy);
    }
}

impl From<domain::Invalid> for Failure {
    fn from(invalid: domain::Invalid) -> Self {
        Self::Invalid(invalid.sentence)
    }
}
