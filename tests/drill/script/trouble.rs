//! What goes wrong between the server and a provider, for single messages and for everybody.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::{FaultKind, NewFault, Provider, Route};

/// What goes wrong with the requests for one message: mostly nothing, sometimes one thing, rarely two.
pub(super) fn faults(rng: &mut ChaCha8Rng, provider: Provider, id: &str) -> Vec<NewFault> {
    let how_many = match rng.random_range(0..100) {
        0..55 => 0,
        55..90 => 1,
        _ => 2,
    };
    (0..how_many).map(|_| fault(rng, provider, id)).collect()
}

fn fault(rng: &mut ChaCha8Rng, provider: Provider, id: &str) -> NewFault {
    let few = Some(rng.random_range(1..4));
    let (fault, count) = match rng.random_range(0..100) {
        0..8 => (status(401), Some(1)),
        8..16 => (status(403), few),
        16..20 => (status(403), None),
        // At Google a 404 would be the provider's own untrue word about the message, not a fault on the way.
        20..26 => (status(if provider == Provider::Vonage { 404 } else { 409 }), Some(1)),
        26..36 => (status(429), few),
        36..46 => {
            let seconds = rng.random_range(1..60).to_string();
            (with_retry_after(429, seconds), few)
        }
        46..62 => {
            let status = [500, 502, 503, 504][rng.random_range(0..4)];
            let after_effect = rng.random_bool(0.25);
            (FaultKind::Status { status, retry_after: None, body: None, after_effect }, few)
        }
        62..65 => (status(422), None),
        65..75 => (FaultKind::ResetBefore, few),
        75..87 => (FaultKind::ResetAfter, few),
        // A success that cannot be read, as a proxy on the way may give one.
        87..90 => (unreadable(), Some(1)),
        _ => (FaultKind::Latency { ms: 2, jitter_ms: 15, after_effect: false }, None),
    };
    NewFault { route: Some(revoke(provider)), message: Some(id.to_owned()), count, ..always(fault) }
}

/// What goes wrong for everybody: the token endpoint fails now and then.
pub fn for_all() -> Vec<NewFault> {
    let token =
        |fault, skip| NewFault { route: Some(Route::GoogleToken), count: Some(1), skip, ..always(fault) };
    vec![token(status(503), 0), token(FaultKind::ResetBefore, 1)]
}

const fn revoke(provider: Provider) -> Route {
    match provider {
        Provider::Google => Route::GoogleRevoke,
        Provider::Vonage => Route::VonageRevoke,
    }
}

pub(super) const fn always(fault: FaultKind) -> NewFault {
    NewFault {
        route: None,
        host: None,
        message: None,
        phone: None,
        probability: 1.0,
        count: None,
        skip: 0,
        fault,
    }
}

pub(super) const fn status(status: u16) -> FaultKind {
    FaultKind::Status { status, retry_after: None, body: None, after_effect: false }
}

pub(super) const fn with_retry_after(status: u16, seconds: String) -> FaultKind {
    FaultKind::Status { status, retry_after: Some(seconds), body: None, after_effect: false }
}

fn unreadable() -> FaultKind {
    let body = Some("<html>Please sign in to the network</html>".to_owned());
    FaultKind::Status { status: 200, retry_after: None, body, after_effect: false }
}
