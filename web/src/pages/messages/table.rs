//! The table: one row a message, all of it reachable by keyboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::filter::{ListFilter, Nothing, OutcomeOf};
use super::rows::{OneRow, Rows};
use crate::api::Message;
use crate::clock::Clock;
use crate::place::{Place, address_of};
use crate::session::Session;
use crate::text::words;
use crate::ui::{DuplicateMark, Only, Said, dynamic, sms_mark};
use crate::when::{about, iso, utc};

/// The table of the page that is shown.
#[component]
pub fn Table(rows: Rows, picked: RwSignal<Vec<String>>, filter: Memo<ListFilter>) -> impl IntoView {
    let text = &words().list;
    let is_empty = move || rows.shown.with(Vec::is_empty);
    let all_picked = move || !is_empty() && rows.shown.with(Vec::len) == picked.with(Vec::len);
    let pick_all = move |_| {
        let all = rows.shown.with_untracked(|rows| rows.iter().map(|row| row.key.clone()).collect());
        picked.update(|picked| *picked = if picked.is_empty() { all } else { Vec::new() });
    };
    let heading = |at: usize| {
        let class = if at == text.columns.len() - 1 { "num" } else { "" };
        view! { <th scope="col" class=class>{text.columns[at]}</th> }
    };
    view! {
        <div class="card tablecard" aria-busy=move || rows.reading.get().to_string()>
            <table>
                <thead>
                    <tr>
                        <th class="pick">
                            <input type="checkbox" aria-label=text.pick_page prop:checked=all_picked on:change=pick_all/>
                        </th>
                        {(0..text.columns.len()).map(heading).collect_view()}
                    </tr>
                </thead>
                <tbody on:keydown=|event| move_focus(&event)>
                    <For each=move || rows.shown.get() key=|row| row.key.clone() let(row)>
                        <Line row picked/>
                    </For>
                </tbody>
            </table>
            <Only when=is_empty>
                <Only when=move || !rows.reading.get() fallback=|| view! { <p class="empty">{words().list.loading}</p> }>
                    <Nothing filter/>
                </Only>
            </Only>
        </div>
    }
}

/// Arrow keys move through the rows.
fn move_focus(event: &KeyboardEvent) {
    let Some(row) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(Some(row)) = row.closest("tr") else { return };
    let next = match event.key().as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}

/// How a provider's id is shortened in a row.
fn shortened(id: &str) -> String {
    if id.len() <= 16 { id.to_owned() } else { format!("{}…{}", &id[..8], &id[id.len() - 4..]) }
}

#[component]
fn Line(row: OneRow, picked: RwSignal<Vec<String>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let message = row.message;
    let key = StoredValue::new(row.key);
    let is_picked = move || picked.with(|picked| key.with_value(|key| picked.contains(key)));
    let pick = move || {
        picked.update(|picked| match picked.iter().position(|other| key.with_value(|key| other == key)) {
            Some(at) => drop(picked.remove(at)),
            None => picked.push(key.get_value()),
        });
    };
    let place = expect_context::<Place>();
    let open = move || place.go(&key.with_value(|key| address_of(key)));
    // Ctrl or ⌘ with a click on the id opens another tab, as on any link.
    let clicked = move |event: web_sys::MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
            open();
        }
    };
    let pressed = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => open(),
        " " => {
            event.prevent_default();
            pick();
        }
        _ => {}
    };
    let shown = message.get_untracked();
    let source = move || source_of(session, &message.get());
    view! {
        <tr tabindex="0" aria-selected=move || is_picked().to_string() data-message=key.get_value()
            on:click=clicked on:keydown=pressed>
            <td class="pick" on:click=|event| event.stop_propagation()>
                <input type="checkbox" tabindex="-1" aria-label=format!("{} {}", words().list.pick, shown.id)
                    prop:checked=is_picked on:change=move |_| pick()/>
            </td>
            <td class="out"><OutcomeOf message/>{dynamic(move || message.with(beside))}</td>
            <td class="id mono" title=shown.id.clone()>
                <a href=key.with_value(|key| address_of(key)) tabindex="-1">{shortened(&shown.id)}</a>
            </td>
            <td class="to">{dynamic(move || message.with(|message| message.recipient.clone()))}</td>
            <td class="src">{dynamic(source)}</td>
            <td class="why sec">{dynamic(move || view! { <Said sentence=message.with(|message| message.why.clone())/> })}</td>
            <td class="num dim"><Changed message/></td>
        </tr>
    }
}

/// What stands beside the outcome: the SMS that was to leave, and that the person may have both.
fn beside(message: &Message) -> impl IntoView + use<> {
    let sms = message.sms.as_ref().map(sms_mark);
    let duplicate = message.outcome.duplicate.clone();
    view! { <div class="marks">{sms}<DuplicateMark short=true duplicate/></div> }
}

/// The source of a message, and that silence proves nothing where it was never heard.
fn source_of(session: Session, message: &Message) -> impl IntoView + use<> {
    let name = message.source.clone().map(|id| {
        session.sources.with(|all| {
            all.iter()
                .find(|source| source.source.id.as_str() == id)
                .map(|source| source.name().to_owned())
                .unwrap_or(id)
        })
    });
    let deaf = message.deaf.then(|| {
        let title = (words().shell.deaf)(name.as_deref().unwrap_or_default());
        let words = title.clone();
        view! { <span class="deaf" title=title><span aria-hidden="true">" ⚠"</span><span class="sr">{words}</span></span> }
    });
    view! { {name.clone().unwrap_or_default()} {deaf} }
}

/// How long ago a message last changed.
#[component]
fn Changed(message: RwSignal<Message>) -> impl IntoView {
    let clock = expect_context::<Clock>();
    dynamic(move || {
        let at = message.with(|message| message.changed_at);
        let ago = about(clock.ticking() - at);
        view! { <time datetime=iso(at) title=utc(at)>{ago}</time> }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_ids_are_shortened_and_short_ones_are_not() {
        assert_eq!(super::shortened("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"), "aaaaaaaa…89ab");
        assert_eq!(super::shortened("12345xyz"), "12345xyz");
    }
}
