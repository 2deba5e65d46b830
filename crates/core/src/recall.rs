//! A batch: many messages taken back by one decision. What it would do, counted before anything is sent; what may be
//! done to it when; how long it takes.
//!
//! A batch decides nothing about a message. It makes one wish for each, and every wish is judged like any other.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fallback::Offer;
use crate::foresight::{Fate, Foresight};
use crate::host::Host;
use crate::id::SourceId;
use crate::outcome::{Tone, row_of};
use crate::prelude::*;
use crate::region::Certainty;
use crate::time::{Span, Timestamp};

mod incident;

pub use incident::incident;

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its messages are still being read; nothing can be started yet.
    Reading,
    /// A plan: nothing is sent.
    Planned,
    /// Messages are asked for, within the limits.
    Running,
    /// Nothing more is asked for until it is resumed.
    Paused,
    /// What was not asked for stays so.
    Aborted,
    /// Every message was asked for or refused, and no request is to come by itself.
    Done,
    /// A plan that was thrown away.
    Dropped,
}

/// What an operator may do to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Ask for what was planned.
    Start,
    /// Stop asking, for now.
    Pause,
    /// Go on.
    Resume,
    /// Stop asking, for good.
    Abort,
    /// Throw the plan away.
    Drop,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Reading, Self::Planned, Self::Running, Self::Paused, Self::Aborted, Self::Done, Self::Dropped];

    /// The stable code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Aborted => "aborted",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a stable code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Where a command leads; none where it makes no sense. A command given twice leads where it led before.
    pub const fn after(self, command: Command) -> Option<Self> {
        match (self, command) {
            (Self::Planned | Self::Running, Command::Start)
            | (Self::Paused | Self::Running, Command::Resume) => Some(Self::Running),
            (Self::Running | Self::Paused, Command::Pause) => Some(Self::Paused),
            (Self::Running | Self::Paused | Self::Aborted, Command::Abort) => Some(Self::Aborted),
            (Self::Reading | Self::Planned | Self::Dropped, Command::Drop) => Some(Self::Dropped),
            _ => None,
        }
    }

    /// Whether requests are sent for it.
    pub const fn sends(self) -> bool {
        matches!(self, Self::Running)
    }

    /// Whether nothing more will be done for it by anybody.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Aborted | Self::Done | Self::Dropped)
    }
}

/// One way that messages go: their source, the first host that is asked, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Way {
    /// The source.
    pub source: SourceId,
    /// The first host.
    pub host: Host,
    /// How sure that is.
    pub certainty: Certainty,
}

/// How long ago messages were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// Within the last hour.
    pub hour: u64,
    /// Within the last day.
    pub day: u64,
    /// Longer ago.
    pub older: u64,
    /// Nobody says.
    pub unknown: u64,
}

/// When the windows of messages close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// Within the next hour.
    pub closing: u64,
    /// Later.
    pub open: u64,
    /// There is none, or nothing is known of the message's age.
    pub unknown: u64,
    /// When the first of them closes.
    pub first: Option<Timestamp>,
}

/// What a batch would do, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How many messages would be asked for.
    pub ask: u64,
    /// How many would not, by the reason's code.
    pub skipped: BTreeMap<String, u64>,
    /// How they would go.
    pub ways: Vec<(Way, u64)>,
    /// How old those are that would be asked for.
    pub ages: Ages,
    /// When their windows close.
    pub windows: Windows,
    /// Their classes; the empty text for those without.
    pub classes: BTreeMap<String, u64>,
    /// What would be done about an SMS, by the offer's code or why there is none.
    pub sms: BTreeMap<String, u64>,
}

/// Within what a window closes soon.
const SOON: Span = Span::hours(1);
const DAY: Span = Span::hours(24);

impl Plan {
    /// Counts one message.
    pub fn count(&mut self, source: &SourceId, foresight: &Foresight, now: Timestamp) {
        let (host, certainty) = match &foresight.fate {
            Fate::Skip { reason } => return self.skip(reason),
            Fate::Ask { host, certainty } => (*host, *certainty),
        };
        self.ask += 1;
        let way = |(way, _): &&mut (Way, u64)| {
            way.source == *source && way.host == host && way.certainty == certainty
        };
        match self.ways.iter_mut().find(way) {
            Some((_, count)) => *count += 1,
            None => self.ways.push((Way { source: source.clone(), host, certainty }, 1)),
        }
        *match foresight.sent_at.map(|sent| now - sent) {
            None => &mut self.ages.unknown,
            Some(age) if age < SOON => &mut self.ages.hour,
            Some(age) if age < DAY => &mut self.ages.day,
            Some(_) => &mut self.ages.older,
        } += 1;
        *match foresight.window_closes {
            None => &mut self.windows.unknown,
            Some(closes) if closes <= now + SOON => &mut self.windows.closing,
            Some(_) => &mut self.windows.open,
        } += 1;
        self.windows.first = self.windows.first.into_iter().chain(foresight.window_closes).min();
        add(&mut self.classes, foresight.class.as_deref().unwrap_or_default());
        add(&mut self.sms, sms(foresight.sms));
    }

    /// Counts one message that would not be asked for.
    pub fn skip(&mut self, reason: &str) {
        add(&mut self.skipped, reason);
    }

    /// How many would not be asked for.
    pub fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// How many would be asked for at a source.
    pub fn at(&self, source: &SourceId) -> u64 {
        self.ways.iter().filter(|(way, _)| way.source == *source).map(|(_, count)| count).sum()
    }
}

fn add(counts: &mut BTreeMap<String, u64>, what: &str) {
    match counts.get_mut(what) {
        Some(count) => *count += 1,
        None => drop(counts.insert(what.to_owned(), 1)),
    }
}

const fn sms(offer: Offer) -> &'static str {
    match offer {
        Offer::Now => "now",
        Offer::At { .. } => "later",
        Offer::Wait => "wait",
        Offer::ByHand { because } | Offer::No { because } => because.code(),
    }
}

/// How long so many requests take at a limit.
pub fn time_needed(requests: u64, rate_per_second: u32) -> Span {
    let millis = requests.saturating_mul(1_000).div_ceil(u64::from(rate_per_second.max(1)));
    Span::millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// Whether a request of ours for a message of this outcome is to come by itself, or its answer.
pub fn is_under_way(outcome: &str) -> bool {
    row_of(outcome).is_some_and(|row| row.tone == Tone::Flight)
}

/// The outcome of a message that has a wish, and was not asked for yet.
pub const PLANNED: &str = "planned";

/// The outcomes under which a wish may still lead to a request.
pub const WISHED: [&str; 2] = [PLANNED, "requesting"];

/// The outcomes of messages that may be worth another try, by the table's code: the provider may answer otherwise by
/// now, or something may have been put right.
pub const RETRIED: [&str; 4] = ["refused", "inconclusive", "unconfirmed", "withdrawn"];

/// Whether somebody should look at a message of this outcome although its batch is over: it was not taken back, or
/// nobody knows whether it was.
pub fn fell_short(outcome: &str) -> bool {
    row_of(outcome).is_some_and(|row| matches!(row.tone, Tone::Refused | Tone::Unknown))
}

#[cfg(test)]
mod tests;
