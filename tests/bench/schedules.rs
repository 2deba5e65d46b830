//! A restart with many scheduled revocations in one database: how soon it sends again, how fast it catches up with what
//! fell due while it was away, and how much memory that takes.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use rcs_revoke_api::{Registration, RegistrationReport, RevocationCommand, RevocationItem, RevocationReport};
use rcs_revoke_simulator::behaviour::Delivery;
use rcs_revoke_simulator::config::{Sender as SenderConfig, VonageConfig};
use rcs_revoke_simulator::{Behaviour, Config, NewMessage, Provider, Route, Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Sender, Settings, Sms, start_server};
use tokio::runtime::Handle;

use crate::figures::Figures;
use crate::load::rate;
use crate::machine::most_resident;
use crate::rig::{RATE, SENDER};

const PHONE: &str = "+4915112345678";
/// It may send SMS, too: that has to be looked at as well.
const SENDER_OF_SMS: Sender = Sender { sms: Some(Sms::From("BenchSms")), ..SENDER };
/// What one command takes.
const AT_ONCE: usize = 10_000;
/// One in so many falls due while the server is away.
const OVERDUE: usize = 10;
/// For how long it is away while they do.
const AWAY: Duration = Duration::from_secs(5);
/// What the last command may take before the first of its dates.
const NOTICE: Duration = Duration::from_secs(20);
/// The others fall due within this time.
const AHEAD_MS: usize = 20 * 3_600_000;
/// How often the providers are looked at.
const GLANCE: Duration = Duration::from_millis(1);
/// How long it may take to catch up at all.
const PATIENCE: Duration = Duration::from_mins(5);
/// What is asked for: the first request after this time, with no more memory than this.
const LONGEST_SILENCE: Duration = Duration::from_secs(2);
const MOST_MEMORY_MB: f64 = 150.0;

/// Measures one restart and adds what it took.
///
/// # Errors
/// When something does not start, or it does not catch up.
pub async fn measure(providers: &Handle, count: usize, figures: &mut Figures) -> Result<()> {
    let config = Config {
        vonage: VonageConfig {
            senders: vec![SenderConfig { name: SENDER.agent.to_owned(), region: SENDER.home }],
            rate_limit: None,
            behaviour: Behaviour { delivery: Some(Delivery::Never), ..Behaviour::default() },
            ..VonageConfig::default()
        },
        ..Config::default()
    };
    let simulator = providers.spawn(Simulator::start(config)).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER_OF_SMS], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
    let mut server = start_server(&built_program("rcs-revoke"), folder.path(), &simulator, &settings).await?;
    let (due, overdue) = schedule(&simulator, &server, count).await?;
    server.kill().await?;
    ensure!(requests(&simulator) == 0, "requests left before their dates");
    until(due + AWAY).await;

    let began = Instant::now();
    server.start_again()?;
    let ready = server.ready_since(began).await?;
    let since_ready = Instant::now();
    until_requests(&mut server, &simulator, 1).await?;
    let first = since_ready.elapsed();
    until_requests(&mut server, &simulator, overdue).await?;
    let caught_up = rate(overdue, since_ready);
    let memory = most_resident(server.process());
    let bytes = server.database_bytes()?;
    server.stop().await?;

    let beside = format!("{count} scheduled revocations in {:.0} MB on disk", megabytes(bytes));
    figures.add("schedules_ready", "Restart: start to ready", ready.as_secs_f64() * 1_000.0, "ms", beside);
    let beside = format!("{overdue} were due meanwhile; asked for within {} ms", LONGEST_SILENCE.as_millis());
    let waited = first.as_secs_f64() * 1_000.0;
    figures.add("schedules_first_request", "Restart: ready to the first request", waited, "ms", beside);
    figures.add(
        "schedules_caught_up",
        "Restart: catching up",
        caught_up,
        "/s",
        "requests, from ready to the last that was due".to_owned(),
    );
    if let Some(memory) = memory {
        let beside = format!("the most resident at any time; asked for {MOST_MEMORY_MB} MB at most");
        figures.add("schedules_memory", "Restart: memory", memory, "MB", beside);
        ensure!(memory <= MOST_MEMORY_MB, "it took {memory:.0} MB of memory");
    }
    ensure!(first <= LONGEST_SILENCE, "the first request left {} ms after it was ready", first.as_millis());
    Ok(())
}

/// Schedules so many revocations; says when the first falls due, and how many do while the server is away.
async fn schedule(simulator: &Running, server: &Server, count: usize) -> Result<(SystemTime, usize)> {
    let ids = (0..count).map(|_| {
        let new = NewMessage::new(Provider::Vonage, PHONE);
        anyhow::Ok(simulator.create_message(NewMessage { submitted: Some(false), ..new })?.id)
    });
    let ids = ids.collect::<Result<Vec<_>>>()?;
    let overdue = count / OVERDUE;
    let (soon, later) = ids.split_at(overdue);
    for (number, ids) in later.chunks(AT_ONCE).enumerate() {
        let share = AHEAD_MS * (number * AT_ONCE + 1) / later.len();
        plan(server, ids, SystemTime::now() + Duration::from_hours(1) + milliseconds(share)).await?;
    }
    let due = SystemTime::now() + NOTICE;
    // Each hundredth falls due at a time of its own.
    let chunk = soon.len().div_ceil(100).max(2);
    for (number, ids) in soon.chunks(chunk).enumerate() {
        let step = AWAY.mul_f64(0.9) / 100;
        plan(server, ids, due + step * u32::try_from(number)?).await?;
    }
    ensure!(SystemTime::now() < due, "the dates came before all of them were known");
    Ok((due, overdue))
}

/// Half of them are dates of the messages' own, with an SMS that may follow, and half are an operator's wishes.
async fn plan(server: &Server, ids: &[String], date: SystemTime) -> Result<()> {
    let date = i64::try_from(date.duration_since(UNIX_EPOCH)?.as_millis())?;
    let (own, wished) = ids.split_at(ids.len() / 2);
    let registration = |id: &String| Registration {
        id: id.clone(),
        source: SENDER.source.to_owned(),
        phone: Some(PHONE.to_owned()),
        class: Some("transactional".to_owned()),
        fallback_text: Some("Your parcel comes tomorrow.".to_owned()),
        revoke_at: Some(date),
        ..Registration::default()
    };
    let registrations: Vec<Registration> = own.iter().map(registration).collect();
    let report: RegistrationReport = server.api.post("/api/v1/messages", &registrations).await?;
    ensure!(report.kept == own.len(), "{} messages of {} were registered", report.kept, own.len());
    wish(server, wished, date).await
}

async fn wish(server: &Server, ids: &[String], not_before: i64) -> Result<()> {
    let item = |id: &String| {
        let (message, source) = (SENDER.key(id).parse()?, Some(SENDER.source.to_owned()));
        anyhow::Ok(RevocationItem { message, source, phone: None, sent_at: None })
    };
    let command = RevocationCommand {
        items: ids.iter().map(item).collect::<Result<_>>()?,
        not_before: Some(not_before),
        ..RevocationCommand::default()
    };
    let report: RevocationReport = server.api.post("/api/v1/revocations", &command).await?;
    ensure!(report.made == ids.len(), "{} wishes of {} were made", report.made, ids.len());
    Ok(())
}

async fn until(instant: SystemTime) {
    if let Ok(wait) = instant.duration_since(SystemTime::now()) {
        tokio::time::sleep(wait).await;
    }
}

async fn until_requests(server: &mut Server, simulator: &Running, wanted: usize) -> Result<()> {
    let arrived = async {
        while requests(simulator) < wanted {
            server.still_runs()?;
            tokio::time::sleep(GLANCE).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, arrived).await.with_context(|| format!("never {wanted} requests"))?
}

fn requests(simulator: &Running) -> usize {
    let stats = simulator.stats();
    stats.routes.get(&Route::VonageRevoke).map_or(0, |route| usize::try_from(route.requests).unwrap_or(0))
}

fn milliseconds(count: usize) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or(u64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a benchmark fit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
