//! Recalls without limit and latency, beside a bare loop of the same client and beside Vonage's own SDK for Node; and
//! where their time goes.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rcs_revoke_simulator::Simulator;
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::http_client;
use rcs_revoke_tests::world::{Settings, start_server};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::runtime::Handle;

use crate::CLIENT_THREADS;
use crate::figures::{Figures, median};
use crate::load::{per_second, rate};
use crate::machine::load;
use crate::micro::decisions_per_second;
use crate::recall::cost::{Cost, own_seconds};
use crate::recall::{ACCEPTED, recall, send};
use crate::revoking::{AT_ONCE, bare_request};
use crate::rig::{RATE, SENDER, unlimited, until_counted};

/// The SDK's script, and how many messages it revokes.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/npm/revoke.mjs");
const BY_SDK: usize = 1_500;
/// What is asked for.
const SHARE_OF_BARE: f64 = 25.0;
const TIMES_SDK: f64 = 20.0;
/// How long one round may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Measures and adds the figures.
///
/// # Errors
/// When something does not start, or a message is not revoked.
pub async fn measure(providers: &Handle, quick: bool, figures: &mut Figures) -> Result<()> {
    let (round, rounds) = if quick { (5_000, 1) } else { (20_000, 3) };
    let simulator = providers.spawn(Simulator::start(unlimited())).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
    let mut server = start_server(&built_program("rcs-revoke"), folder.path(), &simulator, &settings).await?;
    let http = http_client();
    // The first round finds everything cold, and is not counted.
    let mut revoked = round / 4;
    recall(&server, &send(&simulator, revoked)?).await?;
    until_counted(&mut server, &ACCEPTED, revoked, PATIENCE).await?;

    let (mut ours, mut bare, mut bare_seconds) = (Vec::new(), Vec::new(), 0.0);
    let (mut spent, mut took) = (Cost::default(), 0.0);
    for _ in 0..rounds {
        let ids = send(&simulator, round)?;
        let before = Cost::of(server.process(), &server.database())?;
        let began = Instant::now();
        recall(&server, &ids).await?;
        revoked += round;
        until_counted(&mut server, &ACCEPTED, revoked, PATIENCE).await?;
        ours.push(rate(round, began));
        took += began.elapsed().as_secs_f64();
        spent = spent.and(Cost::of(server.process(), &server.database())?.since(before));
        let requests =
            send(&simulator, round)?.iter().map(|id| bare_request(&simulator, id)).collect::<Result<_>>()?;
        let before = own_seconds(CLIENT_THREADS)?;
        bare.push(per_second(&http, requests, AT_ONCE).await?);
        bare_seconds += own_seconds(CLIENT_THREADS)? - before;
    }
    let sdk = sdk(&simulator, folder.path(), BY_SDK).await?;
    let database = server.database();
    server.stop().await?;
    let rows = rows(&database).await?;

    let count = f64::from(u32::try_from(round * rounds)?);
    let (ours, bare) = (median(ours), median(bare));
    let share = 100.0 * ours / bare;
    let times = ours / sdk;
    let beside = format!(
        "{share:.1} % of a bare loop ({bare:.0}/s; asked for: {SHARE_OF_BARE} %), {times:.0} times Vonage's SDK \
         ({sdk:.0}/s with 64 at a time; asked for: {TIMES_SDK}){}",
        load()
    );
    figures.add("recall_per_second", "Recall without a limit, to the durable answer", ours, "/s", beside);
    figures.add("recall_commits_per_second", "… commits", spent.commits / took, "/s", {
        format!("{:.0} revocations in each", count / spent.commits.max(1.0))
    });
    figures.add("recall_rows", "… rows for each message", rows.facts + rows.messages, "", {
        format!("{:.1} facts of {:.0} bytes, and its own row of {:.0}", rows.facts, rows.fact, rows.message)
    });
    let beside = "handed to the disk, with the log".to_owned();
    figures.add("recall_bytes", "… bytes written for each", spent.bytes / count, "", beside);
    let per_thousand = |seconds: f64| seconds * 1e6 / count;
    let core = 3.0 * 1e6 / decisions_per_second(if quick { 20_000 } else { 100_000 });
    let beside = format!(
        "{:.0} ms on SQLite's threads; the rest beside: {:.0} ms a bare loop's client, {core:.1} ms three decisions",
        per_thousand(spent.sqlite),
        per_thousand(bare_seconds),
    );
    let all = per_thousand(spent.sqlite + spent.others);
    figures.add("recall_cpu", "… processor time for 1,000", all, "ms", beside);
    Ok(())
}

/// Revocations per second of Vonage's own SDK.
async fn sdk(
    simulator: &rcs_revoke_simulator::Running,
    credentials: &std::path::Path,
    count: usize,
) -> Result<f64> {
    let mut child = Command::new("node")
        .arg(SCRIPT)
        .args([&simulator.base_url(SENDER.home), &simulator.credentials().vonage_application_id])
        .arg(credentials.join("vonage-private-key.pem"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("node cannot be started")?;
    let ids = send(simulator, count)?.join("\n");
    let mut input = child.stdin.take().context("node takes no input")?;
    input.write_all(ids.as_bytes()).await?;
    drop(input);
    let output = child.wait_with_output().await?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().with_context(|| format!("the SDK's script ended with {}: {said}", output.status))
}

/// What the database keeps of a message, on average.
struct Rows {
    facts: f64,
    fact: f64,
    messages: f64,
    message: f64,
}

async fn rows(database: &std::path::Path) -> Result<Rows> {
    let mut sql = SqliteConnectOptions::new().filename(database).read_only(true).connect().await?;
    let (messages, message): (i64, f64) =
        sqlx::query_as("SELECT count(*), avg(length(view)) FROM messages").fetch_one(&mut sql).await?;
    let (facts, fact): (i64, f64) =
        sqlx::query_as("SELECT count(*), avg(length(fact)) FROM facts").fetch_one(&mut sql).await?;
    sql.close().await?;
    let facts = f64::from(u32::try_from(facts)?) / f64::from(u32::try_from(messages)?);
    Ok(Rows { facts, fact, messages: 1.0, message })
}
