//! Recalls: how much of a limit they use and whether they ever exceed it, and how fast they are without one.

use anyhow::{Result, ensure};
use rcs_revoke_api::{RevocationCommand, RevocationItem, RevocationReport};
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::{Behaviour, NewMessage, Provider, Running};
use rcs_revoke_tests::server::Server;
use tokio::runtime::Handle;

use crate::figures::Figures;
use crate::rig::SENDER;

mod arrivals;
mod cost;
mod limit;
mod speed;

/// What one command takes.
const AT_ONCE: usize = 10_000;
const PHONE: &str = "+4915112345678";
/// What a message that was asked for may be called while it settles and after.
pub const ACCEPTED: [&str; 2] = ["settling", "unconfirmed"];

/// Measures both, or one limit alone, and adds the figures.
///
/// # Errors
/// When something does not start, or a limit was exceeded.
pub async fn measure(
    providers: &Handle,
    quick: bool,
    only: Option<u32>,
    figures: &mut Figures,
) -> Result<()> {
    if only.is_none() {
        speed::measure(providers, quick, figures).await?;
    }
    limit::measure(providers, quick, only, figures).await
}

/// Sends messages that wait for the handset and say nothing of themselves; their ids.
fn send(simulator: &Running, count: usize) -> Result<Vec<String>> {
    let new = |_| {
        let new = NewMessage { submitted: Some(false), ..NewMessage::new(Provider::Vonage, PHONE) };
        Ok(simulator.create_message(new)?.id)
    };
    (0..count).map(new).collect()
}

/// The behaviour of such messages.
fn silent() -> Behaviour {
    Behaviour { delivery: Some(Delivery::Never), ..Behaviour::default() }
}

/// Has the server take back messages; they are on their way when this returns.
async fn recall(server: &Server, ids: &[String]) -> Result<()> {
    for ids in ids.chunks(AT_ONCE) {
        let item = |id: &String| {
            let (message, source) = (SENDER.key(id).parse()?, Some(SENDER.source.to_owned()));
            anyhow::Ok(RevocationItem { message, source, phone: None, sent_at: None })
        };
        let command = RevocationCommand {
            items: ids.iter().map(item).collect::<Result<_>>()?,
            ..RevocationCommand::default()
        };
        let report: RevocationReport = server.api.post("/api/v1/revocations", &command).await?;
        ensure!(report.made == ids.len(), "{} wishes of {} were made", report.made, ids.len());
    }
    Ok(())
}
