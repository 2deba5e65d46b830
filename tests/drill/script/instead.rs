//! What the sending system says of a message's class and of an SMS instead, what operators do about one, and what goes
//! wrong with requests for it.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::{FaultKind, NewFault, Provider, Route};
use rcs_revoke_tests::world::Sender;

use super::trouble::{always, status, with_retry_after};
use super::{Deed, Then, Told, part};
use crate::classes::{ALERT, Class, OFFER, OTP, PROMOTIONAL, TRANSACTIONAL};

/// What is said of one message beside what it is.
#[derive(Clone, Debug, Default)]
pub struct Instead {
    /// Its class, if it was registered with one.
    pub class: Option<&'static Class>,
    /// What an SMS shall say.
    pub text: Option<String>,
    /// Whether it carries a failover of its own.
    pub failover: bool,
    /// When it shall be revoked by itself, if its sender names a date.
    pub revoke_at: Option<i64>,
    /// The number that its sender registers, if that is another than the provider's.
    pub wrong_phone: Option<String>,
}

/// Draws what the sender says. Only who registers by the API can say more than where the message went.
pub(super) fn said(rng: &mut ChaCha8Rng, told: Told, born: i64, span: i64) -> Instead {
    if told != Told::Api {
        return Instead::default();
    }
    let class = match rng.random_range(0..100) {
        0..30 => Some(&OTP),
        30..40 => Some(&TRANSACTIONAL),
        40..50 => Some(&PROMOTIONAL),
        50..80 => Some(&ALERT),
        80..90 => Some(&OFFER),
        _ => None,
    };
    Instead {
        class,
        text: rng.random_bool(0.85).then(|| format!("Your code is {}", rng.random_range(1_000..10_000))),
        failover: rng.random_bool(0.06),
        revoke_at: rng.random_bool(0.12).then(|| born + part(rng, span, 0.02, 0.4)),
        wrong_phone: rng.random_bool(0.05).then(|| format!("+49152{:08}", rng.random_range(0..100_000_000))),
    }
}

/// The life that its class gives a message at the source, where the sender asks for that.
pub(super) fn life(rng: &mut ChaCha8Rng, instead: &Instead) -> Option<u64> {
    let is_code = instead.class.is_some_and(|class| class.name == OTP.name);
    (is_code && rng.random_bool(0.3)).then_some(600)
}

/// Whether the class's own date is left to do its work: then no operator wishes anything.
pub(super) fn is_left_alone(rng: &mut ChaCha8Rng, instead: &Instead) -> bool {
    let has_date =
        instead.revoke_at.is_some() || instead.class.is_some_and(|class| class.revoke_after.is_some());
    rng.random_bool(if has_date { 0.6 } else { 0.0 })
}

/// What operators and the person do besides: dates moved and withdrawn, SMS ordered by hand, no more advertising.
pub(super) fn deeds(
    rng: &mut ChaCha8Rng,
    sender: &Sender,
    told: Told,
    born: i64,
    span: i64,
    deeds: &mut Vec<(i64, Deed)>,
) {
    for (_, deed) in deeds.iter_mut() {
        if let Deed::Wish { then, .. } = deed {
            *then = *[Then::Nothing, Then::Fallback, Then::Fallback, Then::Sms].choose(rng).unwrap_or(then);
        }
    }
    if sender.provider == Provider::Google && rng.random_bool(0.08) {
        deeds.push((born + part(rng, span, 0.0, 0.3), Deed::Unsubscribe));
    }
    let Some(known) = deeds.iter().filter(|(_, deed)| *deed != Deed::Send).map(|(at, _)| *at).min() else {
        return;
    };
    if told == Told::Nobody {
        return;
    }
    if rng.random_bool(0.08) {
        let at = known + part(rng, span, 0.0, 0.05);
        let not_before = Some(at + part(rng, span, 0.01, 0.2));
        deeds.push((at, Deed::Wish { not_before, again: false, then: Then::Fallback, replace: true }));
    }
    if rng.random_bool(0.04) {
        deeds.push((known + part(rng, span, 0.0, 0.05), Deed::Withdraw));
    }
    if rng.random_bool(0.14) {
        let number = if rng.random_bool(0.85) { 1 } else { 2 };
        let at = known + part(rng, span, 0.02, 0.5);
        deeds.push((at, Deed::Order { number }));
        if rng.random_bool(0.3) {
            // Two people press the same button.
            deeds.push((at, Deed::Order { number }));
        }
    }
}

/// What goes wrong with the requests for an SMS to this number: mostly nothing, sometimes one thing.
pub(super) fn faults(rng: &mut ChaCha8Rng, phone: &str) -> Option<NewFault> {
    if rng.random_bool(0.6) {
        return None;
    }
    let few = Some(rng.random_range(1..3));
    let (fault, count) = match rng.random_range(0..100) {
        0..8 => (status(401), few),
        8..14 => (status(402), few),
        14..20 => (status(422), None),
        20..30 => (status(429), few),
        30..40 => (with_retry_after(429, rng.random_range(1..60).to_string()), few),
        40..52 => (server_error(rng, false), few),
        52..64 => (server_error(rng, true), few),
        64..74 => (FaultKind::ResetBefore, few),
        74..84 => (FaultKind::ResetAfter, few),
        84..92 => (slow(false), Some(1)),
        _ => (slow(true), Some(1)),
    };
    let (route, phone) = (Some(Route::VonageSend), Some(phone.to_owned()));
    Some(NewFault { route, phone, count, ..always(fault) })
}

fn server_error(rng: &mut ChaCha8Rng, after_effect: bool) -> FaultKind {
    let status = [500, 502, 503, 504][rng.random_range(0..4)];
    FaultKind::Status { status, retry_after: None, body: None, after_effect }
}

/// Real time, long enough for a kill to fall into it.
const fn slow(after_effect: bool) -> FaultKind {
    FaultKind::Latency { ms: 100, jitter_ms: 500, after_effect }
}
