//! The text and the number: through a pipe, cut off, sent twice, typed on a terminal.

use std::process::Stdio;

use rcs_revoke_tests::built_program;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use super::{
    DONE, FELL_SHORT, NOTHING_TO_ASK, PATIENCE, PLANNED, ended, file, program, recall, recall_from_pipe,
    requests, sent,
};
use crate::proxy::stage::{ACCESS_KEY, Stage};

/// Passes everything on to the server, but takes away the answer to the first upload and breaks the connection.
async fn lossy(server: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback works");
    let address = format!("http://{}", listener.local_addr().expect("loopback works"));
    tokio::spawn(async move {
        let mut is_first = true;
        while let Ok((client, _)) = listener.accept().await {
            let server =
                TcpStream::connect(server.trim_start_matches("http://")).await.expect("loopback works");
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let loses = std::mem::take(&mut is_first);
            let (seen, mut uploads) = tokio::sync::watch::channel(false);
            tokio::spawn(async move {
                let mut part = vec![0; 64 << 10];
                while let Ok(length @ 1..) = from_client.read(&mut part).await {
                    let text = String::from_utf8_lossy(&part[..length]).into_owned();
                    if loses && text.contains("POST /api/v1/batches/upload") {
                        seen.send_replace(true);
                    }
                    if to_server.write_all(&part[..length]).await.is_err() {
                        return;
                    }
                }
            });
            tokio::spawn(async move {
                let mut part = vec![0; 64 << 10];
                while let Ok(length @ 1..) = from_server.read(&mut part).await {
                    if *uploads.borrow_and_update() {
                        return;
                    }
                    if to_client.write_all(&part[..length]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_could_not_be_read_shows_in_the_exit_code() {
    let stage = Stage::set().await;
    let (_, text) = sent(&stage, 2);
    let ran =
        recall_from_pipe(&stage, &["--source", "codes", "--yes", "2", "-"], &(text + "what is this\n")).await;
    assert_eq!(ran.code, FELL_SHORT, "{}", ran.all());
    assert!(ran.out.contains("1 row could not be taken"), "{}", ran.all());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_ends_early_starts_nothing() {
    let stage = Stage::set().await;
    let (_, text) = sent(&stage, 3);
    let cut = &text[..text.len() - 20];
    let ran = recall_from_pipe(&stage, &["--source", "codes", "--yes", "3", "-"], cut).await;
    assert_eq!(ran.code, PLANNED, "{}", ran.all());
    assert!(ran.out.contains("line 3"), "{}", ran.all());
    let empty = recall_from_pipe(&stage, &["--source", "codes", "--yes", "3", "-"], "").await;
    assert_eq!(empty.code, NOTHING_TO_ASK, "{}", empty.all());
    let closed = recall(&stage, &["--source", "codes", "--json", "-"]).await;
    assert_eq!(closed.code, NOTHING_TO_ASK, "{}", closed.all());
    assert_eq!(closed.events().len(), 1);
    assert_eq!(recall(&stage, &["--list"]).await.out.lines().count(), 1, "an empty text makes no plan");
    assert_eq!(requests(&stage), 0);
    let whole = recall_from_pipe(&stage, &["--source", "codes", "--yes", "3", "-"], &text).await;
    assert_eq!(whole.code, DONE, "{}", whole.all());
    let again = recall_from_pipe(&stage, &["--source", "codes", "--yes", "3", "-"], &text).await;
    assert_eq!(again.code, NOTHING_TO_ASK, "they are asked for already: {}", again.all());
    assert_eq!(requests(&stage), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_sent_twice_makes_one_plan() {
    let stage = Stage::set().await;
    let (_, text) = sent(&stage, 3);
    let file = file(&stage, "ids.txt", &text);
    let address = lossy(stage.base()).await;
    let args = ["--source", "codes", "--plan", "--json", &file];
    let ran = ended(program(&address, &args).spawn().unwrap()).await;
    assert_eq!(ran.code, PLANNED, "{}", ran.all());
    assert!(ran.err.contains("sent again"), "{}", ran.all());
    assert_eq!(ran.events()[0]["batch"]["batch"], "bat_1");
    assert_eq!(recall(&stage, &["--list"]).await.out.lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg(target_os = "linux")]
async fn on_a_terminal_the_number_is_typed() {
    let stage = Stage::set().await;
    let (_, text) = sent(&stage, 3);
    let ids = file(&stage, "ids.txt", &text);
    for (typed, code) in [("2\n\n", PLANNED), ("3\n", DONE)] {
        let command = format!(
            "{} recall --server {} --source codes {}",
            built_program("rcs-revoke").display(),
            stage.base(),
            ids
        );
        let mut child = Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .env_remove("RCS_REVOKE_CONFIG")
            .env("RCS_REVOKE_ACCESS_KEY", ACCESS_KEY)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("`script` of util-linux is there");
        let mut keyboard = child.stdin.take().unwrap();
        let mut screen = child.stdout.take().unwrap();
        let mut shown = String::new();
        let asked = async {
            let mut part = [0; 4096];
            while !shown.contains("Type the number") {
                let length = screen.read(&mut part).await.unwrap();
                assert!(length > 0, "it ended: {shown}");
                shown += &String::from_utf8_lossy(&part[..length]);
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.expect("it asks");
        assert_eq!(requests(&stage), 0, "nothing is sent before");
        keyboard.write_all(typed.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let end = async { tokio::join!(screen.read_to_end(&mut rest), child.wait()).1 };
        let status = tokio::time::timeout(PATIENCE, end).await.expect("it ends").unwrap();
        assert_eq!(status.code(), Some(code), "{shown}{}", String::from_utf8_lossy(&rest));
    }
    assert_eq!(requests(&stage), 3);
}
