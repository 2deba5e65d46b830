//! Batches: planned, commanded, shown, exported.

use rcs_revoke_api::BatchView;

use crate::app::App;
use crate::problem::ApiError;
use crate::store::batches::{BatchRow, number_of};

pub mod command;
pub mod create;
pub mod export;
pub mod show;
pub mod upload;

/// The batch of that id.
async fn find(app: &App, id: &str) -> Result<BatchRow, ApiError> {
    let unknown = || ApiError::not_found("No batch has this id");
    let n = number_of(id).ok_or_else(unknown)?;
    if let Some(open) = app.ledger.batches().open(n) {
        return Ok(open.row);
    }
    app.store.batch(n).await?.ok_or_else(unknown)
}

/// The batch of that number, as it is now.
pub(super) async fn view(app: &App, n: i64) -> Result<BatchView, ApiError> {
    let row = match app.ledger.batches().open(n) {
        Some(open) => Some(open.row),
        None => app.store.batch(n).await?,
    };
    let row = row.ok_or_else(|| ApiError::not_found("The batch is gone"))?;
    Ok(app.shown(&row)?)
}
