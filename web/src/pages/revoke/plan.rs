//! The plan: what would happen to how many, what a person must decide, and the one button.

use crate::ui::{Only, certainty_of, dynamic, text_of};
use leptos::prelude::*;
use rcs_revoke_core::SourceId;

use super::confirm::RevokeButton;
use super::terms::Terms;
use crate::api::SourceRow;
use crate::paste::{Choice, Draft, Plan, Way};
use crate::session::Session;
use crate::text::words;
use crate::when::{length, number};

/// The plan beside the field.
#[component]
pub fn PlanCard() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let text = &words().plan;
    let is_empty = move || draft.plan.with(|plan| plan.ready + plan.undecided + plan.bad + plan.reached == 0);
    let figures = move || draft.plan.with(|plan| session.sources.with(|sources| figures(plan, sources)));
    let choices = Memo::new(move |_| draft.plan.with(Plan::all_choices));
    view! {
        <section class="card plan" aria-labelledby="plan">
            <h2 id="plan">{text.title}</h2>
            <Only when=move || !is_empty() fallback=|| view! { <p class="sec">{words().plan.empty}</p> }>
                <dl>{dynamic(figures)}</dl>
                <Deaf/>
                <Only when=move || choices.with(|choices| !choices.is_empty())>
                    <h2 class="gap">{text.choose}</h2>
                    <For each=move || choices.get() key=|choice| (choice.candidates.clone(), choice.count) let(choice)>
                        <OneChoice choice/>
                    </For>
                </Only>
                <Override/>
            </Only>
            <Terms/>
            <RevokeButton/>
            <p class="dim small">{text.meaning}</p>
        </section>
    }
}

fn source_name(sources: &[SourceRow], id: &SourceId) -> String {
    let found = sources.iter().find(|source| source.source.id == *id);
    found.map_or_else(
        || id.to_string(),
        |source| format!("{} · {}", source.source.provider.label(), source.name()),
    )
}

fn figures(plan: &Plan, sources: &[SourceRow]) -> impl IntoView + use<> {
    let text = &words().plan;
    let row = |label: String, value: String, class: &'static str| {
        view! { <dt>{label}</dt><dd class=class>{value}</dd> }
    };
    let way = |(way, count): (&Way, &usize)| {
        let label = format!(
            "{} · {}, {}",
            source_name(sources, &way.source),
            way.host.label(),
            certainty_of(way.certainty)
        );
        row(label, number(*count), "")
    };
    let ways = plan.ways.iter().map(way).collect_view();
    let some = |count: usize, label: &str, class: &'static str| {
        (count > 0).then(|| row(label.to_owned(), number(count), class))
    };
    let ages = text.ages.iter().zip(plan.ages).map(|(label, count)| some(count, label, "")).collect_view();
    let closing = (plan.closing > 0)
        .then(|| row(text.closing.to_owned(), (text.goes_first)(&number(plan.closing)), "late"));
    view! {
        {ways}
        {ages}
        {closing}
        {some(plan.closed, text.closed, "late")}
        {some(plan.reached, text.reached, "")}
        {some(plan.undecided, text.undecided, "bad-text")}
        {some(plan.bad, text.problems, "bad-text")}
        {row(text.time.to_owned(), time_needed(plan, sources), "")}
    }
}

/// How long the slowest source needs at its limit: sources go side by side.
fn time_needed(plan: &Plan, sources: &[SourceRow]) -> String {
    let needed = |(id, count): (&SourceId, usize)| {
        let rate = sources
            .iter()
            .find(|source| source.source.id == *id)
            .map_or(1, |source| source.policy.rate_per_second);
        count.div_ceil(rate.max(1) as usize)
    };
    match plan.by_source().into_iter().map(needed).max().unwrap_or(0) {
        0 | 1 => words().plan.under_a_second.to_owned(),
        seconds => length(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000) * 1_000),
    }
}

/// Says which of the sources in the plan were never heard.
#[component]
fn Deaf() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    dynamic(move || {
        let involved: Vec<SourceId> = draft.plan.with(|plan| plan.by_source().into_keys().cloned().collect());
        let sources = session.sources.get();
        let silent =
            |source: &&SourceRow| source.last_webhook_at.is_none() && involved.contains(&source.source.id);
        let said =
            |source: &SourceRow| view! { <p class="warn gap">{(words().shell.deaf)(source.name())}</p> };
        sources.iter().filter(silent).map(said).collect_view()
    })
}

/// The choice of a source for messages that several may have sent.
#[component]
fn OneChoice(choice: Choice) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let text = &words().plan;
    let count = choice.candidates.len();
    let candidates = StoredValue::new(choice.candidates);
    let chosen = move || candidates.with_value(|all| draft.choices.with(|choices| choices.get(all).cloned()));
    let options = session.sources.with_untracked(|sources| {
        let option = |id: SourceId| {
            let name = source_name(sources, &id);
            let same = id.clone();
            view! { <option value=id.to_string() selected=move || chosen().as_ref() == Some(&same)>{name}</option> }
        };
        candidates.get_value().into_iter().map(option).collect_view()
    });
    let choose = move |event| {
        let source = SourceId::parse(&event_target_value(&event)).ok();
        draft.choices.update(|choices| {
            let candidates = candidates.get_value();
            match source {
                Some(source) => choices.insert(candidates, source),
                None => choices.remove(&candidates),
            };
        });
    };
    view! {
        <label class="choice">
            <span>{(text.choose_for)(choice.count, count)}</span>
            <select class="field" data-choice="" on:change=choose>
                <option value="">{text.choose_none}</option>
                {options}
            </select>
        </label>
    }
}

/// Whether a closed window is to be asked in spite of it.
#[component]
fn Override() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let closed = move || draft.plan.with(|plan| plan.closed);
    view! {
        <Only when=move || { closed() > 0 }>
            <label class="check gap">
                <input type="checkbox" prop:checked=move || draft.override_window.get()
                    on:change=move |event| draft.override_window.set(event_target_checked(&event))/>
                <span>{text_of(move || (words().plan.override_window)(closed()))}</span>
            </label>
        </Only>
    }
}
