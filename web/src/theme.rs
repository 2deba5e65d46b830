//! Light or dark: the system's choice until the reader makes one, which the browser then remembers.

use leptos::prelude::{document, window};

const STORED: &str = "rcs-revoke.theme";

/// Applies the reader's own choice, if there is one.
pub fn apply_stored() {
    let stored =
        window().local_storage().ok().flatten().and_then(|store| store.get_item(STORED).ok().flatten());
    if let Some(theme) = stored.filter(|theme| theme == "light" || theme == "dark") {
        set(&theme);
    }
}

/// Switches to the other theme and remembers it.
pub fn switch() {
    let next = if is_dark() { "light" } else { "dark" };
    set(next);
    if let Ok(Some(store)) = window().local_storage() {
        let _ = store.set_item(STORED, next);
    }
}

fn is_dark() -> bool {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some(theme) => theme == "dark",
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}

fn set(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
}
