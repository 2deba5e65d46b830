//! What the console reads of the server's answers: only what it shows, and nothing that a newer server's
//! additions could break. Unknown codes stay texts; unknown fields are passed over.

use core::fmt;
use std::collections::BTreeMap;

use rcs_revoke_api::Follows;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::sms::{SentSms, SmsInstead};

/// How many messages there are of each outcome.
pub type Counts = BTreeMap<String, u64>;

/// One page of messages.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Page {
    pub items: Vec<Message>,
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub counts: Counts,
    /// How many people got the message and an SMS, or may have.
    #[serde(default)]
    pub duplicates: u64,
}

/// One message as a list shows it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Message {
    #[serde(rename = "message")]
    pub key: String,
    pub provider: String,
    pub id: String,
    pub source: Option<String>,
    pub recipient: Option<String>,
    pub outcome: Outcome,
    pub why: Sentence,
    pub step: Step,
    pub sent_at: Option<i64>,
    pub window_closes: Option<i64>,
    pub changed_at: i64,
    pub version: i64,
    /// The last SMS that was to leave instead of it.
    #[serde(default)]
    pub sms: Option<SentSms>,
    #[serde(default)]
    pub deaf: bool,
}

impl Message {
    /// The code of its outcome.
    pub fn code(&self) -> &str {
        &self.outcome.code
    }
}

/// An outcome, of which a list needs the code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outcome {
    #[serde(rename = "outcome")]
    pub code: String,
    /// Whether the person also got our SMS: `yes` or `possible`.
    #[serde(default)]
    pub duplicate: Option<String>,
}

/// What comes next, with its details where it has them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    #[serde(rename = "step")]
    pub kind: String,
    #[serde(default)]
    pub at: Option<i64>,
    #[serde(default)]
    pub brings: Option<String>,
    #[serde(default)]
    pub host: Option<String>,
    #[serde(default)]
    pub question: Option<String>,
}

/// A sentence in pieces.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Sentence(pub Vec<Piece>);

/// One piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// An instant.
    Time { time: i64 },
    /// Something that only a newer page can show.
    Newer,
}

/// Read by hand, because serde's own way to read one of several forms is large and every byte is loaded.
impl<'de> Deserialize<'de> for Piece {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PieceVisitor)
    }
}

struct PieceVisitor;

impl<'de> Visitor<'de> for PieceVisitor {
    type Value = Piece;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an object")
    }

    fn visit_str<E>(self, text: &str) -> Result<Piece, E> {
        Ok(Piece::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Piece, A::Error> {
        let mut piece = Piece::Newer;
        while let Some(key) = map.next_key::<String>()? {
            if key == "time" {
                piece = Piece::Time { time: map.next_value()? };
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(piece)
    }
}

/// What became of the items of a command. The results of those that were taken say no more than that.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Report {
    pub made: usize,
    pub already: usize,
    pub refused: usize,
    pub results: Vec<Taken>,
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Taken {
    pub message: String,
    #[serde(rename = "taken")]
    pub code: String,
    /// Why it was refused.
    #[serde(default)]
    pub detail: Option<String>,
}

impl Taken {
    /// Why it was not taken, if it was not.
    pub fn refusal(&self) -> Option<&str> {
        (self.code == "refused").then(|| self.detail.as_deref().unwrap_or_default())
    }
}

/// What the page of one message shows besides.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Detail {
    pub explanation: Explanation,
    pub timeline: Vec<Entry>,
    pub horizon: Option<i64>,
    pub class: Option<String>,
    pub host: Option<String>,
    pub open_wish: Option<String>,
    pub closed_because: Option<Sentence>,
    /// Where the next request goes, or would go, and why there.
    #[serde(default)]
    pub route: Option<NextHost>,
    #[serde(default)]
    pub planned: Option<Planned>,
    #[serde(default)]
    pub sms_instead: SmsInstead,
}

/// Why the next request goes where it goes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NextHost {
    pub why: Sentence,
}

/// A wish whose time has not come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Planned {
    pub at: i64,
    pub by: String,
    #[serde(default)]
    pub then: Follows,
    #[serde(default)]
    pub reason: Option<String>,
}

/// Why the outcome is what it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Explanation {
    pub sentence: Sentence,
    #[serde(default)]
    pub notes: Vec<Sentence>,
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Entry {
    pub at: i64,
    pub side: String,
    pub title: Sentence,
    #[serde(default)]
    pub note: Option<Sentence>,
    #[serde(default)]
    pub raw: Option<String>,
    #[serde(default)]
    pub outcome: Option<Outcome>,
}

#[cfg(test)]
mod tests {
    use super::{Detail, Message, Piece};

    const MESSAGE: &str = r#"{
        "message": "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab", "provider": "vonage", "id": "aaaaaaaa",
        "source": null, "recipient": null, "sent_at": null, "window_closes": null, "changed_at": 5, "version": 1,
        "deaf": false, "step": {"step": "phone_a_friend", "friend": 3},
        "outcome": {"outcome": "half_revoked", "halves": 2, "flags": {"new": true}},
        "why": ["Taken at ", {"time": 1795168800000}, {"emphasis": "now"}],
        "explanation": {"sentence": [], "cites": []}, "timeline": [{"at": 1, "side": "moon", "title": ["x"]}],
        "horizon": null, "class": null, "host": null, "open_wish": null, "closed_because": null, "new": 1
    }"#;

    #[test]
    fn a_newer_servers_words_break_nothing() {
        let message: Message = serde_json::from_str(MESSAGE).unwrap();
        assert_eq!(message.code(), "half_revoked");
        assert_eq!(message.step.kind, "phone_a_friend");
        assert_eq!(message.why.0[1], Piece::Time { time: 1_795_168_800_000 });
        assert_eq!(message.why.0[2], Piece::Newer);
        let detail: Detail = serde_json::from_str(MESSAGE).unwrap();
        assert_eq!(detail.timeline[0].side, "moon");
    }

    #[test]
    fn what_the_contract_writes_is_read() {
        use rcs_revoke_core::fallback::{SentSms, SmsState};
        use rcs_revoke_core::{Step, Timestamp, outcome, sentence, step::Brings};
        let written = rcs_revoke_api::MessageView {
            message: "vonage:a".to_owned(),
            provider: "vonage".to_owned(),
            id: "a".to_owned(),
            source: Some("otp-eu".to_owned()),
            recipient: None,
            outcome: outcome::Outcome {
                verdict: outcome::Verdict::Settling { until: Timestamp::from_millis(9) },
                flags: outcome::Flags::default(),
            },
            why: sentence::Sentence::new("Asked at ").time(Timestamp::from_millis(7)),
            step: Step::WaitUntil { at: Timestamp::from_millis(9), brings: Brings::Settled },
            sent_at: Some(1),
            window_closes: None,
            changed_at: 2,
            version: 3,
            sms: Some(SentSms { number: 2, at: Timestamp::from_millis(8), state: SmsState::MaySent }),
            deaf: true,
        };
        let read: Message = serde_json::from_str(&serde_json::to_string(&written).unwrap()).unwrap();
        assert_eq!(
            (read.code(), read.step.at, read.step.brings.as_deref()),
            ("settling", Some(9), Some("settled"))
        );
        assert!(read.deaf);
        assert_eq!(read.sms.map(|sms| (sms.number, sms.state)), Some((2, "may_sent".to_owned())));
    }
}
