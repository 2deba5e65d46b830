//! Messages of running batches: taken in the order of work, wished for and begun in one.

use std::sync::Arc;

use crate::batches::Item;
use crate::ledger::BegunItem;
use crate::store::StoreError;
use crate::worker::attempt::PAUSE;
use crate::worker::{Going, Lane, Lease, Work, Worker};

impl Worker {
    /// The first messages of running batches that an account may ask for.
    pub(super) async fn items_of(&self, lane: &Lane, limit: i64) -> Result<Vec<Work>, StoreError> {
        let mut work = Vec::new();
        for batch in self.ledger.batches().sending(self.clock.now()) {
            let waiting = self.ledger.counts_of(batch.row.n).waiting();
            for source in lane.sources.iter().filter(|source| waiting.contains_key(*source)) {
                for row in self.store.batch_items(batch.row.n, source, limit).await? {
                    work.push(Work::Item(Box::new(Item { row, terms: Arc::clone(&batch.terms) })));
                }
            }
        }
        Ok(work)
    }

    /// Wishes that messages of batches be revoked, all in one, and asks for those for which that is to be done now.
    pub(super) fn begin_together(self: &Arc<Self>, ready: Vec<(Item, Going, Lease)>) {
        if ready.is_empty() {
            return;
        }
        let worker = Arc::clone(self);
        self.tasks.spawn(async move {
            let (items, going): (Vec<_>, Vec<_>) =
                ready.into_iter().map(|(item, going, lease)| (item, (going, lease))).unzip();
            let begun = match worker.ledger.begin_items(items).await {
                Ok(begun) => begun,
                Err(error) => return worker.not_begun(&error, going).await,
            };
            for (begun, (going, lease)) in begun.into_iter().zip(going) {
                match begun {
                    Ok(BegunItem::Begun(begun)) => {
                        let worker_of = Arc::clone(&worker);
                        worker.tasks.spawn(async move {
                            worker_of.go_on(&begun, going).await;
                            drop(lease);
                        });
                    }
                    Ok(BegunItem::Settled | BegunItem::Held) => {}
                    Err(error) => {
                        let alone = Arc::clone(&worker);
                        worker.tasks.spawn(async move { alone.not_begun(&error, lease).await });
                    }
                }
            }
        });
    }

    /// Says so, and keeps what was to be begun from being taken up at once again.
    async fn not_begun<T>(&self, error: &StoreError, taken_up: T) {
        if error.trouble().is_none() {
            tracing::error!(%error, "nothing was sent for messages of a batch, because their wishes could not be written down");
        }
        tokio::time::sleep(PAUSE).await;
        drop(taken_up);
    }
}
