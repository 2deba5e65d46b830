//! How many messages there are of each outcome, and how many batches run, kept current without asking more often than
//! it matters.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::live::Live;
use crate::session::{Gate, Session};

/// How long changes are gathered before the counts are read again.
const GATHER: u32 = 1_500;

/// Reads the counts at the start, after changes, and after an interruption.
pub fn follow(session: Session, live: Live) {
    let waiting = StoredValue::new(false);
    let read = move || {
        spawn_local(async move {
            if let Ok(page) = session.api.messages(&[("limit", "1")]).await {
                session.counts.set(page.counts);
                session.duplicates.set(page.duplicates);
            }
            if let Ok(page) = session.api.batches(&[("limit", "1")]).await {
                session.running.set(page.running);
            }
        });
    };
    Effect::new(move || {
        live.healed.track();
        if session.gate.get() == Gate::In {
            read();
        }
    });
    let soon = move || {
        if !waiting.get_value() {
            waiting.set_value(true);
            Timeout::new(GATHER, move || {
                waiting.set_value(false);
                read();
            })
            .forget();
        }
    };
    live.listen(move |_| soon());
    live.listen_to_batches(move |_| soon());
}
