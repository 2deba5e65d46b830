//! The vectors of import: which rows a text holds, and which source a row belongs to. The same files are read by
//! the JavaScript tests; sentences for people are not compared, their codes are.

use std::path::Path;

use rcs_revoke_core::import::{Entry, KnownMessage, parse, resolve};
use rcs_revoke_core::source::Source;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector<I> {
    name: String,
    input: I,
    expected: Value,
}

/// Runs every vector of a file and tells of all that fail, not only of the first.
fn run<I: DeserializeOwned>(file: &str, decide: impl Fn(I) -> Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = std::fs::read_to_string(&path).expect("the file of vectors is part of the repository");
    let vectors: Vec<Vector<I>> = serde_json::from_str(&text).expect("vectors have the documented shape");
    assert!(!vectors.is_empty());
    let failures: Vec<String> = vectors
        .into_iter()
        .filter_map(|Vector { name, input, expected }| {
            let got = without_sentences(decide(input));
            (got != expected).then(|| format!("{name}\n  expected {expected}\n  got      {got}"))
        })
        .collect();
    assert!(failures.is_empty(), "{file}:\n{}", failures.join("\n"));
}

/// Problems without what they say to people.
fn without_sentences(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(without_sentences).collect(),
        Value::Object(mut fields) if fields.contains_key("code") => {
            for field in ["message", "text"] {
                let said = fields.remove(field);
                assert!(said.is_none_or(|said| said.as_str().is_some_and(|said| !said.is_empty())));
            }
            Value::Object(fields)
        }
        other => other,
    }
}

fn json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("rows and resolutions are JSON")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImportInput {
    text: String,
}

#[test]
fn import() {
    run("import.json", |ImportInput { text }| json(parse(&text)));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResolveInput {
    entry: Entry,
    sources: Vec<Source>,
    known: Option<KnownMessage>,
}

#[test]
fn resolution() {
    run("resolve.json", |ResolveInput { entry, sources, known }| {
        json(resolve(&entry, &sources, known.as_ref()))
    });
}
