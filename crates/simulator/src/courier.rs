//! Makes things happen when they are due, and carries webhooks to their receivers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::site::Site;
use crate::world::{HandOver, HandshakeToken, Journey, Task};

pub(crate) mod handshake;
mod request;

/// Webhooks that may wait for their answers at the same time.
const AT_ONCE: usize = 128;
/// Steps that are done before other tasks get their turn.
const IN_A_ROW: usize = 256;
/// Real time that a receiver has for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is read of an answer.
const LARGEST_ANSWER: usize = 64 * 1024;

/// With nothing planned the courier sleeps until it is woken, or this long.
const LONGEST_SLEEP: Duration = Duration::from_hours(1);

type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// A client for webhooks.
pub(crate) fn new_client() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Runs until it is told to stop.
pub(crate) async fn run(site: Arc<Site>, stop: CancellationToken, tasks: TaskTracker) {
    let (to_carry, errands) = mpsc::unbounded_channel();
    tasks.spawn(carry(Arc::clone(&site), errands, stop.clone(), tasks.clone()));
    loop {
        let now = site.clock.now_ms();
        for errand in due(&site, now) {
            // The carrier outlives this loop, which only ends when everything does.
            let _ = to_carry.send(errand);
        }
        let wait = site.world(|world| world.next_due_at()).map(|at| site.clock.until(at));
        tokio::select! {
            () = stop.cancelled() => return,
            () = site.hastened.notified() => {}
            () = tokio::time::sleep(wait.unwrap_or(LONGEST_SLEEP)) => {}
        }
    }
}

/// Carries what the world wants carried. Apart from it, so that a slow receiver does not hold up the world's time.
async fn carry(
    site: Arc<Site>,
    mut errands: mpsc::UnboundedReceiver<Errand>,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let client = new_client();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(errand) = errands.recv().await {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let (site, client, stop) = (Arc::clone(&site), client.clone(), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = run_errand(&site, &client, errand) => {}
            }
            drop(slot);
        });
    }
}

/// What has to be carried to a webhook.
enum Errand {
    Event(Journey),
    Handshake { url: String, token: HandshakeToken },
}

async fn run_errand(site: &Site, client: &HttpClient, errand: Errand) {
    match errand {
        Errand::Event(journey) => hand_over(site, client, journey).await,
        Errand::Handshake { url, token } => {
            let seen = handshake::make(site, client, url, token).await;
            site.world(|world| world.end_handshake(seen));
        }
    }
}

/// Lives through what is due, and answers what has to be carried.
fn due(site: &Site, now: i64) -> Vec<Errand> {
    site.world(|world| {
        let mut errands = Vec::new();
        for _ in 0..IN_A_ROW {
            match world.next_due(now) {
                // It happened when it was due, however late this process is.
                Some((due, Task::Message { index, step, .. })) => world.live(index, step, due),
                Some((_, Task::HandOver(journey))) => {
                    errands.extend(world.depart(journey).map(Errand::Event));
                }
                Some((_, Task::Handshake { url, token })) => {
                    world.start_handshake();
                    errands.push(Errand::Handshake { url, token });
                }
                None => break,
            }
        }
        errands
    })
}

async fn hand_over(site: &Site, client: &HttpClient, journey: Journey) {
    let at_ms = site.clock.now_ms();
    let Some(entry) = site.world(|world| world.start_hand_over(journey, at_ms)) else { return };
    let signature = entry.way.signature_of_try(entry.hand_overs.len());
    let answer = match request::of(site, &entry, signature, at_ms) {
        Ok(request) => post(client, request).await,
        Err(error) => Answer { error: Some(error), ..Answer::default() },
    };
    let now = site.clock.now_ms();
    let Answer { status, error, reached, .. } = answer;
    site.world(|world| {
        let hand_over = HandOver { at_ms, signature, ended_at_ms: now, status, error };
        world.end_hand_over(journey, hand_over, reached);
    });
}

/// What became of a request.
#[derive(Default)]
struct Answer {
    status: Option<u16>,
    body: Bytes,
    /// What went wrong instead.
    error: Option<String>,
    /// Whether the bytes reached somebody.
    reached: bool,
}

async fn post(client: &HttpClient, request: Request<Full<Bytes>>) -> Answer {
    let exchange = async {
        let response = client.request(request).await?;
        let status = response.status().as_u16();
        // Read to the end, so that the connection can be used again.
        let body = Limited::new(response.into_body(), LARGEST_ANSWER).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Ok::<_, hyper_util::client::legacy::Error>((status, body))
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok((status, body))) => Answer { status: Some(status), body, error: None, reached: true },
        Ok(Err(error)) => {
            Answer { error: Some(error.to_string()), reached: !error.is_connect(), ..Answer::default() }
        }
        Err(_) => Answer { error: Some("no answer in time".to_owned()), reached: true, ..Answer::default() },
    }
}
