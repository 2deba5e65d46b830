//! Revocations from the command to the durable answer, beside bare requests to the same simulator.

use std::time::Instant;

use anyhow::{Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use rcs_revoke_api::{RevocationCommand, RevocationItem, RevocationReport};
use rcs_revoke_simulator::Running;

use crate::Effort;
use crate::figures::{Figures, median};
use crate::load::{Prepared, per_second, rate};
use crate::machine::resident;
use crate::rig::{Rig, SENDER};

/// Requests at a time in the bare loop: about where one connection more gains nothing.
pub const AT_ONCE: usize = 64;
/// What a revocation that was accepted may be called while it settles and after.
const ACCEPTED: [&str; 2] = ["settling", "unconfirmed"];

/// Measures revocations and adds what the server took for them.
///
/// # Errors
/// When one of them is not accepted.
pub async fn measure(rig: &mut Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let start_up = rig.server.start_up.as_secs_f64() * 1_000.0;
    let idle = resident(rig.server.process());
    let empty = rig.server.database_bytes()?;
    // The first round finds connections, pages and the limiter cold, and is not counted.
    let warm_up = rig.batches.pop().unwrap_or_default();
    revoke(rig, warm_up).await?;
    let (mut ours, mut wishes, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        let batch = rig.batches.pop().unwrap_or_default();
        let speed = revoke(rig, batch).await?;
        wishes.push(speed.wishes);
        ours.push(speed.revocations);
        let batch = rig.batches.pop().unwrap_or_default();
        let requests = batch.iter().map(|id| bare_request(&rig.simulator, id)).collect::<Result<_>>()?;
        bare.push(per_second(&rig.http, requests, AT_ONCE).await?);
    }
    let accepted = rig.revoked.len();
    let loaded = resident(rig.server.process());
    let bytes = rig.server.database_bytes()?.saturating_sub(empty);
    let (ours, bare) = (median(ours), median(bare));
    figures.add("start_up", "Server: start to ready", start_up, "ms", "new database".to_owned());
    if let (Some(idle), Some(loaded)) = (idle, loaded) {
        figures.add("memory_idle", "Server: memory when idle", idle, "MB", "resident".to_owned());
        let beside = format!("resident, after {accepted} revocations");
        figures.add("memory_loaded", "Server: memory after the load", loaded, "MB", beside);
    }
    let beside = format!("one command of {}", effort.round);
    figures.add("wishes_per_second", "Wishes, taken and durable", median(wishes), "/s", beside);
    let beside = format!("{:.0} % of a bare loop of the same client ({bare:.0}/s)", 100.0 * ours / bare);
    figures.add("revocations_per_second", "Revocations, command to durable answer", ours, "/s", beside);
    let each = per_message(bytes, accepted);
    figures.add(
        "database_bytes_per_revocation",
        "Database for each revocation",
        each,
        "bytes",
        "with its log".to_owned(),
    );
    Ok(())
}

/// How many a second, both counted from the command.
struct Speed {
    wishes: f64,
    revocations: f64,
}

/// Revokes a batch in one command and waits for the last durable answer.
async fn revoke(rig: &mut Rig, batch: Vec<String>) -> Result<Speed> {
    let item = |id: &String| {
        let (message, source) = (SENDER.key(id).parse()?, Some(SENDER.source.to_owned()));
        anyhow::Ok(RevocationItem { message, source, phone: None, sent_at: None })
    };
    let command = RevocationCommand {
        items: batch.iter().map(item).collect::<Result<_>>()?,
        ..RevocationCommand::default()
    };
    let began = Instant::now();
    let report: RevocationReport = rig.server.api.post("/api/v1/revocations", &command).await?;
    ensure!(report.made == batch.len(), "{} wishes of {} were made", report.made, batch.len());
    let count = batch.len();
    let wishes = rate(count, began);
    rig.revoked.extend(batch);
    rig.until_counted(&ACCEPTED, rig.revoked.len()).await?;
    Ok(Speed { wishes, revocations: rate(count, began) })
}

/// The request that revokes a message, signed with what costs nothing.
///
/// # Errors
/// When the id makes no request.
pub fn bare_request(simulator: &Running, id: &str) -> Result<Prepared> {
    let credentials = simulator.credentials();
    let login = STANDARD.encode(format!("{}:{}", credentials.vonage_api_key, credentials.vonage_api_secret));
    let request = Request::patch(format!("{}/v1/messages/{id}", simulator.base_url(SENDER.home)))
        .header(http::header::AUTHORIZATION, format!("Basic {login}"))
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from_static(br#"{"status":"revoked"}"#)))?;
    Ok(request)
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a benchmark fit")]
fn per_message(bytes: u64, count: usize) -> f64 {
    bytes as f64 / count.max(1) as f64
}
