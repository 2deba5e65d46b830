//! The paste field: a real text field for what a person can edit, a quick view of what is too large for one.

use crate::ui::{Only, dynamic};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DragEvent, Element, File};

use super::footer::Footer;
use super::lines::{Lines, Scroll};
use crate::paste::{Draft, EDITABLE, Incoming};
use crate::text::words;
use crate::when::number;
use crate::whole;

/// The field with its lines and what is said beside them.
#[component]
pub fn Field() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let scroll = Scroll::new();
    let over = RwSignal::new(false);
    let drop_file = move |event: DragEvent| {
        over.set(false);
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        // Dragged text is the field's own to take.
        if let Some(file) = file {
            event.prevent_default();
            take_file(draft, file);
        }
    };
    let drag = move |event: DragEvent| {
        let types = event.data_transfer().map(|data| data.types());
        if types.is_some_and(|types| types.includes(&"Files".into(), 0)) {
            event.prevent_default();
            over.set(true);
        }
    };
    view! {
        <section class="paste" class:over=move || over.get() aria-label=words().revoke.label
            on:dragover=drag on:dragleave=move |_| over.set(false) on:drop=drop_file>
            <Only when=move || draft.held.with(Option::is_some) fallback=move || view! { <Editable scroll/> }>
                <Held scroll/>
            </Only>
            {dynamic(move || draft.unreadable.get().map(|why| view! { <p class="wrong" role="alert">{why}</p> }))}
            <Footer/>
        </section>
    }
}

/// How many bytes a file has at most: more than a million lines of anything usual, and less than what a tab can hold.
const LARGEST: f64 = 300_000_000.0;

/// Reads a file in place of what stands in the field.
pub fn take_file(draft: Draft, file: File) {
    if file.size() > LARGEST {
        return draft.unreadable.set(Some(words().revoke.too_large));
    }
    let size = format!("{} kB", number(whole::count((file.size() / 1_000.0).ceil())));
    draft.held.set(Some((words().revoke.held)(&size, &file.name())));
    draft.take(Incoming::File(file));
}

/// The text field.
#[component]
fn Editable(scroll: Scroll) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let field = NodeRef::<html::Textarea>::new();
    let value = move || field.get_untracked().map(|field| field.value()).unwrap_or_default();
    scroll.measure(move || field.get().map(Element::from));
    // Comes back with what was typed before another page was looked at, and follows what is changed from outside.
    Effect::new(move |shown: Option<bool>| {
        draft.version.track();
        let Some(field) = field.get() else { return false };
        let text = draft.with_paper(|paper| paper.text().into_owned());
        if field.value() != text && !(shown == Some(true) && draft.is_typing()) {
            field.set_value(&text);
        }
        true
    });
    let pasted = move |event: ClipboardEvent| {
        let Some(text) = event.clipboard_data().and_then(|data| clipboard_text(&data)) else { return };
        if text.length() > EDITABLE {
            event.prevent_default();
            hold(draft, &value(), text);
        }
    };
    let typed = move |_| {
        let text = value();
        if text.len() > 4 * EDITABLE as usize {
            return hold(draft, "", text.into());
        }
        draft.typed(text);
    };
    view! {
        <div class="sheet">
            <Lines scroll/>
            <textarea node_ref=field aria-label=words().revoke.label placeholder=words().revoke.empty spellcheck="false"
                autocapitalize="off" autocomplete="off" wrap="off" data-paste="" on:paste=pasted on:input=typed
                on:scroll=move |_| scroll.moved(field.get_untracked().map(Element::from))></textarea>
        </div>
    }
}

/// The clipboard's text, left in the browser's memory.
fn clipboard_text(data: &web_sys::DataTransfer) -> Option<js_sys::JsString> {
    let get: js_sys::Function = js_sys::Reflect::get(data, &"getData".into()).ok()?.dyn_into().ok()?;
    get.call1(data, &JsValue::from_str("text/plain")).ok()?.dyn_into().ok()
}

fn hold(draft: Draft, before: &str, text: js_sys::JsString) {
    let text = if before.trim().is_empty() {
        text
    } else {
        js_sys::JsString::from(format!("{}\n", before.trim_end())).concat(&text)
    };
    let size = format!("{} kB", number(text.length().div_ceil(1_000) as usize));
    draft.held.set(Some((words().revoke.held)(&size, words().revoke.clipboard)));
    draft.take(Incoming::Clipboard(text));
}

/// The view of a large text: it scrolls like the field, and only the lines in view exist.
#[component]
fn Held(scroll: Scroll) -> impl IntoView {
    let draft = expect_context::<Draft>();
    let field = NodeRef::<html::Div>::new();
    scroll.measure(move || field.get().map(Element::from));
    let height = move || {
        draft.version.track();
        format!("{}px", scroll.room(draft.with_paper(crate::paste::Paper::lines)))
    };
    view! {
        <div class="sheet held">
            <Lines scroll/>
            <div class="hold" node_ref=field tabindex="0" role="region" aria-label=words().revoke.held_label
                on:scroll=move |_| scroll.moved(field.get_untracked().map(Element::from))>
                <div class="room" style:height=height></div>
            </div>
        </div>
    }
}
