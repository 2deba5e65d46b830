//! What would happen: counted while the rows are settled, before anything is sent.

use std::collections::BTreeMap;

use rcs_revoke_core::region::{Certainty, Route};
use rcs_revoke_core::{Host, SourceId};

use super::resolve::Desk;
use super::sheet::{Ready, State};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// One way that messages go: their source, the first host that is asked, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub source: SourceId,
    pub host: Host,
    pub certainty: Certainty,
}

/// Messages that several sources may have sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub candidates: Vec<SourceId>,
    pub count: usize,
}

/// The plan for a whole text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// How many messages would be asked for.
    pub ready: usize,
    pub ways: BTreeMap<Way, usize>,
    pub choices: BTreeMap<Vec<SourceId>, usize>,
    /// How many still wait for a choice.
    pub undecided: usize,
    /// Rows that need a look.
    pub bad: usize,
    pub duplicates: usize,
    /// Left out: they have reached the person.
    pub reached: usize,
    /// The window has closed.
    pub closed: usize,
    /// The window closes within the hour.
    pub closing: usize,
    /// Sent within the last hour, day, longer ago, and at an unknown time.
    pub ages: [usize; 4],
    /// The row that serves as the example, by its place on the sheet.
    pub example: Option<usize>,
    routes: BTreeMap<SourceId, Route>,
}

impl Plan {
    /// Several sources fit a row.
    pub fn choose(&mut self, candidates: Vec<SourceId>) {
        *self.choices.entry(candidates).or_default() += 1;
    }

    /// The choices that a person must make or has made.
    pub fn all_choices(&self) -> Vec<Choice> {
        let choice = |(candidates, count): (&Vec<SourceId>, &usize)| Choice {
            candidates: candidates.clone(),
            count: *count,
        };
        self.choices.iter().map(choice).collect()
    }

    /// Counts a row that was settled.
    pub fn count(&mut self, state: &State<'_>, at: usize, desk: &Desk<'_>) {
        match state {
            State::Ready(ready) => self.count_ready(ready, at, desk),
            State::Choose => self.undecided += 1,
            State::Problem(_) => self.bad += 1,
            State::Folded { .. } => self.duplicates += 1,
            State::LeftOut { .. } => self.reached += 1,
            State::Pending => {}
        }
    }

    fn count_ready(&mut self, ready: &Ready<'_>, at: usize, desk: &Desk<'_>) {
        self.ready += 1;
        self.example.get_or_insert(at);
        if let Some(route) = self.route(ready.source, desk) {
            let way = Way { source: ready.source.clone(), host: route.first(), certainty: route.certainty };
            *self.ways.entry(way).or_default() += 1;
        }
        match ready.window_closes.map(|closes| closes - desk.now) {
            Some(left) if left <= 0 => self.closed += 1,
            Some(left) if left <= HOUR => self.closing += 1,
            _ => {}
        }
        let age = match ready.sent_at.map(|sent| desk.now - sent) {
            Some(age) if age < HOUR => 0,
            Some(age) if age < DAY => 1,
            Some(_) => 2,
            None => 3,
        };
        self.ages[age] += 1;
    }

    fn route(&mut self, source: &SourceId, desk: &Desk<'_>) -> Option<Route> {
        if let Some(route) = self.routes.get(source) {
            return Some(route.clone());
        }
        let found = desk.sources.iter().find(|other| other.id == *source)?;
        let route = desk.policies.get(source)?.route(found, None);
        self.routes.insert(source.clone(), route.clone());
        Some(route)
    }

    /// Where the messages of a source go.
    pub fn route_of(&self, source: &SourceId) -> Option<&Route> {
        self.routes.get(source)
    }

    /// How many messages go by each source.
    pub fn by_source(&self) -> BTreeMap<&SourceId, usize> {
        let mut by_source = BTreeMap::new();
        for (way, count) in &self.ways {
            *by_source.entry(&way.source).or_default() += count;
        }
        by_source
    }
}
