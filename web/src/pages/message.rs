//! One message: the sentence first, then everything that it rests on.

mod actions;
mod facts;
mod next;
mod order;
mod planned;
mod sms;
mod timeline;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Detail, Failure, Message};
use crate::live::Live;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Badge, BadgeSize, DuplicateMark, Only, Said, dynamic};
use actions::Actions;
use facts::Facts;
use order::{OrderDialog, When};
use planned::PlannedCard;
use sms::SmsCard;
use timeline::Timeline;

/// How long changes are gathered before the message is read again.
const GATHER: u32 = 120;

/// What the page knows of its message.
#[derive(Clone, Copy)]
pub struct Shown {
    pub message: RwSignal<Option<(Message, Detail)>>,
    pub failure: RwSignal<Option<Failure>>,
    /// Counted up to have the message read again.
    pub reload: RwSignal<u32>,
    /// Which questions are open.
    pub asking: Asking,
}

/// One question before each thing that can be done.
#[derive(Clone, Copy)]
pub struct Asking {
    pub again: RwSignal<bool>,
    pub again_then_sms: RwSignal<bool>,
    pub withdraw: RwSignal<bool>,
    pub move_it: RwSignal<bool>,
    pub sms: RwSignal<bool>,
}

impl Shown {
    fn nothing() -> Self {
        let closed = || RwSignal::new(false);
        Self {
            message: RwSignal::new(None),
            failure: RwSignal::new(None),
            reload: RwSignal::new(0),
            asking: Asking {
                again: closed(),
                again_then_sms: closed(),
                withdraw: closed(),
                move_it: closed(),
                sms: closed(),
            },
        }
    }

    /// Reads the message again.
    pub fn read_again(self) {
        self.reload.update(|times| *times = times.wrapping_add(1));
    }

    /// Whether something holds of the message, once it is known.
    pub fn is(self, read: impl Fn(&Message, &Detail) -> bool) -> bool {
        self.message.with(|shown| shown.as_ref().is_some_and(|(message, detail)| read(message, detail)))
    }
}

/// The page of one message.
#[component]
pub fn MessagePage(key: String) -> impl IntoView {
    let session = expect_context::<Session>();
    let live = expect_context::<Live>();
    let key = StoredValue::new(js_sys::decode_uri_component(&key).map_or(key, String::from));
    let shown = Shown::nothing();
    let waiting = StoredValue::new(false);

    let read = move || {
        let asked = key.get_value();
        spawn_local(async move {
            let answer = session.api.message(&asked).await;
            if key.try_get_value().is_none() {
                return;
            }
            match answer {
                Ok(message) => {
                    shown.failure.set(None);
                    shown.message.set(Some(message));
                }
                Err(failure) => shown.failure.set(Some(failure)),
            }
        });
    };
    Effect::new(move || {
        live.healed.track();
        shown.reload.track();
        read();
    });
    live.listen(move |message| {
        if key.with_value(|key| *key == message.key) && !waiting.get_value() {
            waiting.set_value(true);
            Timeout::new(GATHER, move || {
                if waiting.try_set_value(false).is_none() {
                    read();
                }
            })
            .forget();
        }
    });

    view! {
        <div class="bar">
            <a class="sec" href="/messages">{words().one.back}</a>
            <span class="grow"></span>
            <Actions shown/>
        </div>
        {dynamic(move || shown.failure.get().map(|failure| view! {
            <p class="wrong" role="alert">
                {failure.sentence()}" "
                <button class="link" on:click=move |_| read()>{words().shell.retry}</button>
            </p>
        }))}
        <Only when=move || shown.message.with(Option::is_some)>
            <div class="two">
                <div class="stackv">
                    <Hero shown/>
                    <Timeline shown/>
                </div>
                <div class="stackv">
                    <PlannedCard shown/>
                    <SmsCard shown/>
                    <Facts shown/>
                </div>
            </div>
            <OrderDialog shown open=shown.asking.sms when=When::Now/>
            <OrderDialog shown open=shown.asking.again_then_sms when=When::OnceRevoked/>
        </Only>
    }
}

/// The outcome, why it is what it is, and what else to know.
#[component]
fn Hero(shown: Shown) -> impl IntoView {
    let said = move || {
        let (message, detail) = shown.message.get()?;
        let notes = detail.explanation.notes.into_iter().map(|note| view! { <li><Said sentence=note/></li> });
        let sure = (words().one.sureness)(message.code());
        let sure = (!sure.is_empty()).then(|| view! { <span class="dim">" · "{sure}</span> });
        Some(view! {
            <div class="verdict">
                <span><Badge code=message.code() size=BadgeSize::Large/>{sure}</span>
                <DuplicateMark duplicate=message.outcome.duplicate.clone()/>
            </div>
            <p class="hero" aria-live="polite"><Said sentence=detail.explanation.sentence/></p>
            <ul class="notes">{notes.collect_view()}</ul>
        })
    };
    view! { <section class="card" aria-label=words().list.columns[0]>{dynamic(said)}</section> }
}
