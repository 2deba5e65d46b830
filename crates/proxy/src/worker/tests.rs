use super::{Task, taken_turns};
use crate::store::messages::DueMessage;

fn turns(revoke: usize, sms: usize, share: usize, sms_first: bool) -> Vec<Task> {
    let due = |key: usize| DueMessage { key: key.to_string(), sent_at: None, window_closes: None };
    let sms = (0..sms).map(|key| key.to_string()).collect();
    let taken = taken_turns((0..revoke).map(due).collect(), sms, share, sms_first);
    taken.into_iter().map(|(_, task)| task).collect()
}

#[test]
fn both_kinds_of_work_get_their_turn() {
    use Task::{Revoke, Sms};
    assert_eq!(turns(3, 3, 4, true), [Sms, Revoke, Sms, Revoke]);
    assert_eq!(turns(3, 1, 4, true), [Sms, Revoke, Revoke, Revoke]);
    assert_eq!(turns(0, 2, 4, false), [Sms, Sms]);
    // At one request a second each of two rounds is for another kind.
    assert_eq!([turns(1, 1, 1, true), turns(1, 1, 1, false)], [[Sms], [Revoke]]);
}
