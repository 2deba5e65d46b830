//! What a store that takes nothing means for webhooks: they come again, and are not lost.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use http::{Request, StatusCode};
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
        let (store, mut sql) = Store::open(&folder.path().join("a.db")).await.unwrap();
        if !is_writable {
            sqlx::raw_sql("PRAGMA query_only = on").execute(&mut sql.sql).await.unwrap();
        }
        let sources = Arc::new(Sources::new(&[source()], HashMap::new()));
        let clock: SharedClock = Arc::new(System);
        let ledger = Ledger::start(&store, sql, Arc::clone(&sources), Arc::clone(&clock)).await.unwrap();
        let webhooks = Webhooks { ledger, sources, clock };
        assert_eq!(send(&webhooks).await, status);
        assert_eq!(webhooks.sources.find("otp").unwrap().learnt().listening_since.is_some(), is_writable);
    }
}
