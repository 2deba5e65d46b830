//! The outcomes of a run: one bar with its words, and every message with why.

use leptos::html;
use leptos::prelude::*;

use crate::paste::{Counted, Draft, News, Tracked};
use crate::place::address_of;
use crate::text::words;
use crate::ui::{Badge, Said, bar_class, dynamic, narrow, visible};
use crate::when::number;
use crate::whole;

/// How tall a row of the list is; the style sheet says the same.
const ROW: f64 = 58.0;
const NARROW_ROW: f64 = 92.0;

/// A stacked bar of outcomes; what it says stands under it in words and numbers.
#[component]
pub fn OutcomeBar() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let counted = Memo::new(move |_| {
        draft.tracking.version.track();
        draft.tracking.counts()
    });
    let bar = move || counted.with(parts);
    let legend = move || counted.with(legend);
    let label = move || {
        counted.track();
        (words().after.bar)(draft.tracking.len())
    };
    view! {
        <div class="stack" role="img" aria-label=label>{dynamic(bar)}</div>
        <div class="legend">{dynamic(legend)}</div>
    }
}

fn parts(counted: &Counted) -> impl IntoView + use<> {
    let part = |class: String, count: usize| view! { <i class=class style:flex-grow=count.to_string()></i> };
    let told = counted.told.iter().map(|(code, count)| part(bar_class(code), *count)).collect_view();
    let others = counted.waiting + counted.taken + counted.not_taken;
    view! { {told} {(others > 0).then(|| part("todo".to_owned(), others))} }
}

fn legend(counted: &Counted) -> impl IntoView + use<> {
    let told = |(code, count): (&String, &usize)| {
        let address = format!("/messages?outcome={code}");
        view! { <div><a href=address><Badge code=code.clone()/></a><span>{number(*count)}</span></div> }
    };
    let other = |label: &'static str, count: usize| {
        (count > 0).then(|| view! { <div><span class="sec">{label}</span><span>{number(count)}</span></div> })
    };
    view! {
        {counted.told.iter().map(told).collect_view()}
        {other(words().after.waiting, counted.waiting)}
        {other(words().after.handed, counted.taken)}
        {other(words().after.refused, counted.not_taken)}
    }
}

/// Every message of the run, of which only those in view exist in the page.
#[component]
pub fn OutcomeList() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let list = NodeRef::<html::Div>::new();
    let top = RwSignal::new(0.0);
    let narrow = narrow();
    let row = move || if narrow.get() { NARROW_ROW } else { ROW };
    let scrolled = move |_| {
        if let Some(list) = list.get_untracked() {
            top.set(f64::from(list.scroll_top()));
        }
    };
    let height = move || {
        draft.tracking.version.track();
        format!("{}px", whole::number(draft.tracking.len()) * row())
    };
    let rows = move || {
        draft.tracking.version.track();
        let range = visible(top.get(), 520.0, row(), draft.tracking.len());
        let first = range.start;
        let one = |(at, tracked): (usize, Tracked)| item(&tracked, whole::number(first + at) * row());
        draft.tracking.some(range).into_iter().enumerate().map(one).collect_view()
    };
    view! {
        <div class="results" node_ref=list on:scroll=scrolled>
            <div class="room" style:height=height>{dynamic(rows)}</div>
        </div>
    }
}

fn item(tracked: &Tracked, y: f64) -> impl IntoView + use<> {
    let address = address_of(&tracked.key);
    let (badge, why) = match &tracked.news {
        News::Waiting => {
            (view! { <span class="sec">{words().after.waiting}</span> }.into_any(), ().into_any())
        }
        News::Taken => (view! { <span class="sec">{words().after.handed}</span> }.into_any(), ().into_any()),
        News::NotTaken(detail) => (
            view! { <span class="bad-text">{words().after.refused}</span> }.into_any(),
            detail.clone().into_any(),
        ),
        News::Told { code, why, deaf, .. } => {
            let deaf = deaf.then(|| view! { " · "{words().after.deaf} });
            let why = view! { <Said sentence=why.clone().unwrap_or_default()/>{deaf} };
            (view! { <Badge code=code.clone()/> }.into_any(), why.into_any())
        }
    };
    view! {
        <a class="item" href=address data-message=tracked.key.clone() style:transform=format!("translateY({y}px)")>
            <div>{badge}</div>
            <div><div class="why">{why}</div><div class="mono">{tracked.key.clone()}</div></div>
        </a>
    }
}
