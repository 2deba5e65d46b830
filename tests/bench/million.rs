//! A batch of a million messages: how long each call on it takes, and how much memory the server has meanwhile.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use rcs_revoke_api::{BatchOrder, BatchView, MessagePage};
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::{Running, Simulator};
use rcs_revoke_tests::built_program;
use rcs_revoke_tests::server::Server;
use rcs_revoke_tests::world::{Settings, start_server};
use tokio::runtime::Handle;

use crate::figures::Figures;
use crate::machine::resident;
use crate::rig::{self, RATE, SENDER, unlimited};

/// What is asked for.
const MOST_MEMORY_MB: f64 = 200.0;
/// How many of the messages exist at the provider: as many as may be asked for before the batch is aborted.
const SENT: usize = 60_000;
/// So many are asked for before it is paused, and before it is aborted.
const PAUSED_AT: u64 = 20_000;
const ABORTED_AT: u64 = 30_000;
/// How often memory is looked at.
const SAMPLE: Duration = Duration::from_millis(100);
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(10);

/// The most memory that the server had in each part of the run.
#[derive(Debug, Default)]
struct Memory {
    part: &'static str,
    most: Vec<(&'static str, f64)>,
}

impl Memory {
    fn see(&mut self, megabytes: f64) {
        match self.most.last_mut() {
            Some((part, most)) if *part == self.part => *most = most.max(megabytes),
            _ => self.most.push((self.part, megabytes)),
        }
    }
}

/// Uploads, plans, starts, pauses, resumes, exports and aborts a batch of so many messages.
///
/// # Errors
/// When the server refuses something, or takes too much memory.
pub async fn measure(providers: &Handle, count: usize, figures: &mut Figures) -> Result<()> {
    let simulator = providers.spawn(Simulator::start(unlimited())).await??;
    let folder = tempfile::tempdir()?;
    let settings =
        Settings { senders: &[SENDER], rate: RATE, request_timeout: "30s", clock: None, classes: "" };
    let mut server = start_server(&built_program("rcs-revoke"), folder.path(), &simulator, &settings).await?;
    let text = text(&simulator, count)?;
    let memory = Arc::new(Mutex::new(Memory { part: "idle", most: Vec::new() }));
    let stop = Arc::new(AtomicBool::new(false));
    let sampling = sample(server.process(), Arc::clone(&memory), Arc::clone(&stop));
    let mut run = Run { server: &server, memory: &memory, figures, batch: String::new() };
    let went = run.all(text, count).await;
    stop.store(true, Ordering::Relaxed);
    sampling.join().map_err(|_| anyhow::anyhow!("the sampler failed"))?;
    let bytes = server.database_bytes()?;
    server.still_runs()?;
    server.stop().await?;

    let memory = memory.lock().map_err(|_| anyhow::anyhow!("the sampler failed"))?;
    let most = memory.most.iter().map(|(_, most)| *most).fold(0.0, f64::max);
    let parts: Vec<String> = memory.most.iter().map(|(part, most)| format!("{part} {most:.0}")).collect();
    let beside =
        format!("{}; {MOST_MEMORY_MB:.0} MB asked for; {:.0} MB on disk", parts.join(", "), megabytes(bytes));
    figures.add("million_memory", "A batch of a million: most resident memory", most, "MB", beside);
    went?;
    ensure!(most < MOST_MEMORY_MB, "{most:.0} MB of memory");
    Ok(())
}

struct Run<'a> {
    server: &'a Server,
    memory: &'a Arc<Mutex<Memory>>,
    figures: &'a mut Figures,
    batch: String,
}

impl Run<'_> {
    async fn all(&mut self, text: Bytes, count: usize) -> Result<()> {
        let api = &self.server.api;
        let size = format!("{count} rows, {:.0} MB of CSV", megabytes(text.len() as u64));
        self.part("plan");
        let began = Instant::now();
        let plan: BatchView = api.post_text("/api/v1/batches/upload?title=million", "million", text).await?;
        self.took("million_plan", "A batch of a million: upload and plan", began, size);
        ensure!(plan.plan.counts.ask == count as u64, "{} of {count} to ask", plan.plan.counts.ask);
        self.batch = plan.batch;

        self.part("run");
        self.command("start", Some(count as u64), "million_start").await?;
        let began = Instant::now();
        self.until_asked(count, PAUSED_AT).await?;
        let rate = format!("{PAUSED_AT} asked for, no limit at the provider");
        self.took("million_run", "A batch of a million: running", began, rate);
        self.calls("while it runs").await?;
        self.command("pause", None, "million_pause").await?;
        self.part("paused");
        self.calls("while it is paused").await?;
        self.command("resume", None, "million_resume").await?;
        self.until_asked(count, ABORTED_AT).await?;
        self.part("export");
        let began = Instant::now();
        let lines = api.text(&format!("/api/v1/batches/{}/messages.csv", self.batch)).await?.lines().count();
        self.took(
            "million_export",
            "A batch of a million: export as CSV, while it runs",
            began,
            format!("{lines} lines"),
        );
        ensure!(lines == count + 1, "{lines} lines of {count} messages");
        self.part("abort");
        self.command("abort", None, "million_abort").await?;
        self.until_ended().await
    }

    async fn calls(&mut self, when: &str) -> Result<()> {
        let api = &self.server.api;
        let mut slowest = (Duration::ZERO, String::new());
        let of_batch = format!("batch={}", self.batch);
        for path in [format!("/api/v1/batches/{}", self.batch), "/api/v1/batches".to_owned()] {
            let began = Instant::now();
            let _: serde_json::Value = api.get(&path).await?;
            slowest = slowest.max((began.elapsed(), path));
        }
        for filter in [
            "",
            &of_batch,
            &format!("{of_batch}&outcome=settling,unconfirmed"),
            "outcome=settling",
            "source=bench",
        ] {
            let mut after = String::new();
            for _ in 0..5 {
                let path = format!("/api/v1/messages?limit=50&{filter}{after}");
                let began = Instant::now();
                let page: MessagePage = api.get(&path).await?;
                slowest = slowest.max((began.elapsed(), path));
                let Some(next) = page.next else { break };
                after = format!("&after={next}");
            }
        }
        let (took, path) = slowest;
        let (name, what) = if when.contains("paused") {
            ("million_calls_paused", "A batch of a million: slowest page while it is paused")
        } else {
            ("million_calls", "A batch of a million: slowest page while it runs")
        };
        self.figures.add(name, what, milliseconds(took), "ms", path);
        Ok(())
    }

    async fn command(
        &mut self,
        command: &'static str,
        expect: Option<u64>,
        name: &'static str,
    ) -> Result<()> {
        let began = Instant::now();
        let path = format!("/api/v1/batches/{}/{command}", self.batch);
        let _: BatchView = self.server.api.post(&path, &BatchOrder { expect }).await?;
        let what = match command {
            "start" => "A batch of a million: start",
            "pause" => "A batch of a million: pause",
            "resume" => "A batch of a million: resume",
            _ => "A batch of a million: abort",
        };
        self.figures.add(name, what, milliseconds(began.elapsed()), "ms", String::new());
        Ok(())
    }

    async fn until_asked(&self, count: usize, wanted: u64) -> Result<()> {
        self.until(|view| count as u64 - view.progress.waiting >= wanted).await
    }

    async fn until_ended(&self) -> Result<()> {
        self.until(|view| view.state == State::Aborted && view.ended_at.is_some()).await
    }

    async fn until(&self, is_there: impl Fn(&BatchView) -> bool) -> Result<()> {
        let looked = async {
            loop {
                let view: BatchView = self.server.api.get(&format!("/api/v1/batches/{}", self.batch)).await?;
                if is_there(&view) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(PATIENCE, looked).await.context("the batch does not get on")?
    }

    fn part(&self, part: &'static str) {
        if let Ok(mut memory) = self.memory.lock() {
            memory.part = part;
        }
    }

    fn took(&mut self, name: &'static str, what: &'static str, began: Instant, beside: String) {
        self.figures.add(name, what, began.elapsed().as_secs_f64(), "s", beside);
    }
}

/// On a thread of its own, so that nothing is in its way.
fn sample(
    process: Option<u32>,
    memory: Arc<Mutex<Memory>>,
    stop: Arc<AtomicBool>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            if let (Some(megabytes), Ok(mut memory)) = (resident(process), memory.lock()) {
                memory.see(megabytes);
            }
            std::thread::sleep(SAMPLE);
        }
    })
}

/// The first rows are of messages that the provider has.
fn text(simulator: &Running, count: usize) -> Result<Bytes> {
    let mut text = String::from("message_id,sender,phone\n");
    let sent = rig::send(simulator, SENT.min(count))?;
    for id in &sent {
        writeln!(text, "{id},{},", SENDER.agent)?;
    }
    for number in sent.len()..count {
        let mixed = number.wrapping_mul(2_654_435_761) & 0xffff_ffff;
        writeln!(
            text,
            "{mixed:08x}-bbbb-4bbb-8bbb-{number:012x},{},+49151{:08}",
            SENDER.agent,
            number % 100_000_000
        )?;
    }
    Ok(Bytes::from(text))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "bytes of a benchmark fit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
