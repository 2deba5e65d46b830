//! Webhooks from the signed request to the durable 200, beside the same requests to a server that does nothing.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use http_body_util::Full;
use rcs_revoke_simulator::Credentials;
use rcs_revoke_tests::world::webhook_path;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Effort;
use crate::figures::{Figures, median};
use crate::load::{Prepared, per_second, trivial_server};
use crate::rig::{Rig, SENDER};

/// Webhooks at a time: providers keep many connections, and those that wait share one commit.
const AT_ONCE: usize = 256;

/// Measures webhooks for messages that were revoked before.
///
/// # Errors
/// When one is not taken.
pub async fn measure(rig: &mut Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let bare_server = rig.providers.spawn(trivial_server()).await??;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let revoked: Vec<String> = rig.revoked.iter().take(effort.round * effort.rounds).cloned().collect();
    for ids in revoked.chunks(effort.round) {
        let path = webhook_path(&SENDER);
        let to = |root: &str| {
            ids.iter().map(|id| webhook(rig, &format!("{root}{path}"), id)).collect::<Result<_>>()
        };
        ours.push(per_second(&rig.http, to(&rig.server.webhooks)?, AT_ONCE).await?);
        bare.push(per_second(&rig.http, to(&format!("http://{bare_server}"))?, AT_ONCE).await?);
    }
    rig.until_counted(&["delivered"], revoked.len()).await?;
    let (ours, bare) = (median(ours), median(bare));
    let beside = format!(
        "{:.0} % of the same requests to a server that does nothing ({bare:.0}/s)",
        100.0 * ours / bare
    );
    figures.add("webhooks_per_second", "Webhooks, verified and durable", ours, "/s", beside);
    Ok(())
}

/// A `delivered` of Vonage, signed as Vonage signs.
fn webhook(rig: &Rig, url: &str, id: &str) -> Result<Prepared> {
    signed(rig.simulator.credentials(), url, id, "delivered")
}

/// A status of Vonage, signed as Vonage signs.
///
/// # Errors
/// When the address is none.
pub fn signed(credentials: &Credentials, url: &str, id: &str, status: &str) -> Result<Prepared> {
    let body = json!({
        "message_uuid": id,
        "to": "4915112345678",
        "from": SENDER.agent,
        "channel": "rcs",
        "timestamp": "2026-11-20T10:00:00Z",
        "status": status,
    })
    .to_string();
    let request = Request::post(url)
        .header(http::header::AUTHORIZATION, format!("Bearer {}", token(credentials, &body)))
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))?;
    Ok(request)
}

fn token(credentials: &Credentials, body: &str) -> String {
    let hash = Sha256::digest(body).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
    let claims = json!({
        "iss": "Vonage",
        "iat": 1_795_168_800,
        "payload_hash": hash,
        "api_key": credentials.vonage_api_key,
        "application_id": credentials.vonage_application_id,
    });
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", encode(r#"{"alg":"HS256","typ":"JWT"}"#), encode(&claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(credentials.vonage_signature_secret.as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}
