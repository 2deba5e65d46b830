//! A panic is shown, never swallowed: the page may be half updated, and nobody should trust it then.

use std::panic::{PanicHookInfo, set_hook};

use leptos::prelude::document;
use web_sys::Element;

use crate::text::words;

/// From now on a panic appears in the page as well as in the browser's console.
pub fn show_in_page() {
    set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let _ = panel(info);
    }));
}

fn panel(info: &PanicHookInfo<'_>) -> Option<()> {
    let text = &words().shell;
    let panel = element("div", text.panic)?;
    panel.set_attribute("class", "panic").ok()?;
    panel.set_attribute("role", "alert").ok()?;
    let details = element("pre", &info.to_string())?;
    panel.append_with_node_1(&details).ok()?;
    document().body()?.append_with_node_1(&panel).ok()?;
    Some(())
}

fn element(tag: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_text_content(Some(text));
    Some(element)
}
