//! Whoever cannot get through is told why, and nothing is done.

use rcs_revoke_tests::built_program;
use tokio::net::TcpListener;
use tokio::process::Command;

use super::{DONE, FAILED, REFUSED, Ran, UNREACHABLE, ended, file, program, recall, sent};
use crate::proxy::stage::{ACCESS_KEY, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_get_through_is_told_why() {
    let stage = Stage::set().await;
    let (_, text) = sent(&stage, 1);
    let ids = file(&stage, "ids.txt", &text);
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let ran = ended(program(&nobody, &["--plan", &ids]).spawn().unwrap()).await;
    assert_eq!(ran.code, UNREACHABLE, "{}", ran.all());
    assert!(ran.err.contains("cannot be reached"), "{}", ran.all());
    let other = stage.world.base_url(rcs_revoke_simulator::HostName::VonageEu);
    let ran = ended(program(&other, &["--plan", &ids]).spawn().unwrap()).await;
    assert!([REFUSED, UNREACHABLE].contains(&ran.code), "{}", ran.all());

    let wrong = program(&stage.base(), &["--json", "--plan", &ids])
        .env("RCS_REVOKE_ACCESS_KEY", "wrong-access-key-0123456789")
        .spawn();
    let wrong = ended(wrong.unwrap()).await;
    assert_eq!(wrong.code, REFUSED, "{}", wrong.all());
    assert_eq!(wrong.events()[0]["problem"]["code"], "access_key_required");
    assert!(!wrong.all().contains("wrong-access-key"), "{}", wrong.all());
    let none = program(&stage.base(), &["--plan", &ids]).env_remove("RCS_REVOKE_ACCESS_KEY").spawn();
    let none = ended(none.unwrap()).await;
    assert!(none.code == REFUSED && none.err.contains("--key-file"), "{}", none.all());

    let missing = recall(&stage, &["--plan", "no/such/file"]).await;
    assert!(missing.code == FAILED && missing.err.contains("no/such/file"), "{}", missing.all());
    let folder = stage.folder.path().display().to_string();
    assert_eq!(recall(&stage, &["--plan", &folder]).await.code, FAILED);
    for args in [
        &["--source", "nobody", "--plan", &ids][..],
        &["--class", "nothing", "--plan", &ids],
        &["--not-before", "tomorrow", "--plan", &ids],
        &["--not-before", "1999-01-01T00:00:00Z", "--plan", &ids],
        &["--batch", "bat_99", "--watch"],
        &["--plan", "--yes", "1", &ids],
        &["--batch", "bat_1", &ids],
        &["--pause", &ids],
        &[],
    ] {
        let ran = recall(&stage, args).await;
        assert_eq!(ran.code, REFUSED, "{args:?}: {}", ran.all());
        assert!(!ran.err.trim().is_empty());
    }
    assert_eq!(recall(&stage, &["--list"]).await.out, "", "nothing of this made a plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_tells_where_the_server_is_and_its_key() {
    let stage = Stage::set().await;
    let config = stage.server.config().display().to_string();
    let run = |with_key: bool| {
        let mut command = Command::new(built_program("rcs-revoke"));
        command.args(["recall", "--list", "--config", &config]).env_remove("RCS_REVOKE_ACCESS_KEY");
        if with_key {
            command.env("RCS_REVOKE_ACCESS_KEY", ACCESS_KEY);
        }
        command.kill_on_drop(true);
        async move { Ran::of(&command.output().await.unwrap()) }
    };
    for with_key in [false, true] {
        let ran = run(with_key).await;
        assert_eq!(ran.code, DONE, "{}", ran.all());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_text_for_a_source_that_does_not_exist_is_refused_in_words() {
    let stage = Stage::set().await;
    let row = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n";
    let file = file(&stage, "ids.txt", &row.repeat(400_000));
    let ran = recall(&stage, &["--source", "nobody", "--plan", &file]).await;
    assert_eq!(ran.code, REFUSED, "{}", ran.all());
    assert!(ran.err.contains("no source is called `nobody`"), "{}", ran.all());
}
