//! No secret in any log, answer, error, page or database: looked for by their real values, with the log at its
//! most talkative.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_tests::built_program;
use serde_json::{Value, json};

use super::stage::{ACCESS_KEY, Stage, settings, world_config};

/// A program that is the server with every log line switched on.
fn talkative(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("talkative");
    let program = built_program("rcs-revoke");
    fs::write(&path, format!("#!/bin/sh\nRCS_REVOKE_LOG=trace exec {} \"$@\"\n", program.display()))
        .expect("the folder can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the folder can be written");
    path
}

/// The secrets by name, each as a text that occurs nowhere by chance.
fn secrets(stage: &Stage) -> Vec<(&'static str, String)> {
    let credentials = stage.world.credentials();
    let account: Value =
        serde_json::from_str(&credentials.google_service_account).expect("a key file is JSON");
    let line = |pem: &str| pem.lines().nth(3).expect("a PEM has many lines").trim().to_owned();
    vec![
        ("access key", ACCESS_KEY.to_owned()),
        ("Google private key", line(account["private_key"].as_str().expect("a key file names its key"))),
        ("Google client token", credentials.google_client_token.clone()),
        ("Vonage private key", line(&credentials.vonage_private_key)),
        ("Vonage signature secret", credentials.vonage_signature_secret.clone()),
        ("beginning of our signed tokens", "eyJ0eXAiOiJKV1Qi".to_owned()),
        ("another spelling of it", STANDARD.encode("{\"alg\":\"RS256\"").trim_end_matches('=').to_owned()),
        ("access token", "ya29.".to_owned()),
        ("whole phone number", "447700900123".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_written_or_said_anywhere() {
    let tools = tempfile::tempdir().unwrap();
    let stage =
        Stage::with_program(&talkative(tools.path()), world_config(), |world| settings(world, 30)).await;
    let mut messages = Vec::new();
    for source in ["codes", "alerts", "tickets", "offers"] {
        let created = stage.sent(source, "+447700900123", Delivery::RacesRevoke { after_ms: 200 });
        messages.push(stage.register(source, &created).await);
    }
    stage.revoke(&messages.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut said = String::new();
    for message in &messages {
        stage.until(message, "delivered").await;
        said += &stage.get(&format!("/api/v1/messages/{message}")).await.text();
    }
    for path in ["", "messages", "sources", "session", "messages/nothing"] {
        said += &stage.get(&format!("/api/v1/{path}")).await.text();
    }
    for path in ["/", "/openapi.json", "/healthz", "/readyz"] {
        said += &stage.get(path).await.text();
    }
    let reply = stage.post("/api/v1/session", &json!({"access_key": ACCESS_KEY})).await;
    write!(said, "{:?}", reply.headers).unwrap();
    said += &reply.text();
    said +=
        &stage.post("/api/v1/session", &json!({"access_key": ACCESS_KEY, "more": ACCESS_KEY})).await.text();
    let signed = [("x-goog-signature", stage.world.credentials().google_client_token.clone())];
    let url = format!("{}/webhooks/google_rbm/tickets", stage.server.webhooks);
    said += &stage.call(Method::POST, &url, &signed, Bytes::from("{}")).await.text();

    let secrets = secrets(&stage);
    let folder = stage.folder.path().to_owned();
    stage.server.stop().await.unwrap();
    for (name, secret) in &secrets {
        let place = said.find(secret).map(|at| &said[at.saturating_sub(200)..at]);
        assert_eq!(place, None, "{name} in an answer");
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let file_name = file.file_name().unwrap().to_string_lossy().into_owned();
            let is_log = file_name == "server.log";
            // Phone numbers must be kept in the database: a revocation needs them.
            let is_data = file_name.starts_with("server.db") && !name.contains("phone");
            if is_log || is_data {
                let bytes = fs::read(&file).unwrap();
                assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{name} in {file_name}");
            }
        }
    }
    let log = fs::read_to_string(folder.join("server.log")).unwrap();
    assert!(
        log.contains("DEBUG") && log.contains("asked for a revocation"),
        "the log was at its most talkative"
    );
}
