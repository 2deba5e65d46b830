//! `GET /api/v1/messages/{message}`: one message in full.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use rcs_revoke_api::{Follows, MessageDetail, PlannedWish, Problem, SmsPreview, SmsView};
use rcs_revoke_core::fact::Then;
use rcs_revoke_core::fallback::parts;
use rcs_revoke_core::id::WishId;
use rcs_revoke_core::sentence::Sentence;
use rcs_revoke_core::{
    E164, Evidence, Fact, Known, MessageRef, Policy, Source, Timestamp, explain, fallback, wish,
};

use crate::access::Operator;
use crate::app::{App, AppState};
use crate::problem::ApiError;
use crate::sources::Sources;
use crate::store::Projection;
use crate::store::projection::Held;

/// One message: its outcome and why, its timeline, what comes next.
///
/// # Errors
/// When the key is malformed or nobody knows it.
#[utoipa::path(get, path = "/api/v1/messages/{message}", operation_id = "show_message", tag = "messages",
    params(("message" = String, Path, description = "The message's key, such as vonage:aaaaaaaa-…")),
    responses((status = 200, body = MessageDetail), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn detail(
    _: Operator,
    State(app): State<AppState>,
    Path(message): Path<String>,
) -> Result<Json<MessageDetail>, ApiError> {
    let message = MessageRef::parse(&message)
        .map_err(|error| ApiError::invalid("invalid_message", error.to_string()))?;
    let held = app.store.message(&message).await?;
    let held = held.ok_or_else(|| ApiError::not_found(format!("Nothing is known of {message}")))?;
    Ok(Json(describe(&app, &held)))
}

fn describe(app: &App, held: &Held) -> MessageDetail {
    let now = app.clock.now();
    let evidence = &held.evidence;
    let (source, policy) = match held.source.as_deref().and_then(|id| app.sources.find(id)) {
        Some(entry) => (entry.snapshot(), Arc::clone(&entry.policy)),
        None => Sources::stand_in(evidence.message().provider(), held.source.as_deref()),
    };
    let (mut view, _) = Projection::of(evidence, &source, &policy, now);
    view.view.version = held.version;
    if let Some(stored) = &held.projection {
        view.view.changed_at = stored.view.changed_at;
    }
    let known = Known::of(evidence, &policy);
    let open_wish = wish::withdrawable(evidence, &source, &policy, now);
    MessageDetail {
        explanation: without_numbers(explain::explain(evidence, &source, &policy, now), evidence),
        timeline: explain::timeline(evidence, &source, &policy, now),
        horizon: known.horizon.map(Timestamp::as_millis),
        class: known.class,
        host: known.host.map(|host| host.name().to_owned()),
        route: explain::next_host(evidence, &source, &policy, now),
        sms_instead: sms_instead(evidence, &source, &policy, now),
        planned: open_wish.as_ref().and_then(|wish| planned(evidence, wish, now)),
        open_wish: open_wish.map(|wish| wish.to_string()),
        closed_because: wish::closed_because(evidence, &source, &policy, now),
        view: app.current(view.view),
    }
}

/// What a wish plans, if its time has not come.
fn planned(evidence: &Evidence, wish: &WishId, now: Timestamp) -> Option<PlannedWish> {
    let requested = evidence.facts().find_map(|fact| match fact {
        Fact::Requested(requested) if requested.wish == *wish => Some(requested),
        _ => None,
    })?;
    Some(PlannedWish {
        at: requested.not_before.filter(|at| *at > now)?.as_millis(),
        by: requested.by.clone(),
        then: match requested.then {
            _ if requested.hand => Follows::Sms,
            Then::Nothing => Follows::Nothing,
            Then::Fallback => Follows::Fallback,
        },
        reason: requested.reason.clone(),
    })
}

/// What there is to know of an SMS instead.
fn sms_instead(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> SmsView {
    let next = fallback::fallback(evidence, source, policy, now);
    let draft = fallback::draft(evidence, source, policy, next.number, now);
    let (preview, problem) = match draft {
        Ok(draft) => (
            Some(SmsPreview {
                from: draft.from.to_string(),
                to: draft.to.masked(),
                parts: parts(&draft.text),
                text: draft.text,
                source: draft.via.to_string(),
                cost: Sentence::new(explain::SMS_COST),
            }),
            None,
        ),
        Err(error) => (None, Some(error.to_string())),
    };
    SmsView {
        next,
        words: explain::sms(evidence, source, policy, now),
        preview,
        problem,
        sent: fallback::sent(evidence, policy, now),
    }
}

/// The keys of a provider's events name the recipient: numbers come out masked here too.
fn without_numbers(mut explanation: explain::Explanation, evidence: &Evidence) -> explain::Explanation {
    let numbers: Vec<&E164> = evidence
        .facts()
        .filter_map(|fact| match fact {
            Fact::Event(event) => event.phone.as_ref(),
            _ => None,
        })
        .collect();
    for cite in &mut explanation.cites {
        for number in &numbers {
            *cite =
                cite.replace(number.as_str(), &number.masked()).replace(number.digits(), &number.masked());
        }
    }
    explanation
}
