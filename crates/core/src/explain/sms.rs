//! Why an SMS leaves or does not, and whom it may reach twice.

use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::fallback::{Because, Offer};
use crate::outcome::Verdict;
use crate::policy::Policy;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::time::Timestamp;

/// What there is to say of an SMS.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SmsWords {
    /// What happens by itself, and why.
    pub what: Sentence,
    /// What an SMS sent now may duplicate.
    pub risk: Sentence,
}

impl Because {
    /// The reason as a clause.
    pub const fn say(self) -> &'static str {
        match self {
            Self::Delivered => "the person has the message",
            Self::NoRecipient => "the recipient's number is not known",
            Self::NoSender => "no sender of SMS is configured for this source",
            Self::Unsubscribed => "the person wants no more advertising",
            Self::Person => "the provider's reason speaks about the person, and would hold for an SMS too",
            Self::NoClass => "the message has no class that is configured",
            Self::SmsSent => "one was sent already",
            Self::SmsMaybeSent => "one may have been sent already, and a second could reach the person too",
            Self::SmsRefused => "the last one was refused for a reason that does not pass by itself",
            Self::NoWish => "nobody asked to revoke the message",
            Self::ThenNothing => "whoever asked to revoke it wanted nothing to follow",
            Self::Outcome => "its class leaves this outcome to a person",
            Self::PhoneMismatch => "a webhook names another number than the registration",
            Self::OwnFailover => "the message carries a failover of its own, which may send an SMS too",
            Self::UnknownAge => "it is not known when the message was sent, so its content may be stale",
            Self::Stale => "its content is stale",
            Self::NoLimit => "its class is for advertising and does not say for how long an SMS may follow",
            Self::NoText => "no text was registered, and its class has none of its own",
        }
    }
}

/// Says what is to be done about an SMS, and what it may duplicate.
pub fn sms(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> SmsWords {
    let case = Case::new(evidence, source, policy);
    let is_to_come = matches!(case.verdict(now), Verdict::Planned { not_before: Some(at) } if at > now);
    let what = match case.fallback(now).offer {
        Offer::ByHand { because: Because::Outcome } | Offer::No { because: Because::Outcome }
            if is_to_come =>
        {
            Sentence::new(
                "No SMS leaves before the message is asked for: what follows then is up to its class.",
            )
        }
        Offer::Now => Sentence::new("An SMS leaves now."),
        Offer::At { at } => Sentence::new("An SMS leaves at ").time(at).text(", unless something changes."),
        Offer::Wait => Sentence::new("Nothing yet: first it must be known what the revocation did."),
        Offer::ByHand { because } => Sentence::new("No SMS leaves by itself: ").text(because.say()).text("."),
        Offer::No { because } => Sentence::new("No SMS: ").text(because.say()).text("."),
    };
    let went_before = case.told.sms.iter().any(|sms| !sms.is_free());
    let verdict = case.verdict(now);
    let mut said = Sentence::new(risk(&verdict, went_before));
    if went_before && !matches!(verdict, Verdict::Delivered { .. }) {
        said = said.text(" An SMS was sent already, or may have been: this would be one more.");
    }
    SmsWords { what, risk: said }
}

/// What an SMS costs, as far as anybody can say before it is sent:
/// <https://developer.vonage.com/en/messages/concepts/messages-status-callbacks>.
pub const SMS_COST: &str = "An SMS is paid for as soon as it is handed over to the network, each part of it; the RCS \
     message only once it is delivered.";

/// What an SMS may duplicate at an outcome.
const fn risk(verdict: &Verdict, went_before: bool) -> &'static str {
    match verdict {
        Verdict::Delivered { .. } => "The person has the message, and would get it twice.",
        Verdict::Revoked { .. } | Verdict::NotDelivered { .. } => {
            if went_before {
                "The message will not come, as far as the provider's word goes."
            } else {
                "The message will not come, as far as the provider's word goes: an SMS would be the only one."
            }
        }
        Verdict::PresumedRevoked if went_before => "The message will most likely not come.",
        Verdict::PresumedRevoked => "The message will most likely not come: an SMS would be the only one.",
        Verdict::PresumedDelivered => "The person most likely has the message, and would get it twice.",
        Verdict::Unconfirmed | Verdict::Settling { .. } => {
            "Nothing proves that the message was taken back: the person may get both."
        }
        Verdict::Inconclusive { .. } | Verdict::Lapsed => {
            "Nobody knows whether the person has the message: an SMS may come on top of it."
        }
        Verdict::Requesting
        | Verdict::Planned { .. }
        | Verdict::Withdrawn
        | Verdict::Refused { .. }
        | Verdict::Watched => {
            "The message was not taken back and may still be delivered, or has been: the person may get both."
        }
    }
}
