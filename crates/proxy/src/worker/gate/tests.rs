use std::sync::Arc;
use std::time::{Duration, Instant};

use rcs_revoke_core::Timestamp;

use super::{Gate, Place, Slot, WINDOW};
use crate::clock::{Clock, SharedClock, System};
use crate::transport::departure::Watched;

const SECOND: Duration = Duration::from_secs(1);

fn gate(rate: u32) -> (Arc<Gate>, Instant) {
    let clock: SharedClock = Arc::new(System);
    let gate = Gate::new(rate, &clock);
    let open = Instant::now() + gate.window;
    (gate, open)
}

/// A clock on which a second is as short as a delay.
struct Fast;

impl Clock for Fast {
    fn now(&self) -> Timestamp {
        System.now()
    }

    fn scale(&self) -> f64 {
        100.0
    }
}

fn place(gate: &Arc<Gate>, at: Instant) -> Option<Place> {
    gate.try_place(at).ok()
}

fn pass(gate: &Arc<Gate>, at: Instant) -> Option<Slot> {
    gate.try_pass(at).ok()
}

#[test]
fn a_new_gate_is_shut_for_a_second() {
    let (gate, open) = gate(5);
    let soon = open.checked_sub(SECOND / 10).unwrap();
    assert!(pass(&gate, soon).is_none());
    assert!(place(&gate, Instant::now()).is_none());
    assert!(place(&gate, soon).is_some(), "the turn comes soon");
    assert!(pass(&gate, open).is_some());
}

#[test]
fn no_window_of_departures_holds_more_than_the_limit_however_late_they_are() {
    let (gate, open) = gate(50);
    let (mut now, mut waiting, mut departures) = (open, Vec::new(), Vec::new());
    let mut draw = 1_u64;
    while now < open + SECOND * 20 {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chance = draw >> 33;
        if let Some(slot) = pass(&gate, now) {
            // Most leave at once; some wait for a connection, and then leave together with others.
            let late = if chance.is_multiple_of(10) { chance % 700 } else { 0 };
            waiting.push((now + Duration::from_millis(late), slot));
        }
        waiting.retain(|(leaves, slot)| {
            let leaves_now = *leaves <= now;
            if leaves_now {
                slot.0.left(now);
                departures.push(now);
            }
            !leaves_now
        });
        now += Duration::from_millis(1 + chance % 3);
    }
    assert!(departures.len() > 600, "{}", departures.len());
    for window in departures.windows(51) {
        assert!(window[50] - window[0] >= SECOND);
    }
}

#[test]
fn the_limit_is_used_up_when_everything_leaves_at_once() {
    let (gate, open) = gate(800);
    let (mut now, mut departures) = (open, 0_u32);
    while now < open + SECOND * 10 {
        while let Some(slot) = pass(&gate, now) {
            slot.0.left(now);
            departures += 1;
        }
        // As coarse as a timer.
        now += Duration::from_millis(1);
    }
    assert!(departures >= 7_840, "{departures} of 8000");
}

#[test]
fn who_never_leaves_counts_until_a_second_after_the_end() {
    let (gate, open) = gate(1);
    let slot = pass(&gate, open).unwrap();
    assert!(pass(&gate, open + SECOND * 60).is_none(), "it may leave at any time");
    drop(slot);
    assert!(pass(&gate, Instant::now() + SECOND / 2).is_none());
    assert!(pass(&gate, open + SECOND * 60).is_some());
}

#[test]
fn what_is_answered_late_may_have_arrived_late_and_counts_longer() {
    let (gate, open) = gate(1);
    // Left a while ago, as seen from the present, in which answers come.
    let long_ago = Instant::now().checked_sub(SECOND / 10).unwrap();
    for _ in 0..50 {
        gate.state().usual.late(SECOND / 1_000);
    }
    let slot = pass(&gate, open).unwrap();
    slot.0.left(long_ago);
    drop(slot);
    let until = gate.state().left.first().unwrap().0;
    let late = until - (long_ago + gate.window);
    assert!(late > SECOND / 12, "{late:?}");
}

#[test]
fn places_are_for_what_will_pass_soon() {
    let (gate, open) = gate(50);
    let places: Vec<Place> = std::iter::from_fn(|| place(&gate, open)).take(100).collect();
    // A fifth of a second's worth, and what is due now.
    assert!((10..=11).contains(&places.len()), "{}", places.len());
    drop(places);
    let slots: Vec<Slot> = std::iter::from_fn(|| {
        let now = open + SECOND;
        pass(&gate, now)
    })
    .collect();
    assert!(slots.len() <= 2, "{} at once", slots.len());
}

#[tokio::test]
async fn who_has_begun_does_not_wait_for_a_gate_that_is_shut_for_long() {
    let (gate, open) = gate(1_000);
    let slot = pass(&gate, open).unwrap();
    let place = place(&gate, open).unwrap();
    slot.complained(Some(SECOND * 30));
    let shut = place.pass().await.unwrap_err();
    assert!(shut.0 > SECOND * 29 && shut.0 <= SECOND * 30, "{shut:?}");
    assert_eq!(gate.state().places, 0);
}

#[test]
fn on_a_fast_clock_only_an_answer_proves_the_arrival() {
    let clock: SharedClock = Arc::new(Fast);
    let gate = Gate::new(1, &clock);
    assert_eq!(gate.window, clock.real(WINDOW));
    let open = Instant::now() + gate.window;
    let slot = pass(&gate, open).unwrap();
    slot.0.left(open);
    assert!(place(&gate, open + gate.window).is_none(), "not answered");
    drop(slot);
    let slot = pass(&gate, open + gate.window);
    assert!(slot.is_some(), "answered");
    assert!(place(&gate, open + gate.window * 3 + SECOND).is_some(), "never answered");
}
