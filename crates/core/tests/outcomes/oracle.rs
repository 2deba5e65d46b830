//! The oracle: the table of outcomes written down a second time, slowly and literally, to catch mistakes in
//! the first. It shares no code with the core but the data types and the providers' figures.
//!
//! Where the table leaves a choice, the choice stands in a comment that begins with "Reading:".

mod instead;
mod join;
mod own;
mod reading;
mod schedule;
mod sms;
mod step;
mod table;

use rcs_revoke_core::class::Class;
use rcs_revoke_core::fact::Fact;
use rcs_revoke_core::id::MessageRef;
use rcs_revoke_core::known::Known;
use rcs_revoke_core::outcome::{Flags, Verdict};
use rcs_revoke_core::provider::Lifetimes;
use rcs_revoke_core::source::{RevokeAck, Source};
use rcs_revoke_core::{Policy, Provider, Span, Timestamp};

pub use instead::{Instead, What};
pub use join::{joined, rank};
pub use own::OwnIds;
use reading::Reading;
pub use step::Plan;

/// What the oracle says about one message at one instant.
#[derive(Debug)]
pub struct Judgement {
    pub verdict: Verdict,
    pub flags: Flags,
    pub plan: Plan,
    pub instead: Instead,
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
    /// The message's class, if it has one that is configured.
    class: Option<&'a Class>,
    own: &'a OwnIds,
}

impl<'a> Setting<'a> {
    fn of(
        facts: &[Fact],
        source: &'a Source,
        policy: &'a Policy,
        now: Timestamp,
        jitter: i64,
        own: &'a OwnIds,
    ) -> Self {
        let lifetimes = source.provider.adapter().lifetimes();
        Self { source, policy, now, jitter, lifetimes, class: class(facts, policy), own }
    }

    fn settle(&self) -> Span {
        self.class.and_then(|class| class.settle).unwrap_or(self.policy.settle)
    }

    fn retries(&self) -> &'a [Span] {
        self.class.and_then(|class| class.retries.as_deref()).unwrap_or(&self.policy.retries)
    }
    fn google(&self) -> bool {
        self.source.provider == Provider::GoogleRbm
    }

    fn confirmed(&self) -> bool {
        self.source.revoke_ack == RevokeAck::Confirmed
    }
}

/// The oracle's answer about joined facts, as if jitter stretched every planned wait to `jitter` percent.
pub fn judge(
    message: &MessageRef,
    facts: &[Fact],
    source: &Source,
    policy: &Policy,
    now: Timestamp,
    jitter: i64,
) -> Judgement {
    let own = OwnIds::of(message);
    let setting = Setting::of(facts, source, policy, now, jitter, &own);
    let reading = Reading::of(facts, &setting);
    let verdict = table::verdict(facts, &reading, &setting);
    let instead = instead::instead(&verdict, &reading, &setting);
    Judgement { verdict, flags: reading.flags(), plan: step::plan(&reading, &instead, &setting), instead }
}

/// The class that the first registration with a class names, else the one for all messages of the source.
///
/// Reading: a name that no class has is no class, and not that of the source.
fn class<'a>(facts: &[Fact], policy: &'a Policy) -> Option<&'a Class> {
    let mut named: Vec<(i64, String, &str)> = Vec::new();
    for fact in facts {
        if let Fact::Registered(registered) = fact
            && let Some(class) = &registered.class
        {
            named.push((fact.at().as_millis(), fact.canonical(), class));
        }
    }
    named.sort();
    let name = named.first().map(|(_, _, class)| *class).or(policy.class.as_deref())?;
    policy.classes.iter().find(|class| class.name == name)
}

/// What the facts say about the message itself.
pub fn known(message: &MessageRef, facts: &[Fact], source: &Source, policy: &Policy) -> Known {
    let now = facts.iter().map(Fact::at).max().unwrap_or(Timestamp::from_millis(0));
    let own = OwnIds::of(message);
    let setting = Setting::of(facts, source, policy, now, 100, &own);
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
