//! Makes things happen when they are due, and carries webhooks to their receivers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::behaviour::Signature;
use crate::google::webhook as google;
use crate::host::Provider;
use crate::jwt::{WebhookClaims, sign_webhook};
use crate::site::Site;
use crate::world::{HandOver, JournalEntry, Journey, Task};

/// Webhooks that may wait for their answers at the same time.
const AT_ONCE: usize = 128;
/// Steps that are done before other tasks get their turn.
const IN_A_ROW: usize = 256;
/// Real time that a receiver has for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// With nothing planned the courier sleeps until it is woken, or this long.
const LONGEST_SLEEP: Duration = Duration::from_hours(1);

type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// Runs until it is told to stop.
pub(crate) async fn run(site: Arc<Site>, stop: CancellationToken, tasks: TaskTracker) {
    let (to_carry, journeys) = mpsc::unbounded_channel();
    tasks.spawn(carry(Arc::clone(&site), journeys, stop.clone(), tasks.clone()));
    loop {
        let now = site.clock.now_ms();
        for journey in due(&site, now) {
            // The carrier outlives this loop, which only ends when everything does.
            let _ = to_carry.send(journey);
        }
        let wait = site.world(|world| world.next_due_at()).map(|at| site.clock.until(at));
        tokio::select! {
            () = stop.cancelled() => return,
            () = site.hastened.notified() => {}
            () = tokio::time::sleep(wait.unwrap_or(LONGEST_SLEEP)) => {}
        }
    }
}

/// Hands over what the world wants carried. Apart from it, so that a slow receiver does not hold up the world's time.
async fn carry(
    site: Arc<Site>,
    mut journeys: mpsc::UnboundedReceiver<Journey>,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let client: HttpClient = Client::builder(TokioExecutor::new()).build_http();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(journey) = journeys.recv().await {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let (site, client, stop) = (Arc::clone(&site), client.clone(), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = hand_over(&site, &client, journey) => {}
            }
            drop(slot);
        });
    }
}

/// Lives through what is due, and answers what has to be carried.
fn due(site: &Site, now: i64) -> Vec<Journey> {
    site.world(|world| {
        let mut journeys = Vec::new();
        for _ in 0..IN_A_ROW {
            match world.next_due(now) {
                // It happened when it was due, however late this process is.
                Some((due, Task::Message { index, step, .. })) => world.live(index, step, due),
                Some((_, Task::HandOver(journey))) => {
                    world.depart();
                    journeys.push(journey);
                }
                None => break,
            }
        }
        journeys
    })
}

async fn hand_over(site: &Site, client: &HttpClient, journey: Journey) {
    let Some(entry) = site.world(|world| world.start_hand_over(journey)) else { return };
    let at_ms = site.clock.now_ms();
    let (status, error, reached) = match request(site, &entry, at_ms) {
        Ok(request) => post(client, request).await,
        Err(error) => (None, Some(error), false),
    };
    let now = site.clock.now_ms();
    site.world(|world| {
        world.end_hand_over(journey, HandOver { at_ms, ended_at_ms: now, status, error }, reached);
    });
}

/// Status or what went wrong, and whether the bytes reached somebody.
async fn post(client: &HttpClient, request: Request<Full<Bytes>>) -> (Option<u16>, Option<String>, bool) {
    let exchange = async {
        let response = client.request(request).await?;
        let status = response.status().as_u16();
        // Read to the end, so that the connection can be used again.
        let _ = response.into_body().collect().await;
        Ok::<u16, hyper_util::client::legacy::Error>(status)
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(status)) => (Some(status), None, true),
        Ok(Err(error)) => (None, Some(error.to_string()), !error.is_connect()),
        Err(_) => (None, Some("no answer in time".to_owned()), true),
    }
}

fn request(site: &Site, entry: &JournalEntry, now: i64) -> Result<Request<Full<Bytes>>, String> {
    let url = entry.url.as_deref().unwrap_or_default();
    let builder =
        Request::builder().method(Method::POST).uri(url).header(header::CONTENT_TYPE, "application/json");
    let (builder, body) = match entry.provider {
        Provider::Google => {
            let agent = entry.agent.as_deref().unwrap_or("demo_agent");
            let body = google::envelope(&entry.payload, agent, &entry.word, entry.id, now);
            let builder = builder.header("x-goog-webhook-type", "message_callback");
            (sign_google(site, entry, builder), body)
        }
        Provider::Vonage => (sign_vonage(site, entry, builder, now), entry.payload.clone()),
    };
    builder.body(Full::from(body)).map_err(|error| error.to_string())
}

fn sign_google(site: &Site, entry: &JournalEntry, builder: http::request::Builder) -> http::request::Builder {
    let token = match entry.signature {
        Signature::Good => site.credentials.google_client_token.as_str(),
        Signature::Bad => "another-client-token",
        Signature::Missing => return builder,
    };
    builder.header("x-goog-signature", google::signature(token, entry.payload.as_bytes()))
}

fn sign_vonage(
    site: &Site,
    entry: &JournalEntry,
    builder: http::request::Builder,
    now: i64,
) -> http::request::Builder {
    let credentials = &site.credentials;
    let secret = match entry.signature {
        Signature::Good => credentials.vonage_signature_secret.as_str(),
        Signature::Bad => "another-signature-secret",
        Signature::Missing => return builder,
    };
    let nth = entry.hand_overs.len();
    let jti = site.world(|world| world.dice.uuid(&entry.id.to_string(), "jti", nth as u64));
    let claims = WebhookClaims {
        iat_s: now / 1000,
        jti: &jti,
        api_key: &credentials.vonage_api_key,
        application_id: entry.application_id.as_deref(),
    };
    let token = sign_webhook(secret, entry.payload.as_bytes(), &claims);
    builder.header(header::AUTHORIZATION, format!("Bearer {token}"))
}
