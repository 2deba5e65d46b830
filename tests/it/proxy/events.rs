//! Server-sent events: every change, and none lost by a reader that was away.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use rcs_revoke_simulator::behaviour::Delivery;
use serde_json::Value;

use super::stage::{Stage, auth};

struct Events {
    body: Incoming,
    text: String,
}

#[derive(Debug)]
struct Event {
    name: String,
    id: String,
    data: Value,
}

impl Events {
    async fn open(stage: &Stage, last: Option<&str>) -> Self {
        let (name, value) = auth();
        let mut request = Request::get(format!("{}/api/v1/events", stage.base())).header(name, value);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Full::new(Bytes::new())).expect("a request");
        let answer = stage.http.request(request).await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { body: answer.into_body(), text: String::new() }
    }

    async fn next(&mut self) -> Event {
        tokio::time::timeout(Duration::from_secs(30), self.read()).await.expect("an event in time")
    }

    async fn read(&mut self) -> Event {
        loop {
            if let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                rest.clone_into(&mut self.text);
                let field = |name: &str| {
                    let lines = event.lines().filter_map(|line| line.strip_prefix(name));
                    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
                };
                if !field("event:").is_empty() {
                    let data = serde_json::from_str(&field("data:")).expect("JSON");
                    return Event { name: field("event:"), id: field("id:"), data };
                }
                continue;
            }
            let frame = self.body.frame().await.expect("the stream goes on").expect("the connection holds");
            let data = frame.into_data().unwrap_or_default();
            self.text.push_str(std::str::from_utf8(&data).expect("text"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_was_away_hears_what_it_missed() {
    let stage = Stage::set().await;
    let mut events = Events::open(&stage, None).await;
    let hello = events.next().await;
    assert_eq!(hello.name, "hello");
    assert_eq!(hello.data["demo"], false);
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let message = stage.register("codes", &created).await;
    let seen = loop {
        let event = events.next().await;
        if event.data["message"] == message.as_str() {
            break event;
        }
    };
    assert_eq!(seen.name, "message");
    drop(events);

    stage.revoke(&[&message]).await;
    stage.until(&message, "unconfirmed").await;
    let mut events = Events::open(&stage, Some(&seen.id)).await;
    assert_eq!(events.next().await.name, "hello");
    let missed = events.next().await;
    assert_eq!(missed.data["message"], message.as_str());
    assert_eq!(missed.data["outcome"]["outcome"], "unconfirmed", "as it is by now");
    assert!(missed.data["version"].as_i64() > seen.data["version"].as_i64());

    stage.server.stop().await.expect("an open stream holds up no end");
    assert!(events.body.frame().await.is_none(), "and the stream ends in order");
}
