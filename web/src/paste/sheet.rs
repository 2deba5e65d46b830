//! The rows that the core found in the text, and what each of them has come to.

use std::collections::HashMap;

use rcs_revoke_core::import::{Found, Row};
use rcs_revoke_core::{MessageRef, SourceId};

/// One row and what it has come to.
pub struct Line {
    pub row: Row,
    pub state: State,
}

/// What a row has come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// Not looked at yet.
    #[default]
    Pending,
    /// It can be asked for.
    Ready(Box<Ready>),
    /// Several sources may have sent it, and nobody chose yet.
    Choose,
    /// It cannot be asked for, and why.
    Problem(String),
    /// An earlier line names the same message.
    Folded { line: usize },
    /// It needs no asking: the code of its outcome.
    LeftOut { outcome: String },
}

/// A message that can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    pub message: MessageRef,
    pub source: SourceId,
    pub sent_at: Option<i64>,
    pub window_closes: Option<i64>,
}

/// All rows of a text.
#[derive(Default)]
pub struct Sheet {
    pub lines: Vec<Line>,
    /// Which row named a message first, once its source is known.
    pub first: HashMap<MessageRef, usize>,
}

impl Sheet {
    /// An empty sheet with room for so many rows: growing a large one would take a while that is felt.
    pub fn with_capacity(rows: usize) -> Self {
        Self { lines: Vec::with_capacity(rows), first: HashMap::with_capacity(rows) }
    }

    /// Adds rows; a repetition first gives its original what that left open.
    pub fn push(&mut self, rows: Vec<Row>) {
        for row in rows {
            if let Found::Duplicate { of_line, entry } = &row.found {
                let original = self.on_line(*of_line).find(
                    |at| matches!(&self.lines[*at].row.found, Found::Entry(first) if first.id == entry.id),
                );
                if let Some(Found::Entry(first)) = original.map(|at| &mut self.lines[at].row.found) {
                    first.fill_from(entry);
                }
            }
            self.lines.push(Line { row, state: State::Pending });
        }
    }

    /// The rows that stand on one line of the text.
    pub fn on_line(&self, line: usize) -> core::ops::Range<usize> {
        let from = self.lines.partition_point(|other| other.row.line < line);
        let count = self.lines[from..].iter().take_while(|other| other.row.line == line).count();
        from..from + count
    }

    /// The rows that need a look.
    pub fn bad(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.is_bad())
    }
}

impl Line {
    /// Whether a person must look at it.
    pub fn is_bad(&self) -> bool {
        matches!(self.row.found, Found::Problem(_)) || matches!(self.state, State::Problem(_))
    }

    /// Why it needs a look.
    pub fn problem(&self) -> Option<&str> {
        match (&self.row.found, &self.state) {
            (Found::Problem(problem), _) => Some(&problem.message),
            (_, State::Problem(message)) => Some(message),
            _ => None,
        }
    }

    /// The stable code of what is wrong, and the text it is about.
    pub fn problem_text(&self) -> String {
        match &self.row.found {
            Found::Problem(problem) => problem.text.clone(),
            Found::Entry(entry) | Found::Duplicate { entry, .. } => entry.id.to_string(),
        }
    }

    /// What it can be asked for with.
    pub fn ready(&self) -> Option<&Ready> {
        match &self.state {
            State::Ready(ready) => Some(ready),
            _ => None,
        }
    }
}
