//! Bad input: a clear error with its place, no request to a provider, nothing lost.

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use http::Method;
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{ClockConfig, Config};
use rcs_revoke_tests::built_program;
use serde_json::{Value, json};

use super::stage::{ACCESS_KEY, Stage, auth, settings, world_config};

const UUID: &str = "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

fn requests(stage: &Stage) -> u64 {
    stage.world.stats().keys.values().map(|key| key.requests).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn path_tricks_are_no_ids() {
    let stage = Stage::set().await;
    for id in ["../x", "a?b", "%2e%2e", "a/b", "id#f", "..", "a\r\nb", ""] {
        for message in [format!("google_rbm:tickets@rbm.goog:{id}"), format!("vonage:{id}"), id.to_owned()] {
            let reply = stage.post("/api/v1/revocations", &json!({"items": [{"message": message}]})).await;
            assert_eq!(
                (reply.status.as_u16(), reply.code()),
                (422, "invalid_body".to_owned()),
                "{message:?}"
            );
            assert_eq!(reply.json()["at"], "items[0].message", "{message:?}");
        }
        let reply = stage.post("/api/v1/messages", &json!([{"id": id, "source": "tickets"}])).await.json();
        assert_eq!(reply["results"][0]["problem"]["code"], "invalid_id", "{id:?}");
    }
    assert!(stage.messages("").await.is_empty());
    assert_eq!(requests(&stage), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn absurd_values_are_refused_with_their_place() {
    let stage = Stage::set().await;
    let cases: [(&str, Value, &str); 9] = [
        ("revocations", json!({"items": []}), "wrong_number_of_items"),
        ("revocations", json!({"items": [{"message": UUID}], "not_before": i64::MAX}), "absurd_time"),
        ("revocations", json!({"items": [{"message": UUID}], "not_before": 1_795_168_800}), "absurd_time"),
        ("revocations", json!({"items": [{"message": UUID}], "url": "http://example.com"}), "invalid_body"),
        (
            "revocations",
            json!({"items": [{"message": UUID}], "reason": "x".repeat(2_000)}),
            "reason_too_long",
        ),
        ("revocations", json!([]), "invalid_body"),
        ("withdrawals", json!({"messages": []}), "wrong_number_of_items"),
        ("withdrawals", json!({"messages": ["fax:1"]}), "invalid_message"),
        ("messages/lookup", json!({"ids": vec!["x"; 10_001]}), "too_many"),
    ];
    for (path, body, code) in cases {
        let reply = stage.post(&format!("/api/v1/{path}"), &body).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (422, code.to_owned()), "{path}: {}", reply.text());
        assert!(reply.json()["at"].is_string(), "{path}: {}", reply.text());
    }
    for (field, value, code) in [
        ("sent_at", json!(-1), "absurd_time"),
        ("sent_at", json!(i64::MAX), "absurd_time"),
        ("ttl", json!(0), "absurd_length"),
        ("ttl", json!(i64::MAX), "absurd_length"),
        ("phone", json!("12"), "invalid_phone"),
        ("host", json!("http://example.com"), "unknown_host"),
        ("host", json!("vonage.eu"), "unknown_host"),
        ("source", json!("nobody"), "unknown_source"),
        ("class", json!("weekly"), "unknown_class"),
        ("class", json!("x".repeat(1_000)), "unknown_class"),
        ("fallback_text", json!(""), "invalid_text"),
        ("fallback_text", json!("é".repeat(1_001)), "invalid_text"),
        ("revoke_at", json!(1_795_168_800), "absurd_time"),
        ("revoke_at", json!(i64::MAX), "absurd_time"),
        ("revoke_at", json!(1_600_000_000_000_i64), "revoked_before_sent"),
    ] {
        let mut registration = json!({"id": "M1", "source": "tickets", "sent_at": 1_700_000_000_000_i64});
        registration[field] = value;
        let report = stage.post("/api/v1/messages", &registration).await.json();
        let problem = &report["results"][0]["problem"];
        assert_eq!(problem["code"], code, "{field}: {report}");
        assert!(problem["detail"].as_str().unwrap().len() < 300, "{problem}");
        // The same in one line among others, with its place.
        let place = registration.to_string().find(&format!("\"{field}\"")).unwrap() + 1;
        let told = stage.post_lines(&format!("\n{registration}\n")).await.json();
        assert_eq!((&told["kept"], &told["refused"]), (&json!(0), &json!(1)), "{told}");
        let told = &told["problems"][0];
        assert_eq!((&told["line"], &told["column"]), (&json!(2), &json!(place)), "{told}");
        assert_eq!((&told["code"], &told["detail"]), (&problem["code"], &problem["detail"]));
    }
    let unknown =
        stage.post("/api/v1/messages", &json!({"id": "M1", "source": "tickets", "class": "x"})).await;
    let detail = unknown.json()["results"][0]["problem"]["detail"].as_str().unwrap().to_owned();
    assert!(
        ["`otp`", "`transactional`", "`promotional`"].iter().all(|name| detail.contains(name)),
        "{detail}"
    );
    let both = json!({"id": "M1", "source": "tickets", "ttl": 600_000, "expires_at": 1_795_168_800_000_i64});
    let both = stage.post("/api/v1/messages", &both).await.json();
    assert_eq!(both["results"][0]["problem"]["code"], "two_ends_of_life", "{both}");
    let vague =
        stage.post("/api/v1/messages", &json!({"id": "M1", "source": "tickets", "failover": "no"})).await;
    assert_eq!((vague.status.as_u16(), vague.code()), (422, "invalid_body".to_owned()));
    for query in ["outcome=nonsense", "limit=0", "limit=99999999999", "after=x", "unknown=1"] {
        assert_eq!(stage.get(&format!("/api/v1/messages?{query}")).await.status, 422, "{query}");
    }
    for (message, code) in [(UUID, "source_needed"), ("google_rbm:stranger@rbm.goog:1", "no_source")] {
        let report =
            stage.post("/api/v1/revocations", &json!({"items": [{"message": message}]})).await.json();
        assert_eq!(report["results"][0]["code"], code, "{report}");
    }
    assert!(stage.messages("").await.is_empty());
    assert_eq!(requests(&stage), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_pages_other_names_and_other_kinds_get_nowhere() {
    let stage = Stage::set().await;
    let url = format!("{}/api/v1/revocations", stage.base());
    let body = || Bytes::from(json!({"items": [{"message": UUID, "source": "codes"}]}).to_string());
    let json = ("content-type", "application/json".to_owned());
    let cases = [
        (vec![auth(), json.clone(), ("origin", "https://example.com".to_owned())], 403, "cross_origin"),
        (vec![auth(), json.clone(), ("origin", "null".to_owned())], 403, "cross_origin"),
        (vec![auth(), json.clone(), ("sec-fetch-site", "same-site".to_owned())], 403, "cross_origin"),
        (vec![auth(), json.clone(), ("host", "rebound.example.com".to_owned())], 421, "wrong_host"),
        (vec![auth(), ("content-type", "text/plain".to_owned())], 415, "wrong_content_type"),
        (vec![auth()], 415, "wrong_content_type"),
        (vec![json.clone()], 401, "access_key_required"),
    ];
    for (headers, status, code) in cases {
        let reply = stage.call(Method::POST, &url, &headers, body()).await;
        assert_eq!((reply.status.as_u16(), reply.code()), (status, code.to_owned()), "{headers:?}");
    }
    let large =
        stage.call(Method::POST, &url, &[auth(), json], Bytes::from(vec![b' '; (16 << 20) + 1])).await;
    assert_eq!((large.status.as_u16(), large.code()), (413, "body_too_large".to_owned()));
    assert!(stage.messages("").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_clock_far_off_no_request_is_believed_and_none_is_lost() {
    // The providers live a year later than the server.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let later = i64::try_from(now).unwrap() + 365 * 24 * 3_600_000;
    let clock = ClockConfig { origin_ms: Some(later), ..ClockConfig::default() };
    let stage = Stage::with(Config { clock, ..world_config() }, |world| settings(world, 30)).await;
    let mut messages = Vec::new();
    for source in ["codes", "tickets"] {
        let created = stage.sent(source, "+447700900001", Delivery::Never);
        let body = json!({"id": created.id, "source": source, "phone": created.phone});
        let reply = stage.post("/api/v1/messages", &body).await.json();
        messages.push(reply["results"][0]["message"].as_str().unwrap().to_owned());
    }
    stage.revoke(&[&messages[0], &messages[1]]).await;
    for message in &messages {
        let detail = stage.until(message, "refused").await;
        assert_eq!(serde_json::to_value(&detail.view.outcome).unwrap()["reason"], "credentials");
    }
    assert!(stage.world.truth().iter().all(|truth| truth.message.revoked_at_ms.is_none()));
    let log = std::fs::read_to_string(stage.folder.path().join("server.log")).unwrap();
    assert!(log.contains("clock"), "the log says what to look at: {log}");
}

fn check(folder: &Path, config: &str) -> (bool, String) {
    std::fs::write(folder.join("my.toml"), config).expect("the folder can be written");
    let output = Command::new(built_program("rcs-revoke"))
        .args(["config", "check", "--config"])
        .arg(folder.join("my.toml"))
        .output()
        .expect("the program runs");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn a_wrong_configuration_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("wrong.pem"),
        "-----BEGIN PRIVATE KEY-----\nc3dvcmRmaXNo\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("wrong.json"), "{\"client_email\": \"swordfish\", \"private_key\": 7}")
        .unwrap();
    std::fs::write(folder.path().join("short.txt"), "swordfish").unwrap();
    let vonage = "provider = \"vonage\"\napplication = \"11111111-2222-4333-8444-555555555555\"";
    let cases = [
        ("lisen = \"127.0.0.1:1\"".to_owned(), "lisen"),
        ("listen = \"127.0.0.1\"".to_owned(), "listen"),
        ("access_key = { file = \"short.txt\" }".to_owned(), "access_key"),
        ("access_key = { file = \"missing.txt\" }".to_owned(), "access_key"),
        ("[hosts]\n\"vonage.eu\" = \"http://example.com\"".to_owned(), "hosts.\"vonage.eu\""),
        ("[hosts]\n\"vonage.mars\" = \"https://example.com\"".to_owned(), "hosts.\"vonage.mars\""),
        (format!("[sources.a]\n{vonage}"), "sources.a.private_key"),
        (format!("[sources.a]\n{vonage}\nprivate_key = {{ file = \"wrong.pem\" }}"), "sources.a.private_key"),
        (format!("[sources.a]\n{vonage}\nprivate_key = {{ env = \"RCS_NOT_SET\" }}"), "sources.a.private_key"),
        ("[sources.b]\nprovider = \"google_rbm\"\nagent = \"x\"\nkey_file = \"wrong.json\"".to_owned(), "sources.b.key_file"),
        ("[sources.b]\nprovider = \"google_rbm\"\nambient = true".to_owned(), "agent"),
        ("[sources.b]\nprovider = \"google_rbm\"\nagent = \"x\"".to_owned(), "sources.b"),
        ("[sources.b]\nprovider = \"google_rbm\"\nagent = \"x\"\nambient = true\npolicy.rate_per_second = 0".to_owned(), "rate_per_second"),
        ("[sources.\"../x\"]\nprovider = \"google_rbm\"\nagent = \"x\"\nambient = true".to_owned(), "sources.../x"),
        (format!("[sources.a]\n{vonage}\nrevoke_ack = \"confirmed\"\nprivate_key = {{ file = \"wrong.pem\" }}"), "sources.a"),
    ];
    for (config, place) in cases {
        let (fine, text) = check(folder.path(), &config);
        assert!(!fine, "{config}");
        assert!(text.contains(place), "{config}: {text}");
        assert!(!text.contains("swordfish") && !text.contains("c3dvcmRmaXNo"), "{config}: {text}");
    }
    let (fine, text) = check(folder.path(), "");
    assert!(fine && text.contains("nothing is wrong"), "{text}");
}

#[test]
fn a_scaled_clock_is_for_drills_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my.toml");
    std::fs::write(&file, "[clock]\norigin = 0\nstart = 0\nscale = 60.0").unwrap();
    let output =
        Command::new(built_program("rcs-revoke")).args(["serve", "--config"]).arg(&file).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("drills"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_port_is_said_plainly() {
    let stage = Stage::set().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my.toml");
    let address = stage.base().replace("http://", "");
    std::fs::write(&file, format!("listen = \"{address}\"\nwebhook_listen = \"{address}\"")).unwrap();
    let output =
        Command::new(built_program("rcs-revoke")).args(["serve", "--config"]).arg(&file).output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("in use") && text.contains("--port"), "{text}");
    assert!(!text.contains(ACCESS_KEY));
}
