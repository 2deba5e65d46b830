//! The oracle: the table of outcomes written down a second time, slowly and literally, to catch mistakes in
//! the first. It shares no code with the core but the data types and the providers' figures.
//!
//! Where the table leaves a choice, the choice stands in a comment that begins with "Reading:".

mod join;
mod reading;
mod schedule;
mod step;
mod table;

use rcs_revoke_core::fact::Fact;
use rcs_revoke_core::known::Known;
use rcs_revoke_core::outcome::{Flags, Verdict};
use rcs_revoke_core::provider::Lifetimes;
use rcs_revoke_core::source::{RevokeAck, Source};
use rcs_revoke_core::{Policy, Provider, Timestamp};

pub use join::{joined, rank};
use reading::Reading;
pub use step::Plan;

/// What the oracle says about one message at one instant.
#[derive(Debug)]
pub struct Judgement {
    pub verdict: Verdict,
    pub flags: Flags,
    pub plan: Plan,
}

/// Everything besides the facts.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub source: &'a Source,
    pub policy: &'a Policy,
    pub now: Timestamp,
    /// Which jitter is assumed, in percent of the planned wait: the core may use any from 80 to 120.
    pub jitter: i64,
    lifetimes: Lifetimes,
}

impl Setting<'_> {
    fn google(&self) -> bool {
        self.source.provider == Provider::GoogleRbm
    }

    fn confirmed(&self) -> bool {
        self.source.revoke_ack == RevokeAck::Confirmed
    }
}

/// The oracle's answer about joined facts, as if jitter stretched every planned wait to `jitter` percent.
pub fn judge(facts: &[Fact], source: &Source, policy: &Policy, now: Timestamp, jitter: i64) -> Judgement {
    let lifetimes = source.provider.adapter().lifetimes();
    let setting = Setting { source, policy, now, jitter, lifetimes };
    let reading = Reading::of(facts, &setting);
    Judgement {
        verdict: table::verdict(facts, &reading, &setting),
        flags: reading.flags(),
        plan: step::plan(&reading, &setting),
    }
}

/// What the facts say about the message itself.
pub fn known(facts: &[Fact], source: &Source, policy: &Policy) -> Known {
    let lifetimes = source.provider.adapter().lifetimes();
    let now = facts.iter().map(Fact::at).max().unwrap_or(Timestamp::from_millis(0));
    let setting = Setting { source, policy, now, jitter: 100, lifetimes };
    let reading = Reading::of(facts, &setting);
    Known {
        recipient: reading.phone(),
        sent_at: reading.sent_at(),
        first_heard: reading.first_heard,
        class: reading.stated(|registered| registered.class.clone()).map(|(class, _)| class),
        host: reading.own_host(),
        horizon: reading.horizon(&setting),
        end_is_known: reading.end_really_known(&setting),
        window_closes: reading.window_end(&setting),
    }
}
