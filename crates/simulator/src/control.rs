//! The control API: what a test or a drill does to the world, and what it asks of it. JSON over HTTP, loopback only.
//!
//! | Request | Does |
//! |---|---|
//! | `GET /healthz` | `ok` |
//! | `GET /info` | base URLs, virtual now, seed, webhooks, scenarios |
//! | `GET /config` · `PATCH /config` · `DELETE /config` | the configuration in force: says, changes, puts back the first |
//! | `GET /scenarios` · `POST /scenario` | the named scenarios; lays one over the configuration |
//! | `GET /truth` · `GET /truth/{id}` | the ground truth |
//! | `GET /sends` | every request to send at Vonage, taken or not |
//! | `POST /messages` | creates a message without a provider call |
//! | `POST /behaviour` | sets the behaviour of an id or a phone |
//! | `GET /faults` · `POST /faults` · `DELETE /faults` · `DELETE /faults/{id}` | faults in force |
//! | `POST /events` | hands over an event that is made up |
//! | `POST /replay` | hands over an event of the journal once more |
//! | `POST /consents` | a person wants no more of an agent's advertising, or wants it again |
//! | `PUT /webhooks` | says where events go |
//! | `GET /handshakes` · `POST /handshakes` | handshakes with Google's webhooks: those made; makes one |
//! | `GET /journal` | events and their hand-overs |
//! | `GET /stats` | what arrived at the sockets |
//! | `GET /quiet` | whether anything is about to happen by itself |

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::behaviour::Behaviour;
use crate::config::{check_behaviour, check_probability};
use crate::fault::NewFault;
use crate::host::{HostName, Provider};
use crate::site::Site;
use crate::world::{
    Created, JournalEntry, NewConsent, NewEvent, NewMessage, Quiet, Refused, Replay, SendSeen, Truth,
};

mod config;
mod webhooks;

pub(crate) use webhooks::{set_webhook, shake_hands};

#[derive(Clone)]
struct Control {
    site: Arc<Site>,
    base_urls: BTreeMap<HostName, String>,
}

/// Serves the control API until it is told to stop.
pub(crate) async fn serve(
    site: Arc<Site>,
    base_urls: BTreeMap<HostName, String>,
    listener: TcpListener,
    stop: CancellationToken,
) {
    let router = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/info", get(info))
        .route("/config", get(config::get).patch(config::change).delete(config::put_back))
        .route("/scenarios", get(config::scenarios))
        .route("/scenario", post(config::play))
        .route("/truth", get(truth))
        .route("/truth/{id}", get(truth_of))
        .route("/sends", get(sends))
        .route("/messages", post(create_message))
        .route("/behaviour", post(set_behaviour))
        .route("/faults", get(list_faults).post(add_faults).delete(remove_faults))
        .route("/faults/{id}", delete(remove_fault))
        .route("/events", post(emit_event))
        .route("/replay", post(replay_event))
        .route("/consents", post(consent))
        .route("/webhooks", put(webhooks::set_all))
        .route("/handshakes", get(webhooks::handshakes).post(webhooks::make_handshake))
        .route("/journal", get(journal))
        .route("/stats", get(stats))
        .route("/quiet", get(quiet))
        .with_state(Control { site, base_urls });
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the control API ended");
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self {
            Self::UnknownMessage(_) | Self::UnknownEvent(_) | Self::UnknownScenario(_) => {
                StatusCode::NOT_FOUND
            }
            Self::Duplicate(_) => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}

async fn info(State(control): State<Control>) -> Json<Value> {
    let site = &control.site;
    let config = site.config();
    Json(json!({
        "base_urls": control.base_urls,
        "now_ms": site.clock.now_ms(),
        "scale": config.clock.scale,
        "seed": config.seed,
        "scenarios": config.scenarios,
        "webhooks": site.world(|world| world.webhooks()),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TruthFilter {
    provider: Option<Provider>,
}

async fn truth(State(control): State<Control>, Query(filter): Query<TruthFilter>) -> Json<Vec<Truth>> {
    Json(control.site.world(|world| {
        (0..world.messages.len())
            .filter(|&index| {
                filter.provider.is_none_or(|provider| world.messages[index].provider == provider)
            })
            .map(|index| world.truth(index))
            .collect()
    }))
}

async fn truth_of(State(control): State<Control>, Path(id): Path<String>) -> Result<Json<Truth>, Refused> {
    let found = control.site.world(|world| world.with_id(&id).first().map(|&index| world.truth(index)));
    found.map(Json).ok_or(Refused::UnknownMessage(id))
}

async fn sends(State(control): State<Control>) -> Json<Vec<SendSeen>> {
    Json(control.site.world(|world| world.sends().to_vec()))
}

async fn create_message(
    State(control): State<Control>,
    Json(mut message): Json<Value>,
) -> Result<(StatusCode, Json<Created>), Refused> {
    let site = &control.site;
    let now = site.clock.now_ms();
    let failover = message.as_object_mut().and_then(|message| message.remove("failover"));
    let failover: Vec<NewMessage> = failover.map(read).transpose()?.unwrap_or_default();
    let message: NewMessage = read(message)?;
    let application = &site.credentials.vonage_application_id;
    let created = site.world(|world| world.create(message, failover, application, now))?;
    Ok((StatusCode::CREATED, Json(created)))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Refused> {
    serde_path_to_error::deserialize(value).map_err(|error| Refused::Unreadable(error.to_string()))
}

/// Whose behaviour is set, and to what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetBehaviour {
    id: Option<String>,
    phone: Option<String>,
    behaviour: Behaviour,
}

async fn set_behaviour(
    State(control): State<Control>,
    Json(set): Json<SetBehaviour>,
) -> Result<Json<Value>, Refused> {
    check_behaviour(&set.behaviour).map_err(|error| Refused::Behaviour(error.to_string()))?;
    let now = control.site.clock.now_ms();
    let existing = control.site.world(|world| match (&set.id, &set.phone) {
        (Some(id), None) => Ok(world.set_message_behaviour(id, &set.behaviour, now)),
        (None, Some(phone)) => Ok(world.set_phone_behaviour(phone, &set.behaviour, now)),
        _ => Err(Refused::Incomplete("give either `id` or `phone`")),
    })?;
    Ok(Json(json!({ "existing_messages": existing })))
}

async fn list_faults(State(control): State<Control>) -> Json<Value> {
    Json(control.site.world(|world| json!(world.faults.list())))
}

/// One fault or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    More(Vec<NewFault>),
    One(NewFault),
}

async fn add_faults(
    State(control): State<Control>,
    Json(faults): Json<OneOrMore>,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let faults = match faults {
        OneOrMore::More(faults) => faults,
        OneOrMore::One(fault) => vec![fault],
    };
    for fault in &faults {
        check_probability("probability", fault.probability)
            .map_err(|error| Refused::Behaviour(error.to_string()))?;
    }
    let ids: Vec<u64> =
        control.site.world(|world| faults.into_iter().map(|fault| world.faults.add(fault)).collect());
    Ok((StatusCode::CREATED, Json(json!({ "ids": ids }))))
}

async fn remove_faults(State(control): State<Control>) -> Json<Value> {
    Json(json!({ "removed": control.site.world(|world| world.faults.remove(None)) }))
}

async fn remove_fault(State(control): State<Control>, Path(id): Path<u64>) -> Json<Value> {
    Json(json!({ "removed": control.site.world(|world| world.faults.remove(Some(id))) }))
}

async fn emit_event(
    State(control): State<Control>,
    Json(event): Json<NewEvent>,
) -> Result<(StatusCode, Json<JournalEntry>), Refused> {
    let now = control.site.clock.now_ms();
    let entry = control.site.world(|world| world.emit_made_up(&event, now))?;
    Ok((StatusCode::CREATED, Json(entry)))
}

async fn replay_event(
    State(control): State<Control>,
    Json(replay): Json<Replay>,
) -> Result<(StatusCode, Json<JournalEntry>), Refused> {
    let now = control.site.clock.now_ms();
    let entry = control.site.world(|world| world.replay(&replay, now))?;
    Ok((StatusCode::CREATED, Json(entry)))
}

async fn consent(
    State(control): State<Control>,
    Json(consent): Json<NewConsent>,
) -> Result<(StatusCode, Json<[JournalEntry; 2]>), Refused> {
    let now = control.site.clock.now_ms();
    let entries = control.site.world(|world| world.consent(&consent, now))?;
    Ok((StatusCode::CREATED, Json(entries)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JournalFilter {
    #[serde(default)]
    since: usize,
    message: Option<String>,
}

async fn journal(
    State(control): State<Control>,
    Query(filter): Query<JournalFilter>,
) -> Json<Vec<JournalEntry>> {
    Json(control.site.world(|world| world.journal(filter.since, filter.message.as_deref())))
}

async fn stats(State(control): State<Control>) -> Json<impl Serialize> {
    Json(control.site.world(|world| world.counters.stats().clone()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Horizon {
    #[serde(default)]
    within_ms: i64,
}

async fn quiet(State(control): State<Control>, Query(horizon): Query<Horizon>) -> Json<Quiet> {
    let now = control.site.clock.now_ms();
    Json(control.site.world(|world| world.quiet(horizon.within_ms, now)))
}
