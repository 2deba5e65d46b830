//! What is known of the message itself, and its revocation window.

use leptos::prelude::*;
use rcs_revoke_core::{Host, Provider};

use super::Shown;
use crate::api::{Detail, Message};
use crate::clock::Clock;
use crate::session::Session;
use crate::text::words;
use crate::ui::{Instant, Said, dynamic, plain, text_of};
use crate::when::{length, moment};

/// The cards beside the timeline.
#[component]
pub fn Facts(shown: Shown) -> impl IntoView {
    let session = expect_context::<Session>();
    let cards = move || {
        let (message, detail) = shown.message.get()?;
        let closed = detail.closed_because.as_ref().map(|why| {
            view! { <p class="sec small">{(words().one.closed)(&plain(why))}</p> }
        });
        Some(view! {
            <section class="card">
                <h2>{words().one.details}</h2>
                {about_message(session, &message, &detail)}
            </section>
            <section class="card">
                <h2>{words().one.window}</h2>
                <Window message=message.clone()/>
                {closed}
            </section>
        })
    };
    dynamic(cards)
}

fn about_message(session: Session, message: &Message, detail: &Detail) -> impl IntoView + use<> {
    let text = &words().one;
    let source = message.source.clone().map(|id| {
        session.sources.with(|all| {
            let found = all.iter().find(|source| source.source.id.as_str() == id);
            found
                .map(|source| format!("{} · {}", source.source.provider.label(), source.name()))
                .unwrap_or(id)
        })
    });
    let host = detail
        .host
        .as_ref()
        .map(|name| name.parse::<Host>().map_or_else(|_| name.clone(), |host| host.label().to_owned()));
    let instant = |at: Option<i64>| match at {
        Some(at) => view! { <Instant at/> }.into_any(),
        None => view! { <span class="dim">{text.unknown}</span> }.into_any(),
    };
    let or_unknown = |known: Option<String>| match known {
        Some(known) => known.into_any(),
        None => view! { <span class="dim">{text.unknown}</span> }.into_any(),
    };
    let asked_at = detail.route.as_ref().map(|route| {
        view! { <dt>{text.asked_at}</dt><dd><Said sentence=route.why.clone()/></dd> }
    });
    view! {
        <dl class="l">
            <dt>{text.id}</dt><dd class="mono">{message.id.clone()}</dd>
            <dt>{text.to}</dt><dd>{or_unknown(message.recipient.clone())}</dd>
            <dt>{text.source}</dt><dd>{source.unwrap_or_else(|| text.no_source.to_owned())}</dd>
            <dt>{text.sent}</dt><dd>{instant(message.sent_at)}</dd>
            <dt>{text.life}</dt><dd>{instant(detail.horizon)}</dd>
            <dt>{text.host}</dt><dd>{or_unknown(host)}</dd>
            {asked_at}
            {detail.class.clone().map(|class| view! { <dt>{text.class}</dt><dd>{class}</dd> })}
        </dl>
    }
}

/// How much of the window has passed, in a bar and in words.
#[component]
fn Window(message: Message) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let text = &words().one;
    let Some(closes) = message.window_closes else {
        let provider = Provider::from_code(&message.provider);
        let unlimited = provider.is_some_and(|provider| provider.adapter().lifetimes().window.is_none());
        let said = if unlimited { text.window_none } else { text.window_unknown };
        return view! { <p class="sec">{said}</p> }.into_any();
    };
    let said = move || {
        let now = clock.ticking();
        let at = moment(closes, now);
        if closes <= now {
            (text.closed_at)(&at)
        } else {
            (text.closes)(&at, &(words().units.within)(&length(closes - now)))
        }
    };
    let meter = message.sent_at.filter(|sent| *sent < closes).map(|sent| {
        let width = move || {
            let passed = (clock.ticking() - sent).clamp(0, closes - sent);
            format!("{}%", passed.saturating_mul(100) / (closes - sent))
        };
        view! { <div class="meter" aria-hidden="true"><i style:width=width></i></div> }
    });
    view! { {meter} <p class="sec">{text_of(said)}</p> }.into_any()
}
