//! What must not be, printed; and whether there was nothing of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

use anyhow::Result;
use rcs_revoke_api::MessageDetail;
use rcs_revoke_simulator::{Route, Running};
use rcs_revoke_tests::client::Api;
use tokio::process::Command;

use crate::audit::Audit;
use crate::pester::Pestered;
use crate::reaper::Toll;
use crate::sms::Examined;
use crate::verdicts::Verdicts;

/// Of so many messages some must be followed by an SMS.
const ENOUGH: usize = 100;
/// Offenders that are printed in full.
const SHOWN: usize = 5;
/// How much of one failure is printed.
const LONGEST: usize = 600;

/// How a drill ended, but for its messages.
pub struct End<'a> {
    /// What came of the kills.
    pub toll: &'a Toll,
    /// What came of the forgeries.
    pub pestered: &'a Pestered,
    /// Whether it came to rest in time.
    pub quiet: bool,
    /// Requests of one account that may arrive in a real second.
    pub limit: f64,
    /// What the server wrote at last.
    pub log: String,
}

/// The first offenders in full, asked for while the server still runs.
pub async fn details(verdicts: &Verdicts<'_>, simulator: &Running, api: &Api) -> String {
    let mut text = String::new();
    for one in verdicts.judged.iter().filter(|one| !one.lies.is_empty()).take(SHOWN) {
        let key = one.scripted.key();
        let detail = api.message(&key).await;
        let detail = detail.map(|detail| serde_json::to_string_pretty(&detail).unwrap_or_default());
        let truth = simulator.truth_of(&one.scripted.id).map(|truth| serde_json::to_string_pretty(&truth));
        let says = detail.unwrap_or_else(|error| error.to_string());
        let truth = truth.and_then(Result::ok).unwrap_or_default();
        let _ = writeln!(text, "\n{key}\nwhat it says: {says}\nwhat happened: {truth}");
    }
    text
}

/// Prints what is false of single messages; true if nothing is.
pub fn of_messages(verdicts: &Verdicts<'_>, audit: &Audit, details: &str) -> bool {
    let liars: Vec<_> = verdicts.judged.iter().filter(|one| !one.lies.is_empty()).collect();
    for one in &liars {
        let lies: Vec<String> = one.lies.iter().map(ToString::to_string).collect();
        println!("FAILED: {} {}", one.scripted.key(), lies.join("; "));
    }
    for (key, lie) in &audit.lies {
        println!("FAILED: {key} {lie}");
    }
    if !verdicts.invented.is_empty() {
        println!("FAILED: the store has messages that the world never had: {:?}", verdicts.invented);
    }
    print!("{details}");
    let truthful = liars.is_empty() && audit.lies.is_empty() && verdicts.invented.is_empty();
    if truthful {
        println!("Nothing that it says is false.");
    }
    truthful
}

/// Prints what is wrong with SMS and dates; true if nothing is.
pub fn of_sms(examined: &Examined, told: &BTreeMap<String, MessageDetail>, simulator: &Running) -> bool {
    for (key, misdeed) in &examined.misdeeds {
        println!("FAILED: {key} {misdeed}");
    }
    let mut keys: Vec<&String> = examined.misdeeds.iter().map(|(key, _)| key).collect();
    keys.dedup();
    for key in keys.into_iter().take(SHOWN) {
        let says = told.get(key).map(|detail| serde_json::to_string_pretty(detail).unwrap_or_default());
        println!("\n{key}\nwhat it says: {}", says.unwrap_or_default());
        let id = key.rsplit(':').next().unwrap_or_default();
        let truth = simulator.truth_of(id).map(|truth| serde_json::to_string_pretty(&truth));
        println!("what happened: {}", truth.and_then(Result::ok).unwrap_or_default());
    }
    let shows_something = examined.instead.messages() < ENOUGH || examined.instead.intents() > 0;
    if !shows_something {
        println!("FAILED: no SMS was meant to leave at all: this drill shows nothing of them");
    } else if examined.misdeeds.is_empty() {
        println!("No SMS left that should not have, and none stayed that should have left.");
    }
    examined.misdeeds.is_empty() && shows_something
}

/// Prints what came of the batch, and what is wrong with it; true if nothing is.
pub fn of_batch(wrong: &[String], line: &str) -> bool {
    println!("{line}");
    for what in wrong {
        println!("FAILED: {}", what.chars().take(LONGEST).collect::<String>());
    }
    wrong.is_empty()
}

/// Prints what is wrong with the whole; true if nothing is.
pub fn of_world(simulator: &Running, verdicts: &Verdicts<'_>, end: &End<'_>) -> bool {
    let mut sound = is_within_limits(simulator, end.limit);
    for late in &end.toll.late {
        println!("FAILED: {late}");
        sound = false;
    }
    for taken in &end.pestered.taken {
        println!("FAILED: a forgery was taken: {taken}");
        sound = false;
    }
    if !end.quiet {
        println!("FAILED: it did not come to rest; the server wrote at last:\n{}", end.log);
        sound = false;
    }
    if verdicts.judged.iter().all(|one| one.view.is_none()) {
        println!("FAILED: the server knows none of the messages: this drill shows nothing");
        sound = false;
    }
    sound
}

/// Faults answer before a key's limit is looked at, so all that arrived is counted as well, in real seconds.
fn is_within_limits(simulator: &Running, limit: f64) -> bool {
    let mut sound = true;
    let stats = simulator.stats();
    for (route, stats) in stats.routes.iter().filter(|(route, _)| is_limited(**route)) {
        if to_float(stats.busiest_second) > limit {
            let busiest = stats.busiest_second;
            println!("FAILED: {busiest} requests of {route:?} in a real second, {limit} allowed");
            sound = false;
        }
    }
    for (key, stats) in stats.keys {
        let (requests, busiest) = (stats.requests, stats.busiest_second);
        println!("  {key}: {requests} requests, at most {busiest} in a second of its clock");
        if stats.violations > 0 {
            println!("FAILED: the rate limit of {key} was exceeded {} times", stats.violations);
            sound = false;
        }
    }
    sound
}

/// Has the server's own program compare what it derived with the facts, after it has ended.
///
/// # Errors
/// When it cannot be started.
pub async fn is_folded(program: &Path, config: &Path) -> Result<bool> {
    let mut command = Command::new(program);
    command.args(["rebuild", "--check", "--config"]).arg(config).env("RCS_REVOKE_DRILL", "1");
    let output = command.stdin(Stdio::null()).output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        println!("FAILED: what is stored is not what the facts say:\n{said}{error}");
    }
    Ok(output.status.success())
}

const fn is_limited(route: Route) -> bool {
    matches!(route, Route::GoogleRevoke | Route::VonageRevoke | Route::VonageSend)
}

fn to_float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
