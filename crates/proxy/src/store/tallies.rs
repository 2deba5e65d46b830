//! How many there are of what, kept in the commit that changes it, so that nobody ever counts rows to show a number.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::store::{Store, StoreError};

pub(crate) const ADD: &str = "INSERT INTO tallies (batch, what, count)
    SELECT value ->> 'batch', value ->> 'what', value ->> 'count' FROM json_each(?1) WHERE true
    ON CONFLICT (batch, what) DO UPDATE SET count = count + excluded.count";

/// Everything, under the number that no batch has.
pub const ALL: i64 = 0;
/// What stands in front of a source's name where its messages that are still to be asked for are counted.
const WAITING: &str = "waiting:";
/// Where messages are counted that the run left out.
pub const LEFT_OUT: &str = "left_out";

/// How a source's messages that are still to be asked for are counted.
pub fn waiting(source: &str) -> String {
    format!("{WAITING}{source}")
}

/// So many more, or fewer, of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub batch: i64,
    pub what: String,
    pub count: i64,
}

/// The counts of one batch, or of all messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<String, i64>);

impl Counts {
    /// Messages of each outcome.
    pub fn outcomes(&self) -> BTreeMap<String, u64> {
        let is_outcome = |what: &str| what != LEFT_OUT && !what.starts_with(WAITING);
        let counted = self.0.iter().filter(|(what, _)| is_outcome(what));
        counted.filter_map(|(what, count)| Some((what.clone(), positive(*count)?))).collect()
    }

    /// Messages that are still to be asked for, by source.
    pub fn waiting(&self) -> BTreeMap<String, u64> {
        let of = |(what, count): (&String, &i64)| {
            Some((what.strip_prefix(WAITING)?.to_owned(), positive(*count)?))
        };
        self.0.iter().filter_map(of).collect()
    }

    /// Messages that the run left out, because something had changed since the plan.
    pub fn left_out(&self) -> u64 {
        self.0.get(LEFT_OUT).and_then(|count| positive(*count)).unwrap_or(0)
    }

    fn add(&mut self, what: &str, count: i64) {
        match self.0.get_mut(what) {
            Some(counted) => *counted += count,
            None => drop(self.0.insert(what.to_owned(), count)),
        }
    }
}

fn positive(count: i64) -> Option<u64> {
    u64::try_from(count).ok().filter(|count| *count > 0)
}

/// All counts.
#[derive(Clone, Debug, Default)]
pub struct Tallies(BTreeMap<i64, Counts>);

impl Tallies {
    /// Of one batch, or of all messages.
    pub fn of(&self, batch: i64) -> Counts {
        self.0.get(&batch).cloned().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, tally: &Tally) {
        self.0.entry(tally.batch).or_default().add(&tally.what, tally.count);
    }

    pub(crate) async fn load(sql: &mut SqliteConnection) -> Result<Self, StoreError> {
        let rows: Vec<(i64, String, i64)> =
            sqlx::query_as("SELECT batch, what, count FROM tallies").fetch_all(sql).await?;
        let mut tallies = Self::default();
        for (batch, what, count) in rows {
            tallies.add(&Tally { batch, what, count });
        }
        Ok(tallies)
    }
}

/// What counts differ from what is there: how many are stored, and how many there are.
const DIFFERING: &str = "WITH counted AS (
        SELECT 0 batch, outcome what, count(*) count FROM messages GROUP BY outcome
        UNION ALL SELECT batch, outcome, count(*) FROM messages WHERE batch IS NOT NULL GROUP BY batch, outcome
        UNION ALL SELECT batch, 'waiting:' || source, count(*) FROM batch_items GROUP BY batch, source),
    stored AS (SELECT batch, what, count FROM tallies WHERE count <> 0 AND what <> 'left_out')
    SELECT batch, what, coalesce(s.count, 0), coalesce(c.count, 0)
    FROM stored s FULL JOIN counted c USING (batch, what) WHERE s.count IS NOT c.count ORDER BY batch, what";

impl Store {
    /// What is counted wrong: the batch, what, how many are stored, and how many there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn miscounted(&self) -> Result<Vec<(i64, String, i64, i64)>, StoreError> {
        self.read(sqlx::query_as(DIFFERING).fetch_all(&self.readers).await)
    }
}

/// Counts everything again that can be counted.
pub(crate) const RECOUNT: [&str; 2] = [
    "DELETE FROM tallies WHERE what <> 'left_out'",
    "INSERT INTO tallies SELECT 0, outcome, count(*) FROM messages GROUP BY outcome
        UNION ALL SELECT batch, outcome, count(*) FROM messages WHERE batch IS NOT NULL GROUP BY batch, outcome
        UNION ALL SELECT batch, 'waiting:' || source, count(*) FROM batch_items GROUP BY batch, source",
];
