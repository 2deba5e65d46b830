//! A plan is made: each message is looked up, what a wish would do for it is foreseen, and it is written down.
//! Nothing is sent.

use std::collections::HashMap;

use rcs_revoke_api::{BatchPlan, RowProblem};
use rcs_revoke_core::fact::{Fact, Registered};
use rcs_revoke_core::foresight::{Fate, foresee};
use rcs_revoke_core::import::{Entry, Found, KnownMessage, Resolution, Row, resolve};
use rcs_revoke_core::recall::time_needed;
use rcs_revoke_core::{E164, Evidence, MessageRef, Source, SourceId, Timestamp};
use serde::Serialize;

use crate::app::App;
use crate::batches::Terms;
use crate::ledger::{Change, Ledger, Reply, Rows};
use crate::problem::ApiError;
use crate::store::batches::{ItemRow, NoteRow};
use crate::store::{StoreError, messages};

/// How many rows are looked up and written together.
pub const AT_ONCE: usize = 1_000;
/// After how many messages others get their turn.
const BETWEEN: usize = 32;
/// How many problems the plan itself lists.
const SHOWN: usize = 100;
/// The longest text of a row that is kept.
const LONGEST_TEXT: usize = 300;

/// One message that a batch may ask for, as the operator names it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The message.
    pub message: MessageRef,
    /// Its source.
    pub source: Option<SourceId>,
    /// The recipient.
    pub phone: Option<E164>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// Makes one plan.
pub struct Planner<'a> {
    app: &'a App,
    terms: Terms,
    sources: Vec<Source>,
    /// The source of messages for which several fit.
    chosen: Option<Source>,
    plan: BatchPlan,
    /// The place of the next message.
    next: i64,
    rows: Rows,
    unfinished: Unfinished,
}

/// A plan that is thrown away unless it becomes whole, however its making ends.
struct Unfinished {
    ledger: Ledger,
    batch: Option<i64>,
}

impl Unfinished {
    fn keep(mut self) {
        self.batch = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(batch) = self.batch else { return };
        let ledger = self.ledger.clone();
        tokio::spawn(async move {
            if let Err(error) = ledger.drop_batch(batch).await {
                tracing::warn!(batch, %error, "a plan that is not whole could not be dropped: it is, at the next start");
            }
        });
    }
}

impl<'a> Planner<'a> {
    /// Begins a plan on these terms.
    ///
    /// # Errors
    /// When the terms name a source that does not exist, or the store fails.
    pub async fn begin(app: &'a App, by: &str, said: rcs_revoke_api::BatchTerms) -> Result<Self, ApiError> {
        let chosen = said.source.as_deref().map(|name| {
            app.sources.find(name).map(crate::sources::SourceEntry::snapshot).ok_or_else(|| {
                ApiError::invalid("unknown_source", format!("no source is called `{name}`"))
                    .detail("Nothing was done.")
                    .at("source")
            })
        });
        let chosen = chosen.transpose()?;
        let sources = app.sources.iter().map(crate::sources::SourceEntry::snapshot).collect();
        let terms = serde_json::to_string(&said).map_err(StoreError::from)?;
        let opened = app.ledger.change(vec![Change::OpenBatch { by: by.to_owned(), terms }]).await?;
        let [Reply::Opened(n)] = opened.as_slice() else { return Err(StoreError::Closed.into()) };
        let terms = Terms { n: *n, id: crate::store::batches::id_of(*n), by: by.to_owned(), said };
        let unfinished = Unfinished { ledger: app.ledger.clone(), batch: Some(*n) };
        let plan = BatchPlan::default();
        Ok(Self { app, terms, sources, chosen, plan, next: 0, rows: Rows::default(), unfinished })
    }

    /// Takes rows of a text.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rows(&mut self, rows: Vec<Row>) -> Result<(), StoreError> {
        for part in rows.chunks(AT_ONCE) {
            let ids = part.iter().filter_map(|row| match &row.found {
                Found::Entry(entry) => Some(entry.id.to_string()),
                _ => None,
            });
            let known = known(self.app, ids.collect()).await?;
            let mut candidates = Vec::with_capacity(part.len());
            for row in part {
                match &row.found {
                    Found::Duplicate { .. } => self.plan.duplicates += 1,
                    Found::Problem(problem) => {
                        self.reject(row, code_of(&problem.code), problem.message.clone(), &problem.text);
                    }
                    Found::Entry(entry) => match self.candidate(entry, &known) {
                        Ok(candidate) => candidates.push(candidate),
                        Err((code, detail)) => self.reject(row, code, detail, entry.id.as_str()),
                    },
                }
            }
            self.candidates(candidates).await?;
        }
        Ok(())
    }

    fn candidate(
        &self,
        entry: &Entry,
        known: &HashMap<String, KnownMessage>,
    ) -> Result<Candidate, (String, String)> {
        let known = known.get(entry.id.as_str());
        let mut resolution = resolve(entry, &self.sources, known);
        if let (Resolution::Choose { candidates }, Some(chosen)) = (&resolution, &self.chosen)
            && candidates.contains(&chosen.id)
        {
            resolution = resolve(entry, std::slice::from_ref(chosen), known);
        }
        match resolution {
            Resolution::Ready { message, source } => Ok(Candidate {
                message,
                source: Some(source),
                phone: entry.phone.clone(),
                sent_at: entry.sent_at,
            }),
            Resolution::Choose { candidates } => {
                let names: Vec<_> = candidates.iter().map(ToString::to_string).collect();
                let detail = format!("several sources may have sent it ({}): say which", names.join(", "));
                Err(("source_needed".to_owned(), detail))
            }
            Resolution::Problem { code, message } => Err((code_of(&code), message)),
        }
    }

    fn reject(&mut self, row: &Row, code: String, detail: String, text: &str) {
        self.plan.rejected += 1;
        let (line, col) = (i64::try_from(row.line).ok(), i64::try_from(row.column).ok());
        let text = text.chars().take(LONGEST_TEXT).collect();
        if self.plan.problems.len() < SHOWN {
            let (code, detail) = (code.clone(), detail.clone());
            self.plan.problems.push(RowProblem { line: row.line, column: Some(row.column), code, detail });
        }
        let i = self.place();
        self.rows.notes.push(NoteRow { batch: self.terms.n, i, line, col, code, detail, text });
    }

    const fn place(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// Takes messages, at most as many as are looked up together.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn candidates(&mut self, candidates: Vec<Candidate>) -> Result<(), StoreError> {
        let held = {
            let keys: Vec<&MessageRef> = candidates.iter().map(|candidate| &candidate.message).collect();
            let mut sql = self.app.store.readers.acquire().await?;
            messages::load(&mut sql, &keys).await?
        };
        let now = self.app.clock.now();
        for (index, candidate) in candidates.into_iter().enumerate() {
            if index % BETWEEN == 0 {
                // Webhooks and requests do not wait for a plan.
                tokio::task::yield_now().await;
            }
            let known = held.get(&candidate.message);
            let source =
                known.and_then(|held| held.source.as_deref()).map(SourceId::parse).and_then(Result::ok);
            let wanted = source
                .filter(|source| self.app.sources.find(source.as_str()).is_some())
                .or_else(|| candidate.source.clone());
            let Some(entry) = wanted.as_ref().and_then(|source| self.app.sources.find(source.as_str()))
            else {
                self.skip(&candidate.message, "no_source", "no configured source sends it");
                continue;
            };
            let evidence =
                known.map_or_else(|| Evidence::new(candidate.message.clone()), |held| held.evidence.clone());
            self.foresee(&candidate, entry, evidence, now);
        }
        self.write().await
    }

    fn foresee(
        &mut self,
        candidate: &Candidate,
        entry: &crate::sources::SourceEntry,
        mut evidence: Evidence,
        now: Timestamp,
    ) {
        let i = self.place();
        let begins = self.terms.said.not_before.map_or(now, Timestamp::from_millis).max(now);
        let wanted = self.terms.wish(i, begins);
        let class = self.terms.said.class.clone();
        let (phone, sent_at) = (candidate.phone.clone(), candidate.sent_at);
        let told = Registered::with_wish(&wanted.wish, now, phone, sent_at, class);
        evidence.extend(told.map(Fact::Registered));
        let source = entry.snapshot();
        let seen = foresee(&evidence, &source, &entry.policy, begins, &wanted, self.terms.again());
        if let Fate::Skip { reason } = &seen.fate {
            let words = rcs_revoke_core::explain::explain(&evidence, &source, &entry.policy, now).short;
            let (reason, detail) = (reason.clone(), words.to_string());
            self.plan.counts.skip(&reason);
            return self.note(i, &candidate.message, &reason, detail);
        }
        self.plan.counts.count(entry.id(), &seen, now);
        self.rows.items.push(ItemRow {
            batch: self.terms.n,
            source: entry.id().to_string(),
            age: ItemRow::age_of(seen.sent_at.map(Timestamp::as_millis)),
            i,
            key: candidate.message.to_string(),
            phone: candidate.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            sent_at: candidate.sent_at.map(Timestamp::as_millis),
            window_closes: seen.window_closes.map(Timestamp::as_millis),
        });
    }

    fn skip(&mut self, message: &MessageRef, reason: &str, detail: &str) {
        self.plan.counts.skip(reason);
        let i = self.place();
        self.note(i, message, reason, detail.to_owned());
    }

    fn note(&mut self, i: i64, message: &MessageRef, code: &str, detail: String) {
        let (code, text) = (code.to_owned(), message.to_string());
        self.rows.notes.push(NoteRow { batch: self.terms.n, i, line: None, col: None, code, detail, text });
    }

    async fn write(&mut self) -> Result<(), StoreError> {
        if self.rows.items.is_empty() && self.rows.notes.is_empty() {
            return Ok(());
        }
        let rows = Box::new(std::mem::take(&mut self.rows));
        self.app.ledger.change(vec![Change::Fill { batch: self.terms.n, rows }]).await?;
        Ok(())
    }

    /// Ends the plan, and keeps under which key it was asked for, both or neither.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finish(mut self, asked: Option<Asked>) -> Result<i64, StoreError> {
        self.write().await?;
        let counts = &self.plan.counts;
        for entry in self.app.sources.iter() {
            let ask = counts.at(entry.id());
            if ask > 0 {
                let needed = time_needed(ask, entry.policy.rate_per_second).as_millis();
                let seconds = u64::try_from(needed).unwrap_or(u64::MAX).div_ceil(1_000);
                self.plan.seconds.insert(entry.id().to_string(), seconds);
            }
        }
        let (n, plan) = (self.terms.n, serde_json::to_string(&self.plan)?);
        let mut changes = vec![Change::Planned { batch: n, plan }];
        changes.extend(asked.map(|Asked { key, digest }| Change::Remember {
            key,
            digest,
            report: Some(n.to_string()),
        }));
        // Whoever asked may go away at this moment. Then the plan is whole all the same, and found again by its key.
        let unfinished = self.unfinished;
        let end = tokio::spawn(async move {
            unfinished.ledger.change(changes).await?;
            unfinished.keep();
            Ok(n)
        });
        end.await.map_err(|_| StoreError::Closed)?
    }
}

/// The key under which a plan was asked for, so that it is not made twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The key.
    pub key: String,
    /// The digest of what was said with it.
    pub digest: String,
}

/// What is known of messages with these ids.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn known(app: &App, ids: Vec<String>) -> Result<HashMap<String, KnownMessage>, StoreError> {
    let found = app.store.lookup(&ids).await?;
    let known = found.into_iter().filter_map(|view| {
        let source = SourceId::parse(view.source.as_deref()?).ok()?;
        Some((view.id, KnownMessage { source, has_recipient: view.recipient.is_some() }))
    });
    Ok(known.collect())
}

/// The stable code, as JSON spells it.
pub(crate) fn code_of<T: Serialize>(code: &T) -> String {
    serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}
