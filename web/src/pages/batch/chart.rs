//! Requests per second over the life of the batch: a line, the limit, and marks where the provider said *too many*.
//!
//! The lines are drawn in a box of fixed measure that is stretched; the words stand beside it as text, so that they
//! stay readable at every width.

use std::fmt::Write;

use leptos::prelude::*;

use super::Shown;
use crate::api::History;
use crate::text::words;
use crate::ui::dynamic;
use crate::when::{day, number, same_day, time_of_day};
use crate::whole;

/// The measure of the box.
const WIDE: f64 = 1_000.0;
const TALL: f64 = 100.0;

/// What the chart shows.
struct Drawn {
    /// The highest value of the scale.
    top: f64,
    line: String,
    area: String,
    limit: f64,
    marks: Vec<f64>,
    throttled: u64,
    mean: f64,
    most: f64,
}

/// Requests per second of each step. The last step is not over and would look like a fall: it is left out unless it
/// is the only one, or nothing more comes.
fn drawn(history: &History, limit: u32, is_over: bool) -> Option<Drawn> {
    let count = match history.requests.len() {
        0 => return None,
        1 => 1,
        some if is_over => some,
        some => some - 1,
    };
    let seconds = whole::number(usize::try_from(history.step.max(1)).ok()?) / 1_000.0;
    let rates: Vec<f64> =
        history.requests[..count].iter().map(|requests| f64::from(*requests) / seconds).collect();
    let most = rates.iter().copied().fold(0.0, f64::max);
    let top = most.max(f64::from(limit)).max(1.0) * 1.08;
    let x = |at: usize| whole::number(at) / whole::number(count) * WIDE;
    let y = |rate: f64| TALL - rate / top * TALL;
    let mut line = String::new();
    for (at, rate) in rates.iter().enumerate() {
        let verb = if at == 0 { "M" } else { "L" };
        // Writing into a text cannot fail.
        let _ = write!(line, "{verb}{:.1} {:.2}H{:.1}", x(at), y(*rate), x(at + 1));
    }
    let area = format!("{line}V{TALL}H0Z");
    let throttled = history.throttled.iter().enumerate().filter(|(_, count)| **count > 0);
    let marks = throttled.map(|(at, _)| f64::midpoint(x(at), x(at + 1))).filter(|x| *x <= WIDE).collect();
    Some(Drawn {
        top,
        line,
        area,
        limit: y(f64::from(limit)),
        marks,
        throttled: history.throttled.iter().copied().map(u64::from).sum(),
        mean: rates.iter().sum::<f64>() / whole::number(count),
        most,
    })
}

/// The chart with its words.
#[component]
pub fn Chart(shown: Shown) -> impl IntoView {
    let text = &words().batches;
    let chart = move || {
        let (history, limit, is_over) = shown
            .with(|batch| (batch.progress.history.clone(), batch.progress.limit, batch.ended_at.is_some()));
        match drawn(&history, limit, is_over) {
            Some(drawn) => picture(&drawn, &history, limit).into_any(),
            None => view! { <p class="sec">{words().batches.chart_none}</p> }.into_any(),
        }
    };
    view! {
        <section class="card" aria-labelledby="chart">
            <h2 id="chart">{text.chart}</h2>
            {dynamic(chart)}
        </section>
    }
}

/// A rate with one digit behind the point while it is small.
fn short(rate: f64) -> String {
    if rate < 100.0 {
        format!("{rate:.1}").trim_end_matches(".0").to_owned()
    } else {
        number(whole::count(rate.round()))
    }
}

fn picture(drawn: &Drawn, history: &History, limit: u32) -> impl IntoView + use<> {
    let text = &words().batches;
    let steps = i64::try_from(history.requests.len()).unwrap_or(0);
    let (from, to) = (history.from, history.from + history.step * steps);
    let at = |at: i64| {
        if same_day(from, to) { time_of_day(at) } else { format!("{} {}", day(at), time_of_day(at)) }
    };
    let mut said = (text.chart_said)(&at(from), &at(to), &short(drawn.mean), &short(drawn.most));
    if limit > 0 {
        said = format!("{said} {}", (text.chart_limit)(limit));
    }
    let mut marks = String::new();
    for x in &drawn.marks {
        let _ = write!(marks, "M{x:.1} {TALL}V{:.0}", TALL - 14.0);
    }
    let line = (limit > 0).then(|| view! { <path class="limit" d=format!("M0 {:.2}H{WIDE}", drawn.limit)/> });
    let share = |y: f64| format!("{:.1}%", y / TALL * 100.0);
    let limit_label = (limit > 0).then(|| {
        view! { <span class="limit" style:top=share(drawn.limit)>{short(f64::from(limit))}</span> }
    });
    // Two words on one place cannot be read.
    let most_y = TALL - drawn.most / drawn.top * TALL;
    let most_label = (limit == 0 || (most_y - drawn.limit).abs() > 14.0).then(|| {
        view! { <span style:top=share(most_y)>{short(drawn.most)}</span> }
    });
    let throttled = (drawn.throttled > 0).then(|| {
        view! { <p class="throttled small">{(text.throttled)(&crate::when::count(drawn.throttled))}</p> }
    });
    view! {
        <div class="chart">
            <div class="scale" aria-hidden="true">{limit_label}{most_label}<span style:top="100%">"0"</span></div>
            <svg viewBox=format!("0 0 {WIDE} {TALL}") preserveAspectRatio="none" role="img" aria-label=said.clone()>
                <path class="grid" d=format!("M0 0H{WIDE}M0 {0}H{WIDE}M0 {TALL}H{WIDE}", TALL / 2.0)/>
                <path class="area" d=drawn.area.clone()/>
                <path class="line" d=drawn.line.clone()/>
                {line}
                <path class="marks" d=marks/>
            </svg>
            <div class="times" aria-hidden="true">
                <span>{at(from)}</span><span>{at(i64::midpoint(from, to))}</span><span>{at(to)}</span>
            </div>
        </div>
        <p class="sec small" aria-hidden="true">{said}</p>
        {throttled}
    }
}

#[cfg(test)]
mod tests {
    use super::{History, drawn};

    #[test]
    fn rates_are_per_second_and_the_step_that_is_not_over_waits() {
        let history = History { from: 0, step: 2_000, requests: vec![60, 30, 4], throttled: vec![0, 2, 0] };
        let running = drawn(&history, 30, false).unwrap();
        assert_eq!((running.most, running.mean, running.throttled), (30.0, 22.5, 2));
        assert_eq!(running.marks, [750.0]);
        let over = drawn(&history, 30, true).unwrap();
        assert!((over.mean - 47.0 / 3.0).abs() < 1e-9);
        assert!(drawn(&History::default(), 30, true).is_none());
    }
}
