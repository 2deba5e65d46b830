//! Changes as they happen: one stream of events, taken up again by itself, and honest about being interrupted.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use rcs_revoke_api::SessionView;
use serde::de::DeserializeOwned;

use crate::api::{Batch, EVENTS, EVENTS_OF_BATCHES, Message};
use crate::session::{Gate, Session};

/// How the stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Not open yet.
    Connecting,
    /// What is shown is current.
    Live,
    /// Interrupted; what is shown is as old as this instant of the server's clock.
    Lost { since: i64 },
}

type Listener<T> = Rc<dyn Fn(&T)>;

/// Who listens to one kind of event.
type Listeners<T> = StoredValue<Vec<(u32, Listener<T>)>, LocalStorage>;

/// The stream, for pages to listen to.
#[derive(Clone, Copy)]
pub struct Live {
    pub link: RwSignal<Link>,
    /// Grows when the stream is back after an interruption: what was missed must be read again.
    pub healed: RwSignal<u32>,
    source: StoredValue<Option<EventSource>, LocalStorage>,
    messages: Listeners<Message>,
    batches: Listeners<Batch>,
    /// Whether single messages are left out of the stream.
    quiet: StoredValue<bool>,
    /// Whether something may have happened between two streams, although none was interrupted.
    missed: StoredValue<bool>,
    session: Session,
}

/// How long to wait before the stream is opened again after the server has refused it.
const REOPEN_AFTER: u32 = 2_000;

impl Live {
    /// Listens as long as there is a session.
    pub fn start(session: Session) -> Self {
        let live = Self {
            link: RwSignal::new(Link::Connecting),
            healed: RwSignal::new(0),
            source: StoredValue::new_local(None),
            messages: StoredValue::new_local(Vec::new()),
            batches: StoredValue::new_local(Vec::new()),
            quiet: StoredValue::new(false),
            missed: StoredValue::new(false),
            session,
        };
        Effect::new(move || match session.gate.get() {
            Gate::In => live.open(),
            _ => live.close(),
        });
        live
    }

    /// Calls `heard` for every changed message while the caller's component lives.
    pub fn listen(self, heard: impl Fn(&Message) + 'static) {
        listen_to(self.messages, heard);
    }

    /// Calls `heard` for every changed batch while the caller's component lives.
    pub fn listen_to_batches(self, heard: impl Fn(&Batch) + 'static) {
        listen_to(self.batches, heard);
    }

    /// Leaves single messages out of the stream from now on, or takes them in again; what was missed meanwhile is
    /// then read again.
    pub fn leave_messages_out(self, quiet: bool) {
        if self.quiet.get_value() == quiet {
            return;
        }
        self.quiet.set_value(quiet);
        let Some(source) = self.source.try_update_value(Option::take).flatten() else { return };
        source.close();
        self.missed.set_value(true);
        self.open();
    }

    /// Opens the stream unless it is open or the browser is at it.
    fn open(self) {
        let held = self.source.with_value(|held| held.as_ref().map(EventSource::ready_state));
        if held.is_some_and(|state| state != EventSource::CLOSED) {
            return;
        }
        let address = if self.quiet.get_value() { EVENTS_OF_BATCHES } else { EVENTS };
        let Ok(source) = EventSource::new(address) else { return };
        on(&source, "open", move |_| self.opened());
        on(&source, "hello", move |event| self.greeted(&event));
        on(&source, "message", move |event| hear(self.messages, &event));
        on(&source, "batch", move |event| hear(self.batches, &event));
        let watched = source.clone();
        on(&source, "error", move |_| {
            self.lost();
            if watched.ready_state() == EventSource::CLOSED {
                Timeout::new(REOPEN_AFTER, move || self.reopen()).forget();
            }
        });
        self.source.set_value(Some(source));
    }

    fn close(self) {
        if let Some(source) = self.source.try_update_value(Option::take).flatten() {
            source.close();
            self.lost();
        }
    }

    /// The browser has given the stream up: the session may have ended, or the server is starting.
    fn reopen(self) {
        self.session.refresh();
        if self.session.gate.get_untracked() == Gate::In {
            self.open();
        }
    }

    fn opened(self) {
        let was_lost = matches!(self.link.get_untracked(), Link::Lost { .. });
        self.link.set(Link::Live);
        if was_lost {
            self.session.refresh();
        }
        if self.missed.get_value() || was_lost {
            self.missed.set_value(false);
            self.healed.update(|times| *times += 1);
        }
    }

    fn lost(self) {
        if self.link.get_untracked() == Link::Live {
            self.link.set(Link::Lost { since: self.session.clock.now() });
        }
    }

    /// The first event of a stream says what time it is at the server.
    fn greeted(self, event: &web_sys::Event) {
        if let Ok(view) = serde_json::from_str::<SessionView>(&data(event)) {
            self.session.clock.set(view.now, view.clock_scale);
        }
    }
}

fn listen_to<T: 'static>(listeners: Listeners<T>, heard: impl Fn(&T) + 'static) {
    let number = listeners.with_value(|all| all.last().map_or(0, |(last, _)| last + 1));
    listeners.update_value(|all| all.push((number, Rc::new(heard))));
    on_cleanup(move || {
        listeners.try_update_value(|all| all.retain(|(other, _)| *other != number));
    });
}

fn hear<T: DeserializeOwned + 'static>(listeners: Listeners<T>, event: &web_sys::Event) {
    // A newer server's event that this page cannot read is passed over.
    let Ok(changed) = serde_json::from_str::<T>(&data(event)) else { return };
    let all: Vec<Listener<T>> =
        listeners.with_value(|all| all.iter().map(|(_, heard)| Rc::clone(heard)).collect());
    for heard in all {
        heard(&changed);
    }
}

fn data(event: &web_sys::Event) -> String {
    event.unchecked_ref::<MessageEvent>().data().as_string().unwrap_or_default()
}

fn on(source: &EventSource, event: &str, heard: impl Fn(web_sys::Event) + 'static) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(heard);
    let _ = source.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    // The stream lives as long as the page, and so does what listens to it.
    closure.forget();
}
