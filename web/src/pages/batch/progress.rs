//! How far the batch is: four figures, and one bar of all outcomes with its words.

use leptos::prelude::*;
use rcs_revoke_core::outcome::{Sureness, Tone, row_of};

use super::Shown;
use crate::api::Batch;
use crate::place::messages_of_batch;
use crate::text::words;
use crate::ui::{Badge, batch_bar, dynamic, in_order};
use crate::when::{count, length};

/// The four figures.
#[component]
pub fn Kpis(shown: Shown) -> impl IntoView {
    let card = |value: String, label: String| {
        view! { <div class="card"><b>{value}</b><span>{label}</span></div> }
    };
    let figures = move || {
        shown.batch.get().map(|batch| {
            let (rate, limit) = rate(&batch);
            let (time, about) = time(&batch);
            let text = &words().batches;
            let of = (text.of)(&count(batch.total()));
            view! {
                <div class="card" data-kpi="taken">
                    <b>{count(batch.taken_up())}" "<small>{of}</small></b><span>{text.taken_up}</span>
                </div>
                {card(rate, limit)}
                {card(time, about)}
                {card(count(reached(&batch)), text.reached.to_owned())}
            }
        })
    };
    view! { <div class="kpi">{dynamic(figures)}</div> }
}

fn rate(batch: &Batch) -> (String, String) {
    let text = &words().batches;
    let (rate, limit) = (batch.progress.rate, batch.progress.limit);
    if batch.state != "running" {
        return ((text.rate)(0), text.no_rate.to_owned());
    }
    let used = u64::from(rate) * 100 / u64::from(limit.max(1));
    ((text.rate)(rate), (text.limit)(limit, u32::try_from(used).unwrap_or(u32::MAX)))
}

fn time(batch: &Batch) -> (String, String) {
    let text = &words().batches;
    match (batch.started_at, batch.ended_at, batch.progress.seconds_left) {
        (Some(started), Some(ended), _) => (length(ended - started), text.took.to_owned()),
        (Some(_), None, Some(_)) if batch.progress.waiting == 0 => (length(0), text.settling.to_owned()),
        (_, _, Some(left)) => {
            (length(i64::try_from(left).unwrap_or(i64::MAX / 1_000) * 1_000), text.left.to_owned())
        }
        _ => ("–".to_owned(), text.left_unknown.to_owned()),
    }
}

/// How many have surely reached the person.
fn reached(batch: &Batch) -> u64 {
    let has_reached = |code: &str| {
        row_of(code).is_some_and(|row| row.tone == Tone::Reached && row.sureness == Sureness::Proven)
    };
    batch.progress.outcomes.iter().filter(|(code, _)| has_reached(code)).map(|(_, count)| count).sum()
}

/// The bar of outcomes; each count leads to its messages.
#[component]
pub fn Outcomes(shown: Shown) -> impl IntoView {
    let text = &words().batches;
    let bar = move || shown.batch.with(|batch| batch.as_ref().map(batch_bar));
    let legend = move || shown.batch.with(|batch| batch.as_ref().map(legend));
    let all = move || shown.with(|batch| messages_of_batch(&batch.id, ""));
    view! {
        <section class="card outcomes" aria-labelledby="outcomes">
            <div class="bar tight">
                <h2 id="outcomes">{text.outcomes}</h2>
                <span class="grow"></span>
                <a class="link small" href=all>{text.messages}</a>
            </div>
            {dynamic(bar)}
            <div class="legend">{dynamic(legend)}</div>
        </section>
    }
}

fn legend(batch: &Batch) -> impl IntoView + use<> {
    let text = &words().batches;
    let told = |(code, number): (&String, &u64)| {
        let address = messages_of_batch(&batch.id, code);
        view! { <div data-count=code.clone()><a href=address><Badge code=code.clone()/></a><span>{count(*number)}</span></div> }
    };
    let other = |class: &'static str, label: &'static str, number: u64| {
        (number > 0).then(|| {
            view! {
                <div data-count=class>
                    <span class=format!("o unk unknown {class}")><i aria-hidden="true"></i>{label}</span>
                    <span>{count(number)}</span>
                </div>
            }
        })
    };
    // After an abort nobody will ask for them any more.
    let waiting = if batch.ended_at.is_some() { text.never_asked } else { text.waiting };
    view! {
        {in_order(&batch.progress.outcomes).into_iter().map(told).collect_view()}
        {other("left-out", text.left_out, batch.progress.left_out)}
        {other("moved", text.moved, batch.progress.moved)}
        {other("waiting", waiting, batch.progress.waiting)}
    }
}
