//! Watches the server while it works: at no moment may it say what is false, nothing may be due for long with nothing
//! ahead of it, and at last all is quiet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::Result;
use rcs_revoke_api::{BatchPage, MessageView};
use rcs_revoke_core::Step;
use rcs_revoke_core::recall::State;
use rcs_revoke_core::step::Brings;
use rcs_revoke_simulator::{Route, Running};
use rcs_revoke_tests::client::{Api, is_unanswered};
use rcs_revoke_tests::server::Server;

use crate::LONGEST_RETRIES;
use crate::clock::{DrillClock, ORIGIN};
use crate::compare::{Lie, is_moving};
use crate::script::Scripted;
use crate::verdicts::glimpse;

/// For how long, in real time, something may be due with nothing ahead of it: our process's speed is no matter of
/// the virtual clock.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// How often the watcher looks, at most.
const LOOK: Duration = Duration::from_millis(250);
/// How often everything that the server says is compared with what has happened so far, at most.
const COMPARE: Duration = Duration::from_secs(3);
/// How long it may take until less moves than ever before.
const PROGRESS: Duration = Duration::from_secs(30);
/// Watching takes no more than this part of the time, so that a large world is not slowed down by it.
const SHARE: u32 = 5;

/// Looks at what is due while the server works.
pub struct Watch<'a> {
    api: &'a Api,
    simulator: &'a Running,
    clock: DrillClock,
    /// Requests that one account may send in a real second.
    limit: f64,
    waits: Waits,
    requests: BTreeMap<&'static str, u64>,
    looked: Instant,
    /// What was false in passing: the messages' keys, and what was wrong with them.
    pub lies: Vec<(String, Lie)>,
    /// How often everything was compared.
    pub comparisons: usize,
}

/// For how long each due message waited while its lane was free.
#[derive(Debug, Default)]
struct Waits {
    /// By key and version: whatever happens to a message begins its wait anew.
    waiting: BTreeMap<(String, i64), Duration>,
    stuck: BTreeSet<String>,
}

impl Waits {
    /// Takes account of one look: what is due, whether its lane was free since the last look, how long that is ago.
    fn look(&mut self, due: impl Iterator<Item = ((String, i64), bool)>, passed: Duration) {
        let mut still = BTreeMap::new();
        for (message, is_free) in due {
            // Only what was due at the last look too has waited in between.
            let waited = self
                .waiting
                .get(&message)
                .map_or(Duration::ZERO, |before| if is_free { *before + passed } else { *before });
            if waited > STUCK_AFTER {
                self.stuck.insert(message.0.clone());
            }
            still.insert(message, waited);
        }
        self.waiting = still;
    }
}

impl<'a> Watch<'a> {
    /// A watcher of one server whose accounts have this limit.
    pub fn new(api: &'a Api, simulator: &'a Running, clock: DrillClock, limit: f64) -> Self {
        let (waits, requests) = (Waits::default(), BTreeMap::new());
        Self {
            api,
            simulator,
            clock,
            limit,
            waits,
            requests,
            looked: Instant::now(),
            lies: Vec::new(),
            comparisons: 0,
        }
    }

    /// Whether this message was stuck at any time.
    pub fn was_stuck(&self, key: &str) -> bool {
        self.waits.stuck.contains(key)
    }

    /// Looks and compares again and again, until it is dropped or the server does not answer. One that is killed on
    /// purpose may be away for a while: what was due then has not waited.
    ///
    /// # Errors
    /// When the server does not answer, unless it `may_be_away`.
    pub async fn keep_looking(&mut self, script: &[Scripted], may_be_away: bool) -> Result<()> {
        let mut compare_at = Instant::now() + COMPARE;
        loop {
            let began = Instant::now();
            match self.look_and_compare(script, &mut compare_at).await {
                Err(error) if may_be_away && is_unanswered(&error) => {
                    self.waits.waiting.clear();
                    self.looked = Instant::now();
                }
                looked => looked?,
            }
            tokio::time::sleep(LOOK.max(began.elapsed() * SHARE)).await;
        }
    }

    async fn look_and_compare(&mut self, script: &[Scripted], compare_at: &mut Instant) -> Result<()> {
        self.look().await?;
        let began = Instant::now();
        if began > *compare_at {
            self.lies.extend(glimpse(script, self.simulator, self.api).await?);
            self.comparisons += 1;
            *compare_at = Instant::now() + COMPARE.max(began.elapsed() * SHARE);
        }
        Ok(())
    }

    /// Waits until nothing moves and every event up to `end` has arrived or was given up; false when that takes
    /// longer than `patience`, and there is no less of it than there was a while ago: a slow machine may be slow.
    ///
    /// # Errors
    /// When the server ends or does not answer.
    pub async fn until_quiet(&mut self, server: &mut Server, end: i64, patience: Duration) -> Result<bool> {
        let mut deadline = Instant::now() + patience;
        let mut least = usize::MAX;
        while Instant::now() < deadline {
            server.still_runs()?;
            let looked = Instant::now();
            let moving = self.look().await?;
            // An SMS may follow what has come to rest long ago.
            let moving = if moving == 0 { self.sms_to_come().await? } else { moving };
            let arrived = || {
                let journal = self.simulator.journal();
                journal.iter().all(|event| event.ended || event.acknowledged || event.at_ms > ORIGIN + end)
            };
            if moving == 0 && arrived() {
                return Ok(true);
            }
            if moving < least {
                least = moving;
                deadline = deadline.max(Instant::now() + PROGRESS);
            }
            tokio::time::sleep(LOOK.max(looked.elapsed() * SHARE)).await;
        }
        Ok(false)
    }

    /// How many messages are at rest, and an SMS or a wish of their own is still to come.
    async fn sms_to_come(&self) -> Result<usize> {
        let soon = self.clock.now() + LONGEST_RETRIES;
        let comes = |view: &&MessageView| match view.step {
            Step::Request { .. } | Step::SendFallback { .. } => true,
            Step::WaitUntil { at, brings: Brings::Fallback } => at.as_millis() < soon,
            _ => false,
        };
        Ok(self.api.messages("").await?.iter().filter(comes).count())
    }

    /// Counts what moves, and keeps account of what is due.
    async fn look(&mut self) -> Result<usize> {
        let views = self.api.messages("outcome=planned,requesting,settling").await?;
        let passed = self.looked.elapsed();
        self.looked = Instant::now();
        let mut free = self.free_lanes(passed);
        // What waits for an operator is ahead of it.
        if self.is_paused().await? {
            free.clear();
        }
        let now = self.clock.now();
        let due = views.iter().filter(|view| is_due(view, now));
        let due =
            due.map(|view| ((view.message.clone(), view.version), free.contains(view.provider.as_str())));
        self.waits.look(due, passed);
        Ok(views.iter().filter(|view| is_moving(&view.outcome.verdict)).count())
    }

    /// Whether the latest batch is paused.
    async fn is_paused(&self) -> Result<bool> {
        let page: BatchPage = self.api.get("/api/v1/batches?limit=1").await?;
        Ok(page.items.first().is_some_and(|batch| batch.state == State::Paused))
    }

    /// The providers that had no request since the last look although some would have been allowed: whatever is due
    /// there has nothing ahead of it.
    fn free_lanes(&mut self, passed: Duration) -> BTreeSet<&'static str> {
        let stats = self.simulator.stats();
        let mut free = BTreeSet::new();
        for (provider, route) in [("google_rbm", Route::GoogleRevoke), ("vonage", Route::VonageRevoke)] {
            let requests = stats.routes.get(&route).map_or(0, |route| route.requests);
            let before = self.requests.insert(provider, requests).unwrap_or(0);
            let allowed = self.limit * passed.as_secs_f64();
            if requests == before && allowed > 2.0 {
                free.insert(provider);
            }
        }
        free
    }
}

/// Whether a request for it could leave now.
pub fn is_due(view: &MessageView, now: i64) -> bool {
    match &view.step {
        Step::Send { .. } => true,
        Step::WaitUntil { at, brings: Brings::Start | Brings::Retry } => at.as_millis() <= now,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Waits;

    /// Looks once a second at one message; each look is its version and whether its lane was free.
    fn is_stuck(looks: &[(i64, bool)]) -> bool {
        let mut waits = Waits::default();
        for (version, is_free) in looks {
            let due = [(("vonage:example".to_owned(), *version), *is_free)];
            waits.look(due.into_iter(), Duration::from_secs(1));
        }
        waits.stuck.contains("vonage:example")
    }

    #[test]
    fn ten_seconds_due_with_nothing_ahead_is_stuck() {
        assert!(is_stuck(&[(1, true); 12]));
        assert!(!is_stuck(&[(1, true); 10]));
    }

    #[test]
    fn waiting_behind_others_is_not_nor_is_being_worked_on() {
        assert!(!is_stuck(&[(1, false); 60]));
        assert!(!is_stuck(&[[(1, true); 6], [(2, true); 6]].concat()));
        assert!(is_stuck(&[[(1, true); 6], [(1, false); 6], [(1, true); 6]].concat()));
    }
}
