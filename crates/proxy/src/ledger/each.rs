//! The same change of each of many messages, which need not be one commit.

use futures_util::future::try_join_all;
use rcs_revoke_core::MessageRef;

use crate::ledger::{Change, Ledger};
use crate::store::StoreError;

/// How many such changes go to the writer as one job. It takes many jobs into one commit where nothing else waits, and
/// cannot divide one for a webhook that comes.
pub const TOGETHER: usize = 64;

impl Ledger {
    /// Folds messages again, because time has passed; says for which it failed, each for itself.
    ///
    /// # Errors
    /// When none could be written.
    pub async fn look(&self, messages: Vec<MessageRef>) -> Result<Vec<MessageRef>, StoreError> {
        self.each(&messages, |message| Change::Look { message }).await
    }

    /// Makes again what is made from the facts of messages; says for which it failed, each for itself.
    ///
    /// # Errors
    /// When none could be written.
    pub(crate) async fn remake(&self, messages: Vec<MessageRef>) -> Result<Vec<MessageRef>, StoreError> {
        self.each(&messages, |message| Change::Remake { message }).await
    }

    /// Closes attempts that a former process left open: nobody is there any more to read their answers. Says for
    /// which messages it failed, each for itself.
    ///
    /// # Errors
    /// When none could be written.
    pub async fn abandon(&self, messages: Vec<MessageRef>) -> Result<Vec<MessageRef>, StoreError> {
        self.each(&messages, |message| Change::Abandon { message }).await
    }

    /// Takes back what a batch still wishes of messages; says for which it failed, each for itself.
    ///
    /// # Errors
    /// When none could be written.
    pub(crate) async fn withdraw_of_batch(
        &self,
        batch: i64,
        messages: Vec<MessageRef>,
    ) -> Result<Vec<MessageRef>, StoreError> {
        self.each(&messages, |message| Change::WithdrawOfBatch { message, batch }).await
    }

    async fn each(
        &self,
        messages: &[MessageRef],
        change: impl Fn(MessageRef) -> Change + Copy,
    ) -> Result<Vec<MessageRef>, StoreError> {
        let jobs = messages.chunks(TOGETHER).map(|together| self.each_together(together, change));
        Ok(try_join_all(jobs).await?.concat())
    }

    /// One job; if one message is damaged, each in its own.
    async fn each_together(
        &self,
        messages: &[MessageRef],
        change: impl Fn(MessageRef) -> Change,
    ) -> Result<Vec<MessageRef>, StoreError> {
        match self.change(messages.iter().cloned().map(&change).collect()).await {
            Ok(_) => return Ok(Vec::new()),
            Err(error) if error.against_every_write().is_some() => return Err(error),
            Err(_) => {}
        }
        let mut failed = Vec::new();
        for message in messages {
            match self.change_one(change(message.clone())).await {
                Ok(_) => {}
                Err(error) if error.against_every_write().is_some() => return Err(error),
                Err(_) => failed.push(message.clone()),
            }
        }
        Ok(failed)
    }
}
