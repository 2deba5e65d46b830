//! Webhooks that nobody should believe: each is answered as documented, and nothing that is known changes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rcs_revoke_simulator::Provider;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::forge::wire::{Caller, read_answer};
use rcs_revoke_tests::forge::world::World;
use rcs_revoke_tests::forge::{Kind, named, trial};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Senders that never finish what they say.
const SLOW: usize = 200;
/// Far below the time after which the server gives up a slow sender, which is 20 s.
const AT_ONCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_forged_or_replayed_changes_anything() {
    let folder = tempfile::tempdir().unwrap();
    let report = trial::run(&built_program("rcs-revoke"), folder.path(), 2_000, 1).await;
    let report = report.unwrap_or_else(|error| panic!("{error:#}"));
    assert!(report.complaints.is_empty(), "{}\n{}", report.complaints.join("\n\n"), report.table());
    assert_eq!(report.count(), 2_000);
}

#[test]
fn every_kind_is_tried_at_both_providers_and_every_case_has_one_name() {
    for provider in [Provider::Google, Provider::Vonage] {
        let rows = named(provider);
        let kinds: BTreeSet<Kind> = rows.iter().map(|(kind, ..)| *kind).collect();
        for kind in Kind::ALL {
            let elsewhere = match kind {
                // Google has no token, Vonage no handshake, and what is drawn has no name.
                Kind::Token => provider == Provider::Google,
                Kind::Handshake => provider == Provider::Vonage,
                Kind::Mutated => true,
                _ => false,
            };
            assert_eq!(kinds.contains(&kind), !elsewhere, "{provider:?}: {}", kind.label());
        }
        let names: BTreeSet<_> = rows.iter().map(|(kind, name, _)| (kind, name)).collect();
        assert_eq!(names.len(), rows.len(), "{provider:?}: a name stands twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_senders_hold_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::set(&built_program("rcs-revoke"), folder.path()).await;
    let world = world.unwrap_or_else(|error| panic!("{error:#}"));
    let host = world.server.webhooks.trim_start_matches("http://").to_owned();
    let began = Instant::now();
    let mut slow = Vec::new();
    for index in 0..SLOW {
        let mut line = TcpStream::connect(&host).await.unwrap();
        // Half of them have not said yet what they want, the others never end a body that is about to be long.
        let beginning = if index % 2 == 0 {
            "POST /webhooks/google_rbm/tickets HTTP/1.1\r\nhost: a\r\nx-goog-sig".to_owned()
        } else {
            format!(
                "POST /webhooks/vonage/codes HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n{}",
                "x".repeat(1_000)
            )
        };
        line.write_all(beginning.as_bytes()).await.unwrap();
        slow.push(line);
    }
    for (word, provider) in [("DELIVERED", Provider::Google), ("delivered", Provider::Vonage)] {
        let index = world.forger.targets.iter().position(|target| target.provider == provider).unwrap();
        let target = &world.forger.targets[index];
        let call = world.genuine(index, &target.event(word, 77));
        assert_eq!(
            Caller::new(&world.server.webhooks).call(&call).await.unwrap().status,
            200,
            "{provider:?}"
        );
        world.until(&target.key(), "delivered").await.unwrap();
    }
    assert!(began.elapsed() < AT_ONCE, "{:?} with {SLOW} slow senders", began.elapsed());
    // Whoever never ends its body is told to come again, and lets go of its place.
    let answer = read_answer(&mut slow[1]).await.unwrap();
    assert_eq!(answer.status, 503);
    assert!(began.elapsed() < 3 * AT_ONCE, "{:?}", began.elapsed());
    world.server.stop().await.unwrap();
}
