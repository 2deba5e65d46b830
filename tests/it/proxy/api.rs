//! The API's happy path, and what it does with the same command given twice.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use rcs_revoke_api::Taken;
use rcs_revoke_simulator::behaviour::Delivery;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::stage::{Stage, auth};

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_revoked_and_their_stories_told() {
    let stage = Stage::set().await;
    let raced = stage.sent("codes", "+447700900001", Delivery::RacesRevoke { after_ms: 300 });
    let silent = stage.sent("alerts", "+447700900002", Delivery::Never);
    let removed = stage.sent("offers", "+447700900003", Delivery::Never);
    let (raced, silent, removed) = (
        stage.register("codes", &raced).await,
        stage.register("alerts", &silent).await,
        stage.register("offers", &removed).await,
    );
    let report = stage.revoke(&[&raced, &silent, &removed]).await;
    assert_eq!((report.made, report.already, report.refused), (3, 0, 0));
    let again = stage.revoke(&[&raced, &silent, &removed]).await;
    assert_eq!((again.made, again.already, again.refused), (0, 3, 0), "pressed twice");

    let detail = stage.until(&raced, "delivered").await;
    assert_eq!(serde_json::to_value(&detail.view.outcome).unwrap()["raced"], true);
    let detail = stage.until(&silent, "unconfirmed").await;
    let hosts = detail.timeline.iter().filter(|entry| entry.title.to_string().contains("api-")).count();
    assert!(hosts >= 2, "not found in the first region, accepted in the second: {:#?}", detail.timeline);
    assert_eq!(detail.view.recipient.as_deref(), Some("+44 •••• 02"), "masked");
    let detail = stage.until(&removed, "revoked").await;
    assert!(!detail.explanation.sentence.is_empty());
    assert!(detail.closed_because.is_some(), "there is nothing more to ask for");

    let page = stage.get("/api/v1/messages?outcome=revoked,delivered&limit=1").await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let next = page["next"].as_str().unwrap();
    let page =
        stage.get(&format!("/api/v1/messages?outcome=revoked,delivered&limit=1&after={next}")).await.json();
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (1, &Value::Null));
    assert_eq!(page["counts"], json!({"delivered": 1, "revoked": 1, "unconfirmed": 1}));
    assert_eq!(stage.messages("q=900002").await.len(), 1, "by the end of a number");
    assert_eq!(stage.messages(&format!("q={}", &silent[7..15])).await.len(), 1, "by the beginning of an id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_with_a_key_is_done_once() {
    let stage = Stage::set().await;
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let message = stage.register("codes", &created).await;
    let command = json!({"items": [{"message": message}]});
    let key = [("idempotency-key", "incident-7".to_owned())];
    let (one, other) = tokio::join!(
        stage.post_with("/api/v1/revocations", &command, &key),
        stage.post_with("/api/v1/revocations", &command, &key),
    );
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (202, 202));
    assert_eq!(one.json(), other.json());
    assert_eq!(one.json()["made"], 1);
    stage.until(&message, "unconfirmed").await;
    assert_eq!(stage.post_with("/api/v1/revocations", &command, &key).await.json(), one.json(), "later too");
    let command = json!({"items": [{"message": message}], "again": true});
    let reused = stage.post_with("/api/v1/revocations", &command, &key).await;
    assert_eq!((reused.status.as_u16(), reused.code()), (409, "idempotency_key_reused".to_owned()));
    assert_eq!(stage.world.truth_of(&created.id).unwrap().message.revokes.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_can_be_withdrawn() {
    let stage = Stage::set().await;
    let created = stage.sent("codes", "+447700900001", Delivery::Never);
    let message = stage.register("codes", &created).await;
    let tomorrow = created.sent_at_ms + 10 * 3_600_000;
    let planned = stage
        .post("/api/v1/revocations", &json!({"items": [{"message": message}], "not_before": tomorrow}))
        .await;
    let wish = planned.json()["results"][0]["wish"].as_str().unwrap().to_owned();
    assert_eq!(stage.until(&message, "planned").await.open_wish.as_ref(), Some(&wish));
    let shown = stage.get(&format!("/api/v1/revocations/{wish}")).await.json();
    assert_eq!(shown["message"].as_str(), Some(message.as_str()));
    let report = stage.post("/api/v1/withdrawals", &json!({"messages": [message]})).await.json();
    assert_eq!(report, json!({"withdrawn": 1, "too_late": 0, "nothing_to_withdraw": 0}));
    stage.until(&message, "withdrawn").await;
    assert!(stage.world.truth_of(&created.id).unwrap().message.revokes.is_empty());
    assert!(
        matches!(stage.revoke(&[&message]).await.results[0].taken, Taken::Made { .. }),
        "and wished for again"
    );
    stage.until(&message, "unconfirmed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_as_csv_is_registered_with_its_problems() {
    let stage = Stage::set().await;
    let csv = "sent,agent,phone,id\n\
               2026-11-20T10:00:00Z,tickets@rbm.goog,+447700900001,ticket-1\n\
               2026-11-20T10:00:00Z,tickets@rbm.goog,+447700900001,ticket-1\n\
               2026-11-20T10:00:00Z,tickets@rbm.goog,not a number,ticket-2\n\
               1999-01-01T10:00:00Z,tickets@rbm.goog,+447700900003,ticket-3\n";
    let url = format!("{}/api/v1/messages/import", stage.base());
    let headers = [auth(), ("content-type", "text/csv".to_owned())];
    let report = stage.call(Method::POST, &url, &headers, Bytes::from(csv)).await;
    let report = report.json();
    assert_eq!(
        (&report["kept"], &report["duplicates"], &report["refused"]),
        (&json!(1), &json!(1), &json!(2)),
        "{report}"
    );
    assert_eq!(report["problems"][0]["line"], 4);
    assert_eq!(report["problems"][1]["code"], "invalid_time");
    let found = stage.post("/api/v1/messages/lookup", &json!({"ids": ["ticket-1", "ticket-9"]})).await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["source"], "tickets");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_ledger_says_of_class_end_host_and_date_is_kept() {
    let stage = Stage::set().await;
    let csv = "id,agent,phone,sent_at,class,fallback_text,failover,host,ttl,revoke_at\n\
               ticket-1,tickets@rbm.goog,+447700900001,2026-11-20T10:00:00Z,otp,\"Your \"\"code\"\"\",no,europe,600s,2099-01-01T00:00:00Z\n\
               ticket-2,tickets@rbm.goog,+447700900002,2026-11-20T10:00:00Z,promotional,,,,24h,\n\
               ticket-3,tickets@rbm.goog,+447700900003,2026-11-20T10:00:00Z,weekly,,,,,\n\
               ticket-4,tickets@rbm.goog,+447700900004,2026-11-20T10:00:00Z,,,,,,2026-11-20T09:00:00Z\n\
               ticket-5,tickets@rbm.goog,+447700900005,2026-11-20T10:00:00Z,,,,,600,\n\
               ticket-6,tickets@rbm.goog,+447700900006,2026-11-20T10:00:00Z,,,,vonage.eu,,\n";
    let url = format!("{}/api/v1/messages/import", stage.base());
    let headers = [auth(), ("content-type", "text/csv".to_owned())];
    let report = stage.call(Method::POST, &url, &headers, Bytes::from(csv)).await.json();
    assert_eq!((&report["kept"], &report["refused"]), (&json!(1), &json!(5)), "{report}");
    let told: Vec<_> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["line"].as_u64().unwrap(), problem["code"].as_str().unwrap()))
        .collect();
    let expected = [
        (2, "absurd_time"),
        (4, "unknown_class"),
        (5, "revoked_before_sent"),
        (6, "unit_missing"),
        (7, "no_source_fits"),
    ];
    assert_eq!(told, expected);
    let detail = stage.server.api.message("google_rbm:tickets@rbm.goog:ticket-2").await.unwrap();
    assert_eq!(detail.class.as_deref(), Some("promotional"));
    assert_eq!(detail.horizon, Some(1_795_168_800_000 + 86_400_000));
    let soon = csv.replace("2099-01-01", "2026-11-21");
    let report = stage.call(Method::POST, &url, &headers, Bytes::from(soon)).await.json();
    assert_eq!((&report["kept"], &report["refused"]), (&json!(2), &json!(4)), "{report}");
    let detail = stage.server.api.message("google_rbm:tickets@rbm.goog:ticket-1").await.unwrap();
    assert_eq!((detail.class.as_deref(), detail.host.as_deref()), (Some("otp"), Some("google.europe")));
    assert_eq!(detail.horizon, Some(1_795_168_800_000 + 600_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_in_lines_are_kept_each_for_itself() {
    let stage = Stage::set().await;
    let now = 1_795_168_800_000_i64;
    let line = |number: usize| {
        let registration = json!({
            "id": format!("ticket-{number}"), "source": "tickets", "phone": "+447700900001", "sent_at": now,
            "ttl": 600_000, "class": "otp", "fallback_text": "Your code is 1234", "failover": false,
        });
        format!("{registration}\n")
    };
    // More than are written at once, and bad ones among them.
    let mut lines: String = (0..2_100).map(line).collect();
    lines.push_str("\r\n{\"id\":\"ticket-1\"}\n[\"M1\",\"tickets\"]\nnonsense\n");
    lines.extend(["{\"id\":\"", &"x".repeat(200_000), "\"}\n"]);
    lines.push_str(&(0..120).map(|_| "{\"id\":\"../x\",\"source\":\"tickets\"}\n").collect::<String>());
    lines.push_str(line(2_100).trim_end());
    for _ in 0..2 {
        let reply = stage.post_lines(&lines).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let report = reply.json();
        assert_eq!((&report["kept"], &report["refused"]), (&json!(2_101), &json!(124)));
        let problems = report["problems"].as_array().unwrap();
        assert_eq!(problems.len(), 100);
        let told: Vec<_> = problems[..5]
            .iter()
            .map(|problem| {
                (
                    problem["line"].as_u64().unwrap(),
                    problem["column"].as_u64(),
                    problem["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (2_102, Some(17), "invalid_line"),
                (2_103, Some(1), "invalid_line"),
                (2_104, Some(1), "invalid_line"),
                (2_105, Some(65_537), "too_long"),
                (2_106, Some(2), "invalid_id"),
            ]
        );
    }
    let detail = stage.server.api.message("google_rbm:tickets@rbm.goog:ticket-2100").await.unwrap();
    assert_eq!(detail.class.as_deref(), Some("otp"));
    let registrations =
        detail.timeline.iter().filter(|entry| entry.title.to_string().contains("egistered")).count();
    assert_eq!(registrations, 1, "the same lines again are the same facts: {:#?}", detail.timeline);
    assert_eq!(stage.post_lines("").await.json(), json!({"kept": 0, "refused": 0, "problems": []}));
    let elsewhere = stage.post_with("/api/v1/messages/lookup", &json!({}), &[]).await;
    assert_eq!(elsewhere.code(), "invalid_body");
    let url = format!("{}/api/v1/messages/lookup", stage.base());
    let headers = [auth(), ("content-type", "application/x-ndjson".to_owned())];
    let elsewhere = stage.call(Method::POST, &url, &headers, Bytes::from("{}")).await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.code()), (415, "wrong_content_type".to_owned()));
}

/// Whole lines are kept, however the call ends, and half a line is not.
#[tokio::test(flavor = "multi_thread")]
async fn lines_that_break_off_are_kept_as_far_as_they_came() {
    let stage = Stage::set().await;
    let (key, bearer) = auth();
    let line = |id: &str| format!("{{\"id\":\"{id}\",\"source\":\"tickets\",\"phone\":\"+447700900001\"}}");
    let body = format!("{}\n{}\n{}", line("ticket-1"), line("ticket-2"), line("ticket-3"));
    let address = stage.base().trim_start_matches("http://").to_owned();
    let mut caller = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: {address}\r\n{key}: {bearer}\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        body.len() + 1
    );
    caller.write_all(head.as_bytes()).await.unwrap();
    caller.write_all(body.as_bytes()).await.unwrap();
    drop(caller);
    let deadline = Instant::now() + Duration::from_secs(30);
    while stage.messages("").await.len() < 2 {
        assert!(Instant::now() < deadline, "{:?}", stage.messages("").await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let ids: Vec<_> = stage.messages("").await.into_iter().map(|view| view.id).collect();
    assert!(!ids.contains(&"ticket-3".to_owned()), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_open_without_the_access_key() {
    let stage = Stage::set().await;
    let none = |method, path: &str| {
        let url = format!("{}{path}", stage.base());
        let headers = [("content-type", "application/json".to_owned())];
        let stage = &stage;
        async move { stage.call(method, &url, &headers, Bytes::from("{}")).await }
    };
    for path in ["session", "sources", "messages", "messages/vonage:x", "revocations/rev_1", "events"] {
        let reply = none(Method::GET, &format!("/api/v1/{path}")).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (401, "access_key_required".to_owned()), "{path}");
    }
    for path in ["messages", "messages/lookup", "revocations", "withdrawals"] {
        assert_eq!(none(Method::POST, &format!("/api/v1/{path}")).await.status, 401, "{path}");
    }
    let wrong = stage.post("/api/v1/session", &json!({"access_key": "not-the-access-key-at-all"})).await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (401, "wrong_access_key".to_owned()));
    let right = stage.post("/api/v1/session", &json!({"access_key": super::stage::ACCESS_KEY})).await;
    let cookie = right.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let url = format!("{}/api/v1/sources", stage.base());
    let reply = stage.call(Method::GET, &url, &[("cookie", cookie)], Bytes::new()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(none(Method::GET, "/healthz").await.status, 200, "health needs no key");
    let told = none(Method::GET, "/readyz").await.json();
    assert_eq!(
        (&told["ready"], &told["sources"]),
        (&json!(true), &json!(null)),
        "names are no stranger's business"
    );
    assert_eq!(stage.get("/readyz").await.json()["sources"][0]["id"], "alerts");
}
