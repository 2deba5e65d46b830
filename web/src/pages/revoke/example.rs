//! The exact request of one message, built by the same core that the server builds it with.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rcs_revoke_core::region::Route;
use rcs_revoke_core::request::{OutgoingRequest, RevokeTarget};
use rcs_revoke_core::{E164, MessageRef};

use crate::paste::{Draft, Plan};
use crate::save;
use crate::text::words;
use crate::ui::{Toasts, because, dynamic};

/// An example: the line it comes from, the request, and where it goes and why.
#[derive(Clone, PartialEq)]
struct Sample {
    line: usize,
    message: MessageRef,
    request: Option<OutgoingRequest>,
    route: Route,
}

fn sample(draft: Draft, plan: &Plan) -> Option<Sample> {
    let at = plan.example?;
    draft.with_sheet(|sheet| {
        let (message, source) = sheet.ready(at)?;
        let entry = sheet.entry(at)?;
        let route = plan.route_of(source)?.clone();
        let target = RevokeTarget { message: &message, recipient: entry.phone.as_ref(), host: route.first() };
        let request = message.provider().adapter().revoke_request(&target).ok();
        let request = request.or_else(|| with_stand_in(&message, &route));
        Some(Sample { line: sheet.line(at), message, request, route })
    })
}

/// A number that nobody has, in the place of one that only the server knows.
const STAND_IN: &str = "+999000000000000";

/// The request for a message whose number only the server knows: the number is left as a placeholder.
fn with_stand_in(message: &MessageRef, route: &Route) -> Option<OutgoingRequest> {
    let stand_in = E164::parse(STAND_IN).ok()?;
    let target = RevokeTarget { message, recipient: Some(&stand_in), host: route.first() };
    let mut request = message.provider().adapter().revoke_request(&target).ok()?;
    for written in [STAND_IN.to_owned(), STAND_IN.replace('+', "%2B")] {
        request.path = request.path.replace(&written, words().plan.phone_known);
    }
    Some(request)
}

/// The card under the field.
#[component]
pub fn Example() -> impl IntoView {
    let draft = expect_context::<Draft>();
    let toasts = expect_context::<Toasts>();
    let shown = Memo::new(move |_| draft.plan.with(|plan| sample(draft, plan)));
    let copy = move |request: OutgoingRequest| {
        spawn_local(async move {
            let copied = save::copy(&curl(&request)).await;
            toasts.say(if copied { words().shell.copied } else { words().shell.not_copied });
        });
    };
    dynamic(move || {
        let sample = shown.get()?;
        let request = sample.request?;
        let (before, id, after) = around(&request.documented_url(), sample.message.id().as_str());
        let headers: Vec<String> =
            request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let headers = headers.concat();
        let body = if request.body.is_empty() { String::new() } else { format!("\n{}", request.body) };
        let method = request.method.clone();
        let copied = request.clone();
        Some(view! {
            <section class="card" aria-labelledby="example">
                <h2 id="example">{(words().plan.example)(sample.line)}</h2>
                <pre tabindex="0"><b>{method}</b>" "{before}<b>{id}</b>{after}"\nAuthorization: Bearer "{words().plan.bearer}"\n"{headers}{body}</pre>
                <p class="sec route">
                    {words().plan.host}" "{because(&sample.route)}" "
                    <button class="link" on:click=move |_| copy(copied.clone())>{words().plan.copy_curl}</button>
                </p>
            </section>
        })
    })
}

/// A text before, at and after a part of it.
fn around(text: &str, part: &str) -> (String, String, String) {
    match text.find(part) {
        Some(at) => (text[..at].to_owned(), part.to_owned(), text[at + part.len()..].to_owned()),
        None => (text.to_owned(), String::new(), String::new()),
    }
}

/// The request as a curl command, the credential left out.
fn curl(request: &OutgoingRequest) -> String {
    let quote = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut parts = vec![
        format!("curl -X {} {}", request.method, quote(&request.documented_url())),
        "-H \"Authorization: Bearer $TOKEN\"".to_owned(),
    ];
    parts.extend(
        request.headers.iter().map(|(name, value)| format!("-H {}", quote(&format!("{name}: {value}")))),
    );
    if !request.body.is_empty() {
        parts.push(format!("-d {}", quote(&request.body)));
    }
    parts.join(" \\\n  ")
}
