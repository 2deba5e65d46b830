//! A process that is killed loses nothing that it had accepted, and the next takes up its work within seconds.

use std::process::Command;
use std::time::{Duration, Instant};

use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{FaultKind, NewFault, Route};

use rcs_revoke_tests::built_program;

use super::stage::{Stage, settings, world_config};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_goes_on_where_it_was() {
    // Slow enough that most of it is still to be done when the process dies.
    let stage = Stage::with(world_config(), |world| settings(world, 4)).await;
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageRevoke),
        host: None,
        message: None,
        phone: None,
        probability: 1.0,
        count: None,
        skip: 0,
        fault: FaultKind::Latency { ms: 300, jitter_ms: 0, after_effect: false },
    });
    let mut messages = Vec::new();
    for index in 0..16 {
        let created = stage.sent("codes", &format!("+4477009000{index:02}"), Delivery::Never);
        messages.push(stage.register("codes", &created).await);
    }
    let keys: Vec<&str> = messages.iter().map(String::as_str).collect();
    assert_eq!(stage.revoke(&keys).await.made, 16);
    let asked =
        |stage: &Stage| stage.world.truth().iter().filter(|truth| !truth.message.revokes.is_empty()).count();
    let deadline = Instant::now() + Duration::from_secs(20);
    while asked(&stage) < 3 {
        assert!(Instant::now() < deadline, "nothing was asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let stage = stage.kill_and_start(30).await;
    assert!(asked(&stage) < 16, "it was killed too late to show anything");
    for message in &messages {
        stage.until(message, "unconfirmed").await;
    }
    assert_eq!(asked(&stage), 16);

    let config = stage.folder.path().join("server.toml");
    stage.server.stop().await.unwrap();
    let checked = Command::new(built_program("rcs-revoke"))
        .args(["rebuild", "--check", "--config"])
        .arg(config)
        .output();
    let checked = checked.unwrap();
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("16 messages") && said.contains(" 0 differ"), "{said}");
}
