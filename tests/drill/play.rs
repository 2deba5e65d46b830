//! Plays the script: everything that is done to the simulator and to the server, at its virtual time.
//!
//! What falls due together goes together, as a sending system would do it: one call for all registrations, one list,
//! one recall.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rcs_revoke_api::{
    Follows, ImportReport, Registration, RegistrationReport, RevocationCommand, RevocationItem,
    RevocationReport, Taken, WithdrawalCommand, WithdrawalReport,
};
use rcs_revoke_core::Timestamp;
use rcs_revoke_simulator::{NewMessage, Provider, Running};
use rcs_revoke_tests::client::{Api, is_unanswered};

use crate::clock::{DrillClock, ORIGIN};
use crate::script::{Deed, Scripted, Then, Told};

pub mod instead;

/// What became of what was done.
#[derive(Debug, Default)]
pub struct Played {
    /// The messages, by their place in the script, of which the server took a registration or a wish.
    pub taken: BTreeSet<usize>,
    /// Wishes that were made.
    pub wishes: usize,
    /// Wishes that were there already.
    pub repeated: usize,
    /// Wishes that the server refused, by code.
    pub refused: BTreeMap<String, usize>,
    /// Wishes taken back in time.
    pub withdrawn: usize,
    /// SMS that operators ordered.
    pub ordered: usize,
    /// Orders that the server refused, by code.
    pub not_ordered: BTreeMap<String, usize>,
    /// What was done, each counted once.
    pub calls: usize,
    /// Calls that had to be made again, because a server that was killed did not answer.
    pub unanswered: usize,
}

/// Who plays.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// The messages.
    pub script: &'a [Scripted],
    /// The providers.
    pub simulator: &'a Running,
    /// The server.
    pub api: &'a Api,
    /// The time.
    pub clock: DrillClock,
    /// Whether the server is killed now and then: what it did not answer is then said again, as every caller would.
    pub is_killed: bool,
    /// Up to when everything is done that was to be done.
    pub done_until: &'a AtomicI64,
}

/// For how long something is said again.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many messages go into one call at most.
const MOST_AT_ONCE: usize = 5_000;
/// The pause before.
const PAUSE: Duration = Duration::from_millis(20);

/// Plays the whole script.
///
/// # Errors
/// When the server refuses what it has to take, or does not answer.
pub async fn play(stage: Stage<'_>) -> Result<Played> {
    let mut agenda: Vec<(i64, Deed, usize)> = Vec::new();
    for (index, message) in stage.script.iter().enumerate() {
        agenda.extend(message.deeds.iter().map(|(at, deed)| (*at, *deed, index)));
    }
    agenda.sort_unstable();
    let mut played = Played::default();
    let mut rest = agenda.as_slice();
    while let Some((at, ..)) = rest.first() {
        stage.clock.until(*at).await;
        let now = stage.clock.now() - ORIGIN;
        let (due, later) = rest.split_at(rest.partition_point(|(at, ..)| *at <= now));
        rest = later;
        let mut together: BTreeMap<Deed, Vec<usize>> = BTreeMap::new();
        for (_, deed, index) in due {
            together.entry(*deed).or_default().push(*index);
        }
        for (deed, indexes) in &together {
            for indexes in indexes.chunks(MOST_AT_ONCE) {
                played.calls += 1;
                stage.insist(*deed, indexes, &mut played).await?;
            }
        }
        stage.done_until.store(now, Ordering::Relaxed);
    }
    stage.done_until.store(i64::MAX, Ordering::Relaxed);
    Ok(played)
}

impl Stage<'_> {
    /// Does something until the server answers.
    async fn insist(&self, deed: Deed, indexes: &[usize], played: &mut Played) -> Result<()> {
        let began = Instant::now();
        loop {
            match self.perform(deed, indexes, played).await {
                Err(error) if self.is_killed && is_unanswered(&error) && began.elapsed() < PATIENCE => {
                    played.unanswered += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                performed => return performed.with_context(|| format!("{deed:?} went wrong")),
            }
        }
    }

    async fn perform(&self, deed: Deed, indexes: &[usize], played: &mut Played) -> Result<()> {
        match deed {
            Deed::Send => self.send(indexes),
            Deed::Register => self.register(indexes, played).await,
            Deed::Import => self.import(indexes, played).await,
            Deed::Wish { not_before, again, then, replace } => {
                let not_before = not_before.map(|at| ORIGIN + at);
                let then = match then {
                    Then::Nothing => Follows::Nothing,
                    Then::Fallback => Follows::Fallback,
                    Then::Sms => Follows::Sms,
                };
                let command =
                    RevocationCommand { not_before, again, then, replace, ..RevocationCommand::default() };
                self.wish(indexes, command, played).await
            }
            Deed::Withdraw => self.withdraw(indexes, played).await,
            Deed::Order { number } => self.order(indexes, number, played).await,
            Deed::Unsubscribe => self.unsubscribe(indexes),
        }
    }

    fn send(&self, indexes: &[usize]) -> Result<()> {
        for message in indexes.iter().map(|index| &self.script[*index]) {
            for fault in &message.faults {
                self.simulator.add_fault(fault.clone());
            }
            let new = NewMessage {
                id: Some(message.id.clone()),
                agent: Some(message.sender.agent.to_owned()),
                host: Some(message.sender.home),
                sent_at_ms: Some(ORIGIN + message.sent_at),
                ttl_s: message.ttl_s,
                behaviour: Some(message.behaviour.clone()),
                submitted: Some(true),
                ..NewMessage::new(message.sender.provider, message.phone.clone())
            };
            self.simulator.create_workflow(new, instead::failover(message))?;
        }
        Ok(())
    }

    async fn register(&self, indexes: &[usize], played: &mut Played) -> Result<()> {
        let registrations: Vec<Registration> =
            indexes.iter().map(|index| registration(&self.script[*index])).collect();
        let report: RegistrationReport = self.api.post("/api/v1/messages", &registrations).await?;
        let problem = report.results.iter().find_map(|result| result.problem.as_ref());
        ensure!(problem.is_none(), "a registration was refused: {problem:?}");
        played.taken.extend(indexes);
        Ok(())
    }

    async fn import(&self, indexes: &[usize], played: &mut Played) -> Result<()> {
        let mut csv = String::from("sent_at,message_id,sender,phone\n");
        for message in indexes.iter().map(|index| &self.script[*index]) {
            let sent_at = Timestamp::from_millis(ORIGIN + message.sent_at);
            let sender = match message.sender.provider {
                Provider::Google => format!("{}@rbm.goog", message.sender.agent),
                Provider::Vonage => message.sender.agent.to_owned(),
            };
            writeln!(csv, "{sent_at},{},{sender},{}", message.id, message.phone)?;
        }
        let report: ImportReport = self.api.post_csv("/api/v1/messages/import", csv).await?;
        ensure!(report.refused == 0, "rows of a list were refused: {:?}", report.problems);
        played.taken.extend(indexes);
        Ok(())
    }

    async fn wish(&self, indexes: &[usize], command: RevocationCommand, played: &mut Played) -> Result<()> {
        let items = indexes.iter().map(|index| item(&self.script[*index])).collect::<Result<_>>()?;
        let reason = Some("truth drill".to_owned());
        let command = RevocationCommand { items, reason, ..command };
        // The same for every time that this command is given, and for no other.
        let key = format!("drill-{}", played.calls);
        let report: RevocationReport = self.api.post_once("/api/v1/revocations", &key, &command).await?;
        ensure!(report.results.len() == indexes.len(), "not every wish was answered");
        for (index, result) in indexes.iter().zip(&report.results) {
            match &result.taken {
                Taken::Made { .. } => played.wishes += 1,
                Taken::Already { .. } => played.repeated += 1,
                Taken::Refused { code, .. } => {
                    *played.refused.entry(code.clone()).or_default() += 1;
                    continue;
                }
            }
            played.taken.insert(*index);
        }
        Ok(())
    }

    async fn withdraw(&self, indexes: &[usize], played: &mut Played) -> Result<()> {
        let messages = indexes.iter().map(|index| self.script[*index].key()).collect();
        let report: WithdrawalReport =
            self.api.post("/api/v1/withdrawals", &WithdrawalCommand { messages }).await?;
        played.withdrawn += report.withdrawn;
        Ok(())
    }
}

fn registration(message: &Scripted) -> Registration {
    Registration {
        id: message.id.clone(),
        source: message.sender.source.to_owned(),
        phone: Some(message.registered_phone().to_owned()),
        sent_at: Some(ORIGIN + message.sent_at),
        ttl: message.ttl_s.and_then(|ttl| i64::try_from(ttl * 1_000).ok()),
        no_expiry: message.ttl_s.is_none(),
        host: (message.sender.provider == Provider::Google).then(|| message.sender.home.to_string()),
        class: message.instead.class.map(|class| class.name.to_owned()),
        failover: message.instead.failover.then_some(true),
        fallback_text: message.instead.text.clone(),
        revoke_at: message.instead.revoke_at.map(|at| ORIGIN + at),
        ..Registration::default()
    }
}

fn item(message: &Scripted) -> Result<RevocationItem> {
    let in_full = message.told == Told::Wish { in_full: true };
    Ok(RevocationItem {
        message: message.key().parse()?,
        source: Some(message.sender.source.to_owned()),
        phone: in_full.then(|| message.phone.clone()),
        sent_at: in_full.then_some(ORIGIN + message.sent_at),
    })
}
