//! From a plan to commands: handed over in slices, each under its own key, so that a repetition after a lost
//! answer asks for nothing twice.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{Follows, RevocationCommand, RevocationItem};

use super::Draft;
use super::sheet::State;
use super::slice::Slice;
use crate::api::{Failure, idempotency_key};

/// How many messages one command holds at most.
const COMMAND: usize = 2_000;

/// A window that closes within this time puts a message in front.
const URGENT: i64 = 3_600_000;

/// How often it is looked whether a part has its answer, in milliseconds.
const ANSWERED: u32 = 50;

/// What is being handed over.
#[derive(Default)]
pub struct Job {
    parts: Vec<Part>,
    next: usize,
    /// Whether a person asked to keep the rest back.
    is_held: bool,
}

/// One command and the key under which it may be repeated.
struct Part {
    key: String,
    command: RevocationCommand,
}

/// How far the handing over has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub total: usize,
    pub handed: usize,
    pub made: usize,
    pub already: usize,
    pub refused: usize,
    pub state: RunState,
}

/// Whether something is still to be handed over.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// It goes on.
    Handing,
    /// It was interrupted; the rest is still here.
    Stopped(Failure),
    /// A person stopped it; the rest is still here.
    Held,
    /// Everything was handed over.
    Done,
}

impl Draft {
    /// Hands over everything that is ready on the sheet.
    pub fn revoke(self) {
        if self.run.with_untracked(Option::is_some) {
            return;
        }
        let total = self.plan.with_untracked(|plan| plan.ready);
        self.job.set_value(Job::default());
        self.run.set(Some(Run {
            total,
            handed: 0,
            made: 0,
            already: 0,
            refused: 0,
            state: RunState::Handing,
        }));
        spawn_local(async move {
            let items = self.items().await;
            self.tracking.start(items.iter().map(|item| item.message.to_string()).collect());
            self.edit_run(|run| run.total = items.len());
            let parts = self.parts_of(items);
            self.job.update_value(|job| job.parts = parts);
            self.hand_over().await;
        });
    }

    /// Goes on after an interruption, with the same keys.
    pub fn go_on(self) {
        self.job.update_value(|job| job.is_held = false);
        self.edit_run(|run| run.state = RunState::Handing);
        spawn_local(async move { self.hand_over().await });
    }

    /// Hands nothing more over; back once the part that is on its way has its answer, so that it can be withdrawn.
    pub async fn hold_back(self) {
        self.job.update_value(|job| job.is_held = true);
        while self.is_handing() {
            TimeoutFuture::new(ANSWERED).await;
        }
    }

    fn is_handing(self) -> bool {
        self.run.with_untracked(|run| run.as_ref().is_some_and(|run| run.state == RunState::Handing))
    }

    /// Back to the plan with the text as it was; what was handed over already is not asked for twice.
    pub fn reconsider(self) {
        self.run.set(None);
        self.tracking.start(Vec::new());
        self.job.set_value(Job::default());
    }

    /// Leaves what was done to the list of messages and begins with an empty field.
    pub fn start_over(self) {
        self.reconsider();
        self.override_window.set(false);
        self.not_before.set(None);
        self.then.set(Follows::Nothing);
        self.class.set(None);
        self.clear();
    }

    async fn hand_over(self) {
        loop {
            let (is_held, next) = self.job.with_value(|job| {
                let part = job.parts.get(job.next).map(|part| (part.key.clone(), part.command.clone()));
                (job.is_held, part)
            });
            let Some((key, command)) = next else { break };
            if is_held {
                return self.edit_run(|run| run.state = RunState::Held);
            }
            match self.session.api.revoke(&command, &key).await {
                Ok(report) => {
                    self.job.update_value(|job| job.next += 1);
                    self.tracking.taken(&report.results);
                    self.edit_run(|run| {
                        run.handed += command.items.len();
                        run.made += report.made;
                        run.already += report.already;
                        run.refused += report.refused;
                    });
                }
                Err(failure) => return self.edit_run(|run| run.state = RunState::Stopped(failure)),
            }
        }
        self.edit_run(|run| run.state = RunState::Done);
        self.tracking.catch_up(false);
    }

    /// The messages that are ready, those whose window closes soon first.
    async fn items(self) -> Vec<RevocationItem> {
        let now = self.session.clock.now();
        let (mut urgent, mut others) = (Vec::new(), Vec::new());
        let mut slice = Slice::begin();
        let mut at = 0;
        loop {
            let more = self.with_sheet(|sheet| {
                let end = sheet.len().min(at + 500);
                for row in at..end {
                    let (State::Ready(ready), Some(item)) = (sheet.state(row), sheet.item(row)) else {
                        continue;
                    };
                    match ready.window_closes {
                        Some(closes) if (1..=URGENT).contains(&(closes - now)) => {
                            urgent.push((closes, item));
                        }
                        _ => others.push(item),
                    }
                }
                at = end;
                end < sheet.len()
            });
            if !more {
                break;
            }
            slice.pause().await;
        }
        urgent.sort_by_key(|(closes, _)| *closes);
        urgent.into_iter().map(|(_, item)| item).chain(others).collect()
    }

    fn parts_of(self, items: Vec<RevocationItem>) -> Vec<Part> {
        let reason = self.reason.get_untracked().trim().to_owned();
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        let mut parts = Vec::new();
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            let command = RevocationCommand {
                items: items.by_ref().take(COMMAND).collect(),
                reason: reason.clone(),
                not_before: self.not_before.get_untracked(),
                override_window: self.override_window.get_untracked(),
                then: self.then.get_untracked(),
                class: self.class.get_untracked(),
                ..RevocationCommand::default()
            };
            parts.push(Part { key: idempotency_key(), command });
        }
        parts
    }

    fn edit_run(self, edit: impl FnOnce(&mut Run)) {
        self.run.update(|run| {
            if let Some(run) = run {
                edit(run);
            }
        });
    }
}
