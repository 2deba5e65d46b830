//! What a store that takes nothing means for webhooks: they come again, and are not lost.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use http::{Request, StatusCode};
use rcs_revoke_core::webhook::{Verdict, WebhookCall};
use rcs_revoke_core::{Provider, Source, SourceId};
use tower::ServiceExt;

use super::{Webhooks, router};
use crate::clock::{SharedClock, System};
use crate::config::ReadySource;
use crate::config::ready::CredentialConfig;
use crate::ledger::Ledger;
use crate::sources::Sources;
use crate::store::Store;

const SECRET: &[u8] = b"rcs-revoke-demo-signature-secret-0123456789abcdef";
const BODY: &str = r#"{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"DemoAgent","channel":"rcs","timestamp":"2026-11-20T10:00:00Z","status":"delivered","client_ref":"demo-1"}"#;
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3OTUxNjg4MDAsImp0aSI6IjBiMWMyZDNlLTRmNTAtNGE2Yi04YzdkLTllMGYxYTJiM2M0ZCIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6IjUyNzYyNTMwNzNhODQzMTEzY2M5OTExOTMwNzYxYmJmODg4MTQ3N2U5NDA0YTM1Y2Y5ODVkYWIzMzU2MzFmMDkiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6IjExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSJ9.rxLmRWJ-1b_IeXv_olN9CsE6BU3Rp8Pfpz6iADsINUM";

fn source() -> ReadySource {
    let id = SourceId::parse("otp").unwrap();
    ReadySource {
        source: Source::new(id, Provider::Vonage),
        policy: Provider::Vonage.adapter().policy(),
        label: "otp".to_owned(),
        credential: CredentialConfig::GoogleAmbient,
        account: "abcd1234".to_owned(),
        webhook: Some(rcs_revoke_core::webhook::WebhookSecret::new(SECRET, Some("abcd1234"))),
        webhook_group: "one".to_owned(),
    }
}

async fn webhooks(folder: &std::path::Path, is_writable: bool) -> (Webhooks, Store) {
    let (store, mut sql) = Store::open(&folder.join("a.db")).await.unwrap();
    if !is_writable {
        sqlx::raw_sql("PRAGMA query_only = on").execute(&mut sql.sql).await.unwrap();
    }
    let sources = Arc::new(Sources::new(&[source()], HashMap::new()));
    let clock: SharedClock = Arc::new(System);
    let ledger = Ledger::start(sql, Arc::clone(&sources), Arc::clone(&clock)).await.unwrap();
    (Webhooks { ledger, sources, clock }, store)
}

async fn send(webhooks: &Webhooks) -> StatusCode {
    let request = Request::post("/webhooks/vonage/otp")
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Body::from(BODY))
        .unwrap();
    router(webhooks.clone()).oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn a_store_that_takes_nothing_makes_the_provider_come_again() {
    for (is_writable, status) in [(true, StatusCode::OK), (false, StatusCode::SERVICE_UNAVAILABLE)] {
        let folder = tempfile::tempdir().unwrap();
        let (webhooks, _) = webhooks(folder.path(), is_writable).await;
        assert_eq!(send(&webhooks).await, status);
        assert_eq!(webhooks.sources.find("otp").unwrap().learnt().listening_since.is_some(), is_writable);
    }
}

#[tokio::test]
async fn what_is_kept_holds_no_token_and_is_claimed_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let (webhooks, store) = webhooks(folder.path(), true).await;
    let headers = [("authorization".to_owned(), format!("Bearer {TOKEN}"))];
    let call = WebhookCall { method: "POST", headers: &headers, body: BODY.as_bytes() };
    // As a build would have kept it that could not read it.
    let verdict = Verdict::Unreadable { reason: String::new(), raw: BODY.to_owned() };
    let entry = webhooks.sources.find("otp").unwrap();
    webhooks.keep(entry, &call, verdict).await.unwrap();
    let kept = store.unclaimed_after("", 10).await.unwrap();
    assert_eq!(kept[0].headers, r#"[["application_id","11111111-2222-4333-8444-555555555555"]]"#);
    let rotated = ReadySource { webhook: None, ..source() };
    let webhooks = Webhooks { sources: Arc::new(Sources::new(&[rotated], HashMap::new())), ..webhooks };
    assert_eq!(super::again::try_again(&webhooks, &store).await.unwrap(), 1);
    assert!(store.unclaimed_after("", 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_strangers_write_around_a_signed_event_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (webhooks, store) = webhooks(folder.path(), true).await;
    let google = Source::new(SourceId::parse("tickets").unwrap(), Provider::GoogleRbm);
    let sources = Sources::new(&[ReadySource { source: google, ..source() }], HashMap::new());
    let webhooks = Webhooks { sources: Arc::new(sources), ..webhooks };
    let entry = webhooks.sources.find("tickets").unwrap();
    for body in [
        r#"{"message":{"data":"eyJuZXciOjF9"}}"#,
        r#"{"filling":"xxxxxxxxxxxx","message":{"attributes":{"a":"b"},"data":"eyJuZXciOjF9"}}"#,
    ] {
        let call = WebhookCall { method: "POST", headers: &[], body: body.as_bytes() };
        let verdict = Verdict::Unreadable { reason: String::new(), raw: String::new() };
        webhooks.keep(entry, &call, verdict).await.unwrap();
    }
    let kept = store.unclaimed_after("", 10).await.unwrap();
    assert_eq!(kept.len(), 1, "whoever has one signed event could fill the disk with it: {kept:?}");
    assert_eq!(kept[0].body, r#"{"message":{"data":"eyJuZXciOjF9"}}"#);
}

#[tokio::test]
async fn what_could_only_be_kept_as_something_else_never_becomes_a_fact() {
    let folder = tempfile::tempdir().unwrap();
    let (webhooks, store) = webhooks(folder.path(), true).await;
    let entry = webhooks.sources.find("otp").unwrap();
    // As a text it would be the JSON of a delivery; as bytes it is no JSON.
    let body = BODY.replace("demo-1", "\u{1}").into_bytes();
    let body: Vec<u8> = body.into_iter().map(|byte| if byte == 1 { 0xFF } else { byte }).collect();
    let call = WebhookCall { method: "POST", headers: &[], body: &body };
    let verdict = Verdict::Unreadable { reason: String::new(), raw: String::new() };
    webhooks.keep(entry, &call, verdict).await.unwrap();
    assert!(store.unclaimed_after("", 10).await.unwrap()[0].body.contains("\u{fffd}"));
    assert_eq!(super::again::try_again(&webhooks, &store).await.unwrap(), 0);
    assert_eq!(store.unclaimed_after("", 10).await.unwrap().len(), 1, "it is kept");
}
