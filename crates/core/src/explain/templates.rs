//! The sentences of the outcome table, row by row.

use crate::ack::Ack;
use crate::assess::case::Case;
use crate::assess::told::{Attempt, State};
use crate::explain::refusal;
use crate::host::Host;
use crate::outcome::{Doubt, Duplicate, Outcome, Proof, Verdict};
use crate::time::Timestamp;

/// How a sentence on an accepted request begins.
const ACCEPTED: &str = "{who} took our request at {at} ({host}).";

impl Case<'_> {
    /// The templates for a list and for the sentence; what the sentence's second part adds begins a new piece.
    pub(super) fn templates(
        &self,
        verdict: &Verdict,
        attempt: Option<&Attempt<'_>>,
        next: Option<Host>,
        now: Timestamp,
    ) -> [&'static str; 3] {
        match verdict {
            Verdict::Delivered { read, raced, .. } => {
                let (short, said) = if *read {
                    (
                        "Delivered and opened",
                        "The message reached the person: {who} reported it at {then}, and that it was opened.",
                    )
                } else {
                    ("Reached the person", "The message reached the person: {who} reported it at {then}.")
                };
                if *raced {
                    [
                        "Crossed our request: the ordinary race",
                        said,
                        " {host} had taken our request at {at}; the delivery crossed it: the ordinary race.",
                    ]
                } else {
                    [short, said, ""]
                }
            }
            Verdict::Revoked { proof: Proof::Event } => [
                "{who} reported that it expired and was removed",
                "{who} reported{|} at {at} that the message expired and was removed before it was delivered.",
                "",
            ],
            Verdict::Revoked { proof: Proof::Answer } => [
                "Removed, says {who}'s answer",
                ACCEPTED,
                " No delivery crossed it. At this source a success answer is believed to mean that the message was removed.",
            ],
            Verdict::NotDelivered { .. } => {
                ["{what}", "{who} reported{|} at {at} that the message will not be delivered ({what}).", ""]
            }
            Verdict::Requesting => match attempt.map(|attempt| (attempt.state(now), attempt.host)) {
                Some((State::Ended(..), host)) => [
                    "{host} {what}; trying again",
                    "{host} {|}{what}{|} at {at}.",
                    match next {
                        None => "",
                        next if next == host => " {next} is asked again at {due}.",
                        _ => " {next} is asked next at {due}.",
                    },
                ],
                _ => ["Asking {host}", "{host} was asked at {at} and has not answered yet.", ""],
            },
            Verdict::Settling { .. } => {
                ["Taken by {who}, settling", ACCEPTED, " A delivery that crosses it would show until {then}."]
            }
            Verdict::Inconclusive { why: Doubt::Expiry } => [
                "It expired, but taking it back may have failed",
                "{who} reported{|} at {at} that the message expired, but not that it was removed. It may have been delivered; a new request may settle it.",
                "",
            ],
            Verdict::Inconclusive { why: Doubt::NotFound } => {
                let broken = self
                    .told
                    .attempts
                    .iter()
                    .any(|attempt| matches!(attempt.answer, None | Some((Ack::Unknown { .. }, _))));
                let [short, because] = if broken {
                    [
                        "An earlier request broke off, then 404: it may have worked",
                        "An earlier request broke off and may have removed it, so this can mean removed as well as delivered.",
                    ]
                } else {
                    [
                        "404: removed, delivered, expired or never there",
                        "That can mean removed, delivered, expired or never there.",
                    ]
                };
                [short, "{host} answered 404 at {at}. ", because]
            }
            Verdict::Inconclusive { why: Doubt::EffectUnknown } => [
                "A request may have worked, and nothing is left to try",
                "A request may have done its work: its answer was lost or was an error of the server. Nothing is left to try by itself.",
                "",
            ],
            Verdict::PresumedRevoked => [
                "Its life has ended, nothing was delivered",
                ACCEPTED,
                " Its life ended{|} at {end} and no delivery was reported, although we were listening. Presumed revoked: nobody confirmed it.",
            ],
            Verdict::Unconfirmed => [
                "Taken by {host}, no delivery seen",
                ACCEPTED,
                if self.is_over(now) {
                    " No delivery was reported since, and nothing proves that it worked.{|} Its own life ended{|} at {end}."
                } else {
                    " No delivery was reported since, and nothing proves that it worked.{|} The phone can still receive this message{|} until {end}."
                },
            ],
            Verdict::Lapsed => [
                "Its life is over, and nobody told us how it ended",
                "The message's own life ended{|} at {end}, even the last webhook's time is over, and nobody told us how it ended.",
                "",
            ],
            Verdict::PresumedDelivered => [
                "404 where it means delivered; no event yet",
                "The message is no longer in the queue (404), and nothing else can have removed it: it was most likely delivered.",
                " This is believed until {then} unless the delivery is reported.",
            ],
            Verdict::Withdrawn => [
                "The wish was withdrawn",
                "Every wish to revoke this message was withdrawn. Nothing that could have had an effect was sent.",
                "",
            ],
            Verdict::Planned { not_before } if not_before.is_some_and(|at| at > now) => {
                ["Will be asked at {then}", "Nothing was sent yet. It will be asked at {then}.", ""]
            }
            Verdict::Planned { .. } => [
                "Waiting for its turn",
                "Nothing was sent yet. It waits for its turn within the provider's rate limit.",
                "",
            ],
            Verdict::Refused { reason } => {
                let [short, sentence] = refusal::templates(*reason);
                [short, sentence, ""]
            }
            Verdict::Watched => {
                ["Nobody asked to revoke it", "We know this message, and nobody has asked to revoke it.", ""]
            }
        }
    }

    /// What else there is to know, and whether it is so.
    pub(super) fn notes(&self, outcome: &Outcome) -> [(bool, &'static str); 8] {
        let verdict = &outcome.verdict;
        let (contradicts, duplicate) = match verdict {
            Verdict::Delivered { contradicts, duplicate, .. } => (*contradicts, *duplicate),
            _ => (false, None),
        };
        [
            (
                contradicts,
                "{who} had stated before that this message would not be delivered. One of the two statements is untrue.",
            ),
            (duplicate == Some(Duplicate::Yes), "Our SMS was delivered too: the person got both."),
            (
                duplicate == Some(Duplicate::Possible),
                "An SMS of ours may have been sent too: the person may have got both.",
            ),
            (
                *verdict == Verdict::Unconfirmed && !self.adapter().may_confirm(),
                "{who} never confirms a revocation.",
            ),
            (
                self.source.listening_since.is_none(),
                "No verified webhook has ever arrived for {source}. Without them silence proves nothing.",
            ),
            (
                outcome.flags.unknown_word,
                "The provider used a word that this version does not know. It is kept below and changed nothing.",
            ),
            (
                outcome.flags.registrations_differ,
                "Two registrations of this message differ. Where they do, the one that came first counts.",
            ),
            (
                outcome.flags.phone_mismatch,
                "A webhook names another phone number than the registration. It counts, because id and agent fit.",
            ),
        ]
    }
}
