//! Watches the server while it works: nothing may be due for long with nothing ahead of it, and at last all is quiet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::Result;
use rcs_revoke_api::MessageView;
use rcs_revoke_core::Step;
use rcs_revoke_core::step::Brings;
use rcs_revoke_simulator::{Route, Running};
use rcs_revoke_tests::client::Api;
use rcs_revoke_tests::server::Server;

use crate::clock::{DrillClock, ORIGIN};
use crate::compare::is_moving;

/// For how long, in real time, something may be due with nothing ahead of it: our process's speed is no matter of
/// the virtual clock.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// How often the watcher looks.
const LOOK: Duration = Duration::from_millis(250);

/// What is due, and for how long it was while its lane was free.
pub struct Watch<'a> {
    api: &'a Api,
    simulator: &'a Running,
    clock: DrillClock,
    /// Requests that one account may send in a real second.
    limit: f64,
    waiting: BTreeMap<(String, i64), Duration>,
    requests: BTreeMap<&'static str, u64>,
    looked: Instant,
    /// The keys of messages that were stuck.
    pub stuck: BTreeSet<String>,
}

impl<'a> Watch<'a> {
    /// A watcher of one server whose accounts have this limit.
    pub fn new(api: &'a Api, simulator: &'a Running, clock: DrillClock, limit: f64) -> Self {
        let (waiting, requests) = (BTreeMap::new(), BTreeMap::new());
        Self {
            api,
            simulator,
            clock,
            limit,
            waiting,
            requests,
            looked: Instant::now(),
            stuck: BTreeSet::new(),
        }
    }

    /// Looks again and again, until it is dropped or the server does not answer.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn keep_looking(&mut self) -> Result<()> {
        loop {
            self.look().await?;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until nothing moves and every event up to `end` has arrived or was given up; false when that takes
    /// longer than `patience`.
    ///
    /// # Errors
    /// When the server ends or does not answer.
    pub async fn until_quiet(&mut self, server: &mut Server, end: i64, patience: Duration) -> Result<bool> {
        let began = Instant::now();
        while began.elapsed() < patience {
            server.still_runs()?;
            let moving = self.look().await?;
            let arrived = || {
                let journal = self.simulator.journal();
                journal.iter().all(|event| event.ended || event.at_ms > ORIGIN + end)
            };
            if moving == 0 && arrived() {
                return Ok(true);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(false)
    }

    /// Counts what moves, and keeps account of what is due.
    async fn look(&mut self) -> Result<usize> {
        let views = self.api.messages("outcome=planned,requesting,settling").await?;
        let passed = self.looked.elapsed();
        self.looked = Instant::now();
        let free = self.free_lanes(passed);
        let now = self.clock.now();
        let mut still = BTreeMap::new();
        for view in views.iter().filter(|view| is_due(view, now)) {
            let key = (view.message.clone(), view.version);
            let before = self.waiting.get(&key).copied();
            let is_free = free.contains(view.provider.as_str());
            // It was seen due at the last look too, so that the time between counts.
            let waited =
                before.map_or(Duration::ZERO, |before| if is_free { before + passed } else { before });
            if waited > STUCK_AFTER {
                self.stuck.insert(view.message.clone());
            }
            still.insert(key, waited);
        }
        self.waiting = still;
        Ok(views.iter().filter(|view| is_moving(&view.outcome.verdict)).count())
    }

    /// The providers whose limit was not used up by half since the last look.
    fn free_lanes(&mut self, passed: Duration) -> BTreeSet<&'static str> {
        let stats = self.simulator.stats();
        let mut free = BTreeSet::new();
        for (provider, route) in [("google_rbm", Route::GoogleRevoke), ("vonage", Route::VonageRevoke)] {
            let requests = stats.routes.get(&route).map_or(0, |route| route.requests);
            let before = self.requests.insert(provider, requests).unwrap_or(0);
            if to_float(requests - before) < self.limit * passed.as_secs_f64() / 2.0 {
                free.insert(provider);
            }
        }
        free
    }
}

fn is_due(view: &MessageView, now: i64) -> bool {
    match &view.step {
        Step::Send { .. } => true,
        Step::WaitUntil { at, brings: Brings::Start | Brings::Retry } => at.as_millis() <= now,
        _ => false,
    }
}

fn to_float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
