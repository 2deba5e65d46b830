//! Batches in the ledger: what is counted, what is begun, and what is not.

use std::sync::Arc;

use rcs_revoke_core::recall::{Command, State};
use rcs_revoke_core::{Span, wish};

use super::{Bench, bench};
use crate::batches::{Item, Terms, keeper};
use crate::ledger::rebuild::compare;
use crate::ledger::tidier::tidy;
use crate::ledger::{BatchRefused, BegunItem, Change, Reply, Rows};
use crate::store::batches::ItemRow;

const IDS: [&str; 3] = [
    "vonage:aaaaaaaa-bbbb-4ccc-8ddd-000000000001",
    "vonage:aaaaaaaa-bbbb-4ccc-8ddd-000000000002",
    "vonage:aaaaaaaa-bbbb-4ccc-8ddd-000000000003",
];

fn row(batch: i64, i: i64, key: &str) -> ItemRow {
    let (source, key) = ("otp".to_owned(), key.to_owned());
    ItemRow { batch, source, age: 0, i, key, phone: None, sent_at: None, window_closes: None }
}

impl Bench {
    async fn one(&self, change: Change) -> Reply {
        self.ledger.change(vec![change]).await.unwrap().pop().unwrap()
    }

    /// A plan for three messages.
    async fn plan(&self) -> i64 {
        let terms = r#"{"then":"nothing"}"#.to_owned();
        let Reply::Opened(batch) = self.one(Change::OpenBatch { by: "operator".to_owned(), terms }).await
        else {
            panic!("no batch")
        };
        let items = IDS.iter().zip(1..).map(|(key, i)| row(batch, i, key)).collect();
        let rows = Box::new(Rows { items, notes: Vec::new() });
        assert_eq!(self.one(Change::Fill { batch, rows }).await, Reply::OfBatch(true));
        let plan = r#"{"ask":3}"#.to_owned();
        assert_eq!(self.one(Change::Planned { batch, plan }).await, Reply::OfBatch(true));
        batch
    }

    async fn command(&self, batch: i64, command: Command) -> Result<(), BatchRefused> {
        let Reply::Commanded(done) = self.one(Change::Command { batch, command, expect: None }).await else {
            panic!("no answer")
        };
        done
    }

    async fn begin(&self, batch: i64, i: i64) -> BegunItem {
        let terms = self.ledger.batches().open(batch).map(|open| open.terms);
        let stored = self.store.batch(batch).await.unwrap().unwrap();
        let terms = terms.unwrap_or_else(|| Arc::new(Terms::of(&stored).unwrap()));
        let key = IDS[usize::try_from(i - 1).unwrap()];
        let item = Item { row: row(batch, i, key), terms };
        self.ledger.begin_items(vec![item]).await.unwrap().remove(0).unwrap()
    }

    async fn is_sound(&self) {
        let found = compare(&self.store, &self.sources).await.unwrap();
        assert!(found.is_sound(), "{found:?}");
    }

    fn waiting(&self, batch: i64) -> u64 {
        self.ledger.counts_of(batch).waiting().values().sum()
    }
}

#[tokio::test]
async fn a_message_waits_or_its_wish_is_a_fact_and_never_both() {
    let bench = bench().await;
    let batch = bench.plan().await;
    assert_eq!(bench.begin(batch, 1).await, BegunItem::Held, "a plan sends nothing");
    assert_eq!(bench.waiting(batch), 3);
    bench.command(batch, Command::Start).await.unwrap();
    assert!(matches!(bench.begin(batch, 1).await, BegunItem::Begun(begun) if begun.batch == Some(batch)));
    assert_eq!(bench.waiting(batch), 2);
    let left = bench.store.batch_items(batch, "otp", 10).await.unwrap();
    assert_eq!(left.iter().map(|item| item.i).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(bench.ledger.counts_of(batch).outcomes(), [("requesting".to_owned(), 1)].into());
    // What a lane had read before it was taken: the wish is made already, and there is nothing to begin.
    assert_eq!(bench.begin(batch, 1).await, BegunItem::Settled);
    bench.command(batch, Command::Pause).await.unwrap();
    assert_eq!(bench.begin(batch, 2).await, BegunItem::Held);
    assert_eq!(bench.waiting(batch), 2);
    bench.is_sound().await;
}

#[tokio::test]
async fn a_later_batch_takes_a_message_up() {
    let bench = bench().await;
    let first = bench.plan().await;
    bench.command(first, Command::Start).await.unwrap();
    for i in 1..=3 {
        bench.begin(first, i).await;
    }
    let second = bench.plan().await;
    bench.command(second, Command::Start).await.unwrap();
    for _ in 0..2 {
        assert_eq!(bench.begin(second, 1).await, BegunItem::Settled, "an earlier wish stands for it");
    }
    assert_eq!(bench.ledger.counts_of(second).left_out(), 1);
    assert_eq!(bench.ledger.counts_of(first).outcomes().values().sum::<u64>(), 3);
    let mut sql = bench.store.snapshot().await.unwrap();
    let notes = bench.store.notes_after(&mut sql, second, false, 0, 10).await.unwrap();
    assert_eq!(
        notes.iter().map(|note| (&*note.code, &*note.text)).collect::<Vec<_>>(),
        [("already", IDS[0])]
    );
    bench.is_sound().await;
}

#[tokio::test]
async fn a_plan_that_nobody_starts_is_dropped_when_its_messages_are_over() {
    let bench = bench().await;
    let (waits, runs) = (bench.plan().await, bench.plan().await);
    bench.command(runs, Command::Start).await.unwrap();
    let now = bench.clock.now();
    for (later, is_there) in [(Span::days(29), true), (Span::days(31), false)] {
        tidy(&bench.ledger, &bench.store, now + later, 10).await.unwrap();
        let state = bench.store.batch(waits).await.unwrap().unwrap().state;
        assert_eq!(state, if is_there { State::Planned } else { State::Dropped }, "{later:?}");
    }
    assert_eq!(bench.store.batch(runs).await.unwrap().unwrap().state, State::Running);
    keeper::clear(&bench.ledger, &bench.store, waits).await.unwrap();
    assert_eq!((bench.waiting(waits), bench.waiting(runs)), (0, 3));
    bench.is_sound().await;
}

#[tokio::test]
async fn an_aborted_batch_takes_its_wishes_back_and_asks_for_nothing_more() {
    let bench = bench().await;
    let batch = bench.plan().await;
    bench.command(batch, Command::Start).await.unwrap();
    bench.begin(batch, 1).await;
    bench.command(batch, Command::Abort).await.unwrap();
    assert_eq!(bench.command(batch, Command::Resume).await, Err(BatchRefused::State(State::Aborted)));
    assert_eq!(bench.begin(batch, 2).await, BegunItem::Held);
    let message = IDS[0].parse().unwrap();
    bench.one(Change::WithdrawOfBatch { message, batch }).await;
    let held = bench.store.message(&IDS[0].parse().unwrap()).await.unwrap().unwrap();
    assert!(wish::live(&held.evidence).is_empty());
    assert_eq!(held.batch, Some(batch), "it was asked for in this batch all the same");
    assert_eq!(bench.one(Change::EndBatch { batch }).await, Reply::OfBatch(true));
    assert!(bench.ledger.batches().open(batch).is_none());
    assert_eq!(
        (bench.waiting(batch), bench.store.batch(batch).await.unwrap().unwrap().state),
        (2, State::Aborted)
    );
    bench.is_sound().await;
    keeper::clear(&bench.ledger, &bench.store, batch).await.unwrap();
    assert_eq!((bench.waiting(batch), bench.ledger.counts_of(batch).left_out()), (0, 2));
    bench.is_sound().await;
}

#[tokio::test]
async fn a_plan_that_is_dropped_leaves_nothing() {
    let bench = bench().await;
    let batch = bench.plan().await;
    bench.command(batch, Command::Drop).await.unwrap();
    assert_eq!(bench.command(batch, Command::Start).await, Err(BatchRefused::State(State::Dropped)));
    keeper::clear(&bench.ledger, &bench.store, batch).await.unwrap();
    assert!(!bench.store.holds_rows_of(batch).await.unwrap());
    bench.is_sound().await;
}

#[tokio::test]
async fn a_plan_of_another_size_than_expected_is_not_started() {
    let bench = bench().await;
    let batch = bench.plan().await;
    let start = |expect| Change::Command { batch, command: Command::Start, expect: Some(expect) };
    let differs = BatchRefused::Differs { expected: 4, ask: 3 };
    assert_eq!(bench.one(start(4)).await, Reply::Commanded(Err(differs)));
    assert_eq!(bench.ledger.batches().state(batch), Some(State::Planned));
    assert_eq!(bench.one(start(3)).await, Reply::Commanded(Ok(())));
    // Given twice, as over a line that broke: it runs already.
    assert_eq!(bench.one(start(3)).await, Reply::Commanded(Ok(())));
}
