//! Kills the server as the plan says, starts it again, and takes the time until it sends again.
//!
//! Everything here is measured in real time: how fast a process is back is no matter of the virtual clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::{FaultKind, NewFault, Provider, Route, Running};
use rcs_revoke_tests::client::is_unanswered;
use rcs_revoke_tests::server::Server;

use crate::clock::DrillClock;
use crate::kills::{Aim, Kill};
use crate::uptime::Away;
use crate::watch::is_due;

/// How long it may take until it sends again.
const LONGEST_RECOVERY: Duration = Duration::from_secs(5);
/// How long a moment to aim at is waited for; then it is killed all the same.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How long an answer is held back, so that there is something to aim at.
const HELD_BACK_MS: u64 = 400;
/// How often the moment is looked for.
const GLANCE: Duration = Duration::from_millis(1);
/// How often the server is asked whether anything is due at all.
const ASK: Duration = Duration::from_millis(250);

/// What came of the kills.
#[derive(Debug, Default)]
pub struct Toll {
    /// How many there were of each aim, and how many of them met the moment.
    pub met: BTreeMap<&'static str, (usize, usize)>,
    /// From each start until a provider had a request again; only where something was due.
    pub sending: Vec<Duration>,
    /// From each start until it was ready.
    pub ready: Vec<Duration>,
    /// Recoveries that took too long, in words.
    pub late: Vec<String>,
    /// When it was away, in virtual time.
    pub away: Away,
}

/// Who kills, and whom.
pub struct Reaper<'a> {
    /// The server.
    pub server: &'a mut Server,
    /// The providers.
    pub simulator: &'a Running,
    /// The time.
    pub clock: DrillClock,
    /// The batch that is under way, if one is.
    pub batch: Option<String>,
}

impl Reaper<'_> {
    /// Carries out the whole plan.
    ///
    /// # Errors
    /// When the server ends by itself, or does not start again.
    pub async fn reap(&mut self, plan: &[Kill]) -> Result<Toll> {
        let mut toll = Toll::default();
        for kill in plan {
            self.strike(*kill, &mut toll).await?;
        }
        Ok(toll)
    }

    /// Carries out one kill of a plan, and waits until it sends again.
    ///
    /// # Errors
    /// When the server ends by itself, or does not start again.
    pub async fn strike(&mut self, kill: Kill, toll: &mut Toll) -> Result<()> {
        tokio::time::sleep(kill.lull).await;
        let met = self.aim(kill.aim).await;
        let since = self.clock.now();
        self.server.kill().await?;
        if let Aim::StartUp(after) = kill.aim {
            self.server.start_again()?;
            tokio::time::sleep(after).await;
            self.server.kill().await.context("it ended by itself while it was starting")?;
        }
        toll.note(kill.aim.name(), met);
        self.recover(kill.aim.name(), since, toll).await
    }

    /// Kills it now, at a moment that has a name and was met or not, and waits until it sends again.
    ///
    /// # Errors
    /// When the server ends by itself, or does not start again.
    pub async fn strike_now(&mut self, moment: &'static str, met: bool, toll: &mut Toll) -> Result<()> {
        let since = self.clock.now();
        self.server.kill().await?;
        toll.note(moment, met);
        self.recover(moment, since, toll).await
    }

    /// Waits for the moment; false if it did not come.
    async fn aim(&self, aim: Aim) -> bool {
        match aim {
            Aim::AnyMoment | Aim::StartUp(_) => true,
            Aim::AwaitingAnswer(provider) => {
                let route = match provider {
                    Provider::Google => Route::GoogleRevoke,
                    Provider::Vonage => Route::VonageRevoke,
                };
                self.inside(route, false).await
            }
            Aim::BeforeSms => self.inside(Route::VonageSend, false).await,
            Aim::AfterSms => self.inside(Route::VonageSend, true).await,
            Aim::AfterAnswer => self.after_answer(&[Route::GoogleRevoke, Route::VonageRevoke]).await,
            Aim::AfterSmsAnswer => self.after_answer(&[Route::VonageSend]).await,
            Aim::Checkpoint => {
                let file = self.server.database();
                let before = written(&file);
                until(|| written(&file) != before).await
            }
        }
    }

    /// Holds one request of a route back, before or after it took effect, and waits until it is there.
    async fn inside(&self, route: Route, after_effect: bool) -> bool {
        let hold = FaultKind::Latency { ms: HELD_BACK_MS, jitter_ms: 0, after_effect };
        let spec = NewFault { route: Some(route), count: Some(1), ..NewFault::new(hold) };
        // What took effect is in the books while its answer is held back.
        let count = || if after_effect { self.answers(&[route]) } else { self.requests(&[route]) };
        let before = count();
        let fault = self.simulator.add_fault(spec);
        let met = until(|| count() > before).await;
        self.simulator.remove_faults(Some(fault));
        met
    }

    async fn after_answer(&self, routes: &[Route]) -> bool {
        let before = self.answers(routes);
        until(|| self.answers(routes) > before).await
    }

    /// Starts it, and takes the time until it is ready and until it sends.
    async fn recover(&mut self, moment: &str, since: i64, toll: &mut Toll) -> Result<()> {
        let routes = [Route::GoogleRevoke, Route::VonageRevoke];
        let before = self.requests(&routes);
        let began = Instant::now();
        self.server.start_again()?;
        toll.ready.push(self.server.ready_since(began).await?);
        toll.away.push((since, self.clock.now()));
        let mut asked = Instant::now();
        loop {
            if self.requests(&routes) > before {
                toll.sending.push(began.elapsed());
                return Ok(());
            }
            if asked.elapsed() > ASK {
                if !self.anything_is_due().await? {
                    return Ok(());
                }
                asked = Instant::now();
            }
            if began.elapsed() > LONGEST_RECOVERY {
                let after = format!("after kill {} ({moment}) it sent nothing for 5 s", toll.kills());
                toll.late.push(after);
                return Ok(());
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn anything_is_due(&self) -> Result<bool> {
        if self.batch_waits().await? {
            return Ok(true);
        }
        match self.server.api.messages("outcome=planned,requesting").await {
            Ok(views) => Ok(views.iter().any(|view| is_due(view, self.clock.now()))),
            Err(error) if is_unanswered(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Whether a batch runs of which messages are still to be asked for.
    async fn batch_waits(&self) -> Result<bool> {
        let Some(batch) = &self.batch else { return Ok(false) };
        match self.server.api.get::<BatchView>(&format!("/api/v1/batches/{batch}")).await {
            Ok(view) => Ok(view.state == State::Running && view.progress.waiting > 0),
            Err(error) if is_unanswered(&error) => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn requests(&self, routes: &[Route]) -> u64 {
        let stats = self.simulator.stats();
        routes.iter().filter_map(|route| stats.routes.get(route)).map(|route| route.requests).sum()
    }

    fn answers(&self, routes: &[Route]) -> u64 {
        let stats = self.simulator.stats();
        let routes = routes.iter().filter_map(|route| stats.routes.get(route));
        routes.flat_map(|route| route.answers.values()).sum()
    }
}

async fn until(come: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if come() {
            return true;
        }
        tokio::time::sleep(GLANCE).await;
    }
    false
}

/// The main file is written to by checkpoints only: everything else goes to its log first.
fn written(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|metadata| metadata.modified()).ok()
}

impl Toll {
    fn note(&mut self, moment: &'static str, met: bool) {
        let entry = self.met.entry(moment).or_default();
        *entry = (entry.0 + 1, entry.1 + usize::from(met));
    }

    /// All kills.
    pub fn kills(&self) -> usize {
        self.met.values().map(|(kills, _)| kills).sum()
    }
}
