//! Plans of uploaded texts: their rejected rows, and uploads that break off.

use std::fmt::Write as _;

use rcs_revoke_core::recall::State;
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::{
    BATCHES, give, is_consistent, is_sound, requests, sent, text_of, until, until_over, upload, view_of,
};
use crate::proxy::stage::{Stage, auth};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_tells_every_row_that_it_could_not_take() {
    let stage = Stage::set().await;
    let created = sent(&stage, 40);
    let mut text = String::from("\u{feff}id;phone;note\r\n");
    for created in &created {
        write!(text, "{};{};\"x;y\"\r\n", created.id, created.phone).unwrap();
    }
    for row in 0..150 {
        write!(text, "no id {row};+4477009{row:05};\r\n").unwrap();
    }
    write!(text, "{};{};again\r\n", created[0].id, created[0].phone).unwrap();
    let reply = upload(&stage, "?source=codes&title=Campaign%20118", text, &[]).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
    let view = view_of(&reply);
    let plan = &view.plan;
    assert_eq!((plan.counts.ask, plan.rejected, plan.duplicates), (40, 150, 1), "{plan:#?}");
    assert_eq!((plan.problems.len(), plan.problems[0].line), (100, 42));
    assert!(!reply.text().contains("4477009000"), "no whole number in an answer");
    let rejects = stage.get(&format!("{BATCHES}/{}/rejects.csv", view.batch)).await.text();
    assert_eq!(rejects.lines().count(), 151, "all of them, whatever the answer lists");
    assert!(rejects.starts_with("line,column,code,detail,text\r\n42,"), "{}", &rejects[..200]);
    is_consistent(&stage, &view).await;
    assert_eq!(requests(&stage), 0);
}

/// Sends a text of which more was announced, and waits for no answer.
async fn begin_upload(stage: &Stage, text: &str, headers: &str) -> tokio::net::TcpStream {
    let address = stage.base().trim_start_matches("http://").to_owned();
    let mut caller = tokio::net::TcpStream::connect(&address).await.expect("the server listens");
    let (name, value) = auth();
    let head = format!(
        "POST {BATCHES}/upload?source=codes HTTP/1.1\r\nHost: {address}\r\n{name}: {value}\r\n\
         Content-Type: application/octet-stream\r\n{headers}Content-Length: {}\r\n\r\n",
        text.len() + 1_000
    );
    caller.write_all(head.as_bytes()).await.expect("the server reads");
    caller.write_all(text.as_bytes()).await.expect("the server reads");
    caller.flush().await.expect("the server reads");
    caller
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_no_plan_that_can_be_started() {
    let stage = Stage::set().await;
    let text = text_of(&sent(&stage, 3_000));
    let caller = begin_upload(&stage, &text, "Idempotency-Key: cut\r\n").await;
    let reading = until(&stage, "bat_1", |view| view.progress.waiting > 0).await;
    assert_eq!(reading.state, State::Reading);
    let early = give(&stage, "bat_1", "start", json!({"expect": 3_000})).await;
    assert_eq!((early.status.as_u16(), early.code()), (409, "wrong_state".to_owned()));
    drop(caller);
    let view = until_over(&stage, "bat_1").await;
    assert_eq!((view.state, view.progress.waiting), (State::Dropped, 0));
    let late = give(&stage, "bat_1", "start", json!({})).await;
    assert_eq!((late.status.as_u16(), late.code()), (409, "wrong_state".to_owned()));
    assert_eq!(requests(&stage), 0);
    let again = [("idempotency-key", "cut".to_owned())];
    let view = view_of(&upload(&stage, "?source=codes", text, &again).await);
    assert_eq!(
        (view.state, view.plan.counts.ask),
        (State::Planned, 3_000),
        "and the same key makes it whole"
    );
    is_sound(stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_a_kill_cuts_off_is_no_plan_either() {
    let stage = Stage::set().await;
    let _caller = begin_upload(&stage, &text_of(&sent(&stage, 3_000)), "").await;
    until(&stage, "bat_1", |view| view.progress.waiting > 0).await;
    let stage = stage.kill_and_start(30).await;
    let view = until_over(&stage, "bat_1").await;
    assert_eq!((view.state, view.progress.waiting), (State::Dropped, 0));
    assert_eq!(requests(&stage), 0);
    is_sound(stage).await;
}
