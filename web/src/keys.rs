//! The keyboard: short cuts that work wherever nothing is being typed.

use gloo_timers::callback::Timeout;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::place::Place;

/// How long `g` waits for its second key.
const SECOND_KEY_WITHIN: u32 = 1_500;

/// Listens for the short cuts of the whole page; `help` opens their list.
pub fn listen(help: RwSignal<bool>) {
    let place = expect_context::<Place>();
    let going = StoredValue::new(false);
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event) {
            return;
        }
        let go = |path: &str| {
            event.prevent_default();
            place.go(path);
        };
        match (going.get_value(), event.key().as_str()) {
            (true, "r") => go("/"),
            (true, "m") => go("/messages"),
            (true, "b") => go("/batches"),
            (true, "s") => go("/sources"),
            (_, "g") => {
                going.set_value(true);
                Timeout::new(SECOND_KEY_WITHIN, move || {
                    let _ = going.try_set_value(false);
                })
                .forget();
                return;
            }
            (_, "?") => help.update(|open| *open = !*open),
            (_, "/") => {
                event.prevent_default();
                if !focus("[data-find]") {
                    place.go("/messages");
                    Timeout::new(0, || {
                        focus("[data-find]");
                    })
                    .forget();
                }
            }
            _ => {}
        }
        going.set_value(false);
    });
    on_cleanup(move || handle.remove());
}

/// Calls `act` on Ctrl+Enter or ⌘+Enter while the caller's component lives.
pub fn on_submit(act: impl Fn() + 'static) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let asked = event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.repeat();
        if asked && !in_dialog(&event) {
            event.prevent_default();
            act();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Moves the focus to the first element that fits, and says whether there is one.
pub fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    found.is_some_and(|element| element.unchecked_into::<HtmlElement>().focus().is_ok())
}

fn target(event: &KeyboardEvent) -> Option<HtmlElement> {
    event.target()?.dyn_into().ok()
}

fn is_typing(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| {
        let field = matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || (element.tag_name() == "INPUT"
                && element.get_attribute("type").as_deref() != Some("checkbox"));
        field || in_dialog(event)
    })
}

fn in_dialog(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.closest("dialog").is_ok_and(|found| found.is_some()))
}
