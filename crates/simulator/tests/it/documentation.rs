//! `docs/simulator.md` says what is, and all of it.

use rcs_revoke_simulator::{Config, HostName, scenario};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../../docs/simulator.md");

#[test]
fn the_documented_configurations_are_some() {
    let examples: Vec<&str> =
        PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 1);
    for example in examples {
        Config::from_toml(example).unwrap_or_else(|error| panic!("{error}: {example}"));
    }
}

#[test]
fn every_scenario_stands_there_with_what_it_shows() {
    for scenario in scenario::all() {
        let row = format!("| `{}` | {} |", scenario.name, scenario.shows);
        assert!(PAGE.contains(&row), "missing: {row}");
    }
}

#[test]
fn every_key_and_every_host_stands_there() {
    fn keys(value: &Value, into: &mut Vec<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            into.push(key.clone());
            keys(value, into);
        }
    }
    let mut named: Vec<String> = HostName::ALL.iter().map(|host| host.name().to_owned()).collect();
    keys(&json!(Config::default()), &mut named);
    for key in named {
        let is_word = PAGE
            .split(|character: char| !(character.is_alphanumeric() || "_.".contains(character)))
            .any(|word| word == key || word.rsplit('.').next() == Some(&key));
        assert!(is_word, "{key} is not documented");
    }
}
