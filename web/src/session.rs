//! Who we are to the server: the session, the sources it knows, and the counts that the whole page shows.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::SessionView;

use crate::api::{Api, Counts, Failure, SourceRow};
use crate::clock::Clock;

/// Whether we are in.
#[derive(Clone, Debug, PartialEq)]
pub enum Gate {
    /// The server was not asked yet.
    Asking,
    /// We have a session.
    In,
    /// We have none, or it has ended; the reason, where there is more to say than that.
    Out(Option<Failure>),
}

/// What every page may read.
#[derive(Clone, Copy)]
pub struct Session {
    pub api: Api,
    pub clock: Clock,
    pub gate: RwSignal<Gate>,
    /// Whether we were ever in: then what is on the page stays, whatever happens to the session.
    pub was_in: RwSignal<bool>,
    pub view: RwSignal<Option<SessionView>>,
    pub sources: RwSignal<Vec<SourceRow>>,
    pub counts: RwSignal<Counts>,
    /// How many people got the message and an SMS, or may have.
    pub duplicates: RwSignal<u64>,
    /// How many batches run.
    pub running: RwSignal<u64>,
}

impl Session {
    /// Begins outside: with the key in the address if there is one, else with the cookie of an earlier visit.
    pub fn begin(clock: Clock) -> Self {
        let session = Self {
            api: Api { signed_out: RwSignal::new(false) },
            clock,
            gate: RwSignal::new(Gate::Asking),
            was_in: RwSignal::new(false),
            view: RwSignal::new(None),
            sources: RwSignal::new(Vec::new()),
            counts: RwSignal::new(Counts::new()),
            duplicates: RwSignal::new(0),
            running: RwSignal::new(0),
        };
        Effect::new(move || {
            if session.api.signed_out.get() && session.gate.get_untracked() == Gate::In {
                session.gate.set(Gate::Out(None));
            }
        });
        match key_in_address() {
            Some(key) => session.enter(&key),
            None => spawn_local(async move { session.settle(session.api.session().await).await }),
        }
        // A new link in the address bar of an open page changes the fragment only: the browser loads nothing.
        window_event_listener(ev::hashchange, move |_| {
            if let Some(key) = key_in_address() {
                session.enter(&key);
            }
        });
        session
    }

    /// Exchanges the key, or the link that holds it, for a session.
    pub fn enter(self, key_or_link: &str) {
        let key = key_or_link.rsplit_once("#key=").map_or(key_or_link, |(_, key)| key).trim().to_owned();
        spawn_local(async move {
            match self.api.enter(key).await {
                Err(failure) => self.gate.set(Gate::Out(Some(failure))),
                answer => self.settle(answer).await,
            }
        });
    }

    /// Asks again who serves; used after a lost connection, when clock and session may have changed.
    pub fn refresh(self) {
        spawn_local(async move {
            let answer = self.api.session().await;
            if !matches!(answer, Err(Failure::Lost)) {
                self.settle(answer).await;
            }
        });
    }

    async fn settle(self, answer: Result<SessionView, Failure>) {
        match answer {
            Ok(view) => {
                self.clock.set(view.now, view.clock_scale);
                self.view.set(Some(view));
                if let Ok(sources) = self.api.sources().await {
                    self.sources.set(sources);
                }
                self.api.signed_out.set(false);
                self.was_in.set(true);
                self.gate.set(Gate::In);
            }
            Err(Failure::Problem(problem)) if problem.status == 401 => self.gate.set(Gate::Out(None)),
            // A server that stumbles has not ended the session.
            Err(_) if self.was_in.get_untracked() => {}
            Err(failure) => self.gate.set(Gate::Out(Some(failure))),
        }
    }
}

/// The key in `#key=…`, which is taken out of the address at once, so that it is neither kept nor shown.
fn key_in_address() -> Option<String> {
    let location = window().location();
    let key = location.hash().ok()?.strip_prefix("#key=")?.to_owned();
    let clean = format!("{}{}", location.pathname().ok()?, location.search().ok()?);
    let state = wasm_bindgen::JsValue::NULL;
    let _ = window().history().ok()?.replace_state_with_url(&state, "", Some(&clean));
    Some(key)
}
