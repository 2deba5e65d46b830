//! An outcome as a shape, a word and a fill: hue says what happened, fill says how sure we are.

use leptos::prelude::*;
use rcs_revoke_core::outcome::{Row, Sureness, Tone, row_of};

use crate::text::humanise;

/// How large a badge is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeSize {
    /// In a row.
    #[default]
    Small,
    /// At the head of a page.
    Large,
}

/// How an outcome is called; a code that only a newer server knows is shown as its words.
pub fn label_of(code: &str) -> String {
    row_of(code).map_or_else(|| humanise(code), |row| row.label.to_owned())
}

/// The classes of an outcome's hue and fill.
pub fn bar_class(code: &str) -> String {
    let row = row_of(code);
    format!("{} {}", hue(row.as_ref()), fill(row.as_ref()))
}

fn hue(row: Option<&Row>) -> &'static str {
    match row.map(|row| row.tone) {
        Some(Tone::Back) => "back",
        Some(Tone::Reached) => "reached",
        Some(Tone::Flight) => "flight",
        Some(Tone::Open) => "open",
        Some(Tone::Refused) => "ref",
        Some(Tone::Unknown) | None => "unk",
    }
}

fn fill(row: Option<&Row>) -> &'static str {
    match row.map(|row| row.sureness) {
        Some(Sureness::Proven) => "proven",
        Some(Sureness::Presumed) => "presumed",
        Some(Sureness::Moving) => "moving",
        Some(Sureness::Unknown) | None => "unknown",
    }
}

/// An outcome's badge.
#[component]
pub fn Badge(#[prop(into)] code: String, #[prop(optional)] size: BadgeSize) -> impl IntoView {
    let large = if size == BadgeSize::Large { " lg" } else { "" };
    let class = format!("o {}{large}", bar_class(&code));
    let label = label_of(&code);
    view! {
        <span class=class data-outcome=code>
            <i aria-hidden="true"></i>
            {label}
        </span>
    }
}
