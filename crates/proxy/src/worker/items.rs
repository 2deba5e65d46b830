//! Messages of running batches: taken in the order of work, wished for and begun in one.

use std::sync::Arc;

use crate::batches::Item;
use crate::ledger::BegunItem;
use crate::store::StoreError;
use crate::worker::attempt::PAUSE;
use crate::worker::{Going, Lane, Work, Worker};

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

    /// Wishes that a message of a batch be revoked, and asks for it, if that is to be done now.
    pub(super) async fn attempt_item(&self, item: Item, going: Going) {
        let key = item.row.key.clone();
        match self.ledger.begin_item(item).await {
            Ok(BegunItem::Begun(begun)) => self.go_on(&begun, going).await,
            Ok(BegunItem::Settled | BegunItem::Held) => {}
            Err(error) => {
                if error.trouble().is_none() {
                    tracing::error!(%error, message = key, "nothing was sent, because the wish could not be written down");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
