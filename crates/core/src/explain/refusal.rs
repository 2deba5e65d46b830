//! Why a message was not revoked, and what a person can do about it.

use crate::assess::case::Case;
use crate::explain::Explanation;
use crate::explain::verdict::key_of_end;
use crate::fact::Fact;
use crate::outcome::Refusal;
use crate::prelude::*;
use crate::sentence::Sentence;

impl Case<'_> {
    pub(super) fn say_refused(&self, reason: Refusal) -> Explanation {
        let who = self.who();
        let window = |said: Sentence| match self.known.window_closes {
            Some(at) => said.time(at),
            None => said,
        };
        let (short, sentence) = match reason {
            Refusal::WindowClosed => (
                window(Sentence::new("The 24-hour window closed at ")),
                window(Sentence::new(format!("Nothing was sent: {who} takes a revocation only within 24 hours of sending, and that window closed at "))).text("."),
            ),
            Refusal::Expired => (
                Sentence::new("Its own life ended first"),
                self.end(Sentence::new("The message's own life ended"), " at ").text(" before it could be asked. Nothing more is tried."),
            ),
            Refusal::NotFound => plain(
                "No region knows this id",
                format!("Every region of {who} answered 404: the id is wrong, belongs to another application, or is not known there yet."),
            ),
            Refusal::Unreachable => plain(
                "No request ever left",
                format!("{who} could not be reached, to the last try. Nothing was sent; revoke again once the network or the token endpoint works."),
            ),
            Refusal::Throttled => plain(
                "Too many requests, to the end",
                format!("{who} answered \"too many requests\" until nothing was left to try. Nothing was revoked."),
            ),
            Refusal::Unsupported => plain(
                "Not supported for this message",
                format!("{who} does not support revoking this message. It is probably no RCS message."),
            ),
            Refusal::Invalid => plain(
                "The request was refused as invalid",
                format!("{who} refused the request as invalid. Its answer is in the timeline."),
            ),
            Refusal::Credentials => plain(
                "Our credentials were not accepted",
                format!("{who} did not accept our credentials, also not with a new token. Check the key of the source and the server's clock, then revoke again."),
            ),
            Refusal::Permission => plain(
                "No permission for this agent",
                format!("{who} says that our credentials are not good for this agent or product. Check the source's agent, then revoke again."),
            ),
            Refusal::NoCredit => plain("The account has no credit", format!("{who} says that the account has no credit. Nothing was revoked.")),
            Refusal::NeedsInput => plain(
                "The phone number is missing",
                format!("{who} needs the recipient's phone number, and nobody told it yet. Revoke again with the number; nothing was sent."),
            ),
        };
        let cites = match self.attempts.last() {
            Some(attempt) => vec![key_of_end(attempt)],
            None => self.keys(|fact| matches!(fact, Fact::Requested(_))),
        };
        Explanation { short, sentence, cites, ..Explanation::default() }
    }
}

fn plain(short: &'static str, sentence: String) -> (Sentence, Sentence) {
    (Sentence::new(short), Sentence::new(sentence))
}
