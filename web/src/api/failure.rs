//! What a failed call means to a person: what happened, what was not done, what to do.

use rcs_revoke_api::Problem;

use crate::text::words;

/// The one refusal for lack of a session that is no end of one.
const WRONG_KEY: &str = "wrong_access_key";

/// Why a call brought nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No answer came: it may or may not have arrived.
    Lost,
    /// The server said why.
    Problem(Problem),
    /// An answer that this page cannot read, with its status.
    Unreadable(u16),
}

impl Failure {
    /// The call did not come through.
    pub fn lost(_cause: gloo_net::Error) -> Self {
        Self::Lost
    }

    /// The failure that an answer tells.
    pub fn of(status: u16, body: &str) -> Self {
        serde_json::from_str(body).map_or(Self::Unreadable(status), Self::Problem)
    }

    /// The failure in words.
    pub fn sentence(&self) -> String {
        let text = &words().failure;
        match self {
            Self::Lost => text.lost.to_owned(),
            Self::Problem(problem) if problem.status == 401 && problem.code != WRONG_KEY => {
                text.signed_out.to_owned()
            }
            Self::Problem(problem) => match &problem.detail {
                Some(detail) => format!("{}: {detail}", problem.title.trim_end_matches('.')),
                None => problem.title.clone(),
            },
            Self::Unreadable(status) => (text.unreadable)(*status),
        }
    }
}
