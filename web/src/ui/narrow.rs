//! Whether the window is narrow: rows of long lists are then taller. The style sheets know the same width.

use leptos::ev;
use leptos::prelude::*;

const NARROW: &str = "(max-width: 700px)";

/// Whether the window is narrow, as it changes while the caller's component lives.
pub fn narrow() -> RwSignal<bool> {
    let read = || window().match_media(NARROW).ok().flatten().is_some_and(|query| query.matches());
    let narrow = RwSignal::new(read());
    let handle = window_event_listener(ev::resize, move |_| {
        if narrow.get_untracked() != read() {
            narrow.set(read());
        }
    });
    on_cleanup(move || handle.remove());
    narrow
}
