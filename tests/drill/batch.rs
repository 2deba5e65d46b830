//! One batch in the middle of everything: planned from an upload, started, paused, resumed, and killed all along.

pub mod judge;
mod text;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcs_revoke_api::{BatchOrder, BatchPage, BatchView};
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::Route;
use rcs_revoke_tests::client::{Api, is_unanswered};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::kills::Kill;
use crate::reaper::{Reaper, Toll};
use crate::script::{Scripted, batch};
pub use text::Text;

/// A generator of its own.
const STREAM: u64 = u64::MAX - 3;
/// How often it is looked how far the batch is.
const LOOK: Duration = Duration::from_millis(20);
/// How long a state may take to come.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long nothing may be asked for while there is something to ask for and nothing forbids it.
const STUCK: Duration = Duration::from_secs(10);
/// How long a whole batch may take at most.
const LONGEST: Duration = Duration::from_mins(40);
/// How soon a pause works, as it is promised.
const EFFECTIVE: Duration = Duration::from_secs(1);
/// How long a pause is.
const PAUSE: Duration = Duration::from_millis(2_500);
/// After which part of the messages it is paused; it is killed in the first of these.
const PAUSES: [f64; 3] = [0.2, 0.5, 0.8];
/// The last kill comes before the end.
const LAST_KILL: f64 = 0.95;
/// Kills before it is started: while the text comes, while the plan is made, and when it is there.
const BEFORE: usize = 3;

/// What came of the batch while it ran.
#[derive(Debug, Default)]
pub struct Conducted {
    /// Its id.
    pub batch: String,
    /// The plan, as it was started.
    pub plan: Option<Box<BatchView>>,
    /// What was uploaded.
    pub text: Text,
    /// When nothing of it may have been asked for, in virtual time.
    pub pauses: Vec<(i64, i64)>,
    /// What went wrong meanwhile, in words.
    pub misdeeds: Vec<String>,
    /// From the command to the plan.
    pub planning: Duration,
    /// From the start to the last wish.
    pub running: Duration,
    /// How many kills there were before the last message was asked for.
    pub killed: usize,
}

/// Plans, starts and watches one batch, and has the server killed at the moments that hurt it most.
pub struct Conductor<'a> {
    /// Who kills.
    pub reaper: Reaper<'a>,
    /// The messages.
    pub script: &'a [Scripted],
    /// The moments are drawn from it.
    pub seed: u64,
    /// Up to when everything is done that was to be done to the messages.
    pub done_until: &'a AtomicI64,
    /// The virtual time in which everything happens.
    pub span: i64,
}

impl Conductor<'_> {
    /// From the upload to the last message.
    ///
    /// # Errors
    /// When the server refuses what it has to take, or does not come back.
    pub async fn conduct(&mut self, kills: usize, plan: &[Kill]) -> Result<(Conducted, Toll)> {
        let (mut toll, mut rng) = (Toll::default(), ChaCha8Rng::seed_from_u64(self.seed));
        rng.set_stream(STREAM);
        let mut conducted = Conducted { text: text::write(self.script, &mut rng), ..Conducted::default() };
        self.until_all_told().await;
        self.plan(kills, &mut rng, &mut conducted, &mut toll).await?;
        self.run(kills.saturating_sub(BEFORE), plan, &mut conducted, &mut toll).await?;
        Ok((conducted, toll))
    }

    async fn until_all_told(&self) {
        while self.done_until.load(Ordering::Relaxed) < batch::told_by(self.span) {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Uploads the text until there is a plan of all of it, whatever happens meanwhile.
    async fn plan(
        &mut self,
        kills: usize,
        rng: &mut ChaCha8Rng,
        conducted: &mut Conducted,
        toll: &mut Toll,
    ) -> Result<()> {
        let api = self.reaper.server.api.clone();
        let path = format!("/api/v1/batches/upload?title=drill-{}", self.seed);
        let text = Bytes::from(conducted.text.csv.clone());
        if kills > 0 {
            let before = newest(&api).await?;
            let stream = half(&api, &path, &text).await?;
            let met = until_reading(&api, before).await?;
            self.reaper.strike_now("during an upload", met, toll).await?;
            drop(stream);
            ensure!(newest_state(&api).await? != Some(State::Planned), "half a text became a plan");
        }
        if kills > 1 {
            let before = newest(&api).await?;
            let (caller, path, text) = (api.clone(), path.clone(), text.clone());
            let call =
                tokio::spawn(async move { caller.post_text::<BatchView>(&path, "drill-batch", text).await });
            let met = until_reading(&api, before).await?;
            tokio::time::sleep(Duration::from_millis(rng.random_range(0..400))).await;
            let is_read = newest_state(&api).await? == Some(State::Reading);
            self.reaper.strike_now("while a plan was made", met && is_read, toll).await?;
            match call.await? {
                Err(error) if !is_unanswered(&error) => return Err(error),
                _ => {}
            }
        }
        let began = Instant::now();
        let plan: BatchView = api.post_text(&path, "drill-batch", text).await?;
        conducted.planning = began.elapsed();
        conducted.batch.clone_from(&plan.batch);
        self.reaper.batch = Some(plan.batch.clone());
        if kills > 2 {
            self.reaper.strike_now("between plan and start", true, toll).await?;
            let still = view(&api, &plan.batch).await?;
            ensure!(
                still.plan == plan.plan && still.state == State::Planned,
                "the plan is another after a restart"
            );
        }
        conducted.plan = Some(Box::new(plan));
        Ok(())
    }

    /// Starts it and sees it through.
    async fn run(
        &mut self,
        kills: usize,
        plan: &[Kill],
        conducted: &mut Conducted,
        toll: &mut Toll,
    ) -> Result<()> {
        let api = self.reaper.server.api.clone();
        let batch = conducted.batch.clone();
        let ask = conducted.plan.as_ref().map_or(0, |plan| plan.plan.counts.ask);
        let path = format!("/api/v1/batches/{batch}");
        let order = BatchOrder { expect: Some(ask) };
        let started: BatchView = api.post(&format!("{path}/start"), &order).await?;
        ensure!(started.state == State::Running, "it was started and is {}", started.state.code());
        let began = Instant::now();
        let (mut plan, mut pauses) =
            (plan.iter().take(kills).enumerate().peekable(), PAUSES.into_iter().peekable());
        let (mut asked, mut since) = (self.asked(), Instant::now());
        while began.elapsed() < LONGEST {
            let view = view(&api, &batch).await?;
            let done = part_done(view.progress.waiting, ask);
            if view.progress.waiting == 0 {
                break;
            }
            let now = self.asked();
            if now > asked {
                (asked, since) = (now, Instant::now());
            } else if since.elapsed() > STUCK {
                conducted.misdeeds.push(format!(
                    "{} messages waited for 10 s, and nothing was sent",
                    view.progress.waiting
                ));
                since = Instant::now();
            }
            if pauses.next_if(|at| done >= *at).is_some() {
                let is_killed = pauses.len() == PAUSES.len() - 1 && plan.next().is_some();
                self.pause(&path, is_killed, conducted, toll).await?;
                since = Instant::now();
            }
            if let Some((_, kill)) = plan.next_if(|(number, _)| done >= due_at(*number, kills)) {
                self.reaper.strike(*kill, toll).await?;
                since = Instant::now();
            }
            tokio::time::sleep(LOOK).await;
        }
        conducted.running = began.elapsed();
        conducted.killed = toll.kills();
        for (_, kill) in plan {
            self.reaper.strike(*kill, toll).await?;
        }
        Ok(())
    }

    /// Pauses it for a while.
    async fn pause(
        &mut self,
        path: &str,
        is_killed: bool,
        conducted: &mut Conducted,
        toll: &mut Toll,
    ) -> Result<()> {
        let api = self.reaper.server.api.clone();
        let order = BatchOrder::default();
        let _: BatchView = api.post(&format!("{path}/pause"), &order).await?;
        let clock = self.reaper.clock;
        let effective = clock.now() + clock.virtual_ms(EFFECTIVE);
        tokio::time::sleep(EFFECTIVE).await;
        if is_killed {
            self.reaper.strike_now("while it was paused", true, toll).await?;
        }
        tokio::time::sleep(PAUSE).await;
        let paused: BatchView = api.get(path).await?;
        if paused.state != State::Paused {
            conducted.misdeeds.push(format!("it was paused and is {}", paused.state.code()));
        }
        conducted.pauses.push((effective, clock.now()));
        let _: BatchView = api.post(&format!("{path}/resume"), &order).await?;
        Ok(())
    }

    fn asked(&self) -> u64 {
        let stats = self.reaper.simulator.stats();
        let routes = [Route::GoogleRevoke, Route::VonageRevoke];
        routes.iter().filter_map(|route| stats.routes.get(route)).map(|route| route.requests).sum()
    }
}

#[expect(clippy::cast_precision_loss, reason = "messages of a drill fit")]
fn part_done(waiting: u64, ask: u64) -> f64 {
    1.0 - waiting as f64 / ask.max(1) as f64
}

/// After which part of the messages a kill comes: they are spread over the whole run.
#[expect(clippy::cast_precision_loss, reason = "kills of a drill fit")]
fn due_at(number: usize, kills: usize) -> f64 {
    LAST_KILL * number as f64 / kills.max(1) as f64
}

async fn view(api: &Api, batch: &str) -> Result<BatchView> {
    api.get(&format!("/api/v1/batches/{batch}")).await
}

async fn newest(api: &Api) -> Result<Option<String>> {
    let page: BatchPage = api.get("/api/v1/batches?limit=1").await?;
    Ok(page.items.into_iter().next().map(|view| view.batch))
}

async fn newest_state(api: &Api) -> Result<Option<State>> {
    let page: BatchPage = api.get("/api/v1/batches?limit=1").await?;
    Ok(page.items.first().map(|view| view.state))
}

/// Waits until the text of a new batch is read; false if it was over before anybody looked.
async fn until_reading(api: &Api, before: Option<String>) -> Result<bool> {
    let began = Instant::now();
    loop {
        let page: BatchPage = api.get("/api/v1/batches?limit=1").await?;
        if let Some(view) = page.items.first().filter(|view| before.as_ref() != Some(&view.batch)) {
            return Ok(view.state == State::Reading);
        }
        ensure!(began.elapsed() < PATIENCE, "no new batch showed up");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Begins an upload that comes to a halt in its middle.
async fn half(api: &Api, path: &str, text: &[u8]) -> Result<TcpStream> {
    let host = api.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-type: text/csv\r\n\
         content-length: {}\r\n\r\n",
        api.key(),
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&text[..text.len() / 2]).await?;
    stream.flush().await?;
    Ok(stream)
}
