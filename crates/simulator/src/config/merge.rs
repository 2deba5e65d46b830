//! One configuration laid over another.

use serde_json::Value;

use super::{Config, ConfigError};

/// The whole of `base` with `part` over it, not yet read.
pub(super) fn laid(base: &Config, part: Value) -> Result<Value, ConfigError> {
    let mut whole = serde_json::to_value(base).map_err(|error| at("", &error))?;
    if !part.is_object() {
        return Err(ConfigError::Value { path: "(all)".to_owned(), problem: "expected a table".to_owned() });
    }
    lay(&mut whole, part);
    Ok(whole)
}

/// Reads a configuration, and says where it cannot be read.
pub(super) fn read(whole: Value) -> Result<Config, ConfigError> {
    serde_path_to_error::deserialize(whole)
        .map_err(|error| at(&error.path().to_string(), &error.into_inner()))
}

fn lay(base: &mut Value, part: Value) {
    match (base, part) {
        // What has a `kind` is one value in several words: half of one and half of another mean nothing.
        (Value::Object(base), Value::Object(part)) if !part.contains_key("kind") => {
            for (key, value) in part {
                lay(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, part) => *base = part,
    }
}

fn at(path: &str, error: &serde_json::Error) -> ConfigError {
    let path = if path.is_empty() || path == "." { "(all)" } else { path };
    ConfigError::Value { path: path.to_owned(), problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_merge_and_everything_else_replaces() {
        let mut base = json!({ "a": { "b": 1, "c": [1, 2] }, "d": { "kind": "never" }, "e": null });
        lay(
            &mut base,
            json!({ "a": { "c": [3] }, "d": { "kind": "online", "after_ms": 5 }, "e": { "f": 1 } }),
        );
        assert_eq!(
            base,
            json!({ "a": { "b": 1, "c": [3] }, "d": { "kind": "online", "after_ms": 5 }, "e": { "f": 1 } })
        );
    }

    #[test]
    fn a_configuration_survives_being_written_down() {
        let mut config = Config { seed: u64::MAX, ..Config::default() };
        config.vonage.rate_limit = None;
        assert_eq!(config.clone().changed(json!({})).expect("the same"), config);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (part, path) in [
            (json!({ "google": { "answers": { "second": 404 } } }), "google.answers"),
            (json!({ "vonage": { "answers": { "late": "405" } } }), "vonage.answers.late"),
            (json!([]), "(all)"),
        ] {
            let error = Config::default().changed(part.clone()).expect_err("refused").to_string();
            assert!(error.contains(path), "{part}: {error}");
        }
    }
}
