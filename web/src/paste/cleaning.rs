//! The lines that need a look: left out of the text, or written into a file; in slices, however many they are.

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use super::slice::Slice;
use super::{Bad, Draft, EDITABLE, Incoming, Paper, Sheet};
use crate::save;

/// How many lines are copied between two looks at the clock.
const LINES: usize = 500;

/// How many rows are looked at between two looks at the clock.
const ROWS: usize = 2_000;

/// The columns of the file.
const HEADER: [&str; 5] = ["line", "column", "problem", "text", "whole_line"];

impl Draft {
    /// Leaves the lines out that need a look. Where such a line also names messages that are fine, only the wrong
    /// words are taken out.
    pub fn remove_bad(self) {
        let generation = self.generation.get_value();
        spawn_local(async move {
            let mut paper = Paper::with_capacity(self.with_paper(Paper::len));
            let all = self.with_paper(Paper::lines);
            let mut slice = Slice::begin();
            for from in (1..=all).step_by(LINES) {
                let to = (from + LINES).min(all + 1);
                self.with_paper(|old| self.with_sheet(|sheet| copy_good(&mut paper, old, sheet, from..to)));
                slice.pause().await;
                if !self.is_current(generation) {
                    return;
                }
            }
            if paper.len() <= EDITABLE as usize {
                self.held.set(None);
            }
            self.take(Incoming::Made(paper));
        });
    }

    /// Offers the lines that need a look as a CSV.
    pub fn export_bad(self) {
        let generation = self.generation.get_value();
        spawn_local(async move {
            let parts = Array::new();
            let mut slice = Slice::begin();
            let all = self.with_sheet(Sheet::len);
            let mut text = save::csv([HEADER.to_vec()]);
            for from in (0..all).step_by(ROWS) {
                self.with_paper(|paper| {
                    self.with_sheet(|sheet| {
                        let rows = from..all.min(from + ROWS);
                        for bad in rows.filter_map(|at| sheet.bad_at(at)) {
                            let (line, column) = (bad.line.to_string(), bad.column.to_string());
                            let whole = paper.line(bad.line);
                            text.push_str(&save::csv([vec![
                                &*line, &*column, bad.reason, bad.text, &*whole,
                            ]]));
                        }
                    });
                });
                if slice.pause().await && !self.is_current(generation) {
                    return;
                }
                if !text.is_empty() {
                    parts.push(&core::mem::take(&mut text).into());
                }
            }
            if let Ok(blob) = Blob::new_with_str_sequence(&parts) {
                save::blob("lines-that-need-a-look.csv", &blob);
            }
        });
    }
}

/// Copies some lines without what needs a look.
fn copy_good(new: &mut Paper, old: &Paper, sheet: &Sheet, lines: core::ops::Range<usize>) {
    let rows = sheet.on_line(lines.start).start..sheet.on_line(lines.end).start;
    let mut next = lines.start;
    for bad in rows.filter_map(|at| sheet.bad_at(at)) {
        if bad.line < next {
            continue;
        }
        new.push(old.span(next, bad.line));
        next = bad.line + 1;
        let rows = sheet.on_line(bad.line);
        if rows.clone().any(|at| sheet.bad_at(at).is_none()) {
            let of_line: Vec<Bad<'_>> = rows.filter_map(|at| sheet.bad_at(at)).collect();
            new.push(without(&old.line(bad.line), &of_line).as_bytes());
            new.push(b"\n");
        }
    }
    new.push(old.span(next, lines.end));
}

/// A line without the words that need a look.
fn without(line: &str, bad: &[Bad<'_>]) -> String {
    let mut kept = line.to_owned();
    for bad in bad.iter().rev() {
        let start = line.char_indices().nth(bad.column - 1).map_or(line.len(), |(at, _)| at);
        if kept.get(start..).is_some_and(|rest| rest.starts_with(bad.text)) {
            kept.replace_range(start..start + bad.text.len(), "");
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::import::parse;

    use super::{Paper, Sheet, copy_good};

    const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

    #[test]
    fn only_what_needs_a_look_is_left_out() {
        let text = format!("{ID}\nnonsense 1\n\n../x {ID}\nnonsense 2\n");
        let (mut old, mut sheet) = (Paper::default(), Sheet::default());
        old.push(text.as_bytes());
        sheet.push(parse(&text));
        for step in 1..7 {
            let mut new = Paper::default();
            for from in (1..=old.lines()).step_by(step) {
                copy_good(&mut new, &old, &sheet, from..(from + step).min(old.lines() + 1));
            }
            let bad: Vec<usize> = sheet.bad().map(|bad| bad.line).collect();
            assert!(bad.contains(&2) && bad.contains(&5), "{bad:?}");
            let lines: Vec<String> = (1..=new.lines()).map(|line| new.line(line).into_owned()).collect();
            assert_eq!(
                (lines.len(), &*lines[0], &*lines[1], &*lines[3]),
                (4, ID, "", ""),
                "in steps of {step}"
            );
            assert!(lines[2].ends_with(ID));
        }
    }
}
