//! What was measured, as a table for people or as JSON for programs.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

/// One measured thing.
#[derive(Clone, Debug, Serialize)]
struct Figure {
    /// Its stable name in JSON.
    name: &'static str,
    #[serde(skip)]
    what: &'static str,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    beside: String,
}

/// Everything that was measured, in the order of the table.
#[derive(Debug, Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// Adds one figure: its name in JSON, what it is called, how much, and what stands beside it.
    pub fn add(
        &mut self,
        name: &'static str,
        what: &'static str,
        value: f64,
        unit: &'static str,
        beside: String,
    ) {
        self.0.push(Figure { name, what, value, unit, beside });
    }

    /// The table as Markdown.
    pub fn table(&self, machine: &str) -> String {
        let mut text = format!("{machine}\n\n| What | Measured | |\n|---|--:|---|\n");
        for figure in &self.0 {
            let value = readable(figure.value);
            let _ = writeln!(text, "| {} | {value} {} | {} |", figure.what, figure.unit, figure.beside);
        }
        text
    }

    /// The figures as JSON.
    ///
    /// # Errors
    /// When a figure is not a number.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.0)?)
    }
}

/// A number with as many places as mean something.
fn readable(value: f64) -> String {
    if value >= 100.0 {
        grouped(value)
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{median, readable};

    #[test]
    fn numbers_are_read_by_people() {
        assert_eq!(readable(1_234_567.4), "1,234,567");
        assert_eq!(readable(123.4), "123");
        assert_eq!(readable(12.34), "12.3");
        assert_eq!(readable(0.456), "0.46");
        assert!((median(vec![9.0, 1.0, 4.0]) - 4.0).abs() < f64::EPSILON);
    }
}
