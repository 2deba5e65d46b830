use super::{Task, Work, taken_turns};
use crate::store::work::DueMessage;

/// Which kinds of work are taken, as their first letters.
fn turns(revoke: usize, sms: usize, share: usize, sms_first: bool) -> String {
    let due = |key: usize| Work::Due(DueMessage { key: key.to_string(), sent_at: None, window_closes: None });
    let sms = (0..sms).map(|key| key.to_string()).collect();
    let taken = taken_turns((0..revoke).map(due).collect(), sms, share, sms_first);
    let letter = |task: &Task| match task {
        Task::Revoke(_) => 'r',
        Task::Sms(_) => 's',
    };
    taken.iter().map(letter).collect()
}

#[test]
fn both_kinds_of_work_get_their_turn() {
    assert_eq!(turns(3, 3, 4, true), "srsr");
    assert_eq!(turns(3, 1, 4, true), "srrr");
    assert_eq!(turns(0, 2, 4, false), "ss");
    // At one request a second each of two rounds is for another kind.
    assert_eq!([turns(1, 1, 1, true), turns(1, 1, 1, false)], ["s", "r"]);
}
