//! Webhooks of this provider, verified and read.

use crate::provider::Provider;
use crate::webhook::{Reception, Refusal, WebhookCall, WebhookSecret};

/// Verifies and reads one call.
pub(super) fn receive(call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception {
    match call.admit(secret) {
        Ok(_) => Reception::refused(Provider::Vonage, Refusal::SignatureMissing),
        Err(why) => Reception::refused(Provider::Vonage, why),
    }
}
