//! An SMS instead: it leaves by itself, once, or when an operator orders it, and never to who has the message.

use std::time::{Duration, Instant};

use rcs_revoke_api::MessageDetail;
use rcs_revoke_core::fallback::SmsState;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{Channel, Created, FaultKind, NewFault, Route, Running};
use serde_json::json;

use super::stage::{Stage, settings, world_config};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Codes go stale after a second, and an SMS leaves at the latest a second later.
fn with_classes(world: &Running) -> String {
    let settings = settings(world, 30);
    let settings = settings.replace("[sources.codes]", "[sources.codes]\nsms_from = \"Acme\"");
    settings.replace("[sources.tickets]", "[sources.tickets]\nsms_source = \"codes\"")
        + "\n[classes.otp]\nrevoke_after = \"1s\"\nfallback_by = \"3s\"\n"
}

async fn stage() -> Stage {
    Stage::with(world_config(), with_classes).await
}

async fn register(stage: &Stage, source: &str, created: &Created, class: &str) -> String {
    let host = (source == "tickets").then(|| created.host.name());
    let body = json!({ "id": created.id, "source": source, "phone": created.phone, "sent_at": created.sent_at_ms,
        "class": class, "fallback_text": "Your code is 1234", "host": host });
    let reply = stage.post("/api/v1/messages", &body).await;
    let message = reply.json()["results"][0]["message"].as_str().map(str::to_owned);
    message.unwrap_or_else(|| panic!("{}", reply.text()))
}

/// Waits until a message looks so.
pub async fn until(stage: &Stage, message: &str, wanted: impl Fn(&MessageDetail) -> bool) -> MessageDetail {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let detail = stage.server.api.message(message).await.unwrap_or_else(|error| panic!("{error:#}"));
        if wanted(&detail) {
            return detail;
        }
        assert!(Instant::now() < deadline, "{detail:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn states(detail: &MessageDetail) -> Vec<SmsState> {
    detail.sms_instead.sent.iter().map(|sms| sms.state.clone()).collect()
}

/// The SMS that the provider took for this number.
fn taken(stage: &Stage, phone: &str) -> usize {
    let is_sms = |channel, to: &str| channel == Channel::Sms && to == phone;
    stage.world.truth().iter().filter(|truth| is_sms(truth.message.channel, &truth.message.phone)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_code_is_revoked_by_itself_and_an_sms_follows_once() {
    let stage = stage().await;
    for source in ["codes", "tickets"] {
        let phone = if source == "codes" { "+447700900001" } else { "+447700900002" };
        let created = stage.sent(source, phone, Delivery::Never);
        let message = register(&stage, source, &created, "otp").await;
        let planned = until(&stage, &message, |_| true).await;
        assert_eq!(planned.view.outcome.verdict.code(), "planned", "{planned:#?}");
        let detail = until(&stage, &message, |detail| {
            states(detail).iter().any(|state| matches!(state, SmsState::Delivered | SmsState::Submitted))
        });
        let detail = detail.await;
        assert_eq!(detail.view.outcome.verdict.code(), "unconfirmed");
        assert_eq!((states(&detail).len(), taken(&stage, phone)), (1, 1));
        let titles: Vec<String> = detail.timeline.iter().map(|entry| entry.title.to_string()).collect();
        assert!(titles.iter().any(|title| title == "Its class otp asked to revoke"), "{titles:?}");
        assert!(titles.iter().any(|title| title.starts_with("SMS 1: ")), "{titles:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_delivery_wins_no_sms_leaves() {
    let stage = stage().await;
    let created = stage.sent("codes", "+447700900003", Delivery::Online { after_ms: 500 });
    let message = register(&stage, "codes", &created, "otp").await;
    let detail = stage.until(&message, "delivered").await;
    assert!(detail.sms_instead.sent.is_empty());
    let order = json!({ "message": message, "fallback": 1 });
    let refused = stage.post("/api/v1/fallbacks", &order).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "fallback_not_offered"));
    assert_eq!(taken(&stage, "+447700900003"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_whose_answer_a_crash_took_is_not_sent_again() {
    let stage = stage().await;
    stage.world.add_fault(NewFault {
        route: Some(Route::VonageSend),
        ..NewFault::new(FaultKind::Latency { ms: 20_000, jitter_ms: 0, after_effect: false })
    });
    let created = stage.sent("codes", "+447700900004", Delivery::Never);
    let message = register(&stage, "codes", &created, "otp").await;
    until(&stage, &message, |detail| states(detail) == [SmsState::Sending]).await;
    let deadline = Instant::now() + PATIENCE;
    while taken(&stage, "+447700900004") == 0 {
        assert!(Instant::now() < deadline, "no SMS reached the provider");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let stage = stage.kill_and_start_with(with_classes).await;
    let settled = until(&stage, &message, |detail| states(detail) != [SmsState::Sending]).await;
    assert_eq!(states(&settled).len(), 1, "{settled:#?}");
    let next = &settled.sms_instead.next;
    assert_eq!(next.number, 2, "{next:?}");
    let offered = serde_json::to_value(next).unwrap();
    assert_eq!(offered["offer"], "by_hand", "{offered}");
    assert_eq!(taken(&stage, "+447700900004"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_sends_one_sms_however_often_it_is_given() {
    let stage = stage().await;
    let created = stage.sent("codes", "+447700900005", Delivery::Never);
    let message = register(&stage, "codes", &created, "promotional").await;
    stage.revoke(&[&message]).await;
    let left = stage.until(&message, "unconfirmed").await;
    let offered = serde_json::to_value(&left.sms_instead.next).unwrap();
    assert_eq!(offered, json!({ "number": 1, "offer": "by_hand", "because": "then_nothing" }));
    let preview = left.sms_instead.preview.expect("everything is known");
    assert_eq!((preview.text.as_str(), preview.parts), ("Your code is 1234", 1));
    assert!(!preview.to.contains("7700900"), "{}", preview.to);
    let order = json!({ "message": message, "fallback": 1, "text": "Sorry: 20 % and not 90 %" });
    let replies =
        tokio::join!(stage.post("/api/v1/fallbacks", &order), stage.post("/api/v1/fallbacks", &order));
    assert!([&replies.0, &replies.1].iter().any(|reply| reply.status == 202), "{}", replies.0.text());
    until(&stage, &message, |detail| states(detail).iter().any(|state| !matches!(state, SmsState::Sending)))
        .await;
    let late = stage.post("/api/v1/fallbacks", &order).await;
    assert_eq!((late.status.as_u16(), late.code().as_str()), (409, "fallback_taken"), "{}", late.text());
    assert_eq!(taken(&stage, "+447700900005"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoke_again_then_sms_is_one_command_and_a_date_can_be_moved() {
    let stage = stage().await;
    let created = stage.sent("codes", "+447700900006", Delivery::Never);
    let message = register(&stage, "codes", &created, "transactional").await;
    let later = json!({ "items": [{ "message": message }], "not_before": created.sent_at_ms + 3_600_000 });
    stage.post("/api/v1/revocations", &later).await;
    let mut moved = later.clone();
    moved["not_before"] = json!(created.sent_at_ms + 7_200_000);
    moved["replace"] = json!(true);
    assert_eq!(stage.post("/api/v1/revocations", &moved).await.json()["made"], 1);
    let planned = serde_json::to_value(stage.until(&message, "planned").await.view.outcome).unwrap();
    assert_eq!(planned["not_before"], moved["not_before"]);
    let unknown = json!({ "items": [{ "message": message }], "class": "lottery" });
    let refused = stage.post("/api/v1/revocations", &unknown).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "unknown_class"));
    let anyway = json!({ "items": [{ "message": message }], "then": "sms" });
    assert_eq!(stage.post("/api/v1/revocations", &anyway).await.json()["made"], 1);
    until(&stage, &message, |detail| states(detail).len() == 1).await;
    stage.until(&message, "unconfirmed").await;
    assert_eq!(taken(&stage, "+447700900006"), 1);
}
