//! The way of an event to its receiver: tries, pauses between them, and the books about both.

use super::World;
use super::agenda::Task;
use super::event::{HandOver, JournalEntry};
use crate::behaviour::Signature;
use crate::host::Provider;
use crate::{google, vonage};

/// An event on its way: one of its copies, and which try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Journey {
    pub event: usize,
    pub attempt: u32,
    pub first_at_ms: i64,
    /// The queue that it holds up.
    pub lane: Option<usize>,
}

/// How long a provider waits before it tries a webhook again, and when it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    pub wait_ms: u64,
    pub give_up_after_ms: i64,
}

impl World {
    /// Writes an event down, and plans one try per delay unless it is lost.
    pub(super) fn dispatch(&mut self, mut entry: JournalEntry, delays: &[u64], from: i64) {
        entry.ended = entry.lost || delays.is_empty();
        let (id, lost) = (entry.id, entry.lost);
        self.events.push(entry);
        if !lost {
            self.carry(id, delays, from);
        }
    }

    /// Plans one try of an event per delay.
    pub(super) fn carry(&mut self, event: usize, delays: &[u64], from: i64) {
        for delay in delays {
            let at = from.saturating_add_unsigned(*delay);
            let journey = Journey { event, attempt: 0, first_at_ms: at, lane: None };
            self.agenda.push(at, Task::HandOver(journey));
        }
        let copies = u32::try_from(delays.len()).unwrap_or(u32::MAX);
        self.events[event].copies_left = self.events[event].copies_left.saturating_add(copies);
    }

    /// Takes an event for a try; its address is looked up at each try, so that it can change.
    pub(crate) fn start_hand_over(&mut self, journey: Journey, now: i64) -> Option<JournalEntry> {
        let entry = &self.events[journey.event];
        let url = entry.url.clone().or_else(|| match entry.provider {
            Provider::Google => self.agent_webhook(entry).or_else(|| self.config.google.webhook_url.clone()),
            Provider::Vonage => self.config.vonage.webhook_url.clone(),
        });
        if url.is_none() {
            let entry = &mut self.events[journey.event];
            entry.lost = !entry.handed_over;
            entry.copies_left = entry.copies_left.saturating_sub(1);
            entry.ended = entry.copies_left == 0;
            self.in_flight -= 1;
            self.release(journey, now);
            return None;
        }
        let entry = &mut self.events[journey.event];
        entry.under_way += 1;
        Some(JournalEntry { url, ..entry.clone() })
    }

    /// The webhook of the agent that an event is about, if it has its own.
    pub(super) fn agent_webhook(&self, entry: &JournalEntry) -> Option<String> {
        let agent = entry.agent.as_ref()?;
        self.config.google.agents.iter().find(|it| it.id == *agent)?.webhook_url.clone()
    }

    /// Records how a try ended, and plans the next one if the provider would make one.
    pub(crate) fn end_hand_over(&mut self, journey: Journey, hand_over: HandOver, reached: bool) {
        self.in_flight -= 1;
        let entry = &mut self.events[journey.event];
        entry.under_way = entry.under_way.saturating_sub(1);
        let (status, now) = (hand_over.status, hand_over.ended_at_ms);
        entry.handed_over |= reached;
        entry.credible |= reached && hand_over.signature == Signature::Good;
        entry.hand_overs.push(hand_over);
        let (taken, pause) = match entry.provider {
            Provider::Google => (status == Some(200), google::webhook::pause(status, journey.attempt)),
            Provider::Vonage => {
                let taken = status.is_some_and(|status| (200..300).contains(&status));
                (taken, vonage::webhook::pause(status, journey.attempt))
            }
        };
        entry.acknowledged |= taken;
        let again = pause
            .map(|pause| (now.saturating_add_unsigned(pause.wait_ms), pause.give_up_after_ms))
            .filter(|(at, give_up)| at - journey.first_at_ms <= *give_up);
        if let Some((at, _)) = again {
            let next = Journey { attempt: journey.attempt + 1, ..journey };
            self.agenda.push(at, Task::HandOver(next));
        } else {
            entry.copies_left = entry.copies_left.saturating_sub(1);
            entry.ended = entry.copies_left == 0;
            self.release(journey, now);
        }
    }
}
