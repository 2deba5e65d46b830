//! The vectors of outcomes, next steps, and of SMS instead. The same files are read by the JavaScript tests.

use std::path::Path;

use rcs_revoke_core::fallback::fallback;
use rcs_revoke_core::{Evidence, Policy, Source, Timestamp, assess};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    input: Input,
    expected: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    evidence: Evidence,
    source: Source,
    policy: Option<Policy>,
    now: Timestamp,
}

/// Runs every vector of a file and tells of all that fail, not only of the first.
fn run<T: Serialize>(file: &str, derive: impl Fn(&Evidence, &Source, &Policy, Timestamp) -> T) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = std::fs::read_to_string(&path).expect("the file of vectors is part of the repository");
    let vectors: Vec<Vector> = serde_json::from_str(&text).expect("vectors have the documented shape");
    assert!(!vectors.is_empty());
    let failures: Vec<String> = vectors
        .into_iter()
        .filter_map(|Vector { name, input, expected }| {
            let Input { evidence, source, policy, now } = input;
            let policy = policy.unwrap_or_else(|| source.provider.adapter().policy());
            let got = serde_json::to_value(derive(&evidence, &source, &policy, now));
            let got = got.expect("what is derived is JSON");
            (got != expected).then(|| format!("{name}\n  expected {expected}\n  got      {got}"))
        })
        .collect();
    assert!(failures.is_empty(), "{file}:\n{}", failures.join("\n"));
}

#[test]
fn what_the_facts_mean() {
    run("outcomes.json", |evidence, source, policy, now| assess(evidence, source, policy, now).outcome);
}

#[test]
fn what_comes_next() {
    run("steps.json", |evidence, source, policy, now| assess(evidence, source, policy, now).step);
}

#[test]
fn what_is_to_be_done_about_an_sms() {
    run("fallback.json", fallback);
}
