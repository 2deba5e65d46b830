//! The sentences of the outcome table, row by row.

use crate::ack::Ack;
use crate::assess::case::Case;
use crate::assess::told::Attempt;
use crate::explain::places::Places;
use crate::explain::refusal;
use crate::host::Host;
use crate::outcome::{Doubt, Duplicate, Outcome, Proof, Verdict};
use crate::prelude::*;
use crate::sentence::Sentence;
use crate::time::Timestamp;

impl Case<'_> {
    /// The template of a line for a list and, on a line of its own, that of the sentence.
    pub(super) fn template(
        &self,
        verdict: &Verdict,
        attempt: Option<&Attempt<'_>>,
        next: Option<Host>,
        now: Timestamp,
    ) -> &'static str {
        match verdict {
            Verdict::Delivered { read, raced, .. } => delivered(*read, *raced),
            Verdict::Revoked { proof: Proof::Event } => {
                "{who} reported that it expired and was removed\n\
                 {who} reported{|} at {at} that the message expired and was removed before it was delivered."
            }
            Verdict::Revoked { proof: Proof::Answer } => {
                "Removed, says {who}'s answer\n\
                 {who} took our request at {at} ({host}).{|} No delivery crossed it. At this source a success answer is believed to mean that the message was removed."
            }
            Verdict::NotDelivered { .. } => {
                "{what}\n\
                 {who} reported{|} at {at} that the message will not be delivered ({what})."
            }
            Verdict::Requesting => match attempt {
                Some(attempt) if !attempt.is_open(now) => asked_again(attempt.host, next),
                _ => {
                    "Asking {host}\n\
                     {host} was asked at {at} and has not answered yet."
                }
            },
            Verdict::Settling { .. } => {
                "Taken by {who}, settling\n\
                 {who} took our request at {at} ({host}).{|} A delivery that crosses it would show until {then}."
            }
            Verdict::Inconclusive { why: Doubt::Expiry } => {
                "It expired, but taking it back may have failed\n\
                 {who} reported{|} at {at} that the message expired, but not that it was removed. It may have been delivered; a new request may settle it."
            }
            Verdict::Inconclusive { why: Doubt::NotFound } if self.may_have_been_removed() => {
                "An earlier request broke off, then 404: it may have worked\n\
                 {host} answered 404 at {at}. {|}An earlier request broke off and may have removed it, so this can mean removed as well as delivered."
            }
            Verdict::Inconclusive { why: Doubt::NotFound } => {
                "404: removed, delivered, expired or never there\n\
                 {host} answered 404 at {at}. {|}That can mean removed, delivered, expired or never there."
            }
            Verdict::Inconclusive { why: Doubt::EffectUnknown } => {
                "A request may have worked, and nothing is left to try\n\
                 A request may have done its work: its answer was lost or was an error of the server. Nothing is left to try by itself."
            }
            Verdict::PresumedRevoked => {
                "Its life has ended, nothing was delivered\n\
                 {who} took our request at {at} ({host}).{|} Its life ended{|} at {end} and no delivery was reported, although we were listening. Presumed revoked: nobody confirmed it."
            }
            Verdict::Unconfirmed if self.is_over(now) => {
                "Taken by {host}, no delivery seen\n\
                 {who} took our request at {at} ({host}).{|} No delivery was reported since, and nothing proves that it worked.{|} Its own life ended{|} at {end}."
            }
            Verdict::Unconfirmed => {
                "Taken by {host}, no delivery seen\n\
                 {who} took our request at {at} ({host}).{|} No delivery was reported since, and nothing proves that it worked.{|} The phone can still receive this message{|} until {end}."
            }
            Verdict::Lapsed => {
                "Its life is over, and nobody told us how it ended\n\
                 The message's own life ended{|} at {end}, even the last webhook's time is over, and nobody told us how it ended."
            }
            Verdict::PresumedDelivered => {
                "404 where it means delivered; no event yet\n\
                 The message is no longer in the queue (404), and nothing else can have removed it: it was most likely delivered.{|} This is believed until {then} unless the delivery is reported."
            }
            Verdict::Withdrawn => {
                "The wish was withdrawn\n\
                 Every wish to revoke this message was withdrawn. Nothing that could have had an effect was sent."
            }
            Verdict::Planned { not_before } if not_before.is_some_and(|at| at > now) => {
                "Will be asked at {then}\n\
                 Nothing was sent yet. It will be asked at {then}."
            }
            Verdict::Planned { .. } => {
                "Waiting for its turn\n\
                 Nothing was sent yet. It waits for its turn within the provider's rate limit."
            }
            Verdict::Refused { reason } => refusal::template(*reason),
            Verdict::Watched => {
                "Nobody asked to revoke it\n\
                 We know this message, and nobody has asked to revoke it."
            }
        }
    }

    /// Whether an attempt broke off, so that a later 404 can be its work.
    fn may_have_been_removed(&self) -> bool {
        let broke_off =
            |attempt: &Attempt<'_>| matches!(attempt.answer, None | Some((Ack::Unknown { .. }, _)));
        self.told.attempts.iter().any(broke_off)
    }

    /// What else there is to know.
    pub(super) fn notes(&self, outcome: &Outcome, places: &Places<'_>) -> Vec<Sentence> {
        let verdict = &outcome.verdict;
        let (contradicts, duplicate) = match verdict {
            Verdict::Delivered { contradicts, duplicate, .. } => (*contradicts, *duplicate),
            _ => (false, None),
        };
        let mut notes = Vec::new();
        let mut note = |holds: bool, template: &str| {
            if holds {
                notes.push(places.fill(template));
            }
        };
        note(
            contradicts,
            "{who} had stated before that this message would not be delivered. One of the two statements is untrue.",
        );
        note(duplicate == Some(Duplicate::Yes), "Our SMS was delivered too: the person got both.");
        note(
            duplicate == Some(Duplicate::Possible),
            "An SMS of ours may have been sent too: the person may have got both.",
        );
        note(
            *verdict == Verdict::Unconfirmed && !self.adapter().may_confirm(),
            "{who} never confirms a revocation.",
        );
        note(
            self.source.listening_since.is_none(),
            "No verified webhook has ever arrived for {source}. Without them silence proves nothing.",
        );
        note(
            outcome.flags.unknown_word,
            "The provider used a word that this version does not know. It is kept below and changed nothing.",
        );
        note(
            outcome.flags.registrations_differ,
            "Two registrations of this message differ. Where they do, the one that came first counts.",
        );
        note(
            outcome.flags.phone_mismatch,
            "A webhook names another phone number than the registration. It counts, because id and agent fit.",
        );
        notes
    }
}

/// Once it reached the person.
const fn delivered(read: bool, raced: bool) -> &'static str {
    match (read, raced) {
        (false, false) => {
            "Reached the person\n\
             The message reached the person: {who} reported it at {then}."
        }
        (true, false) => {
            "Delivered and opened\n\
             The message reached the person: {who} reported it at {then}, and that it was opened."
        }
        (false, true) => {
            "Crossed our request: the ordinary race\n\
             The message reached the person: {who} reported it at {then}.{|} {host} had taken our request at {at}; the delivery crossed it: the ordinary race."
        }
        (true, true) => {
            "Crossed our request: the ordinary race\n\
             The message reached the person: {who} reported it at {then}, and that it was opened.{|} {host} had taken our request at {at}; the delivery crossed it: the ordinary race."
        }
    }
}

/// Once an attempt at `host` has ended, while another is to come at `next`.
fn asked_again(host: Option<Host>, next: Option<Host>) -> &'static str {
    if next.is_none() {
        "{host} {what}; trying again\n\
         {host} {|}{what}{|} at {at}."
    } else if next == host {
        "{host} {what}; trying again\n\
         {host} {|}{what}{|} at {at}.{|} {next} is asked again at {due}."
    } else {
        "{host} {what}; trying again\n\
         {host} {|}{what}{|} at {at}.{|} {next} is asked next at {due}."
    }
}
