use super::{ClassDoubt, ClassFault, StatedCells};
use crate::class::{Cell, Class};
use crate::expiry::MessageClass;
use crate::fact::Then;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::Say;
use crate::time::Span;

fn otp(change: impl FnOnce(&mut Class)) -> Vec<ClassFault> {
    let mut class = Class::standard(MessageClass::Otp);
    change(&mut class);
    class.check(StatedCells::default())
}

fn doubts(class: &Class) -> Vec<ClassDoubt> {
    class.doubts(Provider::ALL, Span::secs(35))
}

#[test]
fn the_standard_classes_are_fine() {
    for class in Class::standards() {
        assert_eq!(class.check(StatedCells::default()), []);
        assert_eq!(doubts(&class), []);
    }
}

#[test]
fn figures_that_cannot_be_meant_are_refused() {
    assert_eq!(otp(|class| class.name = "One Time".to_owned()), [ClassFault::Name]);
    assert_eq!(otp(|class| class.ttl = Span::secs(9)), [ClassFault::Ttl]);
    assert_eq!(
        otp(|class| class.settle = Some(Span::minutes(61))),
        [ClassFault::Settle, ClassFault::StaleBefore("when an answer has settled")]
    );
    assert_eq!(otp(|class| class.retries = Some(vec![Span::ZERO; 21])), [ClassFault::Retries(21)]);
    assert_eq!(otp(|class| class.sms_text = Some("  ".to_owned())), [ClassFault::NoText]);
    assert_eq!(otp(|class| class.sms_text = Some("x".repeat(1_001))), [ClassFault::TextTooLong(1_001)]);
}

#[test]
fn an_sms_that_waits_for_nothing_is_refused() {
    assert_eq!(otp(|class| class.fallback_by = None), [ClassFault::NoFallbackBy("unfinished")]);
    let by_hand = otp(|class| {
        class.fallback.unfinished = Cell::ByHand;
        class.fallback_by = None;
    });
    assert_eq!(by_hand, []);
}

#[test]
fn an_sms_that_always_comes_too_late_is_refused() {
    let not_after = |minutes| move |class: &mut Class| class.not_after = Some(Span::minutes(minutes));
    assert_eq!(otp(not_after(10)), [ClassFault::StaleBefore("when the message is revoked")]);
    assert_eq!(otp(not_after(11)), [ClassFault::StaleBefore("when `fallback_by` has passed")]);
    assert_eq!(otp(not_after(12)), []);
    // Whoever else wishes it may do so at once.
    let nothing_of_its_own = otp(|class| {
        class.then = Then::Nothing;
        class.not_after = Some(Span::minutes(2));
    });
    assert_eq!(nothing_of_its_own, []);
}

#[test]
fn advertising_that_sends_by_itself_says_for_how_long() {
    let class = Class::standard(MessageClass::Promotional);
    let now = StatedCells { unconfirmed: Some(Cell::Now), ..StatedCells::default() };
    assert_eq!(class.check(now), [ClassFault::NoLimit("unconfirmed")]);
    let limited = Class { not_after: Some(Span::hours(24)), ..class.clone() };
    assert_eq!(limited.check(now), []);
    let no = StatedCells { gone: Some(Cell::No), ..StatedCells::default() };
    assert_eq!(class.check(no), []);
}

#[test]
fn stated_cells_stand_in_the_place_of_others() {
    let cells = Class::standard(MessageClass::Otp).fallback;
    assert_eq!(StatedCells::default().over(cells), cells);
    let all = StatedCells {
        gone: Some(Cell::No),
        unconfirmed: Some(Cell::ByHand),
        inconclusive: Some(Cell::No),
        unfinished: Some(Cell::ByHand),
        hopeless: Some(Cell::No),
        otherwise: Some(Cell::No),
    };
    let cells = all.over(cells).all().map(|(_, cell)| cell);
    assert_eq!(cells, [Cell::No, Cell::ByHand, Cell::No, Cell::ByHand, Cell::No, Cell::No]);
}

#[test]
fn what_is_allowed_but_odd_is_doubted() {
    let class = |change: fn(&mut Class)| {
        let mut class = Class::standard(MessageClass::Otp);
        change(&mut class);
        doubts(&class)
    };
    assert_eq!(class(|class| class.sms_text = Some("Call us".to_owned())), [ClassDoubt::SameText]);
    assert_eq!(class(|class| class.sms_text = Some("{text} (again)".to_owned())), []);
    assert_eq!(
        class(|class| class.sms_text = Some("{text} {name}".to_owned())),
        [ClassDoubt::UnknownPlaceholder("{name}".to_owned())]
    );
    assert_eq!(class(|class| class.sms_text = Some("{text} {".to_owned())), []);
    assert_eq!(class(|class| class.revoke_after = Some(Span::minutes(11))), [ClassDoubt::EndsBefore]);
    assert_eq!(
        class(|class| class.ttl = Span::minutes(2)),
        [ClassDoubt::TtlOf(Provider::Vonage), ClassDoubt::EndsBefore]
    );
    assert_eq!(class(|class| class.fallback_by = Some(Span::secs(34))), [ClassDoubt::BeforeTheAnswer]);
    let late = class(|class| {
        class.ttl = Span::hours(48);
        class.revoke_after = Some(Span::hours(24));
    });
    assert_eq!(late, [ClassDoubt::WindowBefore(Provider::Vonage)]);
}

#[test]
fn every_fault_says_what_to_do_and_where() {
    for fault in otp(|class| {
        class.ttl = Span::ZERO;
        class.settle = Some(Span::hours(2));
        class.fallback_by = None;
        class.sms_text = Some(String::new());
    }) {
        assert!(fault.say().len() > 10, "{fault:?}");
        assert!(!fault.key().is_empty(), "{fault:?}");
    }
}
