//! When, and where, a wish is attempted next: the schedules of each kind of answer, one after the other.

use rcs_revoke_core::ack::NoEffect;
use rcs_revoke_core::fact::Event;
use rcs_revoke_core::step::Brings;
use rcs_revoke_core::{Ack, Host, Span, Timestamp};

use super::Setting;
use super::reading::{Attempt, Reading};

/// An attempt that may still be made.
#[derive(Clone, Debug)]
pub struct Due {
    pub at: Timestamp,
    /// Any of these is right.
    pub hosts: Vec<Host>,
    pub brings: Brings,
}

/// Nothing can be gained by asking again.
pub fn closed(reading: &Reading, setting: &Setting<'_>) -> bool {
    let told = reading.has(|event| {
        matches!(event, Event::Delivered | Event::Read | Event::NotDelivered { .. } | Event::ExpiryRevoked)
    });
    let mut accepted = reading.attempts.iter().filter_map(Attempt::accepted_at);
    let revoked = setting.confirmed() && accepted.any(|at| setting.now >= at + setting.settle());
    let over = reading.horizon(setting).is_some_and(|horizon| setting.now >= horizon);
    told || revoked || over
}

/// The next attempt for a wish, if it is live, not answered, and its schedule holds one.
///
/// Reading: without the recipient no attempt can be made, be it the first or a later one.
pub fn next(wish: usize, reading: &Reading, setting: &Setting<'_>) -> Option<Due> {
    if lacks_recipient(reading, setting) { None } else { next_if_addressed(wish, reading, setting) }
}

/// The same, as if the recipient were known.
pub fn next_if_addressed(wish: usize, reading: &Reading, setting: &Setting<'_>) -> Option<Due> {
    let the_wish = &reading.wishes[wish];
    if the_wish.withdrawn || reading.answered(the_wish) || closed(reading, setting) {
        return None;
    }
    let attempts = reading.attempts_of(wish);
    // Reading: an open attempt is waited for, also where a later one was answered before it.
    if attempts.iter().any(|attempt| attempt.answer.is_none()) {
        return None;
    }
    let mut due = match attempts.last() {
        None => first(reading, setting),
        Some(latest) => again(latest, &attempts, reading, setting)?,
    };
    // Reading: "not to be attempted before" holds for every attempt of the wish, not only for its first.
    if let Some(not_before) = the_wish.not_before
        && not_before > due.at
    {
        due.at = not_before;
    }
    in_time(due.at, the_wish.override_window, reading, setting).then_some(due)
}

/// Whether an attempt at that time, or now if that has passed, is before the window's and the message's end.
fn in_time(at: Timestamp, overrides: bool, reading: &Reading, setting: &Setting<'_>) -> bool {
    let at = at.max(setting.now);
    let in_window = overrides || reading.window_end(setting).is_none_or(|end| at < end);
    in_window && reading.horizon(setting).is_none_or(|horizon| at < horizon)
}

fn first(reading: &Reading, setting: &Setting<'_>) -> Due {
    let hosts = routes(reading, setting).into_iter().map(|candidates| candidates[0]).collect();
    Due { at: Timestamp::from_millis(i64::MIN), hosts, brings: Brings::Start }
}

pub fn lacks_recipient(reading: &Reading, setting: &Setting<'_>) -> bool {
    setting.source.provider.adapter().needs_recipient() && reading.phone().is_none()
}

/// Where to ask, in order.
///
/// Reading: the message's own host is the one it was sent to, or one that accepted a request for it. When both
/// are known and differ, either may come first.
fn routes(reading: &Reading, setting: &Setting<'_>) -> Vec<Vec<Host>> {
    let mut own: Vec<Option<Host>> = Vec::new();
    if let Some((host, _)) = reading.stated(|registered| registered.host) {
        own.push(Some(host));
    }
    for attempt in &reading.attempts {
        if attempt.accepted_at().is_some() && attempt.host.is_some() {
            own.push(attempt.host);
        }
    }
    if own.is_empty() {
        own.push(None);
    }
    let adapter = setting.source.provider.adapter();
    own.into_iter().map(|own| adapter.route(setting.source, own).candidates).collect()
}

/// The answer of the latest attempt decides.
fn again(latest: &Attempt, attempts: &[&Attempt], reading: &Reading, setting: &Setting<'_>) -> Option<Due> {
    let policy = setting.policy;
    let (ack, at) = latest.answer.as_ref()?;
    let retry = |wait: Span| {
        Some(Due { at: *at + wait, hosts: same_host(latest, reading, setting), brings: Brings::Retry })
    };
    match ack {
        Ack::Unknown { .. } | Ack::NotSent { .. } => {
            let so_far = count(attempts, |ack| matches!(ack, Ack::Unknown { .. } | Ack::NotSent { .. }));
            let planned = *setting.retries().get(so_far - 1)?;
            retry(stretched(planned, ack.retry_after(), setting))
        }
        Ack::NoEffect { reason: NoEffect::Throttled, retry_after } => {
            let so_far =
                count(attempts, |ack| matches!(ack, Ack::NoEffect { reason: NoEffect::Throttled, .. }));
            let planned = policy.throttled.get(so_far - 1).copied().unwrap_or(policy.throttled_then);
            retry(stretched(planned, *retry_after, setting))
        }
        Ack::NoEffect { reason: NoEffect::Credentials, .. } => {
            let so_far =
                count(attempts, |ack| matches!(ack, Ack::NoEffect { reason: NoEffect::Credentials, .. }));
            if so_far == 1 { retry(asked_for(ack, Span::ZERO, setting)) } else { None }
        }
        Ack::NoEffect { reason: NoEffect::Permission, .. } => {
            let so_far =
                count(attempts, |ack| matches!(ack, Ack::NoEffect { reason: NoEffect::Permission, .. }));
            if so_far > setting.source.provider.adapter().permission_retries() as usize {
                return None;
            }
            retry(asked_for(ack, *setting.retries().get(so_far - 1)?, setting))
        }
        Ack::Accepted
        | Ack::NoEffect { reason: NoEffect::Invalid | NoEffect::Unsupported | NoEffect::NoCredit, .. } => {
            None
        }
        Ack::NotFound { .. } => other_region(*at, attempts, reading, setting),
    }
}

/// Reading: all but a 404 is asked again at the same host; after an attempt at an unknown host, at the first.
fn same_host(latest: &Attempt, reading: &Reading, setting: &Setting<'_>) -> Vec<Host> {
    match latest.host {
        Some(host) => vec![host],
        None => routes(reading, setting).into_iter().map(|candidates| candidates[0]).collect(),
    }
}

fn count(attempts: &[&Attempt], wanted: impl Fn(&Ack) -> bool) -> usize {
    attempts.iter().filter(|attempt| attempt.answer.as_ref().is_some_and(|(ack, _)| wanted(ack))).count()
}

/// The planned wait with jitter, but no less than what the provider asks for.
fn stretched(planned: Span, retry_after: Option<Span>, setting: &Setting<'_>) -> Span {
    let planned = Span::millis(planned.as_millis().saturating_mul(setting.jitter) / 100);
    match retry_after {
        Some(asked) => planned.max(asked.min(setting.policy.retry_after_cap)),
        None => planned,
    }
}

/// Reading: `Retry-After` is honoured beside any answer that is repeated; these waits bear no jitter.
pub fn asked_for(ack: &Ack, planned: Span, setting: &Setting<'_>) -> Span {
    let asked = ack.retry_after().unwrap_or(Span::ZERO);
    planned.max(asked.min(setting.policy.retry_after_cap))
}

/// The region that has said 404 least often since the provider last said that it has the message.
fn other_region(
    latest: Timestamp,
    attempts: &[&Attempt],
    reading: &Reading,
    setting: &Setting<'_>,
) -> Option<Due> {
    if !setting.source.provider.adapter().asks_other_hosts() {
        return None;
    }
    let submitted = reading
        .events
        .iter()
        .filter(|event| event.event == Event::Submitted)
        .map(|event| event.received_at)
        .max();
    let said_no = |host: Host| {
        attempts
            .iter()
            .filter(|attempt| attempt.host == Some(host))
            .filter(|attempt| {
                matches!(&attempt.answer, Some((Ack::NotFound { .. }, at))
                    if submitted.is_none_or(|submitted| *at >= submitted))
            })
            .count()
    };
    let mut dues: Vec<Due> = Vec::new();
    for candidates in routes(reading, setting) {
        let counts: Vec<usize> = candidates.iter().map(|host| said_no(*host)).collect();
        let fewest = *counts.iter().min()?;
        let most = *counts.iter().max()?;
        let next = candidates[counts.iter().position(|count| *count == fewest)?];
        let at = match (fewest, most) {
            (1, 1) => {
                let young = reading.sent_at().is_some_and(|sent| latest < sent + Span::secs(60));
                if !young {
                    return None;
                }
                let retries = setting.retries();
                latest + *retries.get(1).or(retries.last())?
            }
            (0 | 1, _) => latest,
            _ => return None,
        };
        dues.push(Due { at, hosts: vec![next], brings: Brings::Retry });
    }
    let mut due = dues.first()?.clone();
    due.hosts = dues.iter().flat_map(|due| due.hosts.clone()).collect();
    Some(due)
}
