//! What becomes of a message: delivery, reading, the end of its life, what a revocation does, how its webhooks travel.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::behaviour::{AfterRevoke, Delivery, Expiry, RevokeSemantics, WebhookBehaviour};
use rcs_revoke_simulator::config::Share;
use rcs_revoke_simulator::{Behaviour, Provider};
use rcs_revoke_tests::world::Sender;

use super::part;

const SECOND: u64 = 1_000;

pub(super) fn behaviour(rng: &mut ChaCha8Rng, sender: &Sender, born: i64, span: i64) -> Behaviour {
    let provider = sender.provider;
    Behaviour {
        delivery: Some(delivery(rng, born, span)),
        read_after_ms: rng.random_bool(0.3).then(|| rng.random_range(1_000..120_000)),
        expiry: Some(expiry(rng)),
        expiry_after_revoke: Some(rng.random_bool(0.15)),
        revoke: (provider == Provider::Google).then(|| semantics(rng, sender.confirmed)),
        race_after_ms: Some(rng.random_range(50..20_000)),
        after_revoke: (provider == Provider::Vonage).then(|| after_revoke(rng)),
        webhook: webhook(rng, span),
        ..Behaviour::default()
    }
}

/// What becomes of SMS, by weight; nobody revokes them.
pub fn sms_mix() -> Vec<Share> {
    let webhook = WebhookBehaviour {
        jitter_ms: Some(90 * SECOND),
        loss: Some(0.12),
        duplicate: Some(0.2),
        v0_1: Some(false),
        ..WebhookBehaviour::default()
    };
    let old = WebhookBehaviour { v0_1: Some(true), ..webhook.clone() };
    let fates = [
        (6, Delivery::Online { after_ms: 3 * SECOND }),
        (3, Delivery::Offline { for_ms: 120 * SECOND }),
        (1, Delivery::Never),
        (1, Delivery::Rejected { code: 1170, after_ms: 2 * SECOND }),
        (1, Delivery::Undeliverable { code: 1260, after_ms: 2 * SECOND }),
    ];
    let share = |(number, (weight, delivery)): (usize, (u32, Delivery))| Share {
        weight,
        behaviour: Behaviour {
            delivery: Some(delivery),
            expiry: Some(Expiry::Revoked),
            webhook: if number % 2 == 0 { webhook.clone() } else { old.clone() },
            ..Behaviour::default()
        },
    };
    fates.into_iter().enumerate().map(share).collect()
}

fn delivery(rng: &mut ChaCha8Rng, born: i64, span: i64) -> Delivery {
    match rng.random_range(0..100) {
        0..15 => Delivery::Online { after_ms: rng.random_range(200..60_000) },
        // Written as a distance, because virtual time does not begin at zero.
        15..40 => Delivery::Offline { for_ms: u64::try_from(part(rng, span, 0.0, 1.2)).unwrap_or(0) },
        40..65 => Delivery::Never,
        65..77 => Delivery::RacesRevoke { after_ms: rng.random_range(100..30_000) },
        77..87 => Delivery::DeliveredBeforeRevoke { before_ms: rng.random_range(10..5_000) },
        87..93 => {
            let code = *[1300, 1330, 1240].choose(rng).unwrap_or(&1300);
            Delivery::Rejected { code, after_ms: rng.random_range(200..60_000) }
        }
        _ => Delivery::OfflineUntil { at_ms: crate::clock::ORIGIN + born + part(rng, span, 0.0, 0.8) },
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

/// Where an operator has confirmed what the answers mean, they mean that, up to races; elsewhere anything may be.
fn semantics(rng: &mut ChaCha8Rng, confirmed: bool) -> RevokeSemantics {
    match rng.random_range(0..100) {
        0..60 => RevokeSemantics::Confirmed,
        60..75 => RevokeSemantics::Race,
        _ if confirmed => RevokeSemantics::Confirmed,
        75..90 => RevokeSemantics::Legacy,
        _ => RevokeSemantics::Always404,
    }
}

fn after_revoke(rng: &mut ChaCha8Rng) -> AfterRevoke {
    let after_ms = rng.random_range(100..30_000);
    match rng.random_range(0..100) {
        0..50 => AfterRevoke::Silence,
        50..70 => AfterRevoke::Rejected1360 { after_ms },
        70..80 => AfterRevoke::RejectedOther { after_ms, code: 1330 },
        80..88 => AfterRevoke::Undeliverable { after_ms },
        _ => AfterRevoke::LateDelivered { after_ms },
    }
}

/// Late, doubled, out of order, lost.
fn webhook(rng: &mut ChaCha8Rng, span: i64) -> WebhookBehaviour {
    let up_to = |rng: &mut ChaCha8Rng, share: f64| u64::try_from(part(rng, span, 0.0, share)).unwrap_or(0);
    WebhookBehaviour {
        delay_ms: Some(if rng.random_bool(0.2) { up_to(rng, 0.15) } else { rng.random_range(0..2_000) }),
        jitter_ms: rng.random_bool(0.5).then(|| up_to(rng, 0.1)),
        loss: Some(0.12),
        duplicate: Some(0.2),
        pretty: Some(rng.random_bool(0.3)),
        v0_1: Some(rng.random_bool(0.3)),
        ..WebhookBehaviour::default()
    }
}
