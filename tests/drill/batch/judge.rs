//! The batch at its end: every message accounted for, none asked for twice without a cause, none while it was paused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rcs_revoke_api::BatchView;
use rcs_revoke_core::Fact;
use rcs_revoke_core::fact::{Answered, Attempted, Requested};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::recall::State;
use rcs_revoke_simulator::Running;
use rcs_revoke_tests::client::Api;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::Conducted;
use crate::audit::Facts;
use crate::script::Scripted;

/// How long a batch of which nothing is under way may take to say that it is done.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is asked.
const LOOK: Duration = Duration::from_millis(100);

/// What the server says of the batch at the end.
pub struct Said {
    view: BatchView,
    /// The message and what is said of it, line by line.
    exported: Vec<(String, String)>,
    /// Lines of the list of rejected rows.
    rejects: usize,
    /// Batches that are neither this one nor thrown away.
    others: Vec<String>,
}

/// Asks the server.
///
/// # Errors
/// When it does not answer.
pub async fn ask(api: &Api, conducted: &Conducted) -> Result<Said> {
    let path = format!("/api/v1/batches/{}", conducted.batch);
    let text = api.text(&format!("{path}/messages.ndjson")).await?;
    let line = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).context("a line of an export")?;
        let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        anyhow::Ok((field("message"), field("state")))
    };
    let exported = text.lines().map(line).collect::<Result<_>>()?;
    let rejects = api.text(&format!("{path}/rejects.csv")).await?.lines().count().saturating_sub(1);
    let page: rcs_revoke_api::BatchPage = api.get("/api/v1/batches?limit=200").await?;
    let is_other = |view: &&BatchView| view.batch != conducted.batch && view.state != State::Dropped;
    let others = page.items.iter().filter(is_other).map(|view| view.batch.clone()).collect();
    // The last message came to rest a moment ago, and its batch is looked after twice a second.
    let deadline = Instant::now() + PATIENCE;
    let mut view: BatchView = api.get(&path).await?;
    while view.state == State::Running && Instant::now() < deadline {
        tokio::time::sleep(LOOK).await;
        view = api.get(&path).await?;
    }
    Ok(Said { view, exported, rejects, others })
}

/// What the store holds of it, read from the file itself.
#[derive(Debug, Default)]
pub struct Stored {
    items: i64,
    /// What is not asked for, by the message's key.
    notes: BTreeMap<String, usize>,
    rejected: u64,
}

/// Reads it, after the server has ended.
///
/// # Errors
/// When the database cannot be read.
pub async fn stored(database: &Path) -> Result<Stored> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut sql = SqliteConnection::connect_with(&options).await?;
    let items = sqlx::query_scalar("SELECT count(*) FROM batch_items").fetch_one(&mut sql).await?;
    let rows: Vec<(bool, String)> =
        sqlx::query_as("SELECT line IS NULL, text FROM batch_notes").fetch_all(&mut sql).await?;
    sql.close().await?;
    let mut stored = Stored { items, ..Stored::default() };
    for (is_message, text) in rows {
        if is_message {
            *stored.notes.entry(text).or_default() += 1;
        } else {
            stored.rejected += 1;
        }
    }
    Ok(stored)
}

/// Everything about the batch that must not be, in words, and one line of what was.
pub fn judge(
    conducted: &Conducted,
    said: &Said,
    stored: &Stored,
    script: &[Scripted],
    held: &Facts,
    simulator: &Running,
) -> (Vec<String>, String) {
    let mut wrong = conducted.misdeeds.clone();
    let mut must = |is_so: bool, what: String| {
        if !is_so {
            wrong.push(what);
        }
    };
    let (text, view) = (&conducted.text, &said.view);
    let (plan, progress) = (&view.plan, &view.progress);
    let (ask, skipped) = (plan.counts.ask, plan.counts.skipped());
    must(view.state == State::Done, format!("the batch is {}", view.state.code()));
    must(said.others.is_empty(), format!("there are other batches: {:?}", said.others));
    must(
        ask + skipped == text.messages.len() as u64,
        format!("{ask} to ask and {skipped} skipped of {}", text.messages.len()),
    );
    must(plan.duplicates == text.twice, format!("{} named twice, {} counted", text.twice, plan.duplicates));
    must(
        plan.rejected == text.broken,
        format!("{} rows are none, {} were rejected", text.broken, plan.rejected),
    );
    must(
        said.rejects as u64 == text.broken && stored.rejected == text.broken,
        "not every rejected row is kept".to_owned(),
    );
    must(stored.items == 0 && progress.waiting == 0, format!("{} are still to be asked for", stored.items));

    let batch = conducted.batch.as_str();
    let (mut wished, mut repeated) = (0_u64, Vec::new());
    for (key, facts) in held {
        let of_batch = |fact: &&Fact| matches!(fact, Fact::Requested(Requested { batch: Some(of), .. }) if of.as_str() == batch);
        let (own, notes) =
            (facts.iter().filter(of_batch).count(), stored.notes.get(key).copied().unwrap_or(0));
        wished += own as u64;
        let is_in = text.messages.contains_key(key);
        must(
            own + notes == usize::from(is_in),
            format!("{key} has {own} wishes of the batch and {notes} notes"),
        );
        if is_in && is_repeated(facts) {
            repeated.push(key.clone());
        }
    }
    let silent =
        text.messages.keys().filter(|key| !held.contains_key(*key) && !stored.notes.contains_key(*key));
    let silent: Vec<_> = silent.collect();
    must(silent.is_empty(), format!("neither asked for nor left out: {silent:?}"));
    must(repeated.is_empty(), format!("asked for again although the provider had said yes: {repeated:?}"));
    let left_out = progress.left_out;
    must(wished + left_out == ask, format!("{ask} to ask, {wished} wished for and {left_out} left out"));
    must(
        stored.notes.values().sum::<usize>() as u64 == skipped + left_out,
        format!("{} notes of {skipped} skipped and {left_out} left out", stored.notes.len()),
    );
    let counted: u64 = progress.outcomes.values().sum();
    must(
        counted == wished && progress.moved == 0,
        format!("{counted} outcomes of {wished} wishes, {} moved", progress.moved),
    );
    let exported: BTreeSet<&String> = said.exported.iter().map(|(key, _)| key).collect();
    must(
        exported.len() == said.exported.len() && exported.iter().copied().eq(text.messages.keys()),
        format!("the export has {} lines of {} messages", said.exported.len(), text.messages.len()),
    );
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    for (_, state) in said.exported.iter().filter(|(_, state)| state != "skipped") {
        *states.entry(state.clone()).or_default() += 1;
    }
    must(states == progress.outcomes, format!("exported {states:?}, counted {:?}", progress.outcomes));
    let early = asked_while_paused(conducted, script, simulator);
    must(early.is_empty(), format!("asked for while it was paused: {early:?}"));
    (wrong, line(conducted, view, wished))
}

/// Whether a request was made after another that was accepted, and no wish was made since that one began.
fn is_repeated(facts: &[Fact]) -> bool {
    let attempts: Vec<&Attempted> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Attempted(attempt) => Some(attempt),
            _ => None,
        })
        .collect();
    let answered = |attempt: &Attempted| {
        facts.iter().find_map(|fact| match fact {
            Fact::Answered(Answered { attempt: of, ack, at, .. }) if *of == attempt.attempt => {
                ack.is_accepted().then_some(*at)
            }
            _ => None,
        })
    };
    let made = |wish: &WishId| {
        facts.iter().find_map(|fact| match fact {
            Fact::Requested(requested) if requested.wish == *wish => Some(requested.at),
            _ => None,
        })
    };
    attempts.iter().any(|first| {
        let Some(at) = answered(first) else { return false };
        attempts.iter().any(|second| {
            let is_new = made(&second.wish).is_some_and(|made| made >= first.begun_at);
            second.attempt > first.attempt && second.begun_at > at && !is_new
        })
    })
}

fn asked_while_paused(conducted: &Conducted, script: &[Scripted], simulator: &Running) -> Vec<String> {
    let mut early = Vec::new();
    for index in conducted.text.messages.values() {
        let Some(scripted) = script.get(*index) else { continue };
        // Others may wish for it on their own account.
        if scripted.deeds.iter().any(|(_, deed)| matches!(deed, crate::script::Deed::Wish { .. }))
            || scripted.sender.class.is_some()
            || scripted.instead.class.is_some()
            || scripted.instead.revoke_at.is_some()
        {
            continue;
        }
        let Some(truth) = simulator.truth_of(&scripted.id) else { continue };
        let is_paused = |at: i64| conducted.pauses.iter().any(|(from, until)| *from < at && at < *until);
        if truth.message.revokes.iter().any(|revoke| is_paused(revoke.at_ms)) {
            early.push(scripted.key());
        }
    }
    early
}

fn line(conducted: &Conducted, view: &BatchView, wished: u64) -> String {
    let (text, plan) = (&conducted.text, &view.plan);
    format!(
        "Batch {}: {} rows: {} to ask, {} skipped, {} named twice, {} rejected; {wished} asked for, {} left out, \
         {} kills before the last was asked for, {} pauses\n  planned in {:.1} s, asked for in {:.1} s\n  outcomes: {:?}",
        conducted.batch,
        text.rows(),
        plan.counts.ask,
        plan.counts.skipped(),
        plan.duplicates,
        plan.rejected,
        view.progress.left_out,
        conducted.killed,
        conducted.pauses.len(),
        conducted.planning.as_secs_f64(),
        conducted.running.as_secs_f64(),
        view.progress.outcomes,
    )
}
