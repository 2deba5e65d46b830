//! Why a message was not revoked, and what a person can do about it.

use crate::outcome::Refusal;

/// The template of a line for a list and, on a line of its own, that of the sentence.
pub(super) const fn template(reason: Refusal) -> &'static str {
    match reason {
        Refusal::WindowClosed => {
            "The 24-hour window closed at {then}\n\
             Nothing was sent: {who} takes a revocation only within 24 hours of sending, and that window closed at {then}."
        }
        Refusal::Expired => {
            "Its own life ended first\n\
             The message's own life ended{|} at {end} before it could be asked. Nothing more is tried."
        }
        Refusal::NotFound => {
            "No region knows this id\n\
             Every region of {who} answered 404: the id is wrong, belongs to another application, or is not known there yet."
        }
        Refusal::Unreachable => {
            "No request ever left\n\
             {who} could not be reached, to the last try. Nothing was sent; revoke again once the network or the token endpoint works."
        }
        Refusal::Throttled => {
            "Too many requests, to the end\n\
             {who} answered \"too many requests\" until nothing was left to try. Nothing was revoked."
        }
        Refusal::Unsupported => {
            "Not supported for this message\n\
             {who} does not support revoking this message. It is probably no RCS message."
        }
        Refusal::Invalid => {
            "The request was refused as invalid\n\
             {who} refused the request as invalid. Its answer is in the timeline."
        }
        Refusal::Credentials => {
            "Our credentials were not accepted\n\
             {who} did not accept our credentials, also not with a new token. Check the key of the source and the server's clock, then revoke again."
        }
        Refusal::Permission => {
            "No permission for this agent\n\
             {who} says that our credentials are not good for this agent or product. Check the source's agent, then revoke again."
        }
        Refusal::NoCredit => {
            "The account has no credit\n\
             {who} says that the account has no credit. Nothing was revoked."
        }
        Refusal::NeedsInput => {
            "The phone number is missing\n\
             {who} needs the recipient's phone number, and nobody told it yet. Revoke again with the number; nothing was sent."
        }
    }
}
