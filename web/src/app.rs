//! The frame around every page: navigation, the state of the connection, the way in.

use leptos::prelude::*;

use crate::clock::Clock;
use crate::keys;
use crate::live::{Link, Live};
use crate::pages::{BatchPage, BatchesPage, Gatehouse, MessagePage, MessagesPage, RevokePage, SourcesPage};
use crate::paste::Draft;
use crate::place::{Page, Place};
use crate::session::{Gate, Session};
use crate::text::words;
use crate::theme;
use crate::ui::{Dialog, Only, ToastList, Toasts, dynamic, text_of};
use crate::when::{count, number, time_of_day};

mod counts;

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    let clock = Clock::start();
    let session = Session::begin(clock);
    let live = Live::start(session);
    provide_context(Place::begin());
    provide_context(clock);
    provide_context(session);
    provide_context(live);
    provide_context(Toasts::new());
    provide_context(Draft::begin(session, live));
    counts::follow(session, live);
    view! {
        <Frame/>
        <ToastList/>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let session = expect_context::<Session>();
    let help = RwSignal::new(false);
    let place = expect_context::<Place>();
    let page = Memo::new(move |_| place.page());
    let live = expect_context::<Live>();
    keys::listen(help);
    Effect::new(move || live.leave_messages_out(matches!(page.get(), Page::Batches | Page::Batch(_))));
    Effect::new(move || {
        let text = &words().shell;
        let title = match page.get() {
            Page::Messages => text.messages.to_owned(),
            Page::Batches | Page::Batch(_) => text.batches.to_owned(),
            Page::Message(key) => key,
            Page::Sources => text.sources.to_owned(),
            Page::Revoke | Page::Nowhere => text.revoke.to_owned(),
        };
        document().set_title(&format!("{title} · {}", text.name));
    });
    view! {
        <a class="skip" href="#main">{words().shell.skip}</a>
        <Only when=move || session.was_in.get() fallback=|| view! { <Gatehouse/> }>
            <div class="frame">
                <Side help/>
                <main id="main" tabindex="-1">
                    {dynamic(move || match page.get() {
                        Page::Revoke => view! { <RevokePage/> }.into_any(),
                        Page::Messages => view! { <MessagesPage/> }.into_any(),
                        Page::Message(key) => view! { <MessagePage key/> }.into_any(),
                        Page::Batches => view! { <BatchesPage/> }.into_any(),
                        Page::Batch(id) => view! { <BatchPage id/> }.into_any(),
                        Page::Sources => view! { <SourcesPage/> }.into_any(),
                        Page::Nowhere => view! { <p class="empty">{words().shell.no_page}</p> }.into_any(),
                    })}
                </main>
            </div>
            <Ended/>
        </Only>
        <Dialog open=help title=words().shell.keys.to_owned()>
            <KeyList/>
        </Dialog>
    }
}

#[component]
fn Side(help: RwSignal<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let text = &words().shell;
    let place = expect_context::<Place>();
    let here = move |is: fn(&Page) -> bool| move || is(&place.page()).then_some("page");
    let all = move || {
        let all: u64 = session.counts.get().values().sum();
        if all == 0 { String::new() } else { count(all) }
    };
    let sources = move || match session.sources.with(Vec::len) {
        0 => String::new(),
        some => number(some),
    };
    let running = move || match session.running.get() {
        0 => String::new(),
        some => (text.running)(&count(some)),
    };
    let demo = move || session.view.get().is_some_and(|view| view.demo);
    view! {
        <header class="side">
            <div class="brand">
                <svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.8"
                    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                    <path d="M6.5 3 3 6.5 6.5 10"/><path d="M3 6.5h7a4.5 4.5 0 0 1 0 9H6"/>
                </svg>
                <span>{text.name}</span>
            </div>
            <nav aria-label=text.main_nav>
                <a href="/" aria-current=here(|page| *page == Page::Revoke)>{text.revoke}</a>
                <a href="/messages" aria-current=here(|page| matches!(page, Page::Messages | Page::Message(_)))>
                    {text.messages}<small>{text_of(all)}</small>
                </a>
                <a href="/batches" aria-current=here(|page| matches!(page, Page::Batches | Page::Batch(_)))>
                    {text.batches}<small>{text_of(running)}</small>
                </a>
                <a href="/sources" aria-current=here(|page| *page == Page::Sources)>
                    {text.sources}<small>{text_of(sources)}</small>
                </a>
            </nav>
            <div class="end">
                <Connection/>
                <span class="wide-only">
                    <Only when=demo><span title=text.demo_hint>{text.demo}" · "</span></Only>
                    {dynamic(move || session.view.get().map(|view| view.version))}
                </span>
                <span class="wide-only">
                    <button class="link" on:click=move |_| help.set(true)>{text.keys}" "<kbd>"?"</kbd></button>
                </span>
                <button class="link" aria-label=text.theme on:click=|_| theme::switch()>
                    <span class="wide-only">{text.theme}</span>
                    <span class="narrow-only" aria-hidden="true">"◐"</span>
                </button>
            </div>
        </header>
    }
}

/// Whether what is shown is current, in words.
#[component]
fn Connection() -> impl IntoView {
    let live = expect_context::<Live>();
    let text = &words().shell;
    let class = move || match live.link.get() {
        Link::Live => "live",
        Link::Connecting => "live waiting",
        Link::Lost { .. } => "live off",
    };
    let said = move || match live.link.get() {
        Link::Live => text.live.to_owned(),
        Link::Connecting => text.connecting.to_owned(),
        Link::Lost { since } => (text.reconnecting)(&time_of_day(since)),
    };
    view! {
        <span class=class role="status" title=text.connecting_title>
            <i aria-hidden="true"></i><span class="word">{text_of(said)}</span>
        </span>
    }
}

/// Asks for the key again when the session has ended, over the page, which stays as it was.
#[component]
fn Ended() -> impl IntoView {
    let session = expect_context::<Session>();
    let open = RwSignal::new(false);
    Effect::new(move || {
        // Closed by hand, it comes back with the next call that is refused.
        session.api.signed_out.track();
        open.set(matches!(session.gate.get(), Gate::Out(_)));
    });
    view! {
        <Dialog open title=words().shell.ended_title.to_owned()>
            <p>{words().shell.ended_kept}</p>
            <crate::pages::KeyForm/>
        </Dialog>
    }
}

#[component]
fn KeyList() -> impl IntoView {
    let row = |(keys, what): &(&'static [&'static str], &'static str)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd>" " }).collect_view();
        view! { <dt>{keys}</dt><dd>{*what}</dd> }
    };
    view! { <dl class="keys">{words().shell.key_list.iter().map(row).collect_view()}</dl> }
}
