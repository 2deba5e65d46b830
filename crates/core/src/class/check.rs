//! What is wrong with a class, and what is allowed but worth a thought. Where it stands in a configuration is said by
//! who reads that.

use serde::{Deserialize, Serialize};

use crate::class::{Cell, Cells, Class, LONGEST_NAME, PLACEHOLDER};
use crate::expiry::{MessageClass, expiry};
use crate::fact::Then;
use crate::prelude::*;
use crate::provider::Provider;
use crate::provider::vonage::sms::LONGEST_TEXT;
use crate::say::{Say, joined, number, shown};
use crate::text::characters;
use crate::time::Span;

/// The longest that an answer may take to settle.
const LONGEST_SETTLE: Span = Span::hours(1);
/// The most retries.
const MOST_RETRIES: usize = 20;

/// Cells that a configuration states; the others stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedCells {
    /// `revoked` and `not_delivered`.
    #[serde(default)]
    pub gone: Option<Cell>,
    /// `unconfirmed` and `presumed_revoked`.
    #[serde(default)]
    pub unconfirmed: Option<Cell>,
    /// `inconclusive`.
    #[serde(default)]
    pub inconclusive: Option<Cell>,
    /// What may still come to an end by itself.
    #[serde(default)]
    pub unfinished: Option<Cell>,
    /// What will not.
    #[serde(default)]
    pub hopeless: Option<Cell>,
    /// The rest.
    #[serde(default)]
    pub otherwise: Option<Cell>,
}

impl StatedCells {
    /// These in the place of others.
    pub fn over(self, cells: Cells) -> Cells {
        Cells {
            gone: self.gone.unwrap_or(cells.gone),
            unconfirmed: self.unconfirmed.unwrap_or(cells.unconfirmed),
            inconclusive: self.inconclusive.unwrap_or(cells.inconclusive),
            unfinished: self.unfinished.unwrap_or(cells.unfinished),
            hopeless: self.hopeless.unwrap_or(cells.hopeless),
            otherwise: self.otherwise.unwrap_or(cells.otherwise),
        }
    }

    /// The first cell that is stated to let an SMS leave by itself.
    fn automatic(self) -> Option<&'static str> {
        [
            ("gone", self.gone),
            ("unconfirmed", self.unconfirmed),
            ("inconclusive", self.inconclusive),
            ("unfinished", self.unfinished),
            ("hopeless", self.hopeless),
            ("otherwise", self.otherwise),
        ]
        .into_iter()
        .find(|(_, cell)| cell.is_some_and(Cell::is_automatic))
        .map(|(name, _)| name)
    }
}

/// Why a class cannot be used. Each names the key of the class that it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClassFault {
    /// A name that is none.
    Name,
    /// No provider takes that time to live.
    Ttl,
    /// A wait without an end, or none.
    Settle,
    /// Too many retries.
    Retries(usize),
    /// A cell says *at `fallback_by`*, and there is none. Its name.
    NoFallbackBy(&'static str),
    /// An advertising class lets an SMS leave by itself, and does not say for how long. The cell that says so.
    NoLimit(&'static str),
    /// The content is stale before an SMS could leave by itself: when it would.
    StaleBefore(&'static str),
    /// An SMS of nothing.
    NoText,
    /// More than an SMS may say, in characters.
    TextTooLong(usize),
}

impl ClassFault {
    /// The key that it is about.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Name => "",
            Self::Ttl => "ttl",
            Self::Settle => "settle",
            Self::Retries(_) => "retries",
            Self::NoFallbackBy(_) => "fallback_by",
            Self::NoLimit(_) | Self::StaleBefore(_) => "not_after",
            Self::NoText | Self::TextTooLong(_) => "sms_text",
        }
    }
}

impl Say for ClassFault {
    fn say(&self) -> String {
        match self {
            Self::Name => joined(&[
                "the name of a class has 1 to ",
                &number(LONGEST_NAME),
                " small letters, digits, `_` or `-`",
            ]),
            Self::Ttl => {
                "no provider takes that time to live: Vonage takes 5m to 72h, Google 10s to 15d".to_owned()
            }
            Self::Settle => "expected 0s to 1h".to_owned(),
            Self::Retries(found) => {
                joined(&["expected at most ", &number(MOST_RETRIES), " waits, these are ", &number(*found)])
            }
            Self::NoFallbackBy(cell) => joined(&[
                "missing: `fallback.",
                cell,
                " = \"at_fallback_by\"` sends an SMS when that long has passed since the first wish was due",
            ]),
            Self::NoLimit(cell) => joined(&[
                "missing: `fallback.",
                cell,
                "` lets an SMS leave by itself, so advertising must say for how long one may follow",
            ]),
            Self::StaleBefore(what) => joined(&[
                "the content is too old ",
                what,
                ", so no SMS would leave by itself: make it longer, or leave it to an operator",
            ]),
            Self::NoText => "expected a text; without the key, the SMS says what was registered".to_owned(),
            Self::TextTooLong(length) => joined(&[
                "an SMS has at most ",
                &number(LONGEST_TEXT),
                " characters, these are ",
                &number(*length),
            ]),
        }
    }
}

/// What is allowed, but worth a second thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassDoubt {
    /// The text of the SMS is the same for every message, and the messages are codes.
    SameText,
    /// Braces that stand for nothing.
    UnknownPlaceholder(String),
    /// The class asks for the revocation when the message has ended by itself.
    EndsBefore,
    /// The class asks for the revocation when the provider's window has closed.
    WindowBefore(Provider),
    /// A provider does not take its time to live.
    TtlOf(Provider),
    /// An SMS may leave while the first request may still be on its way.
    BeforeTheAnswer,
}

impl ClassDoubt {
    /// The key that it is about.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::SameText | Self::UnknownPlaceholder(_) => "sms_text",
            Self::EndsBefore | Self::WindowBefore(_) => "revoke_after",
            Self::TtlOf(_) => "ttl",
            Self::BeforeTheAnswer => "fallback_by",
        }
    }
}

impl Say for ClassDoubt {
    fn say(&self) -> String {
        match self {
            Self::SameText => {
                joined(&["without `", PLACEHOLDER, "` every SMS says the same, so nobody gets a code"])
            }
            Self::UnknownPlaceholder(found) => joined(&[
                "`",
                &shown(found),
                "` stands for nothing and is sent as it is: `",
                PLACEHOLDER,
                "` stands for the registered text",
            ]),
            Self::EndsBefore => {
                "later than `ttl`: a message that was sent with that has ended before, and is not asked for"
                    .to_owned()
            }
            Self::WindowBefore(provider) => joined(&[
                "later than ",
                provider.label(),
                " takes a revocation: its messages would not be asked for",
            ]),
            Self::TtlOf(provider) => {
                joined(&[provider.label(), " does not take it: its messages must be sent with another"])
            }
            Self::BeforeTheAnswer => {
                "shorter than one request may take: an SMS may leave while the first is on its way".to_owned()
            }
        }
    }
}

impl Class {
    /// Whether a text may be the name of a class.
    pub fn is_name(text: &str) -> bool {
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(fits)
    }

    /// What is wrong with the class, where these of its cells were stated and the others are defaults.
    ///
    /// That the advertising class sends no SMS by itself without `not_after` is its default; who states a cell that
    /// would send one wants something else.
    pub fn check(&self, stated: StatedCells) -> Vec<ClassFault> {
        let mut faults = Vec::new();
        if !Self::is_name(&self.name) {
            faults.push(ClassFault::Name);
        }
        if Provider::ALL.iter().all(|provider| expiry(*provider, self.ttl).is_err()) {
            faults.push(ClassFault::Ttl);
        }
        if self.settle.is_some_and(|settle| settle < Span::ZERO || settle > LONGEST_SETTLE) {
            faults.push(ClassFault::Settle);
        }
        let retries = self.retries.as_ref().map_or(0, Vec::len);
        if retries > MOST_RETRIES {
            faults.push(ClassFault::Retries(retries));
        }
        if let (Some(cell), None) = (self.waits_for_fallback_by(), self.fallback_by) {
            faults.push(ClassFault::NoFallbackBy(cell));
        }
        match self.not_after {
            None if self.kind == MessageClass::Promotional => {
                faults.extend(stated.automatic().map(ClassFault::NoLimit));
            }
            None => {}
            Some(not_after) => faults.extend(self.never_in_time(not_after).map(ClassFault::StaleBefore)),
        }
        match self.sms_text.as_deref().map(|text| (text.trim(), characters(text.as_bytes()))) {
            Some(("", _)) => faults.push(ClassFault::NoText),
            Some((_, length)) if length > LONGEST_TEXT => faults.push(ClassFault::TextTooLong(length)),
            _ => {}
        }
        faults
    }

    /// When the content is too old for an SMS that the class would send by itself.
    fn never_in_time(&self, not_after: Span) -> Option<&'static str> {
        let begun = self.revoke_after.filter(|_| self.then == Then::Fallback).unwrap_or(Span::ZERO);
        let is_late = |waits: Option<Span>| waits.is_some_and(|waits| begun + waits >= not_after);
        if self.may_send_by_itself() && is_late(Some(Span::ZERO)) {
            Some("when the message is revoked")
        } else if self.fallback.unconfirmed.is_automatic() && is_late(self.settle) {
            Some("when an answer has settled")
        } else if self.waits_for_fallback_by().is_some() && is_late(self.fallback_by) {
            Some("when `fallback_by` has passed")
        } else {
            None
        }
    }

    /// The first cell that lets an SMS leave at `fallback_by`.
    fn waits_for_fallback_by(&self) -> Option<&'static str> {
        let mut cells = self.fallback.all().into_iter();
        cells.find(|(_, cell)| *cell == Cell::AtFallbackBy).map(|(name, _)| name)
    }

    /// What is allowed in the class, but worth a second thought, where its messages are sent by these providers and
    /// one request may take so long.
    pub fn doubts(&self, providers: &[Provider], patience: Span) -> Vec<ClassDoubt> {
        let mut doubts = Vec::new();
        for provider in providers {
            let window = provider.adapter().lifetimes().window;
            if window.zip(self.revoke_after).is_some_and(|(window, after)| after >= window) {
                doubts.push(ClassDoubt::WindowBefore(*provider));
            }
            if expiry(*provider, self.ttl).is_err() {
                doubts.push(ClassDoubt::TtlOf(*provider));
            }
        }
        if self.revoke_after.is_some_and(|after| after > self.ttl) {
            doubts.push(ClassDoubt::EndsBefore);
        }
        if self.waits_for_fallback_by().is_some() && self.fallback_by.is_some_and(|by| by < patience) {
            doubts.push(ClassDoubt::BeforeTheAnswer);
        }
        if let Some(text) = &self.sms_text {
            if self.kind == MessageClass::Otp && !text.contains(PLACEHOLDER) {
                doubts.push(ClassDoubt::SameText);
            }
            doubts.extend(
                strange_placeholder(text).map(|found| ClassDoubt::UnknownPlaceholder(found.to_owned())),
            );
        }
        doubts
    }
}

/// The first word in braces that stands for nothing.
fn strange_placeholder(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(from) = rest.find('{') {
        let end = rest[from..].find('}').map(|length| from + length + 1)?;
        let found = &rest[from..end];
        if found != PLACEHOLDER {
            return Some(found);
        }
        rest = &rest[end..];
    }
    None
}

#[cfg(test)]
mod tests;
