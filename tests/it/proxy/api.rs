//! The API's happy path, and what it does with the same command given twice.

use bytes::Bytes;
use http::Method;
use rcs_revoke_api::Taken;
use rcs_revoke_simulator::behaviour::Delivery;
use serde_json::{Value, json};

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
