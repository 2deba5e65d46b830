//! The first of the lines that need a look, in full.

use crate::ui::{Only, dynamic, text_of};
use leptos::prelude::*;

use crate::paste::{Bad, Draft};
use crate::text::words;
use crate::when::number;

/// How many are shown; all of them can be exported.
const SHOWN: usize = 20;

/// The first lines that need a look, with column, reason and text.
#[component]
pub fn Problems() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let count = move || draft.plan.with(|plan| plan.bad);
    let rows = move || {
        draft.version.track();
        draft.with_sheet(|sheet| {
            let row = |bad: Bad<'_>| {
                let reason = (words().revoke.column)(bad.column, bad.reason);
                let place = (words().revoke.line)(bad.line);
                view! { <li><b>{place}</b>" "<span>{reason}</span><code class="mono">{bad.text.to_owned()}</code></li> }
            };
            sheet.bad().take(SHOWN).map(row).collect_view()
        })
    };
    let more = move || count().saturating_sub(SHOWN);
    view! {
        <Only when=move || { count() > 0 && draft.reading.get().is_none() }>
            <section class="card problems" aria-labelledby="problems">
                <h2 id="problems">{text_of(move || (words().revoke.bad)(count()))}</h2>
                <ul>{dynamic(rows)}</ul>
                <Only when=move || { more() > 0 }><p class="dim small">{text_of(move || (words().revoke.more)(&number(more())))}</p></Only>
            </section>
        </Only>
    }
}
