//! The SMS that any fact tells of, what is known of each, and when one that surely did not leave is tried again.

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::fact::{Event, Fact, FallbackOrdered};
use rcs_revoke_core::fallback::Because;
use rcs_revoke_core::{Ack, Span, Timestamp};

use super::Setting;
use super::schedule::asked_for;

/// One SMS, by its number.
#[derive(Clone, Debug)]
pub struct Sms {
    pub number: u32,
    /// When it was meant to leave.
    ///
    /// Reading: where the intent is missing, when its answer came, else its first status: the later instant, at which
    /// an order in advance counts as fulfilled.
    pub meant: Timestamp,
    answer: Option<(Ack, Timestamp)>,
    statuses: Vec<Event>,
}

/// When an SMS that surely did not leave is tried again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    At(Timestamp),
    /// An operator decides.
    Never,
}

impl Sms {
    /// Whether it surely did not leave.
    ///
    /// Reading: an answer says so by itself, also where the intent is missing. Once the provider has told anything that
    /// we understand about an SMS of that number, it did leave, whatever the answer said.
    pub fn freed(&self) -> bool {
        let nothing_was_sent = matches!(
            self.answer,
            Some((Ack::NotSent { .. } | Ack::NotFound { .. } | Ack::NoEffect { .. }, _))
        );
        nothing_was_sent && !self.was_told_of()
    }

    fn was_told_of(&self) -> bool {
        self.statuses.iter().any(|event| {
            matches!(event, Event::Submitted | Event::Delivered | Event::Read | Event::NotDelivered { .. })
        })
    }

    /// Why another does not leave by itself.
    pub fn stands_in_the_way(&self) -> Option<Because> {
        if self.freed() {
            None
        } else if self.was_told_of() || matches!(self.answer, Some((Ack::Accepted, _))) {
            Some(Because::SmsSent)
        } else {
            Some(Because::SmsMaybeSent)
        }
    }
}

/// All of them, by number. Whatever any of the three facts tells of is one.
pub fn all(facts: &[Fact]) -> Vec<Sms> {
    let mut all: Vec<Sms> = Vec::new();
    for fact in facts {
        let number = match fact {
            Fact::FallbackIntended(intended) => intended.fallback,
            Fact::FallbackAnswered(answered) => answered.fallback,
            Fact::FallbackStatus(status) => status.fallback,
            _ => continue,
        };
        if all.iter().all(|sms| sms.number != number) {
            all.push(of(number, facts));
        }
    }
    all.sort_by_key(|sms| sms.number);
    all
}

fn of(number: u32, facts: &[Fact]) -> Sms {
    let (mut intended, mut ended) = (None, None);
    let mut heard = Vec::new();
    let mut sms = Sms { number, meant: Timestamp::from_millis(0), answer: None, statuses: Vec::new() };
    for fact in facts {
        match fact {
            Fact::FallbackIntended(intent) if intent.fallback == number => intended = Some(intent.at),
            Fact::FallbackAnswered(answered) if answered.fallback == number => {
                ended = Some(answered.at);
                sms.answer = Some((answered.ack.clone(), answered.at));
            }
            Fact::FallbackStatus(status) if status.fallback == number => {
                heard.push(status.received_at);
                sms.statuses.push(status.event.clone());
            }
            _ => {}
        }
    }
    sms.meant = intended.or(ended).or(heard.into_iter().min()).unwrap_or(sms.meant);
    sms
}

/// All orders, by the number that they name.
pub fn orders(facts: &[Fact]) -> Vec<FallbackOrdered> {
    let mut orders: Vec<FallbackOrdered> = Vec::new();
    for fact in facts {
        if let Fact::FallbackOrdered(order) = fact {
            orders.push(order.clone());
        }
    }
    orders.sort_by_key(|order| order.fallback);
    orders
}

/// When the next SMS may leave after these, which surely did not.
///
/// Reading: the latest says why; the schedule counts those that ended for the same reason. `Retry-After` is honoured.
/// The schedule holds as it stands: one SMS meets no other, so that no jitter keeps them apart.
pub fn again(freed: &[&Sms], setting: &Setting<'_>) -> Option<Again> {
    let (ack, at) = freed.last()?.answer.as_ref()?;
    let so_far = |wanted: fn(&Ack) -> bool| {
        freed.iter().filter(|sms| sms.answer.as_ref().is_some_and(|(ack, _)| wanted(ack))).count()
    };
    let wait = match ack {
        Ack::NotSent { .. } => {
            let so_far = so_far(|ack| matches!(ack, Ack::NotSent { .. }));
            let planned = setting.retries().get(so_far - 1).copied();
            planned.map(|planned| asked_for(ack, planned, setting))
        }
        Ack::NoEffect { reason: NoEffect::Throttled, .. } => {
            let so_far = so_far(|ack| matches!(ack, Ack::NoEffect { reason: NoEffect::Throttled, .. }));
            let throttled = &setting.policy.throttled;
            let planned = throttled.get(so_far - 1).copied().unwrap_or(setting.policy.throttled_then);
            Some(asked_for(ack, planned, setting))
        }
        Ack::NoEffect { reason: NoEffect::Credentials, .. } => {
            let so_far = so_far(|ack| matches!(ack, Ack::NoEffect { reason: NoEffect::Credentials, .. }));
            (so_far == 1).then(|| asked_for(ack, Span::ZERO, setting))
        }
        _ => None,
    };
    Some(wait.map_or(Again::Never, |wait| Again::At(*at + wait)))
}
