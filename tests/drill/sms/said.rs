//! What the server says of its SMS, beside what the provider's books say.

use rcs_revoke_api::MessageDetail;
use rcs_revoke_core::fallback::{SentSms, SmsState};
use rcs_revoke_core::outcome::{Duplicate, Verdict};
use rcs_revoke_simulator::{RevokeAnswer, SendSeen, Truth};

use super::safety::Sent;
use super::told::{Intent, intents};
use super::{Message, Misdeed};

/// Everything that is not so.
pub fn judge(message: &Message<'_>, sent: &Sent<'_>, detail: Option<&MessageDetail>) -> Vec<Misdeed> {
    let intents = intents(&message.facts);
    let Some(detail) = detail else {
        let is_untold = !intents.is_empty();
        return is_untold
            .then(|| untrue("it says nothing of an SMS that was meant to leave"))
            .into_iter()
            .collect();
    };
    let mut misdeeds = Vec::new();
    for intent in &intents {
        match detail.sms_instead.sent.iter().find(|shown| shown.number == intent.number) {
            Some(shown) => misdeeds.extend(state(shown, intent, sent)),
            None => misdeeds.push(untrue(&format!("it does not show SMS {}", intent.number))),
        }
    }
    if let Verdict::Delivered { duplicate, .. } = &detail.view.outcome.verdict {
        misdeeds.extend(duplicated(*duplicate, &intents, sent));
    }
    misdeeds
}

/// Whether one SMS is what it is said to be.
fn state(shown: &SentSms, intent: &Intent<'_>, sent: &Sent<'_>) -> Option<Misdeed> {
    let reference = intent.reference().unwrap_or_default();
    let taken = sent.taken.get(reference).and_then(|all| all.first()).copied();
    let seen = sent.seen.get(reference).map_or(&[][..], Vec::as_slice);
    let is_so = match &shown.state {
        SmsState::NotSent => taken.is_none(),
        SmsState::Sent => seen.iter().any(|seen| was_accepted(seen)),
        SmsState::Submitted => taken.is_some_and(|sms| was_told(sms, &["submitted"])),
        SmsState::Delivered => taken.is_some_and(|sms| was_told(sms, &["delivered"])),
        SmsState::NotDelivered { .. } => {
            taken.is_some_and(|sms| was_told(sms, &["rejected", "undeliverable"]))
        }
        // It says that it does not know.
        SmsState::Sending | SmsState::MaybeSent => true,
    };
    let what = format!("it says that SMS {} is {}, and that is not so", shown.number, shown.state.code());
    (!is_so).then_some(Misdeed::Untrue(what))
}

fn was_accepted(seen: &SendSeen) -> bool {
    matches!(seen.answer, Some(RevokeAnswer::Status(status)) if (200..300).contains(&status))
}

fn was_told(sms: &Truth, words: &[&str]) -> bool {
    sms.events.iter().any(|event| event.credible && words.contains(&event.word.as_str()))
}

/// Whether a message that was delivered says what its SMS did: for sure a duplicate, or perhaps.
fn duplicated(duplicate: Option<Duplicate>, intents: &[Intent<'_>], sent: &Sent<'_>) -> Option<Misdeed> {
    let taken = || {
        let all = intents.iter().filter_map(|intent| sent.taken.get(intent.reference()?));
        all.filter_map(|taken| taken.first().copied())
    };
    let acknowledged = |sms: &Truth| {
        sms.events.iter().any(|event| event.acknowledged && event.credible && event.word == "delivered")
    };
    if taken().any(acknowledged) && duplicate != Some(Duplicate::Yes) {
        return Some(untrue("it had heard that message and SMS were both delivered, and does not say so"));
    }
    if duplicate == Some(Duplicate::Yes) && !taken().any(|sms| was_told(sms, &["delivered"])) {
        return Some(untrue("it says that an SMS was delivered too, and nobody said so"));
    }
    None
}

fn untrue(what: &str) -> Misdeed {
    Misdeed::Untrue(what.to_owned())
}
