//! What may come next. Where the table leaves a choice between several wishes, every choice is right.

use rcs_revoke_core::fact::Requested;
use rcs_revoke_core::fallback::{Fallback, Offer};
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::step::{Brings, Question, Step};
use rcs_revoke_core::{Host, Timestamp};

use super::Setting;
use super::instead::{Instead, What, instants};
use super::own::{self, Ask};
use super::reading::Reading;
use super::schedule::{lacks_recipient, next};
use super::table::{only_recipient_missing, presumed_until};

/// One thing that is awaited or may be done.
#[derive(Clone, Debug)]
pub struct Pending {
    /// None for a wish that was made up for an answer without its attempt.
    pub wish: Option<WishId>,
    pub at: Timestamp,
    pub hosts: Vec<Host>,
    pub brings: Brings,
}

/// Everything that may come next for one message.
#[derive(Clone, Debug)]
pub struct Plan {
    pub now: Timestamp,
    /// Attempts due now.
    pub due: Vec<Pending>,
    /// Attempts due later, and the deadlines of open ones.
    pub later: Vec<Pending>,
    pub attempt: u32,
    /// Only for want of the recipient is nothing due.
    pub recipient_missing: bool,
    pub recipient_unknown: bool,
    /// Instants at which time alone may change what the facts mean.
    pub turns: Vec<(Brings, Timestamp)>,
    /// A wish of the class that has to be made now.
    pub ask: Option<Ask>,
    /// The SMS that has to leave now.
    pub sms: Option<u32>,
}

pub fn plan(reading: &Reading, instead: &Instead, setting: &Setting<'_>) -> Plan {
    let mut due = Vec::new();
    let mut later = Vec::new();
    for (index, wish) in reading.wishes.iter().enumerate() {
        if let Some(next) = next(index, reading, setting) {
            let pending =
                Pending { wish: wish.id.clone(), at: next.at, hosts: next.hosts, brings: next.brings };
            if next.at <= setting.now { due.push(pending) } else { later.push(pending) }
        }
    }
    for attempt in &reading.attempts {
        if attempt.answer.is_none() {
            let wish = reading.wishes[attempt.wish].id.clone();
            later.push(Pending { wish, at: attempt.deadline, hosts: Vec::new(), brings: Brings::Overdue });
        }
    }
    if let What::At(at) = instead.what {
        later.push(Pending { wish: None, at, hosts: Vec::new(), brings: Brings::Fallback });
    }
    Plan {
        now: setting.now,
        due,
        later,
        attempt: reading.highest_attempt.saturating_add(1),
        recipient_missing: only_recipient_missing(reading, setting),
        recipient_unknown: lacks_recipient(reading, setting),
        turns: turns(reading, setting),
        ask: own::for_its_date(reading, setting).or_else(|| instead.ask.clone()),
        sms: (instead.what == What::Now).then_some(instead.number),
    }
}

fn turns(reading: &Reading, setting: &Setting<'_>) -> Vec<(Brings, Timestamp)> {
    let horizon = reading.horizon(setting);
    let all = [
        (Brings::Settled, reading.settled_at(setting)),
        (Brings::WindowCloses, reading.window_end(setting)),
        (Brings::LifeEnds, horizon),
        (Brings::PresumptionEnds, presumed_until(reading, setting)),
        (Brings::LastWebhook, horizon.map(|horizon| horizon + setting.lifetimes.tail)),
        (Brings::Start, own::awaited_date(reading, setting)),
    ];
    let mut turns: Vec<(Brings, Timestamp)> =
        all.into_iter().filter_map(|(brings, at)| Some((brings, at?))).collect();
    turns.extend(instants(reading, setting));
    turns
}

impl Plan {
    /// The plan, with an SMS at another time: the jitter of its wait and that of an attempt are not the same.
    pub fn with_sms(mut self, fallback: &Fallback) -> Self {
        self.later.retain(|pending| pending.brings != Brings::Fallback);
        if let Offer::At { at } = fallback.offer {
            self.later.push(Pending { wish: None, at, hosts: Vec::new(), brings: Brings::Fallback });
        }
        self.sms = (fallback.offer == Offer::Now).then_some(fallback.number);
        self
    }

    /// Whether this step is right, or why not.
    pub fn allows(&self, step: &Step) -> Result<(), String> {
        match step {
            Step::Request { requested } => self.allows_request(requested),
            _ if self.ask.is_some() => Err("a wish of the class is due now".into()),
            Step::Send { wish, attempt, host } => self.allows_send(wish, *attempt, *host),
            Step::SendFallback { fallback } => self.allows_fallback(*fallback),
            _ if self.sms.is_some() => Err("an SMS is due now".into()),
            Step::WaitUntil { at, .. } if *at <= self.now => Err("waits for the past".into()),
            Step::WaitUntil { at, brings } => self.allows_wait(*at, *brings),
            Step::AskOperator { question: Question::Recipient } => self.allows_asking(),
            Step::Done => self.allows_done(),
        }
    }

    fn allows_send(&self, wish: &WishId, attempt: u32, host: Host) -> Result<(), String> {
        if attempt != self.attempt {
            return Err(format!("the next attempt has number {}", self.attempt));
        }
        let fits = |pending: &&Pending| pending.wish.as_ref().is_none_or(|id| id == wish);
        let mut fitting = self.due.iter().filter(fits).peekable();
        if fitting.peek().is_none() {
            return Err("nothing is due for that wish".into());
        }
        if fitting.any(|pending| pending.hosts.contains(&host)) { Ok(()) } else { Err("wrong host".into()) }
    }

    fn allows_request(&self, requested: &Requested) -> Result<(), String> {
        match &self.ask {
            None => Err("nobody asked for a wish".into()),
            Some(ask) if ask.is(requested) => Ok(()),
            Some(_) => Err("another wish is due".into()),
        }
    }

    /// Reading: where both are due, the revocation is named as the step, since an SMS that is due is named besides.
    fn allows_fallback(&self, fallback: u32) -> Result<(), String> {
        match self.sms {
            None => Err("nobody asked for an SMS".into()),
            Some(_) if !self.due.is_empty() => Err("an attempt is due now".into()),
            Some(number) if number == fallback => Ok(()),
            Some(_) => Err("another SMS is due".into()),
        }
    }

    /// Reading: while an attempt is open, the recipient may be asked for already.
    fn allows_asking(&self) -> Result<(), String> {
        let open = self.later.iter().any(|pending| pending.brings == Brings::Overdue);
        if self.recipient_missing || (self.recipient_unknown && open) {
            Ok(())
        } else {
            Err("asks for what is known or not needed".into())
        }
    }

    /// Reading: while an attempt is open, what another wish has due may wait for it.
    fn allows_wait(&self, at: Timestamp, brings: Brings) -> Result<(), String> {
        let awaited = self.later.iter().any(|pending| (pending.at, pending.brings) == (at, brings));
        let overdue = awaited && brings == Brings::Overdue;
        if !(self.due.is_empty() || overdue) {
            return Err("an attempt is due now".into());
        }
        let turns = self.turns.contains(&(brings, at));
        if !awaited && !turns {
            return Err("nothing happens at that time".into());
        }
        if self.must_wait_for().is_some_and(|pending| at > pending.at) && brings != Brings::Overdue {
            return Err("something comes earlier".into());
        }
        if self.must_ask() { Err("the recipient must be asked for".into()) } else { Ok(()) }
    }

    fn allows_done(&self) -> Result<(), String> {
        if !self.due.is_empty() {
            Err("an attempt is due now".into())
        } else if self.must_wait_for().is_some() {
            Err("an attempt is due later".into())
        } else if self.must_ask() {
            Err("the recipient must be asked for".into())
        } else {
            Ok(())
        }
    }

    /// Reading: an open attempt whose wish was answered or withdrawn, or whose message is closed, need not be
    /// awaited by name.
    fn must_wait_for(&self) -> Option<&Pending> {
        self.later.iter().filter(|pending| pending.brings != Brings::Overdue).min_by_key(|pending| pending.at)
    }

    fn must_ask(&self) -> bool {
        self.recipient_missing && self.due.is_empty() && self.later.is_empty()
    }
}
