//! The named worlds: that they are whole, that every value of every knob occurs in one, and that they show what they say.

use std::collections::BTreeSet;

use rcs_revoke_simulator::behaviour::{
    AfterRevoke, Behaviour, Capability, Delivery, Expiry, RevokeSemantics, Signature, WebhookBehaviour,
    WorkflowShape,
};
use rcs_revoke_simulator::config::{
    DuplicateCreate, Handshake, LateAnswer, ProblemType, RateLimitHeaders, RegionRule, UnauthorizedBody,
    UnsupportedBody, WebhookQueue,
};
use rcs_revoke_simulator::{Config, FaultKind, scenario};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::{World, offline};

/// Keys that name things, open doors or hold credentials: no scenario can know them.
const NO_KNOBS: [&str; 14] = [
    "agents",
    "senders",
    "webhook_url",
    "service_account_file",
    "client_token",
    "audiences",
    "application_id",
    "private_key_file",
    "other_private_key_file",
    "api_key",
    "api_secret",
    "signature_secret",
    "mix",
    "sms_mix",
];

#[test]
fn the_folder_holds_what_is_embedded() {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).expect("the folder");
    let files: BTreeSet<String> = folder
        .map(|file| file.expect("a file").file_name().into_string().expect("ASCII"))
        .map(|name| name.strip_suffix(".toml").expect("only TOML").to_owned())
        .collect();
    let embedded: Vec<&str> = scenario::all().iter().map(|scenario| scenario.name).collect();
    assert_eq!(files.iter().map(String::as_str).collect::<Vec<_>>(), embedded);
}

#[test]
fn each_says_what_it_shows_and_can_be_laid_over_a_world() {
    for scenario in scenario::all() {
        let name = scenario.name;
        assert!(scenario.toml.starts_with("# ") && scenario.shows.ends_with('.'), "{name}");
        let config = scenario.over(offline()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(config.scenarios, [name], "{name}");
        assert_eq!(scenario.over(config.clone()).expect("again"), config, "{name}: laid twice is laid once");
    }
    assert!(scenario::named("nothing-of-the-kind").is_none());
}

#[tokio::test]
async fn each_can_be_played_while_a_world_runs() {
    let world = World::start(offline()).await;
    for scenario in scenario::all() {
        world.running.play(scenario).unwrap_or_else(|error| panic!("{}: {error}", scenario.name));
    }
    let names: Vec<&str> = scenario::all().iter().map(|scenario| scenario.name).collect();
    assert_eq!(world.running.config().scenarios, names);
}

#[test]
fn a_configuration_can_name_them() {
    let config = Config::from_toml(
        "seed = 9\nscenarios = [\"offline\", \"google-race\"]\n[google.behaviour]\nrace_after_ms = 7\n",
    )
    .expect("a configuration");
    assert_eq!(json!(config.google.behaviour.revoke), "race");
    assert_eq!(config.google.behaviour.race_after_ms, Some(7), "the file's own keys lie above");
    assert_eq!(json!(config.google.behaviour.delivery), json!({ "kind": "offline", "for_ms": 3_600_000 }));
    let chaos =
        |seed: u32| Config::from_toml(&format!("seed = {seed}\nscenarios = [\"chaos\"]")).expect("a world");
    assert_eq!(chaos(5), chaos(5));
    assert_ne!(chaos(5).vonage.mix, chaos(6).vonage.mix);
    let error = Config::from_toml("scenarios = [\"nonsense\"]").expect_err("no such scenario");
    assert!(error.to_string().contains("nonsense"));
}

/// Everything that is said anywhere in a scenario, as key and value; a tagged table counts as its kind.
fn said() -> BTreeSet<(String, String)> {
    fn collect(key: &str, value: &Value, into: &mut BTreeSet<(String, String)>) {
        match value {
            Value::Object(table) => {
                if let Some(kind) = table.get("kind") {
                    into.insert((key.to_owned(), text(kind)));
                }
                for (key, value) in table {
                    collect(key, value, into);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(key, item, into)),
            scalar => {
                into.insert((key.to_owned(), text(scalar)));
            }
        }
    }
    let mut said = BTreeSet::new();
    for scenario in scenario::all() {
        collect("", &toml::from_str(scenario.toml).expect("TOML"), &mut said);
    }
    said
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The values of an enum, as serde lists them when it meets another one.
fn values<T: DeserializeOwned>(stranger: Value) -> Vec<String> {
    let error = serde_json::from_value::<T>(stranger).err().expect("no such value").to_string();
    let expected = error.split_once("expected").unwrap_or_else(|| panic!("a list in {error}")).1;
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_value_of_every_knob_occurs_in_one() {
    let one = || json!("__");
    let kind = || json!({ "kind": "__" });
    let numbers = |values: &[u16]| values.iter().map(u16::to_string).collect::<Vec<_>>();
    let either = || vec!["true".to_owned(), "false".to_owned()];
    let knobs = [
        ("delivery", values::<Delivery>(kind())),
        ("expiry", values::<Expiry>(one())),
        ("revoke", values::<RevokeSemantics>(one())),
        ("after_revoke", values::<AfterRevoke>(kind())),
        ("capability", values::<Capability>(one())),
        ("signature", values::<Signature>(one())),
        ("workflow", values::<WorkflowShape>(one())),
        ("fault", values::<FaultKind>(kind())),
        ("regions", values::<RegionRule>(one())),
        ("duplicate_create", values::<DuplicateCreate>(one())),
        ("webhook_queue", values::<WebhookQueue>(one())),
        ("handshake", values::<Handshake>(one())),
        ("late", values::<LateAnswer>(one())),
        ("unsupported", values::<UnsupportedBody>(one())),
        ("unauthorized", values::<UnauthorizedBody>(one())),
        ("problem_type", values::<ProblemType>(one())),
        ("rate_limit_headers", values::<RateLimitHeaders>(one())),
        ("success", numbers(&[200, 202, 204])),
        ("already_delivered", numbers(&[202, 404, 422])),
        ("second_revoke", numbers(&[200, 202, 404])),
        ("malformed_id", numbers(&[404, 422])),
        ("global_patch", numbers(&[202, 404])),
        ("basic_patch", numbers(&[202, 401])),
        ("other_application", numbers(&[401, 404])),
        ("request_id", either()),
        ("detail", either()),
        ("failover_after_revoke", either()),
        ("pretty", either()),
        ("send_time", either()),
        ("attributes", either()),
        ("type_header", either()),
        ("same_token", either()),
        ("numeric_title", either()),
        ("v0_1", either()),
    ];
    let said = said();
    for (key, values) in knobs {
        assert!(values.len() > 1, "{key}: {values:?}");
        for value in values {
            assert!(said.contains(&(key.to_owned(), value.clone())), "no scenario says {key} = {value}");
        }
    }
}

#[test]
fn every_key_occurs_in_one() {
    // Written out, so that a new field is missed by the compiler.
    let behaviour = Behaviour {
        delivery: Some(Delivery::Never),
        read_after_ms: Some(0),
        expiry: Some(Expiry::Both),
        expiry_after_revoke: Some(true),
        revoke: Some(RevokeSemantics::Race),
        race_after_ms: Some(0),
        after_revoke: Some(AfterRevoke::Silence),
        capability: Some(Capability::Features),
        webhook: WebhookBehaviour {
            delay_ms: Some(0),
            jitter_ms: Some(0),
            loss: Some(0.0),
            duplicate: Some(0.0),
            replay: Some(0.0),
            replay_after_ms: Some(0),
            signature: Some(Signature::Good),
            signature_tries: Some(0),
            pretty: Some(true),
            send_time: Some(true),
            attributes: Some(true),
            type_header: Some(true),
            v0_1: Some(true),
            same_token: Some(true),
            numeric_title: Some(true),
            workflow: Some(WorkflowShape::Id),
        },
    };
    let config = json!(Config::default());
    let tables = [
        &json!(behaviour),
        &json!(behaviour)["webhook"],
        &config["google"],
        &config["google"]["answers"],
        &config["vonage"],
        &config["vonage"]["answers"],
    ];
    let keys: BTreeSet<String> = said().into_iter().map(|(key, _)| key).collect();
    for key in tables.into_iter().flat_map(|table| table.as_object().expect("a table").keys()) {
        let is_table = ["webhook", "answers", "behaviour", "rate_limit"].contains(&key.as_str());
        let is_said = is_table || NO_KNOBS.contains(&key.as_str()) || keys.contains(key);
        assert!(is_said, "no scenario says anything of {key}");
    }
}
