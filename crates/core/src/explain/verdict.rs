//! One sentence for each row of the outcome table.

use crate::ack::Ack;
use crate::assess::case::{Attempt, Case, State};
use crate::explain::Explanation;
use crate::explain::ended::ended;
use crate::fact::{Event, Fact, ProviderEvent};
use crate::outcome::{Doubt, Duplicate, Proof, Verdict};
use crate::prelude::*;
use crate::sentence::Sentence;
use crate::time::Timestamp;

impl Case<'_> {
    pub(super) fn say(&self, verdict: &Verdict, now: Timestamp) -> Explanation {
        match verdict {
            Verdict::Delivered { at, read, raced, contradicts, duplicate } => {
                self.say_delivered(*at, [*read, *raced, *contradicts], *duplicate)
            }
            Verdict::Revoked { proof } => self.say_revoked(*proof),
            Verdict::NotDelivered { code } => self.say_not_delivered(code),
            Verdict::Requesting => self.say_requesting(now),
            Verdict::Settling { until } => self.on_acceptance(
                |who, _| format!("Taken by {who}, settling"),
                |said| said.text(" A delivery that crosses it would show until ").time(*until).text("."),
            ),
            Verdict::Inconclusive { why } => self.say_inconclusive(*why, now),
            Verdict::PresumedRevoked => self.on_acceptance(
                |_, _| "Its life has ended, nothing was delivered".to_owned(),
                |said| {
                    self.end(said.text(" Its life ended"), " at ")
                        .text(" and no delivery was reported, although we were listening. Presumed revoked: nobody confirmed it.")
                },
            ),
            Verdict::Unconfirmed => self.say_unconfirmed(now),
            Verdict::Lapsed => Explanation {
                short: Sentence::new("Its life is over, and nobody told us how it ended"),
                sentence: self
                    .end(Sentence::new("The message's own life ended"), " at ")
                    .text(", even the last webhook's time is over, and nobody told us how it ended."),
                ..Explanation::default()
            },
            Verdict::PresumedDelivered => self.say_presumed_delivered(),
            Verdict::Withdrawn => Explanation {
                short: Sentence::new("The wish was withdrawn"),
                sentence: Sentence::new("Every wish to revoke this message was withdrawn. Nothing that could have had an effect was sent."),
                cites: self.keys(|fact| matches!(fact, Fact::Withdrawn(_))),
                ..Explanation::default()
            },
            Verdict::Planned { not_before } => self.say_planned(*not_before, now),
            Verdict::Refused { reason } => self.say_refused(*reason),
            Verdict::Watched => Explanation {
                short: Sentence::new("Nobody asked to revoke it"),
                sentence: Sentence::new("We know this message, and nobody has asked to revoke it."),
                ..Explanation::default()
            },
        }
    }

    fn say_delivered(
        &self,
        at: Timestamp,
        [read, raced, contradicts]: [bool; 3],
        duplicate: Option<Duplicate>,
    ) -> Explanation {
        let who = self.who();
        let mut said =
            Sentence::new(format!("The message reached the person: {who} reported it at ")).time(at);
        said = said.text(if read { ", and that it was opened." } else { "." });
        let mut short = if read { "Delivered and opened" } else { "Reached the person" }.to_owned();
        let mut cites = self.events(|event| matches!(event, Event::Delivered | Event::Read));
        if let Some((attempt, answered_at)) = self.latest_acceptance().filter(|_| raced) {
            said = said
                .text(format!(" {} had taken our request at ", host(attempt)))
                .time(answered_at)
                .text("; the delivery crossed it: the ordinary race.");
            "Crossed our request: the ordinary race".clone_into(&mut short);
            cites.push(key_of_end(attempt));
        }
        let mut notes = Vec::new();
        if contradicts {
            notes.push(Sentence::new(format!(
                "{who} had stated before that this message would not be delivered. One of the two statements is untrue."
            )));
            cites.extend(
                self.events(|event| matches!(event, Event::ExpiryRevoked | Event::NotDelivered { .. })),
            );
        }
        match duplicate {
            Some(Duplicate::Yes) => {
                notes.push(Sentence::new("Our SMS was delivered too: the person got both."));
            }
            Some(Duplicate::Possible) => {
                notes.push(Sentence::new(
                    "An SMS of ours may have been sent too: the person may have got both.",
                ));
            }
            None => {}
        }
        Explanation { short: Sentence::new(short), sentence: said, notes, cites }
    }

    fn say_revoked(&self, proof: Proof) -> Explanation {
        match proof {
            Proof::Event => Explanation {
                short: Sentence::new(format!("{} reported that it expired and was removed", self.who())),
                sentence: self
                    .told_at(|event| *event == Event::ExpiryRevoked)
                    .text(" that the message expired and was removed before it was delivered."),
                cites: self.events(|event| *event == Event::ExpiryRevoked),
                ..Explanation::default()
            },
            Proof::Answer => self.on_acceptance(
                |who, _| format!("Removed, says {who}'s answer"),
                |said| said.text(" No delivery crossed it. At this source a success answer is believed to mean that the message was removed."),
            ),
        }
    }

    fn say_not_delivered(&self, code: &str) -> Explanation {
        let meaning = match self.evidence.message().provider().inbound().code_meaning(code) {
            Some(meaning) => format!("{code}: {meaning}"),
            None => code.to_owned(),
        };
        Explanation {
            sentence: self
                .told_at(|event| matches!(event, Event::NotDelivered { .. }))
                .text(format!(" that the message will not be delivered ({meaning}).")),
            short: Sentence::new(meaning),
            cites: self.events(|event| matches!(event, Event::NotDelivered { .. })),
            ..Explanation::default()
        }
    }

    fn say_requesting(&self, now: Timestamp) -> Explanation {
        let Some(attempt) = self.attempts.last() else {
            return Explanation::default();
        };
        match attempt.state(now) {
            State::Open => Explanation {
                short: Sentence::new(format!("Asking {}", host(attempt))),
                sentence: Sentence::new(format!("{} was asked at ", host(attempt)))
                    .time(attempt.begun_at)
                    .text(" and has not answered yet."),
                cites: vec![key_of_attempt(attempt)],
                ..Explanation::default()
            },
            State::Ended(ack, at) => {
                let next = self
                    .open_wishes()
                    .filter_map(|wish| self.next_attempt(wish, now))
                    .min_by_key(|next| next.due);
                let mut sentence = Sentence::new(format!("{} ", host(attempt)))
                    .text(ended(ack))
                    .text(" at ")
                    .time(at)
                    .text(".");
                if let Some(next) = next {
                    sentence = sentence
                        .text(format!(
                            " {} is asked {} at ",
                            next.host.label(),
                            if Some(next.host) == attempt.host { "again" } else { "next" }
                        ))
                        .time(next.due)
                        .text(".");
                }
                Explanation {
                    short: Sentence::new(format!("{} {}; trying again", host(attempt), ended(ack))),
                    sentence,
                    cites: vec![key_of_end(attempt)],
                    ..Explanation::default()
                }
            }
        }
    }

    fn say_unconfirmed(&self, now: Timestamp) -> Explanation {
        let mut explanation = self.on_acceptance(
            |_, host| format!("Taken by {host}, no delivery seen"),
            |said| {
                let said = said.text(" No delivery was reported since, and nothing proves that it worked.");
                if self.is_over(now) {
                    self.end(said.text(" Its own life ended"), " at ").text(".")
                } else {
                    self.end(said.text(" The phone can still receive this message"), " until ").text(".")
                }
            },
        );
        if !self.adapter().may_confirm() {
            explanation.notes.push(Sentence::new(format!("{} never confirms a revocation.", self.who())));
        }
        explanation
    }

    fn say_inconclusive(&self, why: Doubt, now: Timestamp) -> Explanation {
        match why {
            Doubt::Expiry => {
                let is_doubt = |event: &Event| {
                    matches!(event, Event::ExpiryRevokeFailed | Event::UnknownExpiryWord { .. })
                };
                Explanation {
                    short: Sentence::new("It expired, but taking it back may have failed"),
                    sentence: self.told_at(is_doubt).text(
                        " that the message expired, but not that it was removed. It may have been delivered; a new request may settle it.",
                    ),
                    cites: self.events(is_doubt),
                    ..Explanation::default()
                }
            }
            Doubt::NotFound => {
                let broken = self
                    .attempts
                    .iter()
                    .any(|attempt| matches!(attempt.answer, None | Some((Ack::Unknown { .. }, _))));
                let (short, because) = if broken {
                    (
                        "An earlier request broke off, then 404: it may have worked",
                        "An earlier request broke off and may have removed it, so this can mean removed as well as delivered.",
                    )
                } else {
                    (
                        "404: removed, delivered, expired or never there",
                        "That can mean removed, delivered, expired or never there.",
                    )
                };
                let found =
                    |attempt: &&Attempt<'_>| matches!(attempt.answer, Some((Ack::NotFound { .. }, _)));
                let mut sentence = Sentence::default();
                let mut cites = Vec::new();
                if let Some((attempt, (_, at))) = self
                    .attempts
                    .iter()
                    .rfind(found)
                    .and_then(|attempt| attempt.answer.map(|answer| (attempt, answer)))
                {
                    sentence =
                        Sentence::new(format!("{} answered 404 at ", host(attempt))).time(at).text(". ");
                    cites.push(key_of_end(attempt));
                }
                Explanation {
                    short: Sentence::new(short),
                    sentence: sentence.text(because),
                    cites,
                    ..Explanation::default()
                }
            }
            Doubt::EffectUnknown => Explanation {
                short: Sentence::new("A request may have worked, and nothing is left to try"),
                sentence: Sentence::new(
                    "A request may have done its work: its answer was lost or was an error of the server. Nothing is left to try by itself.",
                ),
                cites: self
                    .attempts
                    .iter()
                    .filter(|attempt| matches!(attempt.state(now), State::Ended(Ack::Unknown { .. }, _)))
                    .map(key_of_end)
                    .collect(),
                ..Explanation::default()
            },
        }
    }

    fn say_presumed_delivered(&self) -> Explanation {
        let mut sentence = Sentence::new(
            "The message is no longer in the queue (404), and nothing else can have removed it: it was most likely delivered.",
        );
        if let Some(until) = self.presumed_until() {
            sentence = sentence
                .text(" This is believed until ")
                .time(until)
                .text(" unless the delivery is reported.");
        }
        Explanation {
            short: Sentence::new("404 where it means delivered; no event yet"),
            sentence,
            cites: self.keys(
                |fact| matches!(fact, Fact::Answered(answer) if matches!(answer.ack, Ack::NotFound { .. })),
            ),
            ..Explanation::default()
        }
    }

    fn say_planned(&self, not_before: Option<Timestamp>, now: Timestamp) -> Explanation {
        let cites = self.keys(|fact| matches!(fact, Fact::Requested(_)));
        match not_before.filter(|at| *at > now) {
            Some(at) => Explanation {
                short: Sentence::new("Will be asked at ").time(at),
                sentence: Sentence::new("Nothing was sent yet. It will be asked at ").time(at).text("."),
                cites,
                ..Explanation::default()
            },
            None => Explanation {
                short: Sentence::new("Waiting for its turn"),
                sentence: Sentence::new(
                    "Nothing was sent yet. It waits for its turn within the provider's rate limit.",
                ),
                cites,
                ..Explanation::default()
            },
        }
    }

    /// A sentence that begins with the latest accepted request.
    fn on_acceptance(
        &self,
        short: impl Fn(&str, &str) -> String,
        then: impl Fn(Sentence) -> Sentence,
    ) -> Explanation {
        self.begun_by_acceptance(&short, &then)
    }

    fn begun_by_acceptance(
        &self,
        short: &dyn Fn(&str, &str) -> String,
        then: &dyn Fn(Sentence) -> Sentence,
    ) -> Explanation {
        let Some((attempt, at)) = self.latest_acceptance() else {
            return Explanation::default();
        };
        let said = Sentence::new(format!("{} took our request at ", self.who()))
            .time(at)
            .text(format!(" ({}).", host(attempt)));
        Explanation {
            short: Sentence::new(short(self.who(), host(attempt))),
            sentence: then(said),
            cites: vec![key_of_end(attempt)],
            ..Explanation::default()
        }
    }

    fn latest_acceptance(&self) -> Option<(&Attempt<'_>, Timestamp)> {
        let accepted = self.attempts.iter().filter_map(|attempt| Some((attempt, attempt.accepted_at()?)));
        accepted.max_by_key(|(_, at)| *at)
    }

    /// The provider's name in a sentence.
    pub(super) fn who(&self) -> &'static str {
        self.adapter().label()
    }

    /// "… reported at T", of the latest such event.
    fn told_at(&self, wanted: impl Fn(&Event) -> bool) -> Sentence {
        self.told(&wanted)
    }

    fn told(&self, wanted: &dyn Fn(&Event) -> bool) -> Sentence {
        let said = Sentence::new(format!("{} reported", self.who()));
        match self.events.iter().rfind(|event| wanted(&event.event)) {
            Some(event) => said.text(" at ").time(event.received_at),
            None => said,
        }
    }

    pub(super) fn end(&self, said: Sentence, preposition: &'static str) -> Sentence {
        match self.known.horizon {
            Some(at) => said.text(preposition).time(at),
            None => said,
        }
    }

    fn events(&self, wanted: impl Fn(&Event) -> bool) -> Vec<String> {
        self.chosen(&|fact| matches!(fact, Fact::Event(ProviderEvent { event, .. }) if wanted(event)))
    }

    pub(super) fn keys(&self, wanted: impl Fn(&Fact) -> bool) -> Vec<String> {
        self.chosen(&wanted)
    }

    fn chosen(&self, wanted: &dyn Fn(&Fact) -> bool) -> Vec<String> {
        self.evidence.facts().filter(|fact| wanted(fact)).map(Fact::key).collect()
    }
}

fn host(attempt: &Attempt<'_>) -> &'static str {
    attempt.host.map_or("an unknown host", crate::host::Host::label)
}

fn key_of_attempt(attempt: &Attempt<'_>) -> String {
    format!("attempted:{:06}", attempt.number)
}

/// The fact that tells how an attempt ended: its answer, or for want of one the attempt itself.
pub(super) fn key_of_end(attempt: &Attempt<'_>) -> String {
    match attempt.answer {
        Some(_) => format!("answered:{:06}", attempt.number),
        None => key_of_attempt(attempt),
    }
}
