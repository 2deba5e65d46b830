//! The audit of the store: every fact comes from the world, and everything that the world knows we took is there.
//!
//! Read from the database itself, after the server has ended: what no page shows counts as well.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use rcs_revoke_core::fact::{Answered, Attempted, Event, Fact, ProviderEvent, Registered, Registrar};
use rcs_revoke_core::{Ack, Timestamp};
use rcs_revoke_simulator::{JournalEntry, RevokeAnswer, Truth};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::clock::ORIGIN;
use crate::compare::Lie;
use crate::script::{Deed, Scripted, Told};
use sms::is_sms_of_ours;

pub mod sms;

/// What the store holds, beside what happened.
#[derive(Debug, Default)]
pub struct Audit {
    /// How many facts there are.
    pub facts: usize,
    /// Attempts whose answer the server never read, although there may have been one.
    pub unread: usize,
    /// Requests among them that a provider had answered: cut between answer and fact, or by a broken connection.
    pub unread_answered: usize,
    /// What is wrong, by the message's key.
    pub lies: Vec<(String, Lie)>,
}

/// Compares the whole store with the script and the simulator's books.
///
/// # Errors
/// When the simulator does not know a message of the script.
pub fn audit(
    mut held: Facts,
    script: &[Scripted],
    books: &[Truth],
    journal: &[JournalEntry],
) -> Result<Audit> {
    let own: Vec<&Truth> = books.iter().filter(|truth| is_sms_of_ours(truth)).collect();
    let books: BTreeMap<&str, &Truth> =
        books.iter().map(|truth| (truth.message.id.as_str(), truth)).collect();
    let mut audit = Audit { facts: held.values().map(Vec::len).sum(), ..Audit::default() };
    for scripted in script {
        let key = scripted.key();
        let facts = held.remove(&key).unwrap_or_default();
        let truth = books.get(scripted.id.as_str()).with_context(|| format!("nobody knows {key}"))?;
        let ledger = Ledger::of(&facts);
        audit.unread += ledger.unread;
        audit.unread_answered += truth.message.revokes.len().saturating_sub(ledger.read.len());
        let mut lies = invented(scripted, truth, &facts);
        lies.extend(sms::invented(scripted, &facts, journal));
        lies.extend(sms::forgotten(&facts, &own));
        lies.extend(forgotten(truth, &facts));
        lies.extend(unwritten(truth, &ledger));
        audit.lies.extend(lies.into_iter().map(|lie| (key.clone(), lie)));
    }
    let strangers = held.into_keys().map(|key| (key, Lie::InventedFact("all of them".to_owned())));
    audit.lies.extend(strangers);
    Ok(audit)
}

/// The facts of each message, by its key.
pub type Facts = BTreeMap<String, Vec<Fact>>;

/// Since when each source had verified webhooks.
///
/// # Errors
/// When the database cannot be read.
pub async fn listening_since(database: &Path) -> Result<BTreeMap<String, Timestamp>> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut sql = SqliteConnection::connect_with(&options).await?;
    let query = "SELECT id, learnt ->> 'listening_since' FROM sources";
    let rows: Vec<(String, Option<i64>)> = sqlx::query_as(query).fetch_all(&mut sql).await?;
    sql.close().await?;
    Ok(rows.into_iter().filter_map(|(id, since)| Some((id, Timestamp::from_millis(since?)))).collect())
}

/// Everything that the store holds.
///
/// # Errors
/// When the database cannot be read.
pub async fn facts(database: &Path) -> Result<Facts> {
    let options = SqliteConnectOptions::new().filename(database).disable_statement_logging();
    let mut sql = SqliteConnection::connect_with(&options).await?;
    let query = "SELECT m.key, f.fact FROM facts f LEFT JOIN messages m ON m.n = f.n";
    let rows: Vec<(Option<String>, String)> = sqlx::query_as(query).fetch_all(&mut sql).await?;
    sql.close().await?;
    let mut held = Facts::new();
    for (key, fact) in rows {
        let fact = serde_json::from_str(&fact).with_context(|| format!("a stored fact: {fact}"))?;
        held.entry(key.unwrap_or_else(|| "(of no message)".to_owned())).or_default().push(fact);
    }
    Ok(held)
}

/// The requests of one message, as the store has them.
#[derive(Default)]
struct Ledger {
    written: usize,
    /// Host and status of every answer that was read.
    read: Vec<(String, u16)>,
    /// Attempts that never left.
    unsent: usize,
    /// Attempts that are open, or of which nothing is known.
    unread: usize,
}

impl Ledger {
    fn of(facts: &[Fact]) -> Self {
        let mut answers: BTreeMap<u32, &Answered> = BTreeMap::new();
        let mut attempts: BTreeMap<u32, &Attempted> = BTreeMap::new();
        for fact in facts {
            match fact {
                Fact::Attempted(attempt) => drop(attempts.insert(attempt.attempt, attempt)),
                Fact::Answered(answer) => drop(answers.insert(answer.attempt, answer)),
                _ => {}
            }
        }
        let mut ledger = Self { written: attempts.len(), ..Self::default() };
        for (number, attempt) in attempts {
            match answers.get(&number) {
                Some(Answered { status: Some(status), .. }) => {
                    ledger.read.push((attempt.host.name().to_owned(), *status));
                }
                None | Some(Answered { ack: Ack::Unknown { .. }, .. }) => ledger.unread += 1,
                Some(_) => ledger.unsent += 1,
            }
        }
        ledger
    }
}

/// Facts that nobody in the script or in the world stands behind.
fn invented(scripted: &Scripted, truth: &Truth, facts: &[Fact]) -> Vec<Lie> {
    let wishes = scripted.deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Wish { .. })).count();
    let is_withdrawn = scripted
        .deeds
        .iter()
        .any(|(_, deed)| matches!(deed, Deed::Withdraw | Deed::Wish { replace: true, .. }));
    let by_hand =
        |fact: &&Fact| matches!(fact, Fact::Requested(wish) if !sms::is_own(wish) && wish.batch.is_none());
    let requested = facts.iter().filter(by_hand).count();
    let mut lies: Vec<Lie> = facts
        .iter()
        .filter(|fact| match fact {
            Fact::Registered(registered) => !is_told(scripted, registered),
            // Those that it makes by itself are looked at with the SMS.
            // So are those of a batch, with the batch.
            Fact::Requested(wish) if wish.batch.is_some() => !scripted.in_batch,
            Fact::Requested(wish) => !sms::is_own(wish) && requested > wishes,
            Fact::Withdrawn(_) => !is_withdrawn,
            Fact::Event(event) if event.event == Event::Unsubscribed => false,
            Fact::Event(event) => !truth.events.iter().any(|entry| is_told_by(event, entry)),
            Fact::Attempted(_)
            | Fact::Answered(_)
            | Fact::FallbackOrdered(_)
            | Fact::FallbackIntended(_)
            | Fact::FallbackAnswered(_)
            | Fact::FallbackStatus(_) => false,
        })
        .map(|fact| Lie::InventedFact(fact.key()))
        .collect();
    let mut seen: Vec<(String, u16)> = truth.message.revokes.iter().filter_map(heard_status).collect();
    for answer in Ledger::of(facts).read {
        match seen.iter().position(|heard| *heard == answer) {
            Some(place) => drop(seen.swap_remove(place)),
            None => lies.push(Lie::InventedFact(format!("{} answered {}", answer.0, answer.1))),
        }
    }
    lies
}

fn heard_status(revoke: &rcs_revoke_simulator::RevokeSeen) -> Option<(String, u16)> {
    match revoke.answer {
        RevokeAnswer::Status(status) => Some((revoke.host.to_string(), status)),
        RevokeAnswer::Reset => None,
    }
}

/// Whether a registration says what the script had its sender say.
fn is_told(scripted: &Scripted, registered: &Registered) -> bool {
    let says_so = match registered.by {
        Registrar::Api(_) => scripted.told == Told::Api,
        Registrar::Ledger(_) => scripted.told == Told::Csv,
        Registrar::Operator(_) => scripted.told == Told::Wish { in_full: true },
    };
    let sent_at = Timestamp::from_millis(ORIGIN + scripted.sent_at);
    says_so
        && registered.sent_at == Some(sent_at)
        && registered.phone.as_ref().is_some_and(|phone| phone.as_str() == scripted.registered_phone())
}

fn is_told_by(event: &ProviderEvent, entry: &JournalEntry) -> bool {
    entry.credible && entry.payload == event.raw
}

/// Events that the server took and does not have.
fn forgotten(truth: &Truth, facts: &[Fact]) -> Vec<Lie> {
    let has = |entry: &JournalEntry| {
        facts.iter().any(|fact| matches!(fact, Fact::Event(event) if event.raw == entry.payload))
    };
    let taken = truth.events.iter().filter(|entry| entry.acknowledged && entry.credible);
    taken.filter(|entry| !has(entry)).map(|entry| Lie::ForgottenEvent(entry.word.clone())).collect()
}

/// Requests that left without having been written down first.
fn unwritten(truth: &Truth, ledger: &Ledger) -> Option<Lie> {
    let (seen, written) = (truth.message.revokes.len(), ledger.written - ledger.unsent);
    (seen > written).then_some(Lie::UnwrittenRequest { seen, written })
}

#[cfg(test)]
mod tests;
