//! What must not wait: an SMS whose cell says *now*, and a message whose own date has come. Five real seconds in which
//! the server was there, its account had requests to spare, and no other work of the kind was done, are too long.

use std::time::Duration;

use rcs_revoke_core::{Ack, Fact, Timestamp};
use rcs_revoke_simulator::Provider;

use super::reading::Says;
use super::told::{events, intents, is_end};
use super::{Message, Misdeed};
use crate::audit::sms::is_own;
use crate::uptime::Freedom;

/// How long anything may wait.
pub const LONGEST: Duration = Duration::from_secs(5);
/// A long wait is looked at again at so many instants: a reading may change without a fact.
const LOOKS: i64 = 16;

/// When there was time.
pub struct Free {
    pub google: Freedom,
    pub vonage: Freedom,
    pub sms: Freedom,
    /// The instant up to which everything is looked at.
    pub until: i64,
}

/// The longest that an SMS of this message waited although nothing was in its way.
pub fn sms(message: &Message<'_>, free: &Free, longest: &mut Duration) -> Option<Misdeed> {
    let instants = instants(message, free.until);
    let mut since: Option<i64> = None;
    for (at, next) in instants.iter().zip(instants.iter().skip(1).chain([&free.until])) {
        let facts = message.until(*at);
        if message.terms.says(&facts, *at) != Says::Now {
            since = None;
            continue;
        }
        let since = *since.get_or_insert(*at);
        *longest = (*longest).max(free.sms.with_queue(since, *next));
        let waited = free.sms.between(since, *next);
        if waited > LONGEST && stays(message, since, *next) {
            return Some(Misdeed::SmsLate { since, waited });
        }
    }
    None
}

/// Whether it says *now* all the time between two facts.
fn stays(message: &Message<'_>, from: i64, until: i64) -> bool {
    (0..LOOKS).all(|look| {
        let at = from + (until - from) * look / LOOKS;
        message.terms.says(&message.until(at), at) == Says::Now
    })
}

/// Every instant at which a fact or time alone may have changed what is done.
fn instants(message: &Message<'_>, until: i64) -> Vec<i64> {
    let facts = &message.facts;
    let class = message.terms.class(facts);
    let mut instants: Vec<i64> = facts.iter().map(|fact| fact.at().as_millis()).collect();
    for fact in facts {
        match fact {
            Fact::Answered(answer) if answer.ack == Ack::Accepted => {
                instants.push((answer.at + message.terms.policy.settle).as_millis());
            }
            Fact::Attempted(attempt) => {
                instants.push((attempt.begun_at + message.terms.policy.attempt_deadline()).as_millis());
            }
            Fact::Requested(wish) => {
                let begins = wish.not_before.unwrap_or(wish.at).as_millis();
                instants.push(begins);
                instants.extend(class.and_then(|class| class.fallback_by).map(|by| begins + by));
            }
            Fact::Registered(said) => {
                let stale = said.sent_at.zip(class.and_then(|class| class.not_after));
                instants.extend(stale.map(|(sent, not_after)| sent.as_millis() + not_after));
            }
            _ => {}
        }
    }
    let known = message.terms.known(facts);
    instants.extend([known.horizon, known.window_closes].into_iter().flatten().map(Timestamp::as_millis));
    instants.retain(|at| *at < until);
    instants.sort_unstable();
    instants.dedup();
    instants
}

/// The own date of a message passed, nobody had wished anything, it was not delivered, and it was not asked for.
pub fn own_date(message: &Message<'_>, free: &Free, longest: &mut Duration) -> Option<Misdeed> {
    let date = due(message)?;
    let facts = &message.facts;
    let ended =
        events(facts).filter(|event| is_end(&event.event)).map(|event| event.received_at.as_millis()).min();
    let withdrawn = facts.iter().filter_map(|fact| match fact {
        Fact::Withdrawn(withdrawn) => Some(withdrawn.at.as_millis()),
        _ => None,
    });
    let begun = facts.iter().filter_map(|fact| match fact {
        Fact::Attempted(attempt) => Some(attempt.begun_at.as_millis()),
        _ => None,
    });
    let known = message.terms.known(facts);
    let limits = [known.horizon, known.window_closes].into_iter().flatten().map(Timestamp::as_millis);
    let until = ended.into_iter().chain(withdrawn).chain(begun).chain(limits).chain([free.until]).min()?;
    let account = match message.scripted.sender.provider {
        Provider::Google => &free.google,
        Provider::Vonage => &free.vonage,
    };
    *longest = (*longest).max(account.with_queue(date, until));
    let waited = account.between(date, until);
    (waited > LONGEST).then_some(Misdeed::DateMissed { date, waited })
}

/// When the message is to be revoked by itself; none where somebody wished anything before it was known, or its wish is
/// not its own.
fn due(message: &Message<'_>) -> Option<i64> {
    let facts = &message.facts;
    let date = message.terms.own_date(facts)?;
    // Known when the first registration came, or the first event.
    let known = facts.iter().map(|fact| fact.at().as_millis()).min()?;
    let said = facts.iter().filter_map(|fact| match fact {
        Fact::Registered(said) => Some(said.received_at.as_millis()),
        _ => None,
    });
    let said = said.max().unwrap_or(known);
    let is_anothers = |fact: &Fact| matches!(fact, Fact::Requested(wish) if !is_own(wish));
    (!facts.iter().any(|fact| is_anothers(fact)) && intents(facts).iter().all(|sms| sms.at > date))
        .then_some(date.max(said))
}
