//! How it ended, as an exit code for scripts, and what went wrong, as a sentence for people.

use std::fmt::Display;
use std::process::ExitCode;

use rcs_revoke_api::{BatchView, Problem};
use rcs_revoke_core::recall::{State, fell_short};
use serde::{Serialize, Serializer};

/// What `--help` says of exit codes.
pub(super) const HELP: &str = "\
Exit codes:
  0    done as asked: every row was asked for or needed no asking, nothing is refused or inconclusive
  1    something failed on this machine: a file, the output
  2    wrong arguments, a wrong access key, or the server refused the command: nothing was done
  4    done, but look: messages are refused, inconclusive or left out, or rows could not be read
  5    nothing was started: the plan stays at the server (--plan, not confirmed, another number)
  6    nothing to ask for: no message is left that could be taken back
  7    aborted, or the plan was dropped
  8    the server cannot be reached, or cannot work
  9    it goes on: as `--batch` shows a batch that is not over
  130  interrupted: a batch that was started goes on at the server

The access key: --key-file, else the variable RCS_REVOKE_ACCESS_KEY, else what the configuration names.";

/// How the command ended. Its number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum End {
    Done = 0,
    Failed = 1,
    Refused = 2,
    FellShort = 4,
    Planned = 5,
    NothingToAsk = 6,
    Aborted = 7,
    Unreachable = 8,
    GoesOn = 9,
    Interrupted = 130,
}

impl End {
    /// How a batch stands that is shown for the last time.
    pub(super) fn of(view: &BatchView) -> Self {
        match view.state {
            State::Done if is_whole(view) => Self::Done,
            State::Done => Self::FellShort,
            State::Reading | State::Planned => Self::Planned,
            State::Running | State::Paused => Self::GoesOn,
            State::Aborted | State::Dropped => Self::Aborted,
        }
    }

    /// The stable code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::FellShort => "fell_short",
            Self::Planned => "planned",
            Self::NothingToAsk => "nothing_to_ask",
            Self::Aborted => "aborted",
            Self::Unreachable => "unreachable",
            Self::GoesOn => "goes_on",
            Self::Interrupted => "interrupted",
        }
    }

    pub(super) fn exit(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

impl Serialize for End {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

fn is_whole(view: &BatchView) -> bool {
    let short = view.progress.outcomes.iter().any(|(code, count)| *count > 0 && fell_short(code));
    !short && view.progress.left_out == 0 && view.plan.rejected == 0
}

/// What went wrong, what was not done, and what to do.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failure {
    #[serde(skip)]
    pub end: End,
    /// The stable code: the server's where it refused.
    pub code: String,
    /// What happened.
    pub title: String,
    /// What was not done, and what to do.
    pub detail: Option<String>,
}

impl Failure {
    pub(super) fn new(end: End, code: &str, title: impl Into<String>) -> Self {
        Self { end, code: code.to_owned(), title: title.into(), detail: None }
    }

    /// Something of this machine.
    pub(super) fn here(code: &str, what: &str, error: &impl Display) -> Self {
        Self::new(End::Failed, code, format!("{what}: {error}"))
    }

    /// What the server answered.
    pub(super) fn of(problem: Problem) -> Self {
        let end = if problem.status >= 500 { End::Unreachable } else { End::Refused };
        let title = match problem.at {
            Some(at) => format!("{at}: {}", problem.title),
            None => problem.title,
        };
        Self { end, code: problem.code, title, detail: problem.detail }
    }

    #[must_use]
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Whether nobody answered, so that trying again may help.
    pub(super) fn may_pass(&self) -> bool {
        self.end == End::Unreachable
    }

    /// All of it, in one line.
    pub(super) fn sentence(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{}. {detail}", self.title.trim_end_matches('.')),
            None => self.title.clone(),
        }
    }
}
