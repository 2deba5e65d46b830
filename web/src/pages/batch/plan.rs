//! What the batch would do, counted by the server before anything is sent; afterwards, what was planned.

use leptos::prelude::*;
use rcs_revoke_api::Follows;
use rcs_revoke_core::Host;

use super::Shown;
use crate::api::{Batch, BatchPlan, Counts, downloads};
use crate::session::Session;
use crate::text::{humanise, words};
use crate::ui::{Instant, dynamic, follows_label, in_order};
use crate::when::{count, length};

/// The figures of the plan.
#[component]
pub fn PlanFigures(shown: Shown) -> impl IntoView {
    let session = shown.session;
    // While it runs the plan stays what it was: it is not made anew with every event.
    let plan = Memo::new(move |_| {
        shown.batch.with(|batch| batch.clone().map(|batch| Batch { progress: <_>::default(), ..batch }))
    });
    let figures = move || plan.get().map(|batch| figures(session, &batch));
    let title =
        move || if shown.with(Batch::is_plan) { words().batches.plan } else { words().batches.plan_then };
    view! {
        <section class="card planfigures" aria-labelledby="planned">
            <h2 id="planned">{dynamic(title)}</h2>
            {dynamic(figures)}
        </section>
    }
}

/// One group of figures under its name; nothing if it has none.
fn group(title: &'static str, rows: Vec<(String, String)>) -> Option<impl IntoView> {
    let row = |(label, value): (String, String)| view! { <dt>{label}</dt><dd>{value}</dd> };
    (!rows.is_empty())
        .then(|| view! { <div class="group"><h3>{title}</h3><dl>{rows.into_iter().map(row).collect_view()}</dl></div> })
}

/// The rows of counts by code, each with its words; a code that only a newer server knows is shown as its words.
fn coded(counts: &Counts, word: fn(&str) -> &'static str) -> Vec<(String, String)> {
    let row = |(code, number): (&String, &u64)| {
        let known = word(code);
        (if known.is_empty() { humanise(code) } else { known.to_owned() }, count(*number))
    };
    in_order(counts).into_iter().map(row).collect()
}

fn figures(session: Session, batch: &Batch) -> impl IntoView + use<> {
    let text = &words().batches;
    let plan = &batch.plan;
    let some = |rows: Vec<(&'static str, u64)>| -> Vec<(String, String)> {
        let rows = rows.into_iter().filter(|(_, number)| *number > 0);
        rows.map(|(label, number)| (label.to_owned(), count(number))).collect()
    };
    let ages = words().plan.ages.into_iter().zip([
        plan.ages.hour,
        plan.ages.day,
        plan.ages.older,
        plan.ages.unknown,
    ]);
    let mut windows = some(vec![
        (text.closing, plan.windows.closing),
        (text.open, plan.windows.open),
        (text.no_window, plan.windows.unknown),
    ]);
    if let Some(first) = plan.windows.first {
        windows.push((text.first_closes.to_owned(), crate::when::moment(first, session.clock.now())));
    }
    let classes = plan.classes.iter().map(|(class, number)| {
        (if class.is_empty() { text.no_class.to_owned() } else { class.clone() }, count(*number))
    });
    let sms = if batch.terms.then == Follows::Nothing { Vec::new() } else { coded(&plan.sms, text.sms_of) };
    view! {
        <p class="asked"><b data-ask="">{count(plan.ask)}</b>" "<span class="sec">{text.asked_for}</span></p>
        <div class="groups">
            {group(text.ways, ways(session, plan))}
            {group(text.skipped, coded(&plan.skipped, text.skip))}
            {group(text.ages, some(ages.collect()))}
            {group(text.windows, windows)}
            {group(text.classes, classes.collect())}
            {group(text.time, if plan.seconds.len() > 1 { times(session, batch) } else { Vec::new() })}
            {group(text.sms, sms)}
            {terms(batch)}
        </div>
        {rejects(batch)}
    }
}

fn name_of(session: Session, id: &str) -> String {
    session.sources.with(|sources| {
        let found = sources.iter().find(|source| source.source.id.as_str() == id);
        found.map_or_else(
            || id.to_owned(),
            |source| format!("{} · {}", source.source.provider.label(), source.name()),
        )
    })
}

fn ways(session: Session, plan: &BatchPlan) -> Vec<(String, String)> {
    let way = |(way, number): &(crate::api::PlannedWay, u64)| {
        let host = way.host.parse::<Host>().map_or_else(|_| way.host.clone(), |host| host.label().to_owned());
        let label = format!(
            "{}, {host}, {}",
            name_of(session, &way.source),
            (words().plan.certainty)(&way.certainty)
        );
        (label, count(*number))
    };
    plan.ways.iter().map(way).collect()
}

/// The time that each source needs: they go side by side.
fn times(session: Session, batch: &Batch) -> Vec<(String, String)> {
    let said = |seconds: u64| match seconds {
        0 | 1 => words().plan.under_a_second.to_owned(),
        _ => length(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000),
    };
    batch.plan.seconds.iter().map(|(source, seconds)| (name_of(session, source), said(*seconds))).collect()
}

fn terms(batch: &Batch) -> impl IntoView + use<> {
    let text = &words().batches;
    let terms = &batch.terms;
    let row = |label: &'static str, value: String| view! { <dt>{label}</dt><dd>{value}</dd> };
    let yes = |is: bool, label: &'static str| is.then(|| row(label, text.yes.to_owned()));
    view! {
        <div class="group">
            <h3>{text.terms}</h3>
            <dl>
                {row(words().sms.then, follows_label(terms.then).to_owned())}
                {terms.reason.clone().map(|reason| row(text.reason, reason))}
                {terms.class.clone().map(|class| row(text.class, class))}
                {terms.not_before.map(|at| view! { <dt>{text.not_before}</dt><dd><Instant at/></dd> })}
                {yes(terms.override_window, text.override_window)}
                {yes(terms.again, text.asks_again)}
                <dt>{text.planned_by}</dt><dd><Instant at=batch.created_at/>" · "{batch.by.clone()}</dd>
                {batch.started_at.map(|at| view! { <dt>{text.started}</dt><dd><Instant at/></dd> })}
                {batch.ended_at.map(|at| view! { <dt>{text.ended}</dt><dd><Instant at/></dd> })}
            </dl>
        </div>
    }
}

/// How many rows that could not be taken are shown.
const FIRST_REJECTS: usize = 5;

/// The rows that say nothing about a message: how many, the first of them, and all to be kept.
fn rejects(batch: &Batch) -> impl IntoView + use<> {
    let text = &words().batches;
    let plan = &batch.plan;
    let folded = (plan.duplicates > 0)
        .then(|| view! { <p class="sec small">{text.duplicates}": "{count(plan.duplicates)}</p> });
    let rejected = (plan.rejected > 0).then(|| {
        let one = |problem: &crate::api::Rejected| {
            view! { <li><b>{(text.row)(problem.line, problem.column)}</b>" "<span>{problem.detail.clone()}</span></li> }
        };
        let first = plan.problems.iter().take(FIRST_REJECTS).map(one).collect_view();
        let address = downloads(&batch.id).rejects;
        view! {
            <div class="problems rejected" data-rejected="">
                <h3>{text.rejected}": "{count(plan.rejected)}</h3>
                {(plan.problems.len() > FIRST_REJECTS).then(|| view! { <p class="sec small">{(text.first_rejects)(&count(plan.rejected))}</p> })}
                <ul>{first}</ul>
                <p><a class="link" href=address download=format!("{}-rejects.csv", batch.id)>{text.rejects}</a></p>
            </div>
        }
    });
    view! { {folded} {rejected} }
}
