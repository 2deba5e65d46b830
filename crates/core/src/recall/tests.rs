use alloc::collections::BTreeMap;

use super::{Command, State, fell_short, incident, is_under_way, time_needed};
use crate::time::{Span, Timestamp};

#[test]
fn what_is_over_takes_no_command_that_would_send() {
    for state in State::ALL {
        assert_eq!(State::from_code(state.code()), Some(state));
        let restarted = [Command::Start, Command::Resume].map(|command| state.after(command));
        if state.is_over() {
            assert_eq!(restarted, [None, None], "{state:?}");
        }
        for next in restarted.into_iter().flatten() {
            assert!(next.sends(), "{state:?}");
        }
        for command in [Command::Pause, Command::Abort, Command::Drop] {
            assert!(state.after(command).is_none_or(|next| !next.sends()), "{state:?} {command:?}");
        }
        let after = |command| state.after(command);
        for command in [Command::Start, Command::Pause, Command::Resume, Command::Abort, Command::Drop] {
            let once = after(command);
            assert_eq!(once.and_then(|next| next.after(command)), once, "given twice: {state:?} {command:?}");
        }
    }
}

#[test]
fn time_is_rounded_up_and_never_divided_by_zero() {
    assert_eq!(time_needed(40_000, 30), Span::millis(1_333_334));
    assert_eq!(time_needed(0, 30), Span::ZERO);
    assert_eq!(time_needed(2, 0), Span::secs(2));
    assert_eq!(time_needed(u64::MAX, 1), Span::millis(i64::MAX).min(time_needed(u64::MAX, 1)));
}

#[test]
fn only_what_moves_is_under_way() {
    let moving: Vec<_> =
        crate::outcome::ROWS.iter().map(|row| row.code).filter(|code| is_under_way(code)).collect();
    assert_eq!(moving, ["requesting", "settling", "planned"]);
    assert!(!is_under_way("a code of the future"));
}

#[test]
fn what_reached_a_person_or_was_asked_for_fell_not_short() {
    let short: Vec<_> =
        crate::outcome::ROWS.iter().map(|row| row.code).filter(|code| fell_short(code)).collect();
    assert_eq!(short, ["lapsed", "inconclusive", "withdrawn", "refused", "watched"]);
    assert!(!fell_short("a code of the future"));
}

#[test]
fn the_incident_text_counts_everybody_once_and_proves_nothing_without_proof() {
    let counts = [
        ("unconfirmed", 19_530),
        ("settling", 470),
        ("revoked", 2_410),
        ("not_delivered", 1_190),
        ("delivered", 1_204),
        ("requesting", 932),
        ("refused", 382),
    ];
    let outcomes: BTreeMap<_, _> = counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
    let now = Timestamp::from_millis(1_795_168_800_000);
    let text =
        incident("Campaign 118", &outcomes, (State::Running, 13_882), Some(now + Span::secs(480)), now)
            .to_string();
    assert_eq!(
        text,
        "Campaign 118, 2026-11-20T10:00:00.000Z: 26118 of 40000 taken up. 3600 proven stopped, 1204 had reached people, \
         20000 asked without proof yet, 932 being asked now, 382 not revoked: refused or taken back, 13882 still to be \
         asked. All asked by about 2026-11-20T10:08:00.000Z."
    );
    let ended = incident("118", &outcomes, (State::Aborted, 13_882), None, now).to_string();
    assert!(ended.ends_with("13882 never asked."), "{ended}");
    let sum: u64 = counts.iter().map(|(_, count)| count).sum();
    assert_eq!(sum + 13_882, 40_000);
}
