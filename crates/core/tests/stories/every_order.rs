//! A story that is the same in whatever order it happens and is heard.

use rcs_revoke_core::ack::Ack;
use rcs_revoke_core::fact::{Event, Life};
use rcs_revoke_core::outcome::{Doubt, Proof, Verdict};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Span, Step};

use crate::story::Story;

/// A one-time code with a life of ten minutes is asked for explicitly, and the end of its life is told too. Which of the
/// two comes first never matters to what is proven: every order in time, and every order of hearing it.
#[test]
fn an_explicit_revocation_and_the_end_of_a_life_are_one_story_in_every_order() {
    type Chapter<'a> = (i64, &'a dyn Fn(Story, i64) -> Story);
    const END: i64 = 600;
    let expired: &[Option<Event>] = &[
        None,
        Some(Event::ExpiryRevoked),
        Some(Event::ExpiryRevokeFailed),
        Some(Event::UnknownExpiryWord { word: "TTL_EXPIRATION_SKIPPED".to_owned() }),
    ];
    for expiry in expired {
        for delivered in [false, true] {
            for times in [
                [590, 601, 700],
                [590, 700, 601],
                [601, 590, 700],
                [700, 601, 650],
                [650, 700, 601],
                [601, 650, 590],
            ] {
                let [asked_at, expired_at, delivered_at] = times;
                let wished = |story: Story, at: i64| story.wished("rev_1", at);
                let asked = |story: Story, at: i64| story.attempted(1, "google.europe", at, Ack::Accepted);
                let expired = |story: Story, at: i64| match expiry {
                    Some(event) => story.told(event.clone(), at),
                    None => story,
                };
                let read =
                    |story: Story, at: i64| if delivered { story.told(Event::Delivered, at) } else { story };
                let chapters: [Chapter<'_>; 4] =
                    [(asked_at, &wished), (asked_at, &asked), (expired_at, &expired), (delivered_at, &read)];
                let begun =
                    || Story::google(RevokeAck::Accepted).registered(Life::Ttl { ttl: Span::secs(END) });
                let story = chapters.iter().fold(begun(), |story, (at, tell)| tell(story, *at));
                let later = 10_000;
                match (delivered, expiry, story.verdict(later)) {
                    (true, expiry, Verdict::Delivered { raced: true, contradicts, .. }) => {
                        assert_eq!(contradicts, *expiry == Some(Event::ExpiryRevoked), "{times:?}");
                    }
                    (false, Some(Event::ExpiryRevoked), Verdict::Revoked { proof: Proof::Event })
                    | (false, None, Verdict::PresumedRevoked | Verdict::Unconfirmed) => {}
                    // An answer to a request that left after the failure was told says more than the failure.
                    (false, Some(_), verdict) if asked_at > expired_at => {
                        assert_eq!(verdict, Verdict::Unconfirmed, "{times:?} {expiry:?}");
                    }
                    (false, Some(_), Verdict::Inconclusive { why: Doubt::Expiry }) => {}
                    (_, _, verdict) => panic!("{verdict:?} of {expiry:?} at {times:?}"),
                }
                if !delivered && expiry.is_none() {
                    let presumed = story.verdict(later) == Verdict::PresumedRevoked;
                    assert_eq!(presumed, asked_at < END, "asked for before its life ended, or after");
                }
                assert_eq!(story.at(later).step, Step::Done);
                for order in permutations([0, 1, 2, 3]) {
                    let other = order.iter().fold(begun(), |story, number| {
                        let (at, tell) = chapters[*number];
                        tell(story, at)
                    });
                    for at in [END - 11, END, END + 1, END + 60, END + 101, later] {
                        assert_eq!(other.at(at), story.at(at), "heard in the order {order:?}");
                    }
                }
            }
        }
    }
}

/// Every order of four.
fn permutations(all: [usize; 4]) -> Vec<[usize; 4]> {
    let mut orders = Vec::new();
    for number in 0..256_usize {
        let order = [0, 1, 2, 3].map(|place| all[number >> (2 * place) & 3]);
        if all.iter().all(|one| order.contains(one)) {
            orders.push(order);
        }
    }
    orders
}
