//! Ordering an SMS: what it says, to whom, what it costs and duplicates, before anything is ordered.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_api::{FallbackOrder, Follows, RevocationCommand};
use rcs_revoke_core::explain::SMS_COST;
use rcs_revoke_core::fallback::{LONGEST_TEXT, parts};

use super::Shown;
use super::actions::{command, said};
use crate::api::{Failure, SmsPreview, idempotency_key};
use crate::session::Session;
use crate::text::words;
use crate::ui::{Dialog, Only, Said, Toasts, dynamic, text_of};

/// When the SMS shall leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once. Its text may be changed.
    Now,
    /// Once the message was asked for again; it says what was registered.
    OnceRevoked,
}

/// The order as it stands in the dialog; made anew each time that one opens.
#[derive(Clone, Copy)]
struct Order {
    /// The number that the order names: what happens meanwhile makes it void, and not another SMS.
    number: RwSignal<u32>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    text: RwSignal<String>,
    /// The same for every try, so that a repetition after a lost answer is no second command.
    key: StoredValue<String>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

impl Order {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            number: RwSignal::new(0),
            from: text(),
            to: text(),
            text: text(),
            key: StoredValue::new(String::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Takes what is known when the dialog opens.
    fn begin(self, shown: Shown, session: Session) {
        let Some((message, detail)) = shown.message.get_untracked() else { return };
        let sms = detail.sms_instead;
        let preview = sms.preview.unwrap_or_else(|| {
            // Without a text there is no preview; sender and recipient are known all the same.
            let (sender, of_class) = session.sources.with_untracked(|all| {
                let own = all.iter().find(|row| Some(row.source.id.as_str()) == message.source.as_deref());
                let class = own.and_then(|row| row.class(detail.class.as_deref()?));
                (own.and_then(|row| row.source.sms.clone()), class.and_then(|class| class.sms_from.clone()))
            });
            let from = of_class.or_else(|| sender.as_ref().map(|sms| sms.from.clone()));
            SmsPreview {
                from: from.map_or_else(String::new, |from| from.to_string()),
                to: message.recipient.unwrap_or_default(),
                text: String::new(),
                source: sender.map_or_else(String::new, |sms| sms.source.to_string()),
            }
        });
        self.number.set(sms.next.number);
        self.from.set(format!("{} · {}", preview.from, preview.source));
        self.to.set(preview.to);
        self.text.set(preview.text);
        self.key.set_value(idempotency_key());
        self.failure.set(None);
        self.busy.set(false);
    }

    fn length(self) -> usize {
        self.text.with(|text| text.trim().chars().count())
    }

    fn may_go(self) -> bool {
        (1..=LONGEST_TEXT).contains(&self.length()) && !self.busy.get()
    }

    /// Whether the server has decided against it. What was lost may be sent again.
    fn is_void(self) -> bool {
        self.failure.with(|failure| {
            matches!(failure, Some(Failure::Problem(problem)) if matches!(problem.status, 404 | 409 | 422))
        })
    }

    /// Shows why nothing was ordered, as far as is known, and what happened meanwhile.
    fn failed(self, failure: Failure, shown: Shown) {
        self.busy.set(false);
        self.failure.set(Some(failure));
        shown.read_again();
    }
}

/// The dialog.
#[component]
pub fn OrderDialog(shown: Shown, open: RwSignal<bool>, when: When) -> impl IntoView {
    let session = expect_context::<Session>();
    let toasts = expect_context::<Toasts>();
    let text = &words().sms;
    let order = Order::new();
    Effect::new(move || {
        if open.get() {
            order.begin(shown, session);
        }
    });
    let done = move |said: String| {
        open.set(false);
        toasts.say(said);
    };
    let send = move || {
        let Some(key) = shown.message.with_untracked(|shown| Some(shown.as_ref()?.0.key.clone())) else {
            return;
        };
        let number = order.number.get_untracked();
        let text = order.text.get_untracked().trim().to_owned();
        let wanted = FallbackOrder { message: key, fallback: number, text: Some(text) };
        spawn_local(async move {
            match session.api.order_sms(&wanted).await {
                Ok(_) => done((words().sms.ordered)(number)),
                Err(failure) => order.failed(failure, shown),
            }
        });
    };
    let revoke = move || {
        let Some(command) = command(shown) else { return };
        let command = RevocationCommand { then: Follows::Sms, ..command };
        spawn_local(async move {
            match session.api.revoke(&command, &order.key.get_value()).await {
                Ok(report) => done(said(Ok(report), words().sms.again_asked)),
                Err(failure) => order.failed(failure, shown),
            }
        });
    };
    let go = move |_| {
        order.busy.set(true);
        order.failure.set(None);
        match when {
            When::Now => send(),
            When::OnceRevoked => revoke(),
        }
    };
    let title = move || match when {
        When::Now => (text.send_title)(order.number.get()),
        When::OnceRevoked => text.again_title.to_owned(),
    };
    let button = move || match when {
        When::Now => (text.send_button)(order.number.get()),
        When::OnceRevoked => text.again_button.to_owned(),
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            {(when == When::OnceRevoked).then(|| view! { <p>{text.again_what}</p> })}
            <Letter order when/>
            <p class="warn" data-risk="">{dynamic(move || risk(shown, when))}</p>
            {dynamic(move || order.failure.get().map(|failure| trouble(&failure)))}
            <Only when=move || order.is_void()><p>{text.meanwhile}</p></Only>
            <div class="actions">
                <button class="btn" on:click=move |_| open.set(false)>
                    {text_of(move || if order.is_void() { words().shell.close } else { words().shell.cancel }.to_owned())}
                </button>
                <Only when=move || !order.is_void()>
                    <button class="btn primary" disabled=move || !order.may_go() on:click=go>{text_of(button)}</button>
                </Only>
            </div>
        </Dialog>
    }
}

/// Who it is from and to, what it says, and into how many parts that is cut.
#[component]
fn Letter(order: Order, when: When) -> impl IntoView {
    let text = &words().sms;
    let counted = move || {
        let length = order.length();
        match length {
            0 => text.no_text.to_owned(),
            _ if length > LONGEST_TEXT => (text.too_long)(LONGEST_TEXT),
            _ => (text.parts)(order.text.with(|text| parts(text.trim())), length, LONGEST_TEXT),
        }
    };
    let is_too_long = move || order.length() > LONGEST_TEXT;
    let label = if when == When::Now { text.text } else { text.text_fixed };
    view! {
        <dl class="l">
            <dt>{text.from}</dt><dd>{text_of(move || order.from.get())}</dd>
            <dt>{text.to}</dt><dd>{text_of(move || order.to.get())}</dd>
        </dl>
        <label class="cap" for="sms-text">{label}</label>
        <textarea id="sms-text" class="field" rows="4" aria-describedby="sms-parts" readonly=when == When::OnceRevoked
            prop:value=move || order.text.get() on:input=move |event| order.text.set(event_target_value(&event))></textarea>
        <p id="sms-parts" class="sec small" role="status" class:bad-text=is_too_long>
            {text_of(counted)}
        </p>
        <p class="sec small">{SMS_COST}</p>
    }
}

/// What it may duplicate, as far as is known now; and what happens without it, where it is sent at once.
fn risk(shown: Shown, when: When) -> Option<impl IntoView + use<>> {
    let said = shown.message.with(|shown| Some(shown.as_ref()?.1.sms_instead.words.clone()))?;
    let what = (when == When::Now).then(|| view! { <Said sentence=said.what/>" " });
    Some(view! { {what}<Said sentence=said.risk/> })
}

fn trouble(failure: &Failure) -> impl IntoView + use<> {
    let lost = matches!(failure, Failure::Lost).then_some(words().sms.lost);
    view! { <p class="wrong" role="alert">{failure.sentence()}" "{lost}</p> }
}
