//! The oracle gives the hand-written vectors too: neither it nor the core is only compared with the other.

use std::path::Path;

use rcs_revoke_core::{Evidence, Outcome, Policy, Source, Step, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::oracle::{Judgement, joined, judge};

#[derive(Deserialize)]
struct Vector<E> {
    name: String,
    input: Input,
    expected: E,
}

#[derive(Deserialize)]
struct Input {
    evidence: Evidence,
    source: Source,
    policy: Option<Policy>,
    now: Timestamp,
}

/// Vectors avoid instants at which jitter matters, so either end of it must give them.
fn every<E: DeserializeOwned>(file: &str, check: impl Fn(&str, &E, Judgement)) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = std::fs::read_to_string(&path).expect("the file of vectors is part of the repository");
    let vectors: Vec<Vector<E>> = serde_json::from_str(&text).expect("vectors have the documented shape");
    for Vector { name, input, expected } in vectors {
        let policy = input.policy.unwrap_or_else(|| input.source.provider.adapter().policy());
        let facts: Vec<_> = input.evidence.facts().cloned().collect();
        for jitter in [80, 120] {
            check(
                &name,
                &expected,
                judge(input.evidence.message(), &joined(&facts), &input.source, &policy, input.now, jitter),
            );
        }
    }
}

#[test]
fn outcomes() {
    every("outcomes.json", |name, expected: &Outcome, judgement| {
        let Judgement { verdict, flags, .. } = judgement;
        assert_eq!(&Outcome { verdict, flags }, expected, "{name}");
    });
}

#[test]
fn steps() {
    every("steps.json", |name, expected: &Step, judgement| {
        assert_eq!(judgement.plan.allows(expected), Ok(()), "{name}: {expected:?}\n{judgement:?}");
    });
}
