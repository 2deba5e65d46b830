//! Behaviours that are drawn: what becomes of messages, and how their webhooks travel.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::Draw;
use crate::behaviour::{
    AfterRevoke, Behaviour, Capability, Delivery, Expiry, RevokeSemantics, Signature, WebhookBehaviour,
    WorkflowShape,
};
use crate::config::Share;
use crate::host::Provider;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
/// So many that every kind of delivery is usually among them.
const SHARES: u32 = 24;

/// What all messages of a provider share: the shape of its webhooks, and what phones can do.
pub(super) fn base(draw: Draw, provider: Provider, is_queued: bool) -> Behaviour {
    let rng = &mut draw.rng(&format!("{provider:?} base"));
    Behaviour {
        capability: Some(Capability::Features),
        webhook: WebhookBehaviour { loss: Some(0.02), ..webhook(rng, is_queued) },
        ..Behaviour::default()
    }
}

/// Behaviours with weights, of which each message draws one.
pub(super) fn mix(draw: Draw, provider: Provider, is_queued: bool) -> Vec<Share> {
    let share = |number: u32| {
        let rng = &mut draw.rng(&format!("{provider:?} mix {number}"));
        Share { weight: rng.random_range(1..=4), behaviour: behaviour(rng, provider, is_queued) }
    };
    (0..SHARES).map(share).collect()
}

/// The same for SMS, which nobody revokes.
pub(super) fn sms_mix(draw: Draw) -> Vec<Share> {
    let share = |number: u32| {
        let rng = &mut draw.rng(&format!("sms mix {number}"));
        let behaviour = Behaviour {
            delivery: Some(sms_delivery(rng)),
            expiry: Some(expiry(rng)),
            webhook: webhook(rng, false),
            ..Behaviour::default()
        };
        Share { weight: rng.random_range(1..=4), behaviour }
    };
    (0..SHARES).map(share).collect()
}

fn sms_delivery(rng: &mut ChaCha8Rng) -> Delivery {
    let after_ms = rng.random_range(200..MINUTE);
    match rng.random_range(0..100) {
        0..55 => Delivery::Online { after_ms },
        55..70 => Delivery::Offline { for_ms: rng.random_range(MINUTE..30 * HOUR) },
        70..80 => Delivery::Never,
        80..92 => Delivery::Rejected { code: [1170, 1190, 1240, 1330][rng.random_range(0..4)], after_ms },
        _ => Delivery::Undeliverable { code: 1260, after_ms },
    }
}

fn behaviour(rng: &mut ChaCha8Rng, provider: Provider, is_queued: bool) -> Behaviour {
    let is_google = provider == Provider::Google;
    Behaviour {
        delivery: Some(delivery(rng, provider)),
        read_after_ms: rng.random_bool(0.3).then(|| rng.random_range(SECOND..5 * MINUTE)),
        expiry: Some(expiry(rng)),
        expiry_after_revoke: Some(rng.random_bool(0.15)),
        revoke: is_google.then(|| semantics(rng)),
        race_after_ms: is_google.then(|| rng.random_range(50..20 * SECOND)),
        after_revoke: (!is_google).then(|| after_revoke(rng)),
        capability: None,
        webhook: webhook(rng, is_queued),
    }
}

fn delivery(rng: &mut ChaCha8Rng, provider: Provider) -> Delivery {
    match rng.random_range(0..100) {
        0..25 => Delivery::Online { after_ms: rng.random_range(200..MINUTE) },
        25..50 => Delivery::Offline { for_ms: rng.random_range(MINUTE..30 * HOUR) },
        50..70 => Delivery::Never,
        70..82 => Delivery::RacesRevoke { after_ms: rng.random_range(100..30 * SECOND) },
        82..92 => Delivery::DeliveredBeforeRevoke { before_ms: rng.random_range(10..5 * SECOND) },
        _ if provider == Provider::Vonage => Delivery::Rejected {
            code: [1300, 1310, 1330, 1240, 1270][rng.random_range(0..5)],
            after_ms: rng.random_range(200..MINUTE),
        },
        _ => Delivery::Never,
    }
}

fn expiry(rng: &mut ChaCha8Rng) -> Expiry {
    match rng.random_range(0..100) {
        0..50 => Expiry::Revoked,
        50..65 => Expiry::RevokeFailed,
        65..77 => Expiry::Both,
        77..90 => Expiry::Neither,
        _ => Expiry::UnknownWord,
    }
}

fn semantics(rng: &mut ChaCha8Rng) -> RevokeSemantics {
    match rng.random_range(0..100) {
        0..60 => RevokeSemantics::Confirmed,
        60..75 => RevokeSemantics::Race,
        75..90 => RevokeSemantics::Legacy,
        _ => RevokeSemantics::Always404,
    }
}

fn after_revoke(rng: &mut ChaCha8Rng) -> AfterRevoke {
    let after_ms = rng.random_range(100..30 * SECOND);
    match rng.random_range(0..100) {
        0..50 => AfterRevoke::Silence,
        50..70 => AfterRevoke::Rejected1360 { after_ms },
        70..80 => AfterRevoke::RejectedOther { after_ms, code: 1330 },
        80..88 => AfterRevoke::Undeliverable { after_ms },
        _ => AfterRevoke::LateDelivered { after_ms },
    }
}

/// Late, doubled, out of order, lost, replayed, at first signed wrongly. A queue is spared what would stall it for long.
fn webhook(rng: &mut ChaCha8Rng, is_queued: bool) -> WebhookBehaviour {
    let is_slow = rng.random_bool(0.2);
    let signature = signature(rng);
    let tries = if is_queued { 1 } else { rng.random_range(1..=5) };
    WebhookBehaviour {
        delay_ms: Some(rng.random_range(0..if is_slow { 20 * MINUTE } else { 2 * SECOND })),
        jitter_ms: rng.random_bool(0.5).then(|| rng.random_range(0..5 * MINUTE)),
        loss: Some(rng.random_range(0.0..0.15)),
        duplicate: Some(rng.random_range(0.0..0.3)),
        replay: Some(rng.random_range(0.0..0.1)),
        replay_after_ms: Some(rng.random_range(10 * MINUTE..HOUR)),
        signature: Some(signature),
        signature_tries: Some(tries),
        pretty: Some(rng.random_bool(0.3)),
        send_time: Some(rng.random_bool(0.8)),
        attributes: Some(rng.random_bool(0.8)),
        type_header: Some(rng.random_bool(0.8)),
        v0_1: Some(rng.random_bool(0.3)),
        same_token: Some(rng.random_bool(0.5)),
        numeric_title: Some(rng.random_bool(0.3)),
        workflow: Some(
            [WorkflowShape::WorkflowId, WorkflowShape::Id, WorkflowShape::TotalItems][rng.random_range(0..3)],
        ),
    }
}

fn signature(rng: &mut ChaCha8Rng) -> Signature {
    match rng.random_range(0..100) {
        0..80 => Signature::Good,
        80..85 => Signature::Bad,
        85..90 => Signature::Missing,
        90..95 => Signature::Stale,
        _ => Signature::WrongHash,
    }
}
