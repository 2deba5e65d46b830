//! The provider's rate limit, measured where the requests arrive, over a restart.

use rcs_revoke_simulator::Config;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::config::{RateLimit, VonageConfig};

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
