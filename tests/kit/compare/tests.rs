//! The judgement catches lies: each test feeds it one, and the truth beside it.

use rcs_revoke_core::outcome::{Doubt, Flags, Proof, Verdict};
use rcs_revoke_core::{Outcome, Timestamp};
use rcs_revoke_simulator::Fate;

use super::{Case, Lie, judge};
use crate::reality::{Heard, Reality, Statement};

const NOW: Timestamp = Timestamp::from_millis(1_795_168_800_000);

fn event(statement: Statement) -> Heard {
    Heard { statement: Some(statement), code: None, handed_over: true, acknowledged: true, lost: false }
}

fn world(heard: &[Heard], answers: &[u16]) -> Reality {
    let answers = answers.iter().copied().map(Some).collect();
    Reality { fate: Fate::Queued, heard: heard.to_vec(), answers }
}

fn delivered() -> Verdict {
    Verdict::Delivered { at: NOW, read: false, raced: false, contradicts: false, duplicate: None }
}

fn lies_of(verdict: Verdict, world: &Reality, confirmed: bool) -> Vec<Lie> {
    let outcome = Outcome { verdict, flags: Flags::default() };
    judge(&Case { claim: Some(&outcome), before: world, after: world, was_taken: true, confirmed })
}

#[test]
fn a_statement_that_nobody_made_is_a_lie() {
    let silence = world(&[], &[202]);
    let claims =
        [(delivered(), Statement::Delivered), (Verdict::Revoked { proof: Proof::Event }, Statement::Revoked)];
    for (verdict, statement) in claims {
        assert_eq!(lies_of(verdict.clone(), &silence, true), [Lie::NobodySaidSo(statement)]);
        assert_eq!(lies_of(verdict, &world(&[event(statement)], &[202]), true), []);
    }
}

#[test]
fn an_event_on_its_way_is_no_event() {
    let on_its_way = Heard { handed_over: false, acknowledged: false, ..event(Statement::Delivered) };
    assert_eq!(
        lies_of(delivered(), &world(&[on_its_way], &[]), false),
        [Lie::NobodySaidSo(Statement::Delivered)]
    );
}

#[test]
fn an_acknowledged_delivery_outranks_every_other_claim() {
    let both = world(&[event(Statement::Revoked), event(Statement::Delivered)], &[200]);
    let unheard = [Lie::Unheard(Statement::Delivered)];
    assert_eq!(lies_of(Verdict::Revoked { proof: Proof::Event }, &both, true), unheard);
    assert_eq!(lies_of(Verdict::Revoked { proof: Proof::Answer }, &both, true), unheard);
    assert_eq!(lies_of(Verdict::Unconfirmed, &both, false), unheard);
    assert_eq!(lies_of(delivered(), &both, false), []);
}

#[test]
fn an_acknowledged_removal_may_be_overruled_by_a_delivery_only() {
    let removed = world(&[event(Statement::Revoked)], &[200]);
    assert_eq!(lies_of(Verdict::Unconfirmed, &removed, false), [Lie::Unheard(Statement::Revoked)]);
    let refused = world(&[event(Statement::NotDelivered), event(Statement::Revoked)], &[200]);
    assert_eq!(lies_of(Verdict::Revoked { proof: Proof::Event }, &refused, false), []);
}

#[test]
fn what_rests_on_an_answer_needs_the_answer() {
    let refused = world(&[], &[503, 404]);
    for verdict in [Verdict::Unconfirmed, Verdict::PresumedRevoked, Verdict::Revoked { proof: Proof::Answer }]
    {
        assert_eq!(lies_of(verdict, &refused, true), [Lie::NeverAnswered("an accepted request")]);
    }
    assert_eq!(lies_of(Verdict::PresumedDelivered, &refused, true), []);
    assert_eq!(lies_of(Verdict::PresumedDelivered, &world(&[], &[200]), true), [Lie::NeverAnswered("a 404")]);
}

#[test]
fn answers_prove_nothing_where_they_are_not_believed() {
    let answered = world(&[], &[200, 404]);
    for verdict in [Verdict::Revoked { proof: Proof::Answer }, Verdict::PresumedDelivered] {
        assert_eq!(lies_of(verdict.clone(), &answered, true), []);
        assert!(matches!(lies_of(verdict, &answered, false)[..], [Lie::WithoutProof(_)]));
    }
}

#[test]
fn a_code_must_have_been_said() {
    let said = Heard { code: Some(1300), ..event(Statement::NotDelivered) };
    let claim = |code: &str| {
        lies_of(
            Verdict::NotDelivered { code: code.to_owned() },
            &world(std::slice::from_ref(&said), &[]),
            false,
        )
    };
    assert_eq!(claim("1300"), []);
    assert_eq!(claim("1240"), [Lie::InventedCode("1240".to_owned())]);
}

#[test]
fn what_was_taken_must_be_there() {
    let (silence, told) = (world(&[], &[]), world(&[event(Statement::NotDelivered)], &[]));
    let case =
        |world, was_taken| Case { claim: None, before: world, after: world, was_taken, confirmed: false };
    assert_eq!(judge(&case(&silence, true)), [Lie::Lost]);
    assert_eq!(judge(&case(&told, false)), [Lie::Lost]);
    assert_eq!(judge(&case(&silence, false)), []);
}

#[test]
fn news_between_the_two_looks_is_no_lie() {
    let (before, after) = (world(&[], &[202]), world(&[event(Statement::Delivered)], &[202]));
    for verdict in [Verdict::Unconfirmed, delivered()] {
        let outcome = Outcome { verdict, flags: Flags::default() };
        let case =
            Case { claim: Some(&outcome), before: &before, after: &after, was_taken: true, confirmed: false };
        assert_eq!(judge(&case), []);
    }
}

#[test]
fn doubt_is_always_honest_and_movement_must_end() {
    let silence = world(&[], &[]);
    assert_eq!(lies_of(Verdict::Inconclusive { why: Doubt::EffectUnknown }, &silence, false), []);
    assert_eq!(lies_of(Verdict::Watched, &silence, false), []);
    assert_eq!(lies_of(Verdict::Requesting, &silence, false), [Lie::NeverAtRest]);
}
