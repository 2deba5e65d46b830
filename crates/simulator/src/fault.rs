//! Faults: what goes wrong on the way to an operation or back from it. They know nothing of any provider's bodies.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dice::{Dice, happens, up_to};
use crate::host::{HostName, Route};

/// A fault to be added; filters that are left out match everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// Only this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Only this host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostName>,
    /// Only this message id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Only this phone, in E.164 with or without `+`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Probability per matching request, drawn per message.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many requests it hits before it is used up; for ever when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How many matching requests pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// What goes wrong.
    pub fault: FaultKind,
}

impl NewFault {
    /// A fault that strikes every request.
    pub const fn new(fault: FaultKind) -> Self {
        Self {
            route: None,
            host: None,
            message: None,
            phone: None,
            probability: 1.0,
            count: None,
            skip: 0,
            fault,
        }
    }
}

const fn always() -> f64 {
    1.0
}

/// What goes wrong. Times are real, because they concern the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// This status instead of the operation's own answer.
    Status {
        /// The HTTP status.
        status: u16,
        /// A `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
        /// A body instead of the provider's own for this status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        /// Whether the operation took effect before.
        #[serde(default)]
        after_effect: bool,
    },
    /// This answer, byte for byte, as a gateway on the way may give it.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Its headers.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// Its body; empty when left out.
        #[serde(default)]
        body: String,
        /// Whether the operation took effect before.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection is reset, and nothing happened.
    ResetBefore,
    /// The operation took effect, and the connection is reset instead of an answer.
    ResetAfter,
    /// The answer takes longer; other faults may come on top.
    Latency {
        /// At least this many real milliseconds.
        ms: u64,
        /// Up to this many more, drawn.
        #[serde(default)]
        jitter_ms: u64,
        /// Whether the operation took effect before: who gives up meanwhile does not know it.
        #[serde(default)]
        after_effect: bool,
    },
}

/// A fault that is in force.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// Its number, for taking it back.
    pub id: u64,
    /// What was asked for.
    #[serde(flatten)]
    pub spec: NewFault,
    /// How many requests it has hit.
    pub hits: u32,
    #[serde(skip)]
    seen: HashMap<String, u64>,
    #[serde(skip)]
    passed: u32,
    /// Whether the configuration put it in force.
    #[serde(skip)]
    configured: bool,
}

/// What faults need to know of a request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub route: Route,
    pub host: HostName,
    pub message: Option<String>,
    pub phone: Option<String>,
}

impl Call {
    /// What a draw is about: the message, else the phone.
    fn key(&self) -> &str {
        self.message.as_deref().or(self.phone.as_deref()).unwrap_or_default()
    }
}

/// What the faults in force do to one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Verdict {
    pub latency: Duration,
    pub latency_after_effect: Duration,
    pub harm: Option<FaultKind>,
}

/// The faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    list: Vec<Fault>,
    next_id: u64,
    /// Where in the list those stand that only one message can meet: a large world has one for every other message.
    of_message: HashMap<String, Vec<usize>>,
    /// Where the others stand.
    of_many: Vec<usize>,
}

impl Faults {
    pub(crate) fn add(&mut self, spec: NewFault) -> u64 {
        self.put(spec, false)
    }

    /// Puts the configuration's faults in force, and takes back those of the configuration before.
    pub(crate) fn configure(&mut self, specs: &[NewFault]) {
        self.list.retain(|fault| !fault.configured);
        self.place_all();
        for spec in specs {
            self.put(spec.clone(), true);
        }
    }

    fn put(&mut self, mut spec: NewFault, configured: bool) -> u64 {
        spec.phone = spec.phone.map(|phone| crate::world::canonical_phone(&phone));
        self.next_id += 1;
        self.list.push(Fault {
            id: self.next_id,
            spec,
            hits: 0,
            seen: HashMap::new(),
            passed: 0,
            configured,
        });
        self.place(self.list.len() - 1);
        self.next_id
    }

    /// Notes where a fault stands.
    fn place(&mut self, place: usize) {
        match self.list.get(place).and_then(|fault| fault.spec.message.clone()) {
            Some(message) => self.of_message.entry(message).or_default().push(place),
            None => self.of_many.push(place),
        }
    }

    fn place_all(&mut self) {
        self.of_message.clear();
        self.of_many.clear();
        (0..self.list.len()).for_each(|place| self.place(place));
    }

    /// Takes back one fault, or all; says how many there were.
    pub(crate) fn remove(&mut self, id: Option<u64>) -> usize {
        let before = self.list.len();
        self.list.retain(|fault| id.is_some_and(|id| fault.id != id));
        self.place_all();
        before - self.list.len()
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.list
    }

    /// Decides what happens to one request and counts it.
    pub(crate) fn judge(&mut self, call: &Call, dice: Dice) -> Verdict {
        let mut verdict = Verdict::default();
        let own = call.message.as_ref().and_then(|message| self.of_message.get(message));
        let mut places: Vec<usize> = own.into_iter().chain([&self.of_many]).flatten().copied().collect();
        places.sort_unstable();
        for place in places {
            let fault = &mut self.list[place];
            let is_latency = matches!(fault.spec.fault, FaultKind::Latency { .. });
            if (verdict.harm.is_some() && !is_latency) || !fault.strikes(call, dice) {
                continue;
            }
            match &fault.spec.fault {
                FaultKind::Latency { ms, jitter_ms, after_effect } => {
                    let extra =
                        up_to(&mut dice.rng(call.key(), "latency", u64::from(fault.hits)), *jitter_ms);
                    let sum =
                        if *after_effect { &mut verdict.latency_after_effect } else { &mut verdict.latency };
                    *sum += Duration::from_millis(ms + extra);
                }
                harm => verdict.harm = Some(harm.clone()),
            }
        }
        verdict
    }
}

impl Fault {
    fn matches(&self, call: &Call) -> bool {
        let spec = &self.spec;
        spec.route.is_none_or(|route| route == call.route)
            && spec.host.is_none_or(|host| host == call.host)
            && spec.message.as_deref().is_none_or(|id| call.message.as_deref() == Some(id))
            && spec.phone.as_deref().is_none_or(|phone| call.phone.as_deref() == Some(phone))
            && spec.count.is_none_or(|count| self.hits < count)
    }

    fn strikes(&mut self, call: &Call, dice: Dice) -> bool {
        if !self.matches(call) {
            return false;
        }
        if self.passed < self.spec.skip {
            self.passed += 1;
            return false;
        }
        let key = call.key().to_owned();
        let strikes = self.spec.probability >= 1.0 || {
            let nth = self.seen.entry(key.clone()).or_default();
            *nth += 1;
            happens(&mut dice.rng(&key, "fault", self.id << 32 | *nth), self.spec.probability)
        };
        self.hits += u32::from(strikes);
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(message: &str) -> Call {
        Call {
            route: Route::GoogleRevoke,
            host: HostName::GoogleGlobal,
            message: Some(message.to_owned()),
            phone: None,
        }
    }

    #[test]
    fn skip_and_count_choose_the_requests_that_are_hit() {
        let mut faults = Faults::default();
        faults.add(NewFault { skip: 1, count: Some(2), ..NewFault::new(FaultKind::ResetBefore) });
        let hits: Vec<bool> = (0..5).map(|_| faults.judge(&call("m"), Dice::new(1)).harm.is_some()).collect();
        assert_eq!(hits, [false, true, true, false, false]);
    }

    #[test]
    fn a_draw_is_the_same_whatever_came_before() {
        let draw = |order: &[&str]| {
            let mut faults = Faults::default();
            faults.add(NewFault { probability: 0.5, ..NewFault::new(FaultKind::ResetAfter) });
            let mut hits: Vec<(String, bool)> = order
                .iter()
                .map(|id| ((*id).to_owned(), faults.judge(&call(id), Dice::new(3)).harm.is_some()))
                .collect();
            hits.sort();
            hits
        };
        assert_eq!(draw(&["a", "b", "c", "d"]), draw(&["d", "b", "a", "c"]));
    }

    #[test]
    fn latencies_add_up_and_the_first_harm_wins() {
        let mut faults = Faults::default();
        faults.add(NewFault::new(FaultKind::Latency { ms: 5, jitter_ms: 0, after_effect: false }));
        faults.add(NewFault::new(FaultKind::ResetBefore));
        faults.add(NewFault::new(FaultKind::ResetAfter));
        faults.add(NewFault::new(FaultKind::Latency { ms: 7, jitter_ms: 0, after_effect: false }));
        let verdict = faults.judge(&call("m"), Dice::new(1));
        assert_eq!(
            verdict,
            Verdict {
                latency: Duration::from_millis(12),
                harm: Some(FaultKind::ResetBefore),
                ..Verdict::default()
            }
        );
    }
}
