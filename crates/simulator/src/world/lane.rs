//! Queues of events: in one, the first holds up all others until it is taken or given up.

use std::collections::{HashMap, VecDeque};

use super::World;
use super::agenda::Task;
use super::journey::Journey;
use crate::config::WebhookQueue;
use crate::host::Provider;

/// The lane of everything that has no webhook of its own.
const PARTNER: &str = "";

/// The queues, each known by its number.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    numbers: HashMap<String, usize>,
    lanes: Vec<Lane>,
}

#[derive(Debug, Default)]
struct Lane {
    /// One event of it is on its way, or waits for its next try.
    is_held: bool,
    waiting: VecDeque<Journey>,
}

impl Lanes {
    fn number_of(&mut self, name: String) -> usize {
        let lanes = &mut self.lanes;
        *self.numbers.entry(name).or_insert_with(|| {
            lanes.push(Lane::default());
            lanes.len() - 1
        })
    }

    /// Events that wait for another one.
    pub(super) fn waiting(&self) -> usize {
        self.lanes.iter().map(|lane| lane.waiting.len()).sum()
    }
}

impl World {
    /// Sends an event on its way, unless it has to wait for another one.
    pub(crate) fn depart(&mut self, mut journey: Journey) -> Option<Journey> {
        if journey.lane.is_none()
            && let Some(name) = self.lane_of(journey)
        {
            let number = self.lanes.number_of(name);
            let lane = &mut self.lanes.lanes[number];
            if lane.is_held {
                lane.waiting.push_back(journey);
                return None;
            }
            lane.is_held = true;
            journey.lane = Some(number);
        }
        self.in_flight += 1;
        Some(journey)
    }

    /// An event has arrived or was given up: the next one of its queue goes.
    pub(super) fn release(&mut self, journey: Journey, now: i64) {
        let Some(number) = journey.lane else { return };
        let lane = &mut self.lanes.lanes[number];
        match lane.waiting.pop_front() {
            Some(next) => {
                let next = Journey { lane: Some(number), ..next };
                self.agenda.push(now, Task::HandOver(next));
            }
            None => lane.is_held = false,
        }
    }

    /// Nobody waits for anybody from now on.
    pub(super) fn free_lanes(&mut self, now: i64) {
        for lane in &mut self.lanes.lanes {
            for journey in lane.waiting.drain(..) {
                self.agenda.push(now, Task::HandOver(journey));
            }
        }
    }

    fn lane_of(&self, journey: Journey) -> Option<String> {
        let entry = &self.events[journey.event];
        if entry.provider != Provider::Google {
            return None;
        }
        match self.config.google.webhook_queue {
            WebhookQueue::EachForItself => None,
            WebhookQueue::PerPartner => Some(PARTNER.to_owned()),
            WebhookQueue::PerWebhook => Some(self.agent_webhook(entry).unwrap_or_default()),
        }
    }
}
