//! The request that carries an event: envelope, headers and signature, right or wrong.

use bytes::Bytes;
use http::request::Builder;
use http::{Method, Request, header};
use http_body_util::Full;

use crate::behaviour::Signature;
use crate::google::webhook as google;
use crate::host::Provider;
use crate::jwt::{WebhookClaims, sign_webhook};
use crate::site::Site;
use crate::world::JournalEntry;

/// What a wrong signature is over, instead of the event.
const OTHER_BODY: &[u8] = b"{}";

/// The request for one hand-over of an event.
///
/// # Errors
/// When the address is none.
pub(super) fn of(
    site: &Site,
    entry: &JournalEntry,
    signature: Signature,
    now: i64,
) -> Result<Request<Full<Bytes>>, String> {
    let builder = to(entry.url.as_deref().unwrap_or_default());
    let (builder, body) = match entry.provider {
        Provider::Google => {
            let builder = if entry.way.type_header == Some(false) {
                builder
            } else {
                builder.header("x-goog-webhook-type", "message_callback")
            };
            (sign_google(site, entry, signature, builder), google::envelope(entry, now))
        }
        Provider::Vonage => (sign_vonage(site, entry, signature, builder, now), entry.payload.clone()),
    };
    builder.body(Full::from(body)).map_err(|error| error.to_string())
}

/// A POST of JSON to this address.
pub(super) fn to(url: &str) -> Builder {
    Request::builder().method(Method::POST).uri(url).header(header::CONTENT_TYPE, "application/json")
}

fn sign_google(site: &Site, entry: &JournalEntry, signature: Signature, builder: Builder) -> Builder {
    let credentials = &site.credentials;
    let (token, signed) = match signature {
        Signature::Missing => return builder,
        Signature::Good => (credentials.google_client_token.as_str(), entry.payload.as_bytes()),
        Signature::Bad => ("another-client-token", entry.payload.as_bytes()),
        Signature::Stale => (credentials.google_old_client_token.as_str(), entry.payload.as_bytes()),
        Signature::WrongHash => (credentials.google_client_token.as_str(), OTHER_BODY),
    };
    builder.header("x-goog-signature", google::signature(token, signed))
}

fn sign_vonage(
    site: &Site,
    entry: &JournalEntry,
    signature: Signature,
    builder: Builder,
    now: i64,
) -> Builder {
    let credentials = &site.credentials;
    let (secret, signed) = match signature {
        Signature::Missing => return builder,
        Signature::Good => (credentials.vonage_signature_secret.as_str(), entry.payload.as_bytes()),
        Signature::Bad => ("another-signature-secret", entry.payload.as_bytes()),
        Signature::Stale => (credentials.vonage_old_signature_secret.as_str(), entry.payload.as_bytes()),
        Signature::WrongHash => (credentials.vonage_signature_secret.as_str(), OTHER_BODY),
    };
    // Whether Vonage signs a retry anew is not documented.
    let (nth, made_at) = match entry.hand_overs.first() {
        Some(first) if entry.way.same_token == Some(true) => (0, first.at_ms),
        _ => (entry.hand_overs.len(), now),
    };
    let jti = site.world(|world| world.dice.uuid(&entry.id.to_string(), "jti", nth as u64));
    let claims = WebhookClaims {
        iat_s: made_at / 1000,
        jti: &jti,
        api_key: &credentials.vonage_api_key,
        application_id: entry.application_id.as_deref(),
    };
    let token = sign_webhook(secret, signed, &claims);
    builder.header(header::AUTHORIZATION, format!("Bearer {token}"))
}
