//! That the order, number and grouping of facts never matter, for every set of the exhaustive check.
//!
//! Why this covers *every* order of every set of up to n facts, though no list of them is ever written down: let
//! `E(l)` be what recording a list of facts leaves. The walk builds one `E(S)` for each set S, and checks for all
//! S of up to n - 2 facts
//!
//! 1. *transposition*: recording any two further facts a and b onto `E(S)` gives the same, whichever comes first,
//! 2. *repetition*: recording any fact of S again changes nothing.
//!
//! Then all orders of a set give the same evidence, by induction over its size. Any order turns into any other by
//! swapping neighbours. Say a and b stand behind the first part p of the list: all orders of p give `E(p)` already
//! (it is shorter), so by 1. the swap changes nothing there, and what follows is recorded onto equal evidence. By
//! 2., a list with repetitions gives what it gives without them. Each prefix of an order is such a set as well, and
//! each set is compared with the oracle: so every prefix of every order is.
//!
//! 3. *grouping*: every split of a set into two parts, each recorded by itself, merges to the whole, either into
//!    the other, and a part merged into the whole leaves it.
//!
//! Beside the argument stands a check that needs none: all orders of all sets of n - 2 facts, one by one.

use rcs_revoke_core::Evidence;
use rcs_revoke_core::fact::Fact;

/// What was checked.
#[derive(Default)]
pub struct Counts {
    pub transpositions: u64,
    pub repetitions: u64,
    pub groupings: u64,
    pub orders: u64,
}

/// The evidence with one more fact.
pub fn with(evidence: &Evidence, fact: &Fact) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.record(fact.clone());
    evidence
}

/// Checks 1 and 2 for one set; `chosen` says which facts of the alphabet are in it.
pub fn swap_and_repeat(
    alphabet: &[Fact],
    chosen: &[usize],
    evidence: &Evidence,
    counts: &mut Counts,
) -> Result<(), String> {
    let free = |index: &usize| !chosen.contains(index);
    let next: Vec<(usize, Evidence)> =
        (0..alphabet.len()).filter(free).map(|index| (index, with(evidence, &alphabet[index]))).collect();
    for (place, (a, with_a)) in next.iter().enumerate() {
        for (b, with_b) in &next[place + 1..] {
            counts.transpositions += 1;
            if with(with_a, &alphabet[*b]) != with(with_b, &alphabet[*a]) {
                return Err("the order of two facts matters".into());
            }
        }
    }
    for index in chosen {
        counts.repetitions += 1;
        let mut again = evidence.clone();
        let changed = again.record(alphabet[*index].clone());
        if changed || again != *evidence {
            return Err("a fact that comes twice matters".into());
        }
    }
    Ok(())
}

/// Check 3 for one set.
pub fn group(
    nothing: &Evidence,
    facts: &[&Fact],
    evidence: &Evidence,
    counts: &mut Counts,
) -> Result<(), String> {
    let part = |parts: u32, wanted: bool| {
        let mut part = nothing.clone();
        let is_in = |index: &usize| (parts >> index & 1 == 1) == wanted;
        part.extend((0..facts.len()).filter(is_in).map(|index| facts[index].clone()));
        part
    };
    // The first fact is always on the left: the other half of the splits are these with their sides exchanged.
    for parts in (0..1_u32 << facts.len()).filter(|parts| facts.is_empty() || parts & 1 == 1) {
        counts.groupings += 1;
        let (left, right) = (part(parts, true), part(parts, false));
        let merged = |mut into: Evidence, other: &Evidence| {
            into.merge(other.clone());
            into
        };
        let whole = [
            merged(left.clone(), &right),
            merged(right, &left),
            merged(evidence.clone(), &left),
            merged(left, evidence),
        ];
        if whole.iter().any(|whole| whole != evidence) {
            return Err("the grouping of facts matters".into());
        }
    }
    Ok(())
}

/// All orders of these facts, one by one.
pub fn all_orders(
    nothing: &Evidence,
    facts: &[&Fact],
    evidence: &Evidence,
    counts: &mut Counts,
) -> Result<(), String> {
    orders_from(nothing, &mut facts.to_vec(), 0, evidence, counts)
}

/// All orders of what stands from `place` on, recorded onto what the facts before it have left.
fn orders_from(
    so_far: &Evidence,
    facts: &mut [&Fact],
    place: usize,
    expected: &Evidence,
    counts: &mut Counts,
) -> Result<(), String> {
    if place == facts.len() {
        counts.orders += 1;
        return if so_far == expected { Ok(()) } else { Err("the order of the facts matters".into()) };
    }
    for other in place..facts.len() {
        facts.swap(place, other);
        orders_from(&with(so_far, facts[place]), facts, place + 1, expected, counts)?;
        facts.swap(place, other);
    }
    Ok(())
}
