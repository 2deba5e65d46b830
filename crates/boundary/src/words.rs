//! The words of closed sets, as the core's JSON has them; a test compares each with it.

use rcs_revoke_core::ack::{NoEffect, SendFailure};
use rcs_revoke_core::class::Cell;
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::Then;
use rcs_revoke_core::import::{ProblemCode, ResolveCode};
use rcs_revoke_core::outcome::{Doubt, Duplicate, Proof, Refusal as RevokeRefusal, Sureness, Tone};
use rcs_revoke_core::provider::Provider;
use rcs_revoke_core::region::Certainty;
use rcs_revoke_core::request::AuthScheme;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::step::{Brings, Question};
use rcs_revoke_core::webhook::Refusal as WebhookRefusal;

/// A closed set of words.
pub trait Word: Copy + 'static {
    /// Every value, in the order of its words.
    const ALL: &'static [Self];
    /// The words, with a space between: a list of texts would hold an address and a length of each.
    const WORDS: &'static str;

    /// Which of them it is.
    fn index(self) -> usize;

    /// The word.
    fn word(self) -> &'static str {
        nth(Self::WORDS, self.index())
    }
}

fn nth(words: &'static str, index: usize) -> &'static str {
    let mut rest = words;
    for _ in 0..index {
        rest = first(rest).1;
    }
    first(rest).0
}

/// The first of some words, and those behind it.
pub fn first(words: &'static str) -> (&'static str, &'static str) {
    let end = words.bytes().position(|byte| byte == b' ').unwrap_or(words.len());
    (words.get(..end).unwrap_or_default(), words.get(end + 1..).unwrap_or_default())
}

macro_rules! words {
    ($($set:ident { $one:ident $word:literal $(, $other:ident $behind:literal)* $(,)? })+) => {
        $(impl Word for $set {
            const ALL: &'static [Self] = &[Self::$one $(, Self::$other)*];
            const WORDS: &'static str = concat!($word $(, " ", $behind)*);

            fn index(self) -> usize {
                // A variant without a word does not compile.
                match self {
                    Self::$one $(| Self::$other)* => self as usize,
                }
            }
        })+

        #[cfg(test)]
        mod tests {
            use super::*;

            #[test]
            fn the_words_are_those_of_the_json() {
                $(for value in $set::ALL {
                    assert_eq!(serde_json::to_value(value).unwrap(), value.word(), stringify!($set));
                })+
                for class in MessageClass::ALL {
                    assert_eq!(class.code(), class.word());
                }
            }
        }
    };
}

words! {
    NoEffect {
        Invalid "invalid", Credentials "credentials", Permission "permission", Unsupported "unsupported",
        Throttled "throttled", NoCredit "no_credit",
    }
    SendFailure {
        NameNotResolved "name_not_resolved", ConnectionRefused "connection_refused", Tls "tls",
        TokenUnreachable "token_unreachable", TokenRefused "token_refused",
        BrokenAfterSending "broken_after_sending", TimedOut "timed_out", AnswerTooLong "answer_too_long",
    }
    MessageClass { Otp "otp", Transactional "transactional", Promotional "promotional" }
    Then { Nothing "nothing", Fallback "fallback" }
    Cell {
        Now "now", RevokeAgain "revoke_again", AtFallbackBy "at_fallback_by", ByHand "by_hand", No "no",
    }
    Provider { GoogleRbm "google_rbm", Vonage "vonage" }
    RevokeAck { Accepted "accepted", Confirmed "confirmed" }
    Certainty { Known "known", Documented "documented", Inferred "inferred", Ambiguous "ambiguous" }
    AuthScheme {
        GoogleServiceAccount "google_service_account", VonageApplicationJwt "vonage_application_jwt",
    }
    Proof { Event "event", Answer "answer" }
    Doubt { Expiry "expiry", NotFound "not_found", EffectUnknown "effect_unknown" }
    Duplicate { Yes "yes", Possible "possible" }
    RevokeRefusal {
        WindowClosed "window_closed", Expired "expired", NotFound "not_found", Unreachable "unreachable",
        Throttled "throttled", Unsupported "unsupported", Invalid "invalid", Credentials "credentials",
        Permission "permission", NoCredit "no_credit", NeedsInput "needs_input",
    }
    Tone {
        Back "back", Reached "reached", Flight "flight", Open "open", Unknown "unknown", Refused "refused",
    }
    Sureness { Proven "proven", Presumed "presumed", Unknown "unknown", Moving "moving" }
    Brings {
        Start "start", Retry "retry", Overdue "overdue", Settled "settled", WindowCloses "window_closes",
        LifeEnds "life_ends", PresumptionEnds "presumption_ends", LastWebhook "last_webhook",
        Fallback "fallback", Stale "stale",
    }
    Question { Recipient "recipient" }
    WebhookRefusal {
        SignatureMissing "signature_missing", SignatureWrong "signature_wrong", Malformed "malformed",
        WrongToken "wrong_token", NotConfigured "not_configured", UnknownSource "unknown_source",
        StoreUnavailable "store_unavailable", WrongMethod "wrong_method", TooLarge "too_large",
    }
    ProblemCode {
        NoId "no_id", NotAUuid "not_a_uuid", InvalidId "invalid_id", InvalidKey "invalid_key",
        InvalidPhone "invalid_phone", InvalidSender "invalid_sender", InvalidTime "invalid_time",
        ZoneMissing "zone_missing", InvalidLength "invalid_length", UnitMissing "unit_missing",
        TwoEndsOfLife "two_ends_of_life", InvalidClass "invalid_class", InvalidText "invalid_text",
        InvalidFlag "invalid_flag", UnknownHost "unknown_host", RoundedNumber "rounded_number",
        PhoneDiffers "phone_differs", HeaderWithoutId "header_without_id", IdMissing "id_missing",
        TooManyColumns "too_many_columns", QuoteNotClosed "quote_not_closed",
        TextAfterQuote "text_after_quote", TooLong "too_long", NotUtf8 "not_utf8",
        InvalidSource "invalid_source", UnknownProvider "unknown_provider", NotAMessage "not_a_message",
        InvalidJson "invalid_json",
    }
    ResolveCode {
        NoSource "no_source", NoSourceFits "no_source_fits", UnknownSource "unknown_source",
        RecipientMissing "recipient_missing",
    }
}
