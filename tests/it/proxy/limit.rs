//! The provider's rate limit, measured where the requests arrive: over a restart, with latency, and where the provider
//! takes less than it is said to.

use std::time::Instant;

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::config::{RateLimit, VonageAnswers, VonageConfig};
use rcs_revoke_simulator::{Config, FaultKind, NewFault, Route};

use super::stage::{Stage, settings, world_config};

const RATE: u32 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn no_second_ever_holds_more_than_the_limit() {
    let world = world_config();
    let limit = RateLimit { per_second: RATE, enforce: true, virtual_seconds: false };
    let world = Config { vonage: VonageConfig { rate_limit: Some(limit), ..world.vonage }, ..world };
    let stage = Stage::with(world, |world| settings(world, RATE)).await;
    let mut messages = Vec::new();
    for index in 0..20 {
        let source = if index % 2 == 0 { "codes" } else { "alerts" };
        let created = stage.sent(source, &format!("+4477009000{index:02}"), Delivery::Never);
        messages.push(stage.register(source, &created).await);
    }
    let keys: Vec<&str> = messages.iter().map(String::as_str).collect();
    stage.revoke(&keys).await;
    stage.until(&messages[19], "settling").await;
    let stage = stage.kill_and_start(RATE).await;
    for message in &messages {
        stage.until(message, "unconfirmed").await;
    }
    let stats = stage.world.stats();
    assert!(!stats.keys.is_empty());
    for (key, stats) in &stats.keys {
        assert_eq!(stats.violations, 0, "{key}: {stats:?}");
        assert!(stats.busiest_second <= RATE as usize, "{key}: {stats:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn latency_costs_nothing_of_the_limit() {
    const FAST: u32 = 50;
    const MESSAGES: usize = 200;
    let world = world_config();
    let limit = RateLimit { per_second: FAST, enforce: true, virtual_seconds: false };
    let latency = FaultKind::Latency { ms: 1_000, jitter_ms: 0, after_effect: true };
    let world = Config {
        vonage: VonageConfig { rate_limit: Some(limit), ..world.vonage },
        faults: vec![NewFault { route: Some(Route::VonageRevoke), ..NewFault::new(latency) }],
        ..world
    };
    let stage = Stage::with(world, |world| settings(world, FAST)).await;
    let messages = recalled(&stage, MESSAGES).await;
    for message in &messages {
        stage.until(message, "unconfirmed").await;
    }
    let truth = stage.world.truth();
    let mut arrived: Vec<i64> =
        truth.iter().flat_map(|truth| truth.message.revokes.iter().map(|seen| seen.at_ms)).collect();
    arrived.sort_unstable();
    assert_eq!(arrived.len(), MESSAGES);
    // Four seconds' worth. If requests counted until a second after their answers, it would be six.
    let took = arrived[MESSAGES - 1] - arrived[0];
    assert!(took < 5_000, "{took} ms");
    assert_eq!(stage.world.stats().keys["vonage"].violations, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_slows_down_when_the_provider_complains() {
    const TRUE_LIMIT: u32 = 20;
    let world = world_config();
    let limit = RateLimit { per_second: TRUE_LIMIT, enforce: true, virtual_seconds: false };
    let answers = VonageAnswers { retry_after_s: 1, ..VonageAnswers::default() };
    let world = Config { vonage: VonageConfig { rate_limit: Some(limit), answers, ..world.vonage }, ..world };
    let configured = |world: &_| {
        let soon = "throttled = [\"1s\"], throttled_then = \"1s\", settle";
        settings(world, TRUE_LIMIT * 4).replace("settle", soon)
    };
    let stage = Stage::with(world, configured).await;
    let began = Instant::now();
    let messages = recalled(&stage, 120).await;
    for message in &messages {
        stage.until(message, "unconfirmed").await;
    }
    let answers = stage.world.stats().routes[&Route::VonageRevoke].answers.clone();
    let refused = answers.get("429").copied().unwrap_or(0);
    assert!(refused > 0, "{answers:?}");
    // At the configured rate, three of four would be refused, again and again.
    assert!(refused < 60, "{answers:?} in {:?}", began.elapsed());
}

/// So many messages that were sent, registered and asked for in one command.
async fn recalled(stage: &Stage, count: usize) -> Vec<String> {
    let mut messages = Vec::new();
    for index in 0..count {
        let created = stage.sent("codes", &format!("+4477009{index:05}"), Delivery::Never);
        messages.push(stage.register("codes", &created).await);
    }
    let keys: Vec<&str> = messages.iter().map(String::as_str).collect();
    stage.revoke(&keys).await;
    messages
}
