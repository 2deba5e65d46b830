//! The committed corpus of every fuzz target, and a fixed number of mutations of it, through what the targets assert.
//!
//! What the fuzzers found stays found: on the stable toolchain, in every run of the tests, the same cases each time.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use rcs_revoke_tests::repository;

use self::mutate::Mutator;

#[path = "../../fuzz/src/config.rs"]
mod config;
#[path = "../../fuzz/src/lib.rs"]
mod fuzz;
mod mutate;

/// A fuzz target: its name, what it asserts, and how many mutations are tried, as its speed allows.
type Target = (&'static str, fn(&[u8]), usize);

const TARGETS: [Target; 6] = [
    ("answers", fuzz::answers::check, 100_000),
    ("config", config::check, 4_000),
    ("evidence", fuzz::evidence::check, 10_000),
    ("google_webhooks", fuzz::google_webhooks::check, 50_000),
    ("import", fuzz::import::check, 50_000),
    ("vonage_webhooks", fuzz::vonage_webhooks::check, 50_000),
];

fn folder(target: &str) -> PathBuf {
    repository().join("fuzz/corpus").join(target)
}

/// The corpus of a target, in the order of its files' names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = folder(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).expect("it can be read")).collect()
}

/// Shows the input that a failing check was given.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input was b\"{}\"", self.0.escape_ascii());
        }
    }
}

fn replay(name: &str) {
    let (_, check, mutations) = TARGETS.iter().find(|(target, ..)| *target == name).expect("it is listed");
    let corpus = corpus(name);
    assert!(corpus.len() > 10, "{name} has no corpus to speak of");
    let checked = |input: &[u8]| {
        let _shown = Shown(input);
        check(input);
    };
    for input in &corpus {
        checked(input);
    }
    let mut mutator = Mutator::new(&corpus);
    for _ in 0..*mutations {
        checked(&mutator.next());
    }
    println!("{name}: {} inputs of the corpus and {mutations} mutations", corpus.len());
}

#[test]
fn answers_mean_no_more_than_they_say() {
    replay("answers");
}

#[test]
fn every_configuration_works_or_says_why_not() {
    replay("config");
}

#[test]
fn every_set_of_facts_has_an_outcome_that_it_proves() {
    replay("evidence");
}

#[test]
fn calls_of_google_pass_with_a_good_signature_only() {
    replay("google_webhooks");
}

#[test]
fn every_text_becomes_rows_or_reasons() {
    replay("import");
}

#[test]
fn calls_of_vonage_pass_with_a_good_token_only() {
    replay("vonage_webhooks");
}

#[test]
fn every_fuzz_target_is_replayed() {
    let manifest = fs::read_to_string(repository().join("fuzz/Cargo.toml")).expect("it can be read");
    let names: BTreeSet<&str> = manifest
        .split("[[bin]]")
        .skip(1)
        .filter_map(|section| section.split("name = \"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(names, TARGETS.map(|(name, ..)| name).into());
}
