//! What `docs/fallback.md` says of one message at one instant, read once more and apart from the core.
//!
//! Only the outcome itself is the core's: that is compared with what happened elsewhere.

use rcs_revoke_core::fact::{Event, Requested, Then};
use rcs_revoke_core::outcome::{Refusal, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::step::{Brings, Step};
use rcs_revoke_core::{Ack, Evidence, Fact, MessageRef, Policy, Source, Timestamp, assess};

use super::told::{Intent, Wish, events, intents, orders, registered, wishes};
use crate::audit::sms::is_own;
use crate::classes::{Cell, Class, Row};

/// Codes of Vonage that speak about the person and not about the channel.
const ABOUT_THE_PERSON: [&str; 11] =
    ["1050", "1240", "1241", "1270", "1320", "1470", "1472", "1473", "1482", "1483", "1484"];

/// What one message is judged by, beside its facts.
#[derive(Clone, Debug)]
pub struct Terms {
    pub message: MessageRef,
    pub source: Source,
    pub policy: Policy,
    /// Whether anybody can send an SMS instead.
    pub has_sms: bool,
}

/// What is to be done about an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It leaves.
    Now,
    /// One surely did not leave; it is tried again at a time of its own.
    Again,
    /// Not yet.
    Wait,
    /// A person decides.
    ByHand,
    /// There is none.
    Never,
}

impl Says {
    /// Whether an SMS may leave.
    pub const fn allows(self) -> bool {
        matches!(self, Self::Now | Self::Again)
    }
}

impl Terms {
    /// The class of the message.
    pub fn class(&self, facts: &[&Fact]) -> Option<&'static Class> {
        let name = registered(facts, |said| said.class.as_deref());
        Class::named(name.or(self.policy.class.as_deref())?)
    }

    pub fn evidence(&self, facts: &[&Fact]) -> Evidence {
        let mut evidence = Evidence::new(self.message.clone());
        for fact in facts {
            evidence.record((*fact).clone());
        }
        evidence
    }

    /// What the facts say of an SMS at an instant; none of them is younger.
    pub fn says(&self, facts: &[&Fact], now: i64) -> Says {
        let at = Timestamp::from_millis(now);
        let assessed = assess(&self.evidence(facts), &self.source, &self.policy, at);
        let (verdict, class, sms) = (&assessed.outcome.verdict, self.class(facts), intents(facts));
        if self.is_never(facts, verdict, class) {
            return Says::Never;
        }
        if matches!(verdict, Verdict::Settling { .. }) {
            return Says::Wait;
        }
        // Who ordered it while its content was wanted does not get it once that has grown stale.
        let stale = self.stale_at(facts);
        let holds = |ordered: i64| !stale.is_some_and(|stale| ordered < stale && stale <= now);
        let ordered = orders(facts).iter().filter(|(_, at)| holds(*at)).map(|(number, _)| *number).max();
        if let Some(ordered) = ordered {
            // One that was refused for good has used the order up.
            let way = way(sms.iter().filter(|sms| sms.number >= ordered));
            if let Some(way) = way {
                return way;
            }
        }
        let wishes = wishes(facts);
        let due = || wishes.iter().filter(|wish| wish.begins <= now);
        let Some(wish) = due().next_back().or(wishes.last()) else { return Says::ByHand };
        let is_asked = matches!(
            assessed.step,
            Step::Send { .. } | Step::WaitUntil { brings: Brings::Retry | Brings::Overdue, .. }
        );
        let is_planned = matches!(assessed.step, Step::WaitUntil { brings: Brings::Start, .. });
        if wish.hand
            && holds(wish.at)
            && let Some(way) = way(sms.iter().filter(|sms| sms.at >= wish.at))
        {
            let way = if has_text(facts, class) { way } else { Says::ByHand };
            return in_advance(verdict, is_asked || is_planned, way);
        }
        let Some(class) = class else { return Says::ByHand };
        let Some(row) = self.row(facts, verdict, &wishes, now) else { return Says::Wait };
        let cell = class.cell(row);
        if cell == Cell::No {
            return Says::Never;
        }
        let Some(way) = way(sms.iter()) else { return Says::ByHand };
        if cell == Cell::ByHand || wish.then == Then::Nothing || is_held_back(facts, verdict, class, now) {
            return Says::ByHand;
        }
        match cell {
            Cell::AtFallbackBy => {
                let wanted = wishes.iter().filter(|wish| wish.then == Then::Fallback);
                let first = wanted.map(|wish| wish.begins).min();
                match first.zip(class.fallback_by) {
                    Some((first, by)) if first + by <= now => way,
                    Some(_) => Says::Wait,
                    None => Says::ByHand,
                }
            }
            Cell::RevokeAgain if is_asked || !self.was_asked_again(facts, now) => Says::Wait,
            _ => way,
        }
    }

    /// When its content grows stale.
    fn stale_at(&self, facts: &[&Fact]) -> Option<i64> {
        let not_after = self.class(facts)?.not_after?;
        Some(self.known(facts).sent_at?.as_millis() + not_after)
    }

    /// Whether it was asked for once more, or cannot be.
    fn was_asked_again(&self, facts: &[&Fact], now: i64) -> bool {
        let once_more =
            |fact: &Fact| matches!(fact, Fact::Requested(wish) if is_own(wish) && wish.not_before.is_none());
        let known = self.known(facts);
        let has_passed = |limit: Option<Timestamp>| limit.is_some_and(|limit| limit.as_millis() <= now);
        let accepted = |fact: &Fact| matches!(fact, Fact::Answered(answer) if answer.ack == Ack::Accepted);
        facts.iter().any(|fact| once_more(fact))
            || has_passed(known.window_closes)
            || has_passed(known.horizon)
            || (self.source.revoke_ack == RevokeAck::Confirmed && facts.iter().any(|fact| accepted(fact)))
    }

    /// What nobody may override.
    fn is_never(&self, facts: &[&Fact], verdict: &Verdict, class: Option<&Class>) -> bool {
        let has_recipient = registered(facts, |said| said.phone.as_ref()).is_some()
            || events(facts).any(|event| event.phone.is_some());
        let unwanted =
            || events(facts).any(|event| event.event == Event::Unsubscribed) || is_about_the_person(verdict);
        matches!(verdict, Verdict::Delivered { .. })
            || !has_recipient
            || !self.has_sms
            || (class.is_some_and(Class::is_advertising) && unwanted())
    }

    /// The row of the outcome; none while an answer settles. Who has the message gets no SMS in any row.
    fn row(&self, facts: &[&Fact], verdict: &Verdict, wishes: &[Wish<'_>], now: i64) -> Option<Row> {
        let is_planned = |fact: &Fact| {
            let begins = |wish: &Requested| wish.not_before.unwrap_or(wish.at).as_millis();
            matches!(fact, Fact::Requested(wish) if begins(wish) > now)
        };
        let is_earned = wishes.iter().any(|wish| wish.begins <= now);
        if !(matches!(verdict, Verdict::Planned { .. })
            && is_earned
            && facts.iter().any(|fact| is_planned(fact)))
        {
            return row_of(verdict, now);
        }
        // A wish that is only planned takes nothing away that an earlier one has earned.
        let others: Vec<&Fact> = facts.iter().filter(|fact| !is_planned(fact)).copied().collect();
        let at = Timestamp::from_millis(now);
        row_of(&assess(&self.evidence(&others), &self.source, &self.policy, at).outcome.verdict, now)
    }
}

/// What only a person may override.
fn is_held_back(facts: &[&Fact], verdict: &Verdict, class: &Class, now: i64) -> bool {
    let phone = registered(facts, |said| said.phone.as_ref());
    let other = |named| phone.is_some_and(|phone| phone != named);
    let mismatch = events(facts).any(|event| event.phone.as_ref().is_some_and(other));
    let failover = registered(facts, |said| said.failover.filter(|failover| *failover)).is_some()
        || events(facts).any(|event| event.workflow);
    let age = match (registered(facts, |said| said.sent_at), class.not_after) {
        (None, _) => false,
        (Some(sent), Some(not_after)) => now < sent.as_millis() + not_after,
        (Some(_), None) => !class.is_advertising(),
    };
    is_about_the_person(verdict) || mismatch || failover || !has_text(facts, Some(class)) || !age
}

/// Whether there is anything to say: what was registered, or what the class says in any case.
fn has_text(facts: &[&Fact], class: Option<&Class>) -> bool {
    let template = class.and_then(|class| class.sms_text);
    template.is_some_and(|template| !template.contains("{text}"))
        || registered(facts, |said| said.fallback_text.as_ref()).is_some()
}

fn row_of(verdict: &Verdict, now: i64) -> Option<Row> {
    Some(match verdict {
        Verdict::Settling { .. } => return None,
        Verdict::Revoked { .. } | Verdict::NotDelivered { .. } => Row::Gone,
        Verdict::Unconfirmed | Verdict::PresumedRevoked => Row::Unconfirmed,
        Verdict::Inconclusive { .. } => Row::Inconclusive,
        Verdict::Planned { not_before } if not_before.is_some_and(|at| at.as_millis() > now) => {
            Row::Otherwise
        }
        Verdict::Refused { reason: Refusal::Unsupported | Refusal::Invalid | Refusal::NeedsInput }
        | Verdict::Lapsed => Row::Hopeless,
        Verdict::Requesting | Verdict::Planned { .. } | Verdict::Refused { .. } => Row::Unfinished,
        Verdict::Delivered { .. } | Verdict::PresumedDelivered | Verdict::Withdrawn | Verdict::Watched => {
            Row::Otherwise
        }
    })
}

/// What an SMS that was ordered in advance waits for.
fn in_advance(verdict: &Verdict, is_to_be_asked: bool, way: Says) -> Says {
    match verdict {
        Verdict::Requesting | Verdict::Settling { .. } | Verdict::Planned { .. } => Says::Wait,
        Verdict::PresumedDelivered => Says::ByHand,
        _ if is_to_be_asked => Says::Wait,
        _ => way,
    }
}

/// Whether those that were meant leave the way free; none if one left, may have left, or was refused for good.
fn way<'a>(mut sms: impl DoubleEndedIterator<Item = &'a Intent<'a>> + Clone) -> Option<Says> {
    if sms.clone().any(|sms| !sms.is_free()) {
        return None;
    }
    match sms.next_back() {
        None => Some(Says::Now),
        Some(last) => last.may_pass().then_some(Says::Again),
    }
}

fn is_about_the_person(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::NotDelivered { code } if ABOUT_THE_PERSON.contains(&code.as_str()))
}
