//! Every set of up to seven facts of each world, at its interesting instants. A prefix of an order of facts is
//! such a set as well, so every prefix of every order is covered.

use std::collections::BTreeMap;

use rcs_revoke_core::{Evidence, Span, Timestamp};

use crate::check::{compare, listed};
use crate::worlds::{self, World};

const MOST_FACTS: usize = 7;

/// Differences found, by their kind: how many, and the one with the fewest facts.
#[derive(Default)]
struct Differences(BTreeMap<String, (usize, usize, String)>);

impl Differences {
    fn add(&mut self, evidence: &Evidence, now: Timestamp, problem: &str) {
        let kind = problem.lines().next().unwrap_or_default().to_owned();
        let text = format!("at {now}: {problem}\n  facts {}", listed(evidence));
        let entry = self.0.entry(kind).or_insert((0, usize::MAX, String::new()));
        entry.0 += 1;
        if evidence.len() < entry.1 {
            (entry.1, entry.2) = (evidence.len(), text);
        }
    }

    fn none(&self) {
        let told: Vec<String> =
            self.0.values().map(|(many, _, text)| format!("\n{many} times, such as {text}")).collect();
        assert!(self.0.is_empty(), "{}", told.concat());
    }
}

fn visit(world: &World, from: usize, evidence: &Evidence, found: &mut Differences, visited: &mut usize) {
    look(world, evidence, found);
    *visited += 1;
    if evidence.len() == MOST_FACTS {
        return;
    }
    for index in from..world.facts.len() {
        let mut larger = evidence.clone();
        larger.record(world.facts[index].clone());
        visit(world, index + 1, &larger, found, visited);
    }
}

fn look(world: &World, evidence: &Evidence, found: &mut Differences) {
    let latest = evidence.facts().map(rcs_revoke_core::Fact::at).max();
    let mut instants: Vec<Timestamp> = latest.into_iter().collect();
    for turn in &world.turns {
        instants.extend([*turn - Span::millis(1), *turn]);
    }
    for now in instants {
        if latest.is_none_or(|latest| now >= latest)
            && let Err(problem) = compare(evidence, &world.source, &world.policy, now)
        {
            found.add(evidence, now, &problem);
        }
    }
}

fn exhaust(world: &World) {
    let (mut found, mut visited) = (Differences::default(), 0);
    visit(world, 0, &world.nothing_known(), &mut found, &mut visited);
    let all: usize = (0..=MOST_FACTS).map(|chosen| choices(world.facts.len(), chosen)).sum();
    assert_eq!(visited, all, "every set was visited once");
    found.none();
}

fn choices(of: usize, chosen: usize) -> usize {
    (0..chosen).fold(1, |product, index| product * (of - index) / (index + 1))
}

#[test]
fn google_where_a_success_means_asked() {
    exhaust(&worlds::google_asked());
}

#[test]
fn google_where_a_success_means_removed() {
    exhaust(&worlds::google_removed());
}

#[test]
fn vonage_with_its_three_regions() {
    exhaust(&worlds::vonage_regions());
}

#[test]
fn vonage_with_its_other_refusals() {
    exhaust(&worlds::vonage_refusals());
}

#[test]
fn google_that_cannot_be_reached() {
    exhaust(&worlds::google_unreachable());
}

#[test]
fn google_with_two_wishes_at_once() {
    exhaust(&worlds::google_two_wishes());
}
