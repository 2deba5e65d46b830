//! The sources as they were configured, what they have taught us, and the classes in force.

mod classes;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_core::SourceId;
use rcs_revoke_core::source::{RevokeAck, SmsSender};

use crate::api::{Failure, SourceRow};
use crate::live::Live;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Instant, because, dynamic};
use crate::when::{length, number};
use classes::Classes;

/// How long changes are gathered before the sources are read again: each may have come by a webhook.
const GATHER: u32 = 2_000;

/// The page.
#[component]
pub fn SourcesPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let live = expect_context::<Live>();
    // Kept apart from the session's: a plan is not made anew because a webhook came.
    let rows = RwSignal::new(session.sources.get_untracked());
    let failure = RwSignal::new(None::<Failure>);
    let waiting = StoredValue::new(false);
    let read = move || {
        spawn_local(async move {
            let answer = session.api.sources().await;
            if waiting.try_get_value().is_none() {
                return;
            }
            match answer {
                Ok(read) => {
                    failure.set(None);
                    rows.update(|rows| {
                        if *rows != read {
                            *rows = read;
                        }
                    });
                }
                Err(lost) => failure.set(Some(lost)),
            }
        });
    };
    Effect::new(move || {
        live.healed.track();
        read();
    });
    live.listen(move |_| {
        if !waiting.get_value() {
            waiting.set_value(true);
            Timeout::new(GATHER, move || {
                if waiting.try_set_value(false).is_none() {
                    read();
                }
            })
            .forget();
        }
    });
    let rows = Memo::new(move |_| rows.get());
    let text = &words().sources;
    let cards = move || match rows.get() {
        none if none.is_empty() => view! { <p class="empty">{text.none}</p> }.into_any(),
        rows => rows.into_iter().map(|row| view! { <SourceCard row/> }).collect_view().into_any(),
    };
    view! {
        <div class="bar"><h1>{words().shell.sources}</h1></div>
        <p class="sec">{text.intro}</p>
        {dynamic(move || failure.get().map(|failure| view! {
            <p class="wrong" role="alert">
                {failure.sentence()}" "<button class="link" on:click=move |_| read()>{words().shell.retry}</button>
            </p>
        }))}
        <div class="sources">{dynamic(cards)}</div>
        <Classes rows/>
    }
}

#[component]
fn SourceCard(row: SourceRow) -> impl IntoView {
    let text = &words().sources;
    let source = &row.source;
    let adapter = source.provider.adapter();
    let heading = format!("source-{}", source.id);
    let named = source.agent.as_ref().map(|agent| (text.agent, agent.to_string()));
    let named = named.or_else(|| source.sender.as_ref().map(|sender| (text.sender, sender.to_string())));
    let named = named.map(|(label, name)| view! { <dt>{label}</dt><dd>{name}</dd> });
    let refused = (row.refused_webhooks > 0).then(|| {
        let count = usize::try_from(row.refused_webhooks).unwrap_or(usize::MAX);
        view! { <span class="bad-text">" · "{(text.refused)(&number(count))}</span> }
    });
    let heard = match row.last_webhook_at {
        Some(at) => view! { <Instant at/> }.into_any(),
        None => view! { <b>{text.never}</b> }.into_any(),
    };
    let silent = row.last_webhook_at.is_none().then(|| view! { <p class="warn gap">{text.never_means}</p> });
    let ack = match source.revoke_ack {
        RevokeAck::Accepted => text.ack_accepted,
        RevokeAck::Confirmed => text.ack_confirmed,
    };
    let settle = row.policy.settle.map(|settle| view! { <dt>{text.settle}</dt><dd>{length(settle)}</dd> });
    let class = row.policy.class.clone().unwrap_or_else(|| text.class_none.to_owned());
    view! {
        <section class="card" data-source=source.id.to_string() aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{row.name().to_owned()}</h2>
            <dl class="l">
                <dt>{text.id}</dt><dd class="mono">{source.id.to_string()}</dd>
                <dt>{text.provider}</dt><dd>{adapter.label()}</dd>
                {named}
                <dt>{text.region}</dt><dd>{because(&row.policy().route(source, None))}</dd>
                <dt>{text.ack}</dt><dd>{ack}</dd>
                {settle}
                <dt>{text.rate}</dt><dd>{(text.per_second)(row.policy.rate_per_second)}</dd>
                <dt>{text.sms}</dt><dd>{sms(source.sms.as_ref(), &source.id)}</dd>
                <dt>{text.class}</dt><dd>{class}</dd>
                <dt>{text.heard}</dt><dd>{heard}{refused}</dd>
                <dt>{text.webhook}</dt><dd class="mono">{row.webhook_path.clone()}</dd>
            </dl>
            {silent}
        </section>
    }
}

fn sms(sender: Option<&SmsSender>, own: &SourceId) -> String {
    let text = &words().sources;
    match sender {
        None => text.sms_none.to_owned(),
        Some(sender) if sender.source == *own => (text.sms_own)(sender.from.as_str(), sender.host.label()),
        Some(sender) => (text.sms_from)(sender.from.as_str(), sender.source.as_str(), sender.host.label()),
    }
}
