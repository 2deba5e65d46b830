//! `Idempotency-Key`: the same key with the same body gives the same report and does nothing again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::hex::hex;
use crate::problem::ApiError;

/// The keys that are being worked on, so that two calls with one key come one after the other.
#[derive(Debug, Default)]
pub struct Keys(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// The longest key that is taken.
const LONGEST: usize = 200;

impl Keys {
    /// The lock of one key.
    pub fn lock(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut keys = self.0.lock().expect("nobody panics while holding this lock");
        keys.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(keys.entry(key.to_owned()).or_default())
    }
}

/// The key of a call.
///
/// # Errors
/// When it is empty, too long, or no printable text.
pub fn key_of(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST {
        return Err(ApiError::invalid("invalid_idempotency_key", "The idempotency key cannot be used")
            .detail(format!("Nothing was done. Expected 1 to {LONGEST} printable characters.")));
    }
    Ok(Some(key.to_owned()))
}

/// The digest of a body.
pub fn digest(text: &[u8]) -> String {
    hex(&Sha256::digest(text))
}

/// The report on a command that was given before with this key; none if it is new, and then it is kept.
///
/// # Errors
/// When the key was given with another body, or the store fails.
pub async fn given(app: &App, key: &str, digest: &str) -> Result<Option<String>, ApiError> {
    match app.store.given(key).await? {
        Some(given) if given.digest == digest => Ok(given.report),
        Some(_) => Err(ApiError::new(
            StatusCode::CONFLICT,
            "idempotency_key_reused",
            "This key was given with another body",
        )
        .detail("Nothing was done. A new command needs a new key.")),
        None => {
            app.ledger.remember(key, digest, None).await?;
            Ok(None)
        }
    }
}
