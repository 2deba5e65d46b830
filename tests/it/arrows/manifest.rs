//! What the manifests say: arrows between our crates, the core's dependencies, reasons for all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use rcs_revoke_tests::repository;
use serde_json::Value;

/// Our crates, and which of ours each may use. `tests` is the one that may use everything.
const ARROWS: [(&str, &[&str]); 11] = [
    ("rcs-revoke-api", &["rcs-revoke-core"]),
    ("rcs-revoke-boundary", &["rcs-revoke-core"]),
    ("rcs-revoke-console", &["rcs-revoke-api", "rcs-revoke-core"]),
    ("rcs-revoke-core", &[]),
    ("rcs-revoke-proxy", &["rcs-revoke-api", "rcs-revoke-core", "rcs-revoke-simulator"]),
    ("rcs-revoke-simulator", &[]),
    ("rcs-revoke-wasm", &["rcs-revoke-boundary", "rcs-revoke-core"]),
    ("rcs-revoke-wasm-import", &["rcs-revoke-boundary", "rcs-revoke-core"]),
    ("rcs-revoke-wasm-webhooks", &["rcs-revoke-boundary", "rcs-revoke-core"]),
    ("wb-tools", &[]),
    ("xtask", &[]),
];

/// All that the core may use: it runs in browsers and in other people's JavaScript.
const CORE_USES: [&str; 4] = ["serde", "sha2", "subtle", "thiserror"];

/// One dependency of one package: its name, and whether it is there only for building or testing.
struct Dependency {
    name: String,
    is_normal: bool,
}

/// The packages of the workspace and what their manifests name.
fn packages() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(repository())
        .output()
        .expect("cargo runs these tests, so it is there");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let text = |value: &Value| value.as_str().expect("a name").to_owned();
    let dependency =
        |value: &Value| Dependency { name: text(&value["name"]), is_normal: value["kind"].is_null() };
    let list = |value: &Value| value.as_array().expect("a list").clone();
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            (text(&package["name"]), list(&package["dependencies"]).iter().map(dependency).collect())
        })
        .collect()
}

#[test]
fn arrows_between_our_crates_point_one_way() {
    let mut packages = packages();
    packages.remove("rcs-revoke-tests");
    let ours: BTreeSet<_> = packages.keys().cloned().collect();
    let listed: BTreeSet<_> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(ours, listed, "a new crate needs its line in ARROWS");

    for (package, allowed) in ARROWS {
        for used in packages[package].iter().filter(|used| ours.contains(&used.name)) {
            assert!(allowed.contains(&used.name.as_str()), "{package} must not use {}", used.name);
        }
    }
}

#[test]
fn the_core_uses_nothing_that_cannot_run_everywhere() {
    let packages = packages();
    let normal = packages["rcs-revoke-core"].iter().filter(|used| used.is_normal);
    let used: BTreeSet<_> = normal.map(|used| used.name.as_str()).collect();
    assert_eq!(used, BTreeSet::from(CORE_USES));
}

#[test]
fn every_shared_dependency_is_used_and_stands_under_its_reason() {
    let manifest = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("[workspace.dependencies]").expect("the section is there");
    let section = rest.split("\n[").next().expect("split gives at least one");
    let packages = packages();
    let used: BTreeSet<_> = packages.values().flatten().map(|dependency| dependency.name.as_str()).collect();

    let mut has_reason = false;
    for line in section.lines() {
        match line.split_once('=') {
            _ if line.is_empty() => has_reason = false,
            _ if line.starts_with('#') => has_reason = true,
            Some((name, _)) => {
                assert!(has_reason, "no comment says what {name} is for");
                assert!(used.contains(name.trim()), "no package of the workspace uses {name}");
            }
            None => panic!("not a dependency: {line}"),
        }
    }
}
