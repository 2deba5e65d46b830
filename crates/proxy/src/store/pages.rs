//! Pages of lists, in bounded time however many messages there are: every page walks indexes from the latest change
//! backwards, and looks at so many entries at most. A page whose filter lets little through may be short, or empty, and
//! still have a next one.

use rcs_revoke_api::{MessageQuery, MessageView};
use rcs_revoke_core::outcome::ROWS;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::messages::{Wanted, duplicate, view_of};
use crate::store::batches::number_of;
use crate::store::{Store, StoreError};

/// How many entries of an index one page looks at, at most.
const ENTRIES: i64 = 100_000;
/// How many messages one page looks at where no index holds what it asks for.
const MESSAGES: i64 = 5_000;
/// So many messages with an id or a number are put in order at once; if there are more, the list is walked instead.
const FOUND: i64 = 2_000;

/// One page of a list.
pub struct Page {
    /// The messages, the latest changed first.
    pub items: Vec<MessageView>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// What a page is to hold.
struct Filter<'a> {
    outcomes: Vec<&'a str>,
    batch: Option<i64>,
    source: Option<&'a str>,
    wanted: Option<Wanted>,
    duplicate: bool,
    before: i64,
}

impl<'a> Filter<'a> {
    fn of(query: &'a MessageQuery) -> Self {
        let outcomes = query.outcome.as_deref().unwrap_or_default().split(',').map(str::trim);
        let mut outcomes: Vec<&str> = outcomes.filter(|code| !code.is_empty()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        Self {
            outcomes,
            batch: query.batch.as_deref().and_then(number_of),
            source: query.source.as_deref(),
            wanted: Wanted::of(query),
            duplicate: query.duplicate,
            before: query.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(i64::MAX),
        }
    }
}

/// One index, walked from the latest change backwards.
struct Walk<'a> {
    /// The index, with its condition on `seq`.
    from: &'static str,
    /// What the condition compares with, in front of `seq`.
    batch: Option<i64>,
    outcome: Option<&'a str>,
    /// How many entries are looked at.
    entries: i64,
    /// Whether the message itself is looked at, and not the index alone.
    reads: bool,
}

/// What a walk found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// The changes, the latest first.
    seqs: Vec<i64>,
    /// Down to which change everything was looked at; none if down to the first.
    down_to: Option<i64>,
}

const BY_SEQ: &str = "messages INDEXED BY messages_seq WHERE seq < ";
const BY_OUTCOME: &str = "messages INDEXED BY messages_outcome WHERE outcome = ";
const BY_BATCH: &str = "messages INDEXED BY messages_batch WHERE batch = ";
const BY_DUPLICATE: &str =
    concat!("messages INDEXED BY messages_duplicate WHERE ", duplicate!(), " AND seq < ");

impl Store {
    /// One page of the list.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn page(&self, query: &MessageQuery, limit: usize) -> Result<Page, StoreError> {
        // One snapshot, so that what changes meanwhile is neither missed nor met twice.
        let mut sql = self.snapshot().await?;
        let found = self.read(find(&mut sql, &Filter::of(query), limit).await)?;
        let items = self.read(shown(&mut sql, &found.seqs).await)?;
        Ok(Page { items, next: found.down_to.map(|seq| seq.to_string()) })
    }
}

/// The changes on a page, and where it ends.
async fn find(sql: &mut SqliteConnection, filter: &Filter<'_>, limit: usize) -> Result<Found, sqlx::Error> {
    let enough = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    if let Some(wanted) = &filter.wanted
        && let Some(seqs) = named(sql, wanted).await?
    {
        let seqs = among(sql, filter, seqs, enough).await?;
        return Ok(page_of(vec![Found { seqs, down_to: None }], limit));
    }
    let mut found = Vec::new();
    for walk in walks(filter) {
        found.push(walk.go(sql, filter, enough).await?);
    }
    Ok(page_of(found, limit))
}

/// The indexes that together hold everything that is asked for, and as little else as may be.
fn walks<'a>(filter: &Filter<'a>) -> Vec<Walk<'a>> {
    let reads = filter.duplicate || filter.wanted.is_some();
    let all = || ROWS.iter().map(|row| row.code).collect();
    let one = |from| vec![Walk { from, batch: None, outcome: None, entries: MESSAGES, reads: true }];
    let codes: Vec<&str> = match filter.batch {
        Some(_) if filter.outcomes.is_empty() => all(),
        _ => filter.outcomes.clone(),
    };
    if filter.duplicate {
        return one(BY_DUPLICATE);
    }
    if codes.is_empty() {
        let entries = if reads { MESSAGES } else { ENTRIES };
        return vec![Walk { from: BY_SEQ, batch: None, outcome: None, entries, reads }];
    }
    let share = if reads { MESSAGES } else { ENTRIES } / i64::try_from(codes.len()).unwrap_or(1);
    let from = if filter.batch.is_some() { BY_BATCH } else { BY_OUTCOME };
    let walk = |code| Walk { from, batch: filter.batch, outcome: Some(code), entries: share, reads };
    codes.into_iter().map(walk).collect()
}

impl Walk<'_> {
    /// Finds what the page asks for, and where it stopped looking.
    async fn go(
        &self,
        sql: &mut SqliteConnection,
        filter: &Filter<'_>,
        enough: i64,
    ) -> Result<Found, sqlx::Error> {
        let seqs: Vec<i64> = self.hits(filter, enough).build_query_scalar().fetch_all(&mut *sql).await?;
        if i64::try_from(seqs.len()).is_ok_and(|count| count >= enough) {
            return Ok(Found { seqs, down_to: None });
        }
        let down_to = self.end(filter).build_query_scalar().fetch_optional(&mut *sql).await?;
        Ok(Found { seqs, down_to })
    }

    /// What the page asks for among the entries that are looked at.
    fn hits(&self, filter: &Filter<'_>, enough: i64) -> QueryBuilder<Sqlite> {
        let columns =
            if self.reads { "seq, source, outcome, batch, id, phone_reversed" } else { "seq, source" };
        let mut query = QueryBuilder::<Sqlite>::new("SELECT seq FROM (SELECT ");
        query.push(columns).push(" FROM ");
        self.push_from(&mut query, filter);
        query.push(" ORDER BY seq DESC LIMIT ").push_bind(self.entries).push(") WHERE 1");
        push_rest(&mut query, filter, self.reads);
        query.push(" LIMIT ").push_bind(enough);
        query
    }

    /// The last entry that is looked at; none if there are no more than those.
    fn end(&self, filter: &Filter<'_>) -> QueryBuilder<Sqlite> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT seq FROM ");
        self.push_from(&mut query, filter);
        query.push(" ORDER BY seq DESC LIMIT 1 OFFSET ").push_bind(self.entries - 1);
        query
    }

    fn push_from(&self, query: &mut QueryBuilder<Sqlite>, filter: &Filter<'_>) {
        query.push(self.from);
        if let Some(batch) = self.batch {
            query.push_bind(batch).push(" AND outcome = ");
        }
        if let Some(outcome) = self.outcome {
            query.push_bind(outcome.to_owned()).push(" AND seq < ");
        }
        query.push_bind(filter.before);
    }
}

/// What the index does not see to.
fn push_rest(query: &mut QueryBuilder<Sqlite>, filter: &Filter<'_>, reads: bool) {
    if let Some(source) = filter.source {
        query.push(" AND source = ").push_bind(source.to_owned());
    }
    if !reads {
        return;
    }
    if !filter.outcomes.is_empty() {
        let mut list = query.push(" AND outcome IN (").separated(", ");
        for outcome in &filter.outcomes {
            list.push_bind((*outcome).to_owned());
        }
        query.push(")");
    }
    if let Some(batch) = filter.batch {
        query.push(" AND batch = ").push_bind(batch);
    }
    if let Some(wanted) = &filter.wanted {
        query.push(" AND ((id >= ").push_bind(wanted.id.clone());
        query.push(" AND id < ").push_bind(wanted.id_end()).push(")");
        if let Some((digits, end)) = &wanted.phone {
            query.push(" OR (phone_reversed >= ").push_bind(digits.clone());
            query.push(" AND phone_reversed < ").push_bind(end.clone()).push(")");
        }
        query.push(")");
    }
}

/// Every message with an id or a number; none if those are more than can be put in order at once.
async fn named(sql: &mut SqliteConnection, wanted: &Wanted) -> Result<Option<Vec<i64>>, sqlx::Error> {
    let by_id = "SELECT seq FROM messages INDEXED BY messages_id WHERE id >= ?1 AND id < ?2 LIMIT ?3";
    let by_phone = "SELECT seq FROM messages INDEXED BY messages_phone
        WHERE phone_reversed >= ?1 AND phone_reversed < ?2 LIMIT ?3";
    let mut ranges = vec![(by_id, wanted.id.clone(), wanted.id_end())];
    ranges.extend(wanted.phone.clone().map(|(digits, end)| (by_phone, digits, end)));
    let mut seqs: Vec<i64> = Vec::new();
    for (query, from, end) in ranges {
        let query = sqlx::query_scalar(query).bind(from).bind(end).bind(FOUND + 1);
        let found: Vec<i64> = query.fetch_all(&mut *sql).await?;
        if i64::try_from(found.len()).is_ok_and(|count| count > FOUND) {
            return Ok(None);
        }
        seqs.extend(found);
    }
    Ok(Some(seqs))
}

/// Those of some messages that everything else lets through, the latest changed first.
async fn among(
    sql: &mut SqliteConnection,
    filter: &Filter<'_>,
    seqs: Vec<i64>,
    enough: i64,
) -> Result<Vec<i64>, sqlx::Error> {
    let mut seqs: Vec<i64> = seqs.into_iter().filter(|seq| *seq < filter.before).collect();
    seqs.sort_unstable_by(|one, other| other.cmp(one));
    seqs.dedup();
    let wanted = format!("[{}]", seqs.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
    // In the order of the list, which is the order of the page: nothing is sorted again.
    let mut query = QueryBuilder::<Sqlite>::new("SELECT seq FROM (SELECT value FROM json_each(");
    query
        .push_bind(wanted)
        .push(")) w CROSS JOIN messages m INDEXED BY messages_seq ON m.seq = w.value WHERE 1");
    push_rest(&mut query, filter, true);
    if filter.duplicate {
        query.push(concat!(" AND ", duplicate!()));
    }
    query.push(" LIMIT ").push_bind(enough);
    query.build_query_scalar().fetch_all(sql).await
}

/// Puts what walks found together: down to where each of them has looked.
fn page_of(found: Vec<Found>, limit: usize) -> Found {
    let down_to = found.iter().filter_map(|found| found.down_to).max();
    let mut seqs: Vec<i64> = found.into_iter().flat_map(|found| found.seqs).collect();
    seqs.sort_unstable_by(|one, other| other.cmp(one));
    seqs.dedup();
    seqs.retain(|seq| down_to.is_none_or(|down_to| *seq >= down_to));
    if seqs.len() > limit {
        seqs.truncate(limit);
        let down_to = seqs.last().copied();
        return Found { seqs, down_to };
    }
    Found { seqs, down_to }
}

async fn shown(sql: &mut SqliteConnection, seqs: &[i64]) -> Result<Vec<MessageView>, sqlx::Error> {
    let wanted = format!("[{}]", seqs.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
    let query = "SELECT m.key, m.view FROM json_each(?1) w
        CROSS JOIN messages m INDEXED BY messages_seq ON m.seq = w.value";
    let rows: Vec<SqliteRow> = sqlx::query(query).bind(wanted).fetch_all(sql).await?;
    debug_assert!(rows.iter().all(|row| row.len() == 2));
    rows.iter().filter_map(|row| view_of(row).transpose()).collect()
}

/// The statements of the walks of a page.
#[cfg(test)]
pub(super) fn statements(query: &MessageQuery) -> Vec<String> {
    let filter = Filter::of(query);
    let both = |walk: Walk<'_>| {
        [walk.hits(&filter, 51), walk.end(&filter)].map(|query| query.sql().as_str().to_owned())
    };
    walks(&filter).into_iter().flat_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::{Found, page_of};

    #[test]
    fn a_page_reaches_as_far_as_everything_was_looked_at() {
        let found = |seqs: &[i64], down_to| Found { seqs: seqs.to_vec(), down_to };
        let page = page_of(vec![found(&[9, 5], None), found(&[8, 7], None)], 10);
        assert_eq!(page, found(&[9, 8, 7, 5], None));
        let page = page_of(vec![found(&[9, 5], None), found(&[8, 7], None)], 3);
        assert_eq!(page, found(&[9, 8, 7], Some(7)));
        let page = page_of(vec![found(&[9, 2], Some(1)), found(&[8], Some(6))], 10);
        assert_eq!(page, found(&[9, 8], Some(6)), "below 6 the second has not looked");
        assert_eq!(page_of(vec![found(&[], Some(4))], 10), found(&[], Some(4)));
    }
}
