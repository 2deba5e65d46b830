//! Sentences with their instants in the reader's own zone, and UTC on hover.

use super::dynamic::text_of;
use leptos::prelude::*;

use crate::api::{Piece, Sentence};
use crate::clock::Clock;
use crate::text::words;
use crate::when::{iso, length, moment, time_of_day, utc, utc_minute};

/// An instant: the time of day today, with the day on other days.
#[component]
pub fn Instant(at: i64) -> impl IntoView {
    let clock = expect_context::<Clock>();
    view! { <time datetime=iso(at) title=utc(at)>{moment(at, clock.now())}</time> }
}

/// A sentence, with each instant as a `<time>`.
#[component]
pub fn Said(sentence: Sentence) -> impl IntoView {
    let pieces = sentence.0.into_iter().map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Time { time } => view! { <Instant at=time/> }.into_any(),
        Piece::Newer => "…".into_any(),
    });
    pieces.collect_view()
}

/// A sentence as text, for files and titles; instants in local time.
pub fn plain(sentence: &Sentence) -> String {
    let pieces = sentence.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Time { time } => time_of_day(*time),
        Piece::Newer => "…".to_owned(),
    });
    pieces.collect()
}

/// A sentence as text for people of any zone: instants in UTC.
pub fn plain_utc(sentence: &Sentence) -> String {
    let pieces = sentence.0.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Time { time } => utc_minute(*time),
        Piece::Newer => "…".to_owned(),
    });
    pieces.collect()
}

/// How long until an instant, counted on the server's clock.
#[component]
pub fn Countdown(to: i64) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let left = move || {
        let left = to - clock.ticking();
        if left <= 0 { words().one.due.to_owned() } else { (words().units.within)(&length(left)) }
    };
    view! { <time class="countdown" datetime=iso(to) title=utc(to)>{text_of(left)}</time> }
}
