//! Message classes: what a message is for decides when it is taken back by itself, and whether an SMS may follow.
//!
//! All of it is data: the three classes below are defaults, and a configuration may change each figure and each cell
//! or add classes of its own. That nothing is sent to who has the message is no figure, and stands in
//! [`fallback`](crate::fallback).

use serde::{Deserialize, Serialize};

use crate::expiry::MessageClass;
use crate::fact::Then;
use crate::id::SenderId;
use crate::prelude::*;
use crate::text;
use crate::time::Span;

mod check;

pub use check::{ClassDoubt, ClassFault, StatedCells};

/// What is done about an SMS while the outcome is in one row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// It leaves at once, by itself.
    Now,
    /// The message is asked for once more; then the SMS leaves by itself.
    RevokeAgain,
    /// It leaves by itself when `fallback_by` has passed since the first wish was due.
    AtFallbackBy,
    /// It is offered to an operator, with what it may duplicate.
    ByHand,
    /// It is not offered.
    No,
}

impl Cell {
    /// The stable code, as in JSON and in a configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::RevokeAgain => "revoke_again",
            Self::AtFallbackBy => "at_fallback_by",
            Self::ByHand => "by_hand",
            Self::No => "no",
        }
    }

    /// Whether it lets an SMS leave by itself.
    pub const fn is_automatic(self) -> bool {
        !matches!(self, Self::ByHand | Self::No)
    }
}

/// One cell for each row of outcomes. The rows that are missing here are no choice: while an answer settles the SMS
/// waits, and who has the message gets none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cells {
    /// `revoked` and `not_delivered`: the message will not come.
    pub gone: Cell,
    /// `unconfirmed` and `presumed_revoked`: it was asked for, and nothing proves that it worked.
    pub unconfirmed: Cell,
    /// `inconclusive`.
    pub inconclusive: Cell,
    /// `requesting`, `planned` whose time has come, and `refused` for all reasons but those of the next row.
    pub unfinished: Cell,
    /// `refused` because the provider does not support it, calls it malformed or something is missing, and `lapsed`.
    pub hopeless: Cell,
    /// `presumed_delivered`, `withdrawn`, `watched`, and `planned` for later.
    pub otherwise: Cell,
}

impl Cells {
    /// Every cell with its name in the configuration.
    pub const fn all(&self) -> [(&'static str, Cell); 6] {
        [
            ("gone", self.gone),
            ("unconfirmed", self.unconfirmed),
            ("inconclusive", self.inconclusive),
            ("unfinished", self.unfinished),
            ("hopeless", self.hopeless),
            ("otherwise", self.otherwise),
        ]
    }
}

/// One message class with its policy. Lengths are milliseconds in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name, such as `otp`.
    pub name: String,
    /// What its messages are: rules that protect people ask for this and not for the name.
    pub kind: MessageClass,
    /// How long its messages stay wanted: their time to live at the source, unless the sender says otherwise.
    pub ttl: Span,
    /// How long after sending a message is revoked by itself, unless it was delivered; never without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke_after: Option<Span>,
    /// What shall follow a revocation that the class itself asked for.
    pub then: Then,
    /// How long after an accepted answer a crossing delivery is waited for, where it differs from the source's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<Span>,
    /// Waits before each retry, where they differ from the source's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<Vec<Span>>,
    /// What is done about an SMS, by outcome.
    pub fallback: Cells,
    /// How long after the first wish was due an SMS leaves where a cell says so; such a cell reads *by hand* without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_by: Option<Span>,
    /// How long after sending the content is stale, and no SMS leaves by itself. An advertising class without it sends
    /// none by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Span>,
    /// Who sends the SMS, where it is not the source's own SMS sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_from: Option<SenderId>,
    /// What the SMS says; `{text}` stands for what was registered with the message. Without it, just that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_text: Option<String>,
}

/// The longest name of a class, in characters.
pub const LONGEST_NAME: usize = 64;

/// What stands for the registered text in a template.
const PLACEHOLDER: &str = "{text}";

impl Class {
    /// The class of a kind with the default figures.
    pub fn standard(kind: MessageClass) -> Self {
        use Cell::{AtFallbackBy, ByHand, No, Now, RevokeAgain};
        let fallback = match kind {
            // A second code is better than none.
            MessageClass::Otp => Cells {
                gone: Now,
                unconfirmed: Now,
                inconclusive: RevokeAgain,
                unfinished: AtFallbackBy,
                hopeless: ByHand,
                otherwise: ByHand,
            },
            MessageClass::Transactional | MessageClass::Promotional => Cells {
                gone: Now,
                unconfirmed: ByHand,
                inconclusive: ByHand,
                unfinished: ByHand,
                hopeless: ByHand,
                otherwise: No,
            },
        };
        let is_otp = kind == MessageClass::Otp;
        Self {
            name: kind.code().to_owned(),
            kind,
            ttl: kind.ttl(),
            revoke_after: is_otp.then_some(Span::minutes(10)),
            then: Then::Fallback,
            settle: None,
            retries: None,
            fallback,
            fallback_by: is_otp.then_some(Span::secs(60)),
            not_after: match kind {
                MessageClass::Otp => Some(Span::minutes(30)),
                MessageClass::Transactional => Some(Span::hours(72)),
                MessageClass::Promotional => None,
            },
            sms_from: None,
            sms_text: None,
        }
    }

    /// The classes that are there without a configuration.
    pub fn standards() -> Vec<Self> {
        MessageClass::ALL.map(Self::standard).into()
    }

    /// Whether these are the standard classes.
    pub(crate) fn are_standard(classes: &[Self]) -> bool {
        classes == Self::standards()
    }

    /// The places of the cells, as [`Cells::all`] has them, at which an SMS leaves by itself although nothing says that the
    /// message was taken back: who gets it may get both.
    pub fn may_duplicate(&self) -> Vec<usize> {
        let cells = self.fallback.all();
        let doubtful = |at: &usize| cells[*at].1.is_automatic() && cells[*at].0 != "gone";
        if self.lacks_limit() { Vec::new() } else { (0..cells.len()).filter(doubtful).collect() }
    }

    /// Whether any cell lets an SMS leave by itself.
    pub fn may_send_by_itself(&self) -> bool {
        self.fallback.all().iter().any(|(_, cell)| cell.is_automatic())
    }

    /// Whether it is for advertising and does not say for how long an SMS may follow, so that none leaves by itself
    /// whatever its cells say.
    pub fn lacks_limit(&self) -> bool {
        self.kind == MessageClass::Promotional && self.not_after.is_none()
    }

    /// The text of an SMS, where the message was registered with that text; none if the template needs one and there
    /// is none.
    pub fn text(&self, registered: Option<&str>) -> Option<String> {
        match (&self.sms_text, registered) {
            (None, registered) => registered.map(ToOwned::to_owned),
            (Some(template), Some(registered)) => Some(text::replace(template, PLACEHOLDER, registered)),
            (Some(template), None) => {
                text::split_once(template, PLACEHOLDER).is_none().then(|| template.clone())
            }
        }
    }
}
