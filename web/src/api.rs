//! The only place that talks to the server. Everything else asks here and gets a value or a [`Failure`].

mod batch;
mod failure;
mod sms;
mod source;
mod upload;
mod view;

use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::prelude::{RwSignal, Set};
use rcs_revoke_api::{
    BatchCommand, BatchOrder, BatchTerms, FallbackOrder, FallbackOrdered, Lookup, LookupRequest,
    RevocationCommand, SessionRequest, SessionView, WithdrawalCommand, WithdrawalReport,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::{Blob, XmlHttpRequest};

pub use batch::{Batch, BatchPage, BatchPlan, History, PlannedWay, Rejected};
pub use failure::Failure;
pub use sms::{SentSms, SmsInstead, SmsPreview};
pub use source::SourceRow;
pub use view::{Counts, Detail, Entry, Message, Page, Piece, Planned, Report, Sentence, Step, Taken};

/// The address of the stream of changes.
pub const EVENTS: &str = "/api/v1/events";

/// The same stream without what changes at single messages: a batch changes hundreds in a second.
pub const EVENTS_OF_BATCHES: &str = "/api/v1/events?messages=false";

/// JSON in lines, one value in each.
const NDJSON: &str = "application/x-ndjson";

type Answer<T> = Result<T, Failure>;

/// Calls to the server; tells the page when the session has ended.
#[derive(Clone, Copy)]
pub struct Api {
    /// Set when the server no longer knows this session.
    pub signed_out: RwSignal<bool>,
}

impl Api {
    /// Who serves, if we have a session.
    pub async fn session(self) -> Answer<SessionView> {
        self.read(Request::get("/api/v1/session")).await
    }

    /// Exchanges the access key for a session.
    pub async fn enter(self, access_key: String) -> Answer<SessionView> {
        self.send(Request::post("/api/v1/session"), &SessionRequest { access_key }).await
    }

    /// The configured sources; one that this page cannot read is left out.
    pub async fn sources(self) -> Answer<Vec<SourceRow>> {
        let listed: Vec<serde_json::Value> = self.read(Request::get("/api/v1/sources")).await?;
        Ok(listed.into_iter().filter_map(|source| serde_json::from_value(source).ok()).collect())
    }

    /// One page of messages; the query as it stands in the address.
    pub async fn messages(self, query: &[(&str, &str)]) -> Answer<Page> {
        self.read(Request::get("/api/v1/messages").query(query.iter().copied())).await
    }

    /// One message in full.
    pub async fn message(self, key: &str) -> Answer<(Message, Detail)> {
        let path = format!("/api/v1/messages/{}", segment(key));
        let (status, text) =
            self.text(Request::get(&path).build().map_err(Failure::lost)?.send().await).await?;
        let read = || Some((serde_json::from_str(&text).ok()?, serde_json::from_str(&text).ok()?));
        read().ok_or(Failure::Unreadable(status))
    }

    /// What is known of these ids.
    pub async fn lookup(self, ids: Vec<String>) -> Answer<Vec<Lookup>> {
        self.send(Request::post("/api/v1/messages/lookup"), &LookupRequest { ids }).await
    }

    /// Asks for revocations; the same key twice is one command.
    pub async fn revoke(self, command: &RevocationCommand, idempotency_key: &str) -> Answer<Report> {
        let request = Request::post("/api/v1/revocations").header("Idempotency-Key", idempotency_key);
        self.send(request, command).await
    }

    /// Takes back what was not yet sent.
    pub async fn withdraw(self, messages: Vec<String>) -> Answer<WithdrawalReport> {
        self.send(Request::post("/api/v1/withdrawals"), &WithdrawalCommand { messages }).await
    }

    /// Orders an SMS instead of a message. The order names its number: given twice, it sends one.
    pub async fn order_sms(self, order: &FallbackOrder) -> Answer<FallbackOrdered> {
        self.send(Request::post("/api/v1/fallbacks"), order).await
    }

    /// One page of batches, the latest first.
    pub async fn batches(self, query: &[(&str, &str)]) -> Answer<BatchPage> {
        self.read(Request::get("/api/v1/batches").query(query.iter().copied())).await
    }

    /// One batch.
    pub async fn batch(self, id: &str) -> Answer<Batch> {
        self.read(Request::get(&batch_path(id))).await
    }

    /// Plans a batch; nothing is sent. The same key twice is one plan.
    pub async fn plan_batch(self, command: &BatchCommand, idempotency_key: &str) -> Answer<Batch> {
        let request = Request::post("/api/v1/batches").header("Idempotency-Key", idempotency_key);
        self.send(request, command).await
    }

    /// Plans a batch of the messages in the lines of a body: `begun` gets what it can be broken off by, `sent` how many
    /// bytes have left.
    pub async fn upload_batch(
        self,
        terms: &BatchTerms,
        lines: &Blob,
        idempotency_key: &str,
        begun: impl FnOnce(XmlHttpRequest),
        sent: impl Fn(f64) + 'static,
    ) -> Answer<Batch> {
        let address = format!("/api/v1/batches/upload{}", terms_query(terms));
        let (status, text) = upload::upload(&address, NDJSON, idempotency_key, lines, begun, sent).await?;
        let text = self.checked(status, text)?;
        serde_json::from_str(&text).map_err(|_| Failure::Unreadable(status))
    }

    /// Starts, pauses, resumes or aborts a batch.
    pub async fn order_batch(self, id: &str, command: &str, order: &BatchOrder) -> Answer<Batch> {
        self.send(Request::post(&format!("{}/{command}", batch_path(id))), order).await
    }

    /// Throws a plan away.
    pub async fn drop_batch(self, id: &str) -> Answer<()> {
        let answer = Request::delete(&batch_path(id)).build().map_err(Failure::lost)?.send().await;
        self.text(answer).await.map(drop)
    }

    async fn read<T: DeserializeOwned>(self, request: RequestBuilder) -> Answer<T> {
        let answer = request.build().map_err(Failure::lost)?.send().await;
        self.parse(answer).await
    }

    async fn send<T: DeserializeOwned>(self, request: RequestBuilder, body: &impl Serialize) -> Answer<T> {
        let answer = request.json(body).map_err(Failure::lost)?.send().await;
        self.parse(answer).await
    }

    async fn parse<T: DeserializeOwned>(self, answer: Result<Response, gloo_net::Error>) -> Answer<T> {
        let (status, text) = self.text(answer).await?;
        serde_json::from_str(&text).map_err(|_| Failure::Unreadable(status))
    }

    async fn text(self, answer: Result<Response, gloo_net::Error>) -> Answer<(u16, String)> {
        let answer = answer.map_err(Failure::lost)?;
        let status = answer.status();
        let text = answer.text().await.map_err(Failure::lost)?;
        Ok((status, self.checked(status, text)?))
    }

    /// The text of an answer that is no refusal.
    fn checked(self, status: u16, text: String) -> Answer<String> {
        if (200..300).contains(&status) {
            return Ok(text);
        }
        if status == 401 {
            self.signed_out.set(true);
        }
        Err(Failure::of(status, &text))
    }
}

fn batch_path(id: &str) -> String {
    format!("/api/v1/batches/{}", segment(id))
}

/// The addresses of what can be downloaded of a batch.
pub struct Downloads {
    pub csv: String,
    pub json: String,
    pub rejects: String,
}

/// Where the messages of a batch, and the rows that could not be taken, are downloaded.
pub fn downloads(batch: &str) -> Downloads {
    let path = batch_path(batch);
    Downloads {
        csv: format!("{path}/messages.csv"),
        json: format!("{path}/messages.ndjson"),
        rejects: format!("{path}/rejects.csv"),
    }
}

/// The terms as a query, with its question mark.
fn terms_query(terms: &BatchTerms) -> String {
    let fields = serde_json::to_value(terms).ok();
    let fields = fields.as_ref().and_then(serde_json::Value::as_object);
    let pairs = fields.into_iter().flatten().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={}", String::from(js_sys::encode_uri_component(&value)))
    });
    let pairs: Vec<String> = pairs.collect();
    format!("?{}", pairs.join("&"))
}

/// A fresh key for a command, so that a repetition after a lost answer is no second command.
pub fn idempotency_key() -> String {
    let random = || {
        format!("{:013x}", (js_sys::Math::random() * f64::from(1_u32 << 31)).to_bits() & 0xF_FFFF_FFFF_FFFF)
    };
    format!("console-{}{}", random(), random())
}

/// A text as one segment of a path; `:` and `@` may stand in one, and keys read better with them.
pub fn segment(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text)).replace("%3A", ":").replace("%40", "@")
}
