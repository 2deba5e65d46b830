//! What goes with the wish: the reason, a time before which nothing is sent, the class, and what shall follow.

use std::collections::BTreeSet;

use leptos::prelude::*;
use rcs_revoke_api::Follows;
use rcs_revoke_core::class::{Cell, Class};

use crate::api::SourceRow;
use crate::paste::Draft;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Only, ThenChoice, dynamic};
use crate::when::local_iso;
use crate::whole;

/// The fields under the plan.
#[component]
pub fn Terms() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let session = expect_context::<Session>();
    let text = &words().plan;
    let not_before = move |event| {
        let at = js_sys::Date::parse(&event_target_value(&event));
        draft.not_before.set((!at.is_nan()).then(|| whole::millis(at)));
    };
    let involved = Memo::new(move |_| involved(draft, session));
    let names = Memo::new(move |_| {
        let names: BTreeSet<String> = involved.with(|rows| {
            rows.iter().flat_map(|row| &row.policy.classes).map(|class| class.name.clone()).collect()
        });
        names
    });
    let options = move || {
        let option = |name: String| {
            let (value, same) = (name.clone(), name.clone());
            let chosen = move || draft.class.with(|class| class.as_ref() == Some(&same));
            view! { <option value=value selected=chosen>{name}</option> }
        };
        names.get().into_iter().map(option).collect_view()
    };
    let choose = move |event| {
        draft.class.set(Some(event_target_value(&event)).filter(|class| !class.is_empty()));
    };
    view! {
        <label class="cap" for="reason">{text.reason}</label>
        <input id="reason" class="field" maxlength="500" placeholder=text.reason_hint prop:value=move || draft.reason.get()
            on:input=move |event| draft.reason.set(event_target_value(&event))/>
        <label class="cap" for="not-before">{text.not_before}</label>
        <input id="not-before" class="field" type="datetime-local" step="1" on:change=not_before
            value=draft.not_before.get_untracked().map(local_iso)/>
        <label class="cap" for="class">{text.class}</label>
        <select id="class" class="field" on:change=choose>
            <option value="">{text.class_none}</option>
            {dynamic(options)}
        </select>
        <ThenChoice value=draft.then name="then"/>
        <Only when=move || draft.then.get() == Follows::Fallback>
            <div class="follows">{dynamic(move || involved.with(|rows| follows(rows, draft.class.get().as_deref())))}</div>
        </Only>
    }
}

/// The sources that the plan names; all of them while it names none.
fn involved(draft: Draft, session: Session) -> Vec<SourceRow> {
    let sources = session.sources.get();
    let named = |row: &SourceRow| draft.plan.with(|plan| plan.by_source().contains_key(&row.source.id));
    let some: Vec<SourceRow> = sources.iter().filter(|row| named(row)).cloned().collect();
    if some.is_empty() { sources } else { some }
}

/// What will be done about an SMS, and what it may duplicate, class by class.
fn follows(rows: &[SourceRow], chosen: Option<&str>) -> impl IntoView + use<> {
    let text = &words().sms;
    let mut classes: Vec<&Class> = Vec::new();
    let (mut without, mut unknown) = (false, false);
    for row in rows {
        match chosen.or(row.policy.class.as_deref()).map(|name| row.class(name)) {
            None => without = true,
            Some(None) => unknown = true,
            Some(Some(class)) if !classes.contains(&class) => classes.push(class),
            Some(Some(_)) => {}
        }
    }
    let mute: Vec<&str> = rows.iter().filter(|row| row.source.sms.is_none()).map(SourceRow::name).collect();
    let doubles: BTreeSet<usize> = classes.iter().flat_map(|class| class.may_duplicate()).collect();
    let outcomes = &words().sources.outcomes;
    let doubles: Vec<&str> = doubles.into_iter().map(|at| outcomes[at]).collect();
    let lines = classes.iter().map(|class| view! { <p>{of_class(class)}</p> }).collect_view();
    view! {
        {lines}
        {without.then(|| view! { <p>{text.no_class}</p> })}
        {unknown.then(|| view! { <p>{(text.no_class_known)(chosen.unwrap_or_default())}</p> })}
        {(!mute.is_empty()).then(|| view! { <p>{(text.no_sender)(&mute.join(", "))}</p> })}
        <p>{text.registered}</p>
        {(!doubles.is_empty()).then(|| view! { <p class="warn">{(text.may_double)(&doubles.join("; "))}</p> })}
    }
}

/// The places of the cells that are so.
fn places(class: &Class, is: fn(Cell) -> bool) -> Vec<usize> {
    let cells = class.fallback.all();
    (0..cells.len()).filter(|at| is(cells[*at].1)).collect()
}

fn of_class(class: &Class) -> String {
    let text = &words().sms;
    if class.lacks_limit() {
        return format!("{} {}", (text.never)(&class.name), text.no_limit);
    }
    let named = |at: Vec<usize>| {
        let outcomes: Vec<&str> = at.into_iter().map(|at| words().sources.outcomes[at]).collect();
        outcomes.join("; ")
    };
    let mut said = if class.may_send_by_itself() {
        (text.by_itself)(&class.name, &named(places(class, Cell::is_automatic)))
    } else {
        (text.never)(&class.name)
    };
    let by_hand = places(class, |cell| cell == Cell::ByHand);
    if !by_hand.is_empty() {
        said.push(' ');
        said.push_str(&(text.by_hand)(&named(by_hand)));
    }
    said
}
