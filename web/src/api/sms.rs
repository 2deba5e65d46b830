//! What the console reads of an SMS that leaves, or left, instead of a message.

use rcs_revoke_core::fallback::Offer;
use serde::Deserialize;

use super::view::Sentence;

/// What is to be done about an SMS, why, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct SmsInstead {
    pub next: NextSms,
    pub words: SmsWords,
    #[serde(default)]
    pub preview: Option<SmsPreview>,
    /// Why there is no preview.
    #[serde(default)]
    pub problem: Option<String>,
    #[serde(default)]
    pub sent: Vec<SentSms>,
}

impl SmsInstead {
    /// Whether an operator may order one that is not leaving already.
    pub fn may_be_ordered(&self) -> bool {
        let offer = self.next.known();
        offer.is_some_and(|offer| offer.takes_order() && offer != Offer::Now)
    }

    /// Whether one may be ordered in advance, behind another revocation.
    pub fn may_follow(&self) -> bool {
        self.next.known().is_some_and(Offer::takes_order_in_advance)
    }
}

/// What is to be done, and the number that the next SMS gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NextSms {
    #[serde(default)]
    pub number: u32,
    #[serde(default)]
    pub offer: String,
    /// When it leaves by itself.
    #[serde(default)]
    pub at: Option<i64>,
    /// Why none leaves by itself.
    #[serde(default)]
    pub because: Option<String>,
}

impl NextSms {
    /// What the core makes of it; none of a word that this build does not know.
    fn known(&self) -> Option<Offer> {
        let Self { offer, at, because, .. } = self;
        serde_json::from_value(serde_json::json!({ "offer": offer, "at": at, "because": because })).ok()
    }
}

/// Why, and what an SMS may duplicate.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct SmsWords {
    #[serde(default)]
    pub what: Sentence,
    #[serde(default)]
    pub risk: Sentence,
}

/// One SMS as it would leave now.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SmsPreview {
    pub from: String,
    /// Masked.
    pub to: String,
    pub text: String,
    pub source: String,
}

/// One SMS that was to leave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentSms {
    pub number: u32,
    pub at: i64,
    #[serde(rename = "sms")]
    pub state: String,
    /// The provider's code, where it will not reach the person.
    #[serde(default)]
    pub code: Option<String>,
}
