//! Every set of a few facts of each world, at its interesting instants: compared with the oracle, asked for every
//! property, and shown to be the same in every order (`orders.rs` says why that is all of them).
//!
//! Up to five facts where nothing else is said; `PROVE_FACTS=7` looks at up to seven, and `cargo xtask prove` does
//! that and shows what was counted.

use std::collections::BTreeMap;

use rcs_revoke_core::fact::{Event, Fact};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Assessment, Evidence, Span, Timestamp, assess};

use crate::check::{compare, knows_the_same, listed};
use crate::laws::{self, Look};
use crate::oracle::{joined, rank};
use crate::orders::{self, Counts};
use crate::worlds::{self, World};

/// How many facts the sets have at most, unless `PROVE_FACTS` says otherwise.
const FACTS: usize = 5;

/// The most that makes sense: sets of eight facts would take hours.
const MOST_FACTS: usize = 7;

fn most_facts() -> usize {
    let Ok(text) = std::env::var("PROVE_FACTS") else { return FACTS };
    let number = text.parse().ok().filter(|number| (2..=MOST_FACTS).contains(number));
    number.unwrap_or_else(|| panic!("PROVE_FACTS is a number from 2 to {MOST_FACTS}, not {text:?}"))
}

/// Differences found, by their kind: how many, and the one with the fewest facts.
#[derive(Default)]
struct Differences(BTreeMap<String, (usize, usize, String)>);

impl Differences {
    fn add(&mut self, evidence: &Evidence, now: Option<Timestamp>, problem: &str) {
        let kind = problem.lines().next().unwrap_or_default().to_owned();
        let now = now.map_or_else(String::new, |now| format!("at {now}: "));
        let text = format!("{now}{problem}\n  facts {}", listed(evidence));
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

/// A walk over all sets of one world.
struct Walk<'a> {
    world: &'a World,
    most: usize,
    found: Differences,
    sets: u64,
    /// Sets at one instant each, compared with the oracle.
    looks: u64,
    /// Comparisons with the same set without its unknown word.
    words: u64,
    counts: Counts,
    /// Instants at which an SMS was due, and at which a wish of the class's own was.
    due: u64,
    asked: u64,
}

impl Walk<'_> {
    /// Looks at the set of the chosen facts, and at all sets that hold more of those behind them.
    fn visit(&mut self, chosen: &mut Vec<usize>, evidence: &Evidence) {
        self.sets += 1;
        self.look(chosen, evidence);
        if chosen.len() + 2 <= self.most {
            self.reorder(chosen, evidence);
        }
        if chosen.len() == self.most {
            return;
        }
        let from = chosen.last().map_or(0, |last| last + 1);
        for index in from..self.world.facts.len() {
            chosen.push(index);
            self.visit(chosen, &orders::with(evidence, &self.world.facts[index]));
            chosen.pop();
        }
    }

    fn reorder(&mut self, chosen: &[usize], evidence: &Evidence) {
        let (world, counts) = (self.world, &mut self.counts);
        let nothing = world.nothing_known();
        let facts: Vec<&Fact> = chosen.iter().map(|index| &world.facts[*index]).collect();
        let checked = orders::swap_and_repeat(&world.facts, chosen, evidence, counts)
            .and_then(|()| orders::group(&nothing, &facts, evidence, counts))
            .and_then(|()| {
                if facts.len() + 2 == self.most {
                    orders::all_orders(&nothing, &facts, evidence, counts)
                } else {
                    Ok(())
                }
            });
        if let Err(problem) = checked {
            self.found.add(evidence, None, &problem);
        }
    }

    fn look(&mut self, chosen: &[usize], evidence: &Evidence) {
        let world = self.world;
        let letters: Vec<Fact> = chosen.iter().map(|index| world.facts[*index].clone()).collect();
        let left = joined(&letters);
        let mut held: Vec<Fact> = evidence.facts().cloned().collect();
        held.sort_by_cached_key(rank);
        if held != left {
            self.found.add(evidence, None, "other facts are left than should be");
        }
        if let Err(problem) = knows_the_same(&left, evidence, &world.source, &world.policy) {
            self.found.add(evidence, None, &problem);
        }
        let words: Vec<(&Event, Evidence)> = world.without_their_words(chosen).collect();
        let mut before: Option<(Timestamp, Assessment)> = None;
        for now in world.instants(&left) {
            self.looks += 1;
            let assessment = match compare(&left, evidence, &world.source, &world.policy, now) {
                Ok(assessment) => assessment,
                Err(problem) => {
                    self.found.add(evidence, Some(now), &problem);
                    continue;
                }
            };
            self.due += u64::from(assessment.sms.is_some());
            self.asked += u64::from(matches!(assessment.step, Step::Request { .. }));
            let look =
                Look { evidence, source: &world.source, policy: &world.policy, now, assessment: &assessment };
            let mut checked = laws::hold(look);
            for (word, without) in &words {
                self.words += 1;
                let without = assess(without, &world.source, &world.policy, now);
                checked = checked.and_then(|()| laws::holds_for_a_word(word, &assessment, &without));
            }
            if let Some((then, before)) = &before {
                let (before, after) = ((*then, before), (now, &assessment));
                checked = checked
                    .and_then(|()| laws::moves_along_an_edge(evidence, before, after))
                    .and_then(|()| laws::was_announced(before, after));
            }
            if let Err(problem) = checked {
                self.found.add(evidence, Some(now), &problem);
            }
            before = Some((now, assessment));
        }
    }
}

impl World {
    /// For each unknown word of the set, the set without it; not where another fact of the set has its key.
    fn without_their_words(&self, chosen: &[usize]) -> impl Iterator<Item = (&Event, Evidence)> {
        let facts: Vec<&Fact> = chosen.iter().map(|index| &self.facts[*index]).collect();
        facts.clone().into_iter().filter_map(move |fact| {
            let Fact::Event(told) = fact else { return None };
            let unknown = matches!(told.event, Event::UnknownWord { .. } | Event::UnknownExpiryWord { .. });
            let others = || facts.iter().filter(|other| **other != fact);
            if !unknown || others().any(|other| other.key() == fact.key()) {
                return None;
            }
            let mut without = self.nothing_known();
            without.extend(others().map(|other| (*other).clone()));
            Some((&told.event, without))
        })
    }

    /// The instant of the latest fact and the world's turns behind it, each also a millisecond earlier.
    fn instants(&self, facts: &[Fact]) -> Vec<Timestamp> {
        let latest = facts.iter().map(Fact::at).max();
        let turns = self.turns.iter().flat_map(|turn| [*turn - Span::millis(1), *turn]);
        let mut instants: Vec<Timestamp> = latest
            .into_iter()
            .chain(turns)
            .filter(|now| latest.is_none_or(|latest| *now >= latest))
            .collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }
}

fn exhaust(name: &str, world: &World) {
    let most = most_facts();
    let (found, counts) = (Differences::default(), Counts::default());
    let mut walk = Walk { world, most, found, sets: 0, looks: 0, words: 0, counts, due: 0, asked: 0 };
    walk.visit(&mut Vec::new(), &world.nothing_known());
    let all: u64 = (0..=most).map(|chosen| choices(world.facts.len(), chosen)).sum();
    assert_eq!(walk.sets, all, "every set was visited once");
    let Counts { transpositions, repetitions, groupings, orders } = walk.counts;
    println!(
        "{name}: {letters} facts, {sets} sets of up to {most}, at {looks} instants against the oracle and the \
         properties; {words} comparisons without an unknown word; {transpositions} transpositions, {repetitions} \
         repetitions, {groupings} groupings; {orders} orders of {few} facts one by one; \
         an SMS was due at {due} instants, a wish of the class at {asked}",
        letters = world.facts.len(),
        sets = walk.sets,
        looks = walk.looks,
        words = walk.words,
        few = most - 2,
        due = walk.due,
        asked = walk.asked,
    );
    walk.found.none();
    assert_eq!(walk.due > 0, world.source.sms.is_some(), "an SMS leaves where there is a sender of SMS");
}

fn choices(of: usize, chosen: usize) -> u64 {
    (0..chosen).fold(1, |product, index| product * (of - index) as u64 / (index as u64 + 1))
}

#[test]
fn google_where_a_success_means_asked() {
    exhaust("google, asked", &worlds::google_asked());
}

#[test]
fn google_where_a_success_means_removed() {
    exhaust("google, removed", &worlds::google_removed());
}

#[test]
fn vonage_with_its_three_regions() {
    exhaust("vonage, regions", &worlds::vonage_regions());
}

#[test]
fn vonage_with_its_other_refusals() {
    exhaust("vonage, refusals", &worlds::vonage_refusals());
}

#[test]
fn google_that_cannot_be_reached() {
    exhaust("google, unreachable", &worlds::google_unreachable());
}

#[test]
fn google_with_two_wishes_at_once() {
    exhaust("google, two wishes", &worlds::google_two_wishes());
}

#[test]
fn google_with_equal_keys() {
    exhaust("google, equal keys", &worlds::google_equal_keys());
}

#[test]
fn vonage_with_equal_keys() {
    exhaust("vonage, equal keys", &worlds::vonage_equal_keys());
}

#[test]
fn vonage_codes_that_an_sms_follows() {
    exhaust("vonage, codes", &worlds::vonage_codes());
}

#[test]
fn google_asked_once_more_before_an_sms() {
    exhaust("google, once more", &worlds::google_once_more());
}

#[test]
fn vonage_advertising_that_few_want() {
    exhaust("vonage, advertising", &worlds::vonage_advertising());
}

#[test]
fn vonage_with_an_sms_by_hand() {
    exhaust("vonage, by hand", &worlds::vonage_by_hand());
}

#[test]
fn google_with_dates() {
    exhaust("google, dates", &worlds::google_dates());
}

#[test]
fn vonage_with_a_class_of_its_own() {
    exhaust("vonage, own class", &worlds::vonage_own_class());
}

#[test]
fn google_with_an_sms_at_its_time() {
    exhaust("google, at its time", &worlds::google_at_its_time());
}

#[test]
fn vonage_with_equal_keys_of_its_sms() {
    exhaust("vonage, equal keys of SMS", &worlds::vonage_equal_sms());
}
