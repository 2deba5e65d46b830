//! The rows of the table, one function each, in their order.

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::fact::{Event, Fact, Life, Registered, Registrar};
use rcs_revoke_core::outcome::{Doubt, Proof, Refusal, Verdict};
use rcs_revoke_core::{Ack, Span, Timestamp};

use super::Setting;
use super::reading::{Attempt, Reading, Wish, duplicate};
use super::schedule::{lacks_recipient, next, next_if_addressed};

pub fn verdict(facts: &[Fact], reading: &Reading, setting: &Setting<'_>) -> Verdict {
    row_1(facts, reading, setting)
        .or_else(|| row_2(reading))
        .or_else(|| row_3(reading))
        .or_else(|| row_4(reading, setting))
        .or_else(|| row_5(reading, setting))
        .or_else(|| row_6(reading))
        .or_else(|| row_7(reading, setting))
        .or_else(|| row_8(reading, setting))
        .or_else(|| row_9(reading))
        .or_else(|| row_10(reading, setting))
        .or_else(|| row_11(reading, setting))
        .or_else(|| row_12(reading, setting))
        .or_else(|| row_13(reading))
        .or_else(|| planned_or_refused(&|_| true, reading, setting))
        .unwrap_or(Verdict::Watched)
}

fn is_delivery(fact: &Fact) -> bool {
    matches!(fact, Fact::Event(event) if matches!(event.event, Event::Delivered | Event::Read))
}

fn row_1(facts: &[Fact], reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let at = facts.iter().filter(|fact| is_delivery(fact)).map(Fact::at).min()?;
    let told = reading.has(|event| matches!(event, Event::ExpiryRevoked | Event::NotDelivered { .. }));
    Some(Verdict::Delivered {
        at,
        read: reading.has(|event| *event == Event::Read),
        raced: accepted(reading),
        contradicts: told || believed_revoked(facts, at, setting),
        duplicate: duplicate(facts),
    })
}

/// Row 7 already at the time the delivery was received.
fn believed_revoked(facts: &[Fact], at: Timestamp, setting: &Setting<'_>) -> bool {
    let before: Vec<Fact> =
        facts.iter().filter(|fact| !is_delivery(fact) && fact.at() <= at).cloned().collect();
    let then = Setting::of(&before, setting.source, setting.policy, at, setting.jitter, setting.own);
    verdict(&before, &Reading::of(&before, &then), &then) == Verdict::Revoked { proof: Proof::Answer }
}

fn row_2(reading: &Reading) -> Option<Verdict> {
    reading.has(|event| *event == Event::ExpiryRevoked).then_some(Verdict::Revoked { proof: Proof::Event })
}

/// The earliest counts: events are in the order of receipt.
fn row_3(reading: &Reading) -> Option<Verdict> {
    for event in &reading.events {
        if let Event::NotDelivered { code } = &event.event {
            return Some(Verdict::NotDelivered { code: code.clone() });
        }
    }
    None
}

/// Reading: a wish has the attempts made for it, and those begun after it was made for another wish.
fn row_4(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    for (index, wish) in reading.wishes.iter().enumerate() {
        let attempts = reading.attempts_of(index);
        if !reading.answered(wish) && attempts.iter().any(|attempt| attempt.answer.is_none()) {
            return Some(Verdict::Requesting);
        }
        if !attempts.is_empty() && next(index, reading, setting).is_some() {
            return Some(Verdict::Requesting);
        }
    }
    None
}

fn row_5(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let until = reading.settled_at(setting)?;
    (setting.now < until).then_some(Verdict::Settling { until })
}

fn row_6(reading: &Reading) -> Option<Verdict> {
    for event in &reading.events {
        if !matches!(event.event, Event::ExpiryRevokeFailed | Event::UnknownExpiryWord { .. }) {
            continue;
        }
        let asked_since = reading
            .attempts
            .iter()
            .any(|attempt| attempt.begun_at > event.received_at && attempt.accepted_at().is_some());
        if !asked_since {
            return Some(Verdict::Inconclusive { why: Doubt::Expiry });
        }
    }
    None
}

fn row_7(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    (accepted(reading) && setting.confirmed()).then_some(Verdict::Revoked { proof: Proof::Answer })
}

fn row_8(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let horizon = reading.horizon(setting)?;
    let asked_in_time =
        reading.attempts.iter().any(|attempt| attempt.begun_at < horizon && attempt.accepted_at().is_some());
    let listening = setting.source.listening_since? < reading.sent_at()?;
    (asked_in_time && setting.now >= horizon && reading.end_really_known(setting) && listening)
        .then_some(Verdict::PresumedRevoked)
}

fn row_9(reading: &Reading) -> Option<Verdict> {
    accepted(reading).then_some(Verdict::Unconfirmed)
}

fn row_10(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let horizon = reading.horizon(setting)?;
    (setting.now >= horizon + setting.lifetimes.tail).then_some(Verdict::Lapsed)
}

fn row_11(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let until = presumed_until(reading, setting)?;
    (setting.now < until).then_some(Verdict::PresumedDelivered)
}

/// Until when the latest clean 404 is believed, where it is believed at all.
pub fn presumed_until(reading: &Reading, setting: &Setting<'_>) -> Option<Timestamp> {
    if !setting.confirmed() {
        return None;
    }
    let clean = reading.attempts.iter().filter(|attempt| is_clean(attempt, reading, setting));
    let answered = clean.filter_map(|attempt| attempt.answer.as_ref()).map(|(_, at)| *at);
    answered.max().map(|at| at + setting.policy.presume_for)
}

fn is_clean(attempt: &Attempt, reading: &Reading, setting: &Setting<'_>) -> bool {
    let Some((Ack::NotFound { proper: true }, answered)) = attempt.answer else {
        return false;
    };
    setting.google()
        && alone(attempt, answered, reading)
        && registered_whole(reading)
        && in_its_life(answered, reading, setting)
        && at_its_host(attempt, reading, setting)
}

fn alone(attempt: &Attempt, answered: Timestamp, reading: &Reading) -> bool {
    !reading.attempts.iter().any(|other| {
        other.number != attempt.number
            && other.begun_at < answered
            && matches!(other.answer, None | Some((Ack::Accepted | Ack::Unknown { .. }, _)))
    })
}

/// Reading: of each value that holds the sending system must have given its own word, be it that somebody else said
/// the same before. The agent is part of the message's key, so a registration by the sending system names it.
fn registered_whole(reading: &Reading) -> bool {
    own_word(reading, |registered| registered.phone.clone())
        && own_word(reading, |registered| registered.sent_at)
        && own_word(reading, |registered: &Registered| -> Option<Life> { registered.life })
}

fn own_word<T: PartialEq>(reading: &Reading, field: impl Fn(&Registered) -> Option<T>) -> bool {
    let Some((holds, _)) = reading.stated(&field) else { return false };
    let systems = reading
        .registrations
        .iter()
        .filter(|registered| matches!(registered.by, Registrar::Api(_) | Registrar::Ledger(_)));
    systems.filter_map(&field).any(|stated| stated == holds)
}

fn in_its_life(answered: Timestamp, reading: &Reading, setting: &Setting<'_>) -> bool {
    reading.horizon(setting).is_some_and(|horizon| answered < horizon)
        && reading.sent_at().is_some_and(|sent| answered < sent + Span::days(30))
}

/// Reading: that the message was sent through a host is the sending system's own word, too.
fn at_its_host(attempt: &Attempt, reading: &Reading, setting: &Setting<'_>) -> bool {
    let sent_by = reading.stated(|registered| registered.host).map(|(host, _)| host);
    let sent_there = attempt.host == sent_by && own_word(reading, |registered| registered.host);
    attempt.host.is_some() && (sent_there || attempt.host == setting.source.host)
}

/// Reading: "any other 404 of Google" includes one that is no proper error, and counts more than an unknown
/// effect beside it. "Nothing left to try" speaks about wishes already attempted (row 4): a wish that is only
/// planned hides no effect, or time alone would lead from `planned` to `inconclusive`.
fn row_12(reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let answer = |wanted: fn(&Ack) -> bool| {
        reading.attempts.iter().filter_map(|attempt| attempt.answer.as_ref()).any(|(ack, _)| wanted(ack))
    };
    if setting.google() && answer(|ack| matches!(ack, Ack::NotFound { .. })) {
        return Some(Verdict::Inconclusive { why: Doubt::NotFound });
    }
    if answer(|ack| matches!(ack, Ack::Unknown { .. })) {
        return Some(Verdict::Inconclusive { why: Doubt::EffectUnknown });
    }
    None
}

fn row_13(reading: &Reading) -> Option<Verdict> {
    let all = !reading.wishes.is_empty() && reading.wishes.iter().all(|wish| wish.withdrawn);
    all.then_some(Verdict::Withdrawn)
}

/// What rows 14 and 15 say where only these wishes are looked at.
pub fn planned_or_refused(
    among: &dyn Fn(&Wish) -> bool,
    reading: &Reading,
    setting: &Setting<'_>,
) -> Option<Verdict> {
    row_14(among, reading, setting).or_else(|| row_15(among, reading, setting))
}

/// Reading: of several planned wishes, the one that comes first; of those, the one made first, then by its id.
fn row_14(among: &dyn Fn(&Wish) -> bool, reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let mut planned = Vec::new();
    for (index, wish) in reading.wishes.iter().enumerate() {
        if among(wish) && reading.attempts_of(index).is_empty() && next(index, reading, setting).is_some() {
            planned.push((wish.not_before.unwrap_or(wish.made), wish.made, &wish.id, wish.not_before));
        }
    }
    planned.sort();
    planned.first().map(|(.., not_before)| Verdict::Planned { not_before: *not_before })
}

fn row_15(among: &dyn Fn(&Wish) -> bool, reading: &Reading, setting: &Setting<'_>) -> Option<Verdict> {
    let mut live = false;
    let mut latest: Option<&Attempt> = None;
    for (index, wish) in reading.wishes.iter().enumerate() {
        if wish.withdrawn || !among(wish) {
            continue;
        }
        live = true;
        for attempt in reading.attempts_of(index) {
            if latest.is_none_or(|other| (attempt.begun_at, attempt.number) > (other.begun_at, other.number))
            {
                latest = Some(attempt);
            }
        }
    }
    let reason = match latest {
        Some(attempt) => why_it_ended(attempt.answer.as_ref().map(|(ack, _)| ack)),
        None => why_it_never_began(reading, setting),
    };
    live.then_some(Verdict::Refused { reason })
}

fn why_it_ended(ack: Option<&Ack>) -> Refusal {
    match ack {
        Some(Ack::NotFound { .. }) => Refusal::NotFound,
        Some(Ack::NotSent { .. }) => Refusal::Unreachable,
        Some(Ack::NoEffect { reason, .. }) => match reason {
            NoEffect::Throttled => Refusal::Throttled,
            NoEffect::Unsupported => Refusal::Unsupported,
            NoEffect::Invalid => Refusal::Invalid,
            NoEffect::Credentials => Refusal::Credentials,
            NoEffect::Permission => Refusal::Permission,
            NoEffect::NoCredit => Refusal::NoCredit,
        },
        Some(Ack::Accepted | Ack::Unknown { .. }) | None => {
            unreachable!("rows 4, 9 and 12 come before row 15")
        }
    }
}

/// Reading: of two ends the one that comes first is named; a window that a live wish overrides ends nothing.
fn why_it_never_began(reading: &Reading, setting: &Setting<'_>) -> Refusal {
    if only_recipient_missing(reading, setting) {
        return Refusal::NeedsInput;
    }
    let overridden = reading.wishes.iter().any(|wish| wish.override_window && !wish.withdrawn);
    match (reading.horizon(setting), reading.window_end(setting)) {
        (Some(horizon), Some(end)) if end < horizon && !overridden => Refusal::WindowClosed,
        _ => Refusal::Expired,
    }
}

/// Whether some wish could be attempted now or later, if only its recipient were known.
pub fn only_recipient_missing(reading: &Reading, setting: &Setting<'_>) -> bool {
    lacks_recipient(reading, setting)
        && (0..reading.wishes.len()).any(|wish| next_if_addressed(wish, reading, setting).is_some())
}

fn accepted(reading: &Reading) -> bool {
    reading.attempts.iter().any(|attempt| attempt.accepted_at().is_some())
}
