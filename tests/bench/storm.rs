//! A storm of webhooks while a batch runs: how soon each is durable and acknowledged, whether any is lost, and how far
//! the batch's sending gives way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use rcs_revoke_api::{BatchOrder, BatchView};
use rcs_revoke_simulator::{Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::client::{HttpClient, http_client, send};
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Settings, start_server, webhook_path};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::figures::Figures;
use crate::rig::{self, RATE, SENDER, unlimited};
use crate::webhooks::signed;

/// What is asked for.
const LONGEST: Duration = Duration::from_millis(100);
/// How much of a rate has to be reached for it to count as borne.
const REACHED: f64 = 0.97;
/// Rates that are tried where the wanted one is too much for this machine, as parts of it.
const PARTS: [f64; 9] = [1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05];
/// How long a storm lasts.
const LENGTH: Duration = Duration::from_mins(1);
/// How long the batch is measured without a storm.
const CALM: Duration = Duration::from_secs(6);
/// How often deliveries are let go.
const TICK: Duration = Duration::from_millis(5);
/// Deliveries that may be under way at the same time. More connections than a socket takes at once would measure how
/// the system turns them away.
const MOST_UNDER_WAY: usize = 512;

/// What a storm did.
#[derive(Debug)]
struct Storm {
    /// Deliveries a second that were acknowledged.
    rate: f64,
    delivered: usize,
    refused: usize,
    p50: Duration,
    p99: Duration,
    longest: Duration,
    /// Messages of the batch that were asked for in a second meanwhile.
    asked: f64,
}

impl Storm {
    fn is_borne(&self, wanted: f64) -> bool {
        self.rate >= wanted * REACHED && self.p99 < LONGEST && self.refused == 0
    }
}

/// Runs a batch of so many messages and lets so many webhooks a second loose on it.
///
/// # Errors
/// When something does not start, or a webhook is lost.
pub async fn measure(providers: &Handle, messages: usize, wanted: f64, figures: &mut Figures) -> Result<()> {
    let simulator = providers.spawn(Simulator::start(unlimited())).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
    let mut server = start_server(&built_program("rcs-revoke"), folder.path(), &simulator, &settings).await?;
    let batch = start_batch(&simulator, &server, messages).await?;
    let mut next = Deliveries {
        simulator: &simulator,
        url: format!("{}{}", server.webhooks, webhook_path(&SENDER)),
        number: 0,
    };
    let calm = asked_per_second(&server, &batch, tokio::time::sleep(CALM)).await?.1;

    let mut all = 0;
    let mut borne = None;
    for part in PARTS {
        let storm = storm(&server, &batch, &mut next, wanted * part, LENGTH).await?;
        all += storm.delivered;
        eprintln!("  {:.0}/s: {storm:?}", wanted * part);
        if storm.is_borne(wanted * part) {
            borne = Some(storm);
            break;
        }
    }
    let Some(storm) = borne else {
        bail!("not even {:.0} webhooks a second are borne", wanted * PARTS[PARTS.len() - 1])
    };
    server.still_runs()?;
    let after = asked_per_second(&server, &batch, tokio::time::sleep(CALM)).await?.1;
    let view: BatchView = server.api.get(&format!("/api/v1/batches/{batch}")).await?;
    let database = server.database();
    server.stop().await?;
    let kept = events(&database).await?;

    let beside = format!(
        "{:.0}/s for a minute were acknowledged, {} refused; asked for: {wanted:.0}/s; p50 {:.1} ms, longest {:.0} ms",
        storm.rate,
        storm.refused,
        milliseconds(storm.p50),
        milliseconds(storm.longest)
    );
    figures.add(
        "storm_p99",
        "Webhook storm: from delivery to durable acknowledgement, p99",
        milliseconds(storm.p99),
        "ms",
        beside,
    );
    let beside = format!("of {all} acknowledged, counted in the store afterwards");
    figures.add("storm_kept", "Webhook storm: kept", to_float(kept), "", beside);
    let beside = format!(
        "{calm:.0}/s before it, {after:.0}/s after it; {} messages still waited",
        view.progress.waiting
    );
    figures.add("storm_asked", "Webhook storm: the batch meanwhile", storm.asked, "/s", beside);
    ensure!(kept == all, "{all} webhooks were acknowledged and {kept} are in the store");
    ensure!(storm.asked > 0.0 || view.progress.waiting == 0, "the batch stood still");
    Ok(())
}

/// Plans and starts a batch of messages that wait for their handsets.
async fn start_batch(simulator: &Running, server: &Server, count: usize) -> Result<String> {
    let ids = rig::send(simulator, count)?;
    let text =
        ids.iter().fold("message_id,sender\n".to_owned(), |text, id| text + id + "," + SENDER.agent + "\n");
    let path = "/api/v1/batches/upload?title=storm";
    let plan: BatchView = server.api.post_text(path, "storm", Bytes::from(text)).await?;
    let order = BatchOrder { expect: Some(plan.plan.counts.ask) };
    let _: BatchView = server.api.post(&format!("/api/v1/batches/{}/start", plan.batch), &order).await?;
    Ok(plan.batch)
}

/// What something comes to, and how many messages of the batch are asked for in a second meanwhile.
async fn asked_per_second<T>(
    server: &Server,
    batch: &str,
    meanwhile: impl Future<Output = T>,
) -> Result<(T, f64)> {
    let path = format!("/api/v1/batches/{batch}");
    let (before, began): (BatchView, _) = (server.api.get(&path).await?, Instant::now());
    let came = meanwhile.await;
    let elapsed = began.elapsed();
    let after: BatchView = server.api.get(&path).await?;
    let asked = before.progress.waiting - after.progress.waiting;
    Ok((came, to_float(usize::try_from(asked)?) / elapsed.as_secs_f64()))
}

/// Webhooks that are all different: three for each message, of none that the server knows yet.
struct Deliveries<'a> {
    simulator: &'a Running,
    url: String,
    number: u64,
}

impl Deliveries<'_> {
    fn next(&mut self) -> Result<crate::load::Prepared> {
        let (message, status) =
            (self.number / 3, ["submitted", "delivered", "read"][usize::try_from(self.number % 3)?]);
        self.number += 1;
        let id = format!(
            "{:08x}-aaaa-4aaa-8aaa-{message:012x}",
            message.wrapping_mul(2_654_435_761) & 0xffff_ffff
        );
        signed(self.simulator.credentials(), &self.url, &id, status)
    }
}

/// Lets so many deliveries a second go for a while, whether or not the earlier ones were answered.
async fn storm(
    server: &Server,
    batch: &str,
    next: &mut Deliveries<'_>,
    rate: f64,
    length: Duration,
) -> Result<Storm> {
    let (flown, asked) = asked_per_second(server, batch, fly(next, rate, length)).await?;
    let (mut times, refused, took) = flown?;
    times.sort_unstable();
    let at = |part: f64| times.get(place(times.len(), part)).copied().unwrap_or_default();
    Ok(Storm {
        rate: to_float(times.len()) / took.as_secs_f64(),
        delivered: times.len(),
        refused,
        p50: at(0.5),
        p99: at(0.99),
        longest: times.last().copied().unwrap_or_default(),
        asked,
    })
}

async fn fly(
    next: &mut Deliveries<'_>,
    rate: f64,
    length: Duration,
) -> Result<(Vec<Duration>, usize, Duration)> {
    let http = http_client();
    let under_way = Arc::new(AtomicUsize::new(0));
    let (mut tasks, mut times, mut refused) = (JoinSet::new(), Vec::new(), 0);
    let (began, mut sent) = (Instant::now(), 0.0);
    while began.elapsed() < length {
        while sent < began.elapsed().min(length).as_secs_f64() * rate && began.elapsed() < length {
            // From when it was due: a sender that falls behind is no excuse.
            let due = began + Duration::from_secs_f64(sent / rate);
            sent += 1.0;
            let (http, request, count) = (http.clone(), next.next()?, Arc::clone(&under_way));
            while under_way.load(Ordering::Relaxed) >= MOST_UNDER_WAY {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            under_way.fetch_add(1, Ordering::Relaxed);
            tasks.spawn(async move {
                let answered = deliver(&http, request).await;
                count.fetch_sub(1, Ordering::Relaxed);
                (answered, due.elapsed())
            });
        }
        while let Some(ended) = tasks.try_join_next() {
            note(ended?, &mut times, &mut refused);
        }
        tokio::time::sleep(TICK).await;
    }
    while let Some(ended) = tasks.join_next().await {
        note(ended?, &mut times, &mut refused);
    }
    Ok((times, refused, began.elapsed()))
}

fn note((is_taken, time): (bool, Duration), times: &mut Vec<Duration>, refused: &mut usize) {
    if is_taken {
        times.push(time);
    } else {
        *refused += 1;
    }
}

async fn deliver(http: &HttpClient, request: crate::load::Prepared) -> bool {
    send(http, request).await.is_ok_and(|(status, _)| status.is_success())
}

/// How many webhooks the store holds, whoever they belong to.
async fn events(database: &std::path::Path) -> Result<usize> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut sql = SqliteConnection::connect_with(&options).await.context("the database")?;
    let query = "SELECT (SELECT count(*) FROM facts WHERE fact ->> '$.fact' = 'event')
        + (SELECT count(*) FROM unclaimed)";
    let count: i64 = sqlx::query_scalar(query).fetch_one(&mut sql).await?;
    sql.close().await?;
    Ok(usize::try_from(count)?)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark fit")]
fn to_float(count: usize) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of a benchmark fit"
)]
fn place(count: usize, part: f64) -> usize {
    (count as f64 * part) as usize
}
