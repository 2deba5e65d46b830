//! A batch as the API shows it: what is stored, what is counted, and what is going on.

use std::collections::{BTreeMap, BTreeSet};

use rcs_revoke_api::{BatchHistory, BatchPlan, BatchProgress, BatchTrouble, BatchView};
use rcs_revoke_core::recall::{Command, RETRIED, incident, time_needed};
use rcs_revoke_core::sentence::Sentence;
use rcs_revoke_core::{Span, Timestamp};

use crate::app::App;
use crate::batches::Terms;
use crate::store::StoreError;
use crate::store::batches::{BatchRow, id_of};
use crate::store::tallies::Counts;

/// Every command, in the order in which they are shown.
const COMMANDS: [Command; 5] =
    [Command::Start, Command::Pause, Command::Resume, Command::Abort, Command::Drop];

impl App {
    /// A batch as it is now.
    ///
    /// # Errors
    /// When what is stored of it cannot be read.
    pub fn shown(&self, row: &BatchRow) -> Result<BatchView, StoreError> {
        let now = self.clock.now();
        let terms = Terms::of(row)?;
        let plan = row.planned()?;
        let counts = self.ledger.counts_of(row.n);
        let progress = self.progress(row, &plan, &counts, now)?;
        let leads_on = |command: &Command| row.state.after(*command).is_some_and(|next| next != row.state);
        let title = terms.said.title.clone().unwrap_or_else(|| id_of(row.n).to_string());
        let done_by = progress.seconds_left.map(|seconds| now + Span::secs(seconds.try_into().unwrap_or(0)));
        let retriable = RETRIED.iter().filter_map(|code| progress.outcomes.get(*code)).sum();
        Ok(BatchView {
            batch: terms.id.to_string(),
            by: row.by.clone(),
            commands: COMMANDS.into_iter().filter(leads_on).collect(),
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            trouble: self.trouble(row, &terms, &counts, now),
            incident: incident(&title, &progress.outcomes, (row.state, progress.waiting), done_by, now),
            retriable,
            state: row.state,
            terms: terms.said,
            plan,
            progress,
        })
    }

    fn progress(
        &self,
        row: &BatchRow,
        plan: &BatchPlan,
        counts: &Counts,
        now: Timestamp,
    ) -> Result<BatchProgress, StoreError> {
        let (by_source, outcomes) = (counts.waiting(), counts.outcomes());
        let waiting: u64 = by_source.values().sum();
        let counted: u64 = outcomes.values().sum();
        let started = row.started_at.is_some();
        let asked = plan.counts.ask.saturating_sub(waiting + counts.left_out());
        let open = self.ledger.batches().open(row.n);
        let history = match (&open, &row.history) {
            (Some(open), _) => open.meter.history(),
            (None, Some(history)) => serde_json::from_str(history)?,
            (None, None) => BatchHistory::default(),
        };
        let accounts = self.accounts_of(plan.counts.ways.iter().map(|(way, _)| way.source.as_str()));
        Ok(BatchProgress {
            waiting,
            moved: if started { asked.saturating_sub(counted) } else { 0 },
            left_out: counts.left_out(),
            rate: open.map_or(0, |open| open.meter.rate(now)),
            limit: accounts.values().sum(),
            seconds_left: row.state.sends().then(|| self.seconds_left(&by_source)),
            outcomes,
            history,
        })
    }

    /// The accounts of sources, with what each may send in a second.
    fn accounts_of<'a>(&self, sources: impl Iterator<Item = &'a str>) -> BTreeMap<String, u32> {
        let named: BTreeSet<&str> = sources.filter_map(|id| Some(&*self.sources.find(id)?.account)).collect();
        named.into_iter().map(|account| (account.to_owned(), self.rate_of(account))).collect()
    }

    /// The least that a source of an account allows in a second.
    fn rate_of(&self, account: &str) -> u32 {
        let of_account = self.sources.iter().filter(|entry| entry.account == account);
        of_account.map(|entry| entry.policy.rate_per_second).min().unwrap_or(1)
    }

    /// How long until all are asked for: each account at its own pace, with all batches that share it.
    fn seconds_left(&self, waiting: &BTreeMap<String, u64>) -> u64 {
        let mine = self.accounts_of(waiting.keys().map(String::as_str));
        let mut due: BTreeMap<String, u64> = BTreeMap::new();
        for batch in self.ledger.batches().all_open().into_iter().filter(|batch| batch.row.state.sends()) {
            for (source, count) in self.ledger.counts_of(batch.row.n).waiting() {
                if let Some(entry) = self.sources.find(&source) {
                    *due.entry(entry.account.clone()).or_default() += count;
                }
            }
        }
        let needed = mine.iter().map(|(account, rate)| {
            let needed = time_needed(due.get(account).copied().unwrap_or(0), *rate);
            u64::try_from(needed.as_millis()).unwrap_or(0).div_ceil(1_000)
        });
        needed.max().unwrap_or(0)
    }

    /// What keeps a batch from going on.
    fn trouble(
        &self,
        row: &BatchRow,
        terms: &Terms,
        counts: &Counts,
        now: Timestamp,
    ) -> Option<BatchTrouble> {
        if !row.state.sends() {
            return None;
        }
        let trouble = |code: &str, sentence| Some(BatchTrouble { code: code.to_owned(), sentence });
        if let Some(begins) = terms.said.not_before.map(Timestamp::from_millis).filter(|at| *at > now) {
            return trouble(
                "not_before",
                Sentence::new("Nothing is asked for before ").time(begins).text("."),
            );
        }
        if let Some(store) = self.store.watch().trouble() {
            return trouble(
                "store",
                Sentence::new(format!("Nothing is sent meanwhile. {}", store.sentence())),
            );
        }
        let waiting = counts.waiting();
        let stranded = waiting.keys().find(|source| self.sources.find(source).is_none())?;
        let why = "which the configuration no longer names: add it again, or abort the batch";
        trouble("source", Sentence::new(format!("Messages wait for the source {stranded}, {why}.")))
    }
}
