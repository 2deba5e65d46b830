//! The only place that talks to the server. Everything else asks here and gets a value or a [`Failure`].

mod failure;
mod sms;
mod source;
mod view;

use gloo_net::http::{Request, RequestBuilder, Response};
use leptos::prelude::{RwSignal, Set};
use rcs_revoke_api::{
    FallbackOrder, FallbackOrdered, Lookup, LookupRequest, RevocationCommand, SessionRequest, SessionView,
    WithdrawalCommand, WithdrawalReport,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use failure::Failure;
pub use sms::{SentSms, SmsInstead, SmsPreview};
pub use source::SourceRow;
pub use view::{Counts, Detail, Entry, Message, Page, Piece, Planned, Report, Sentence, Step, Taken};

/// The address of the stream of changes.
pub const EVENTS: &str = "/api/v1/events";

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
        if answer.ok() {
            return Ok((status, text));
        }
        if status == 401 {
            self.signed_out.set(true);
        }
        Err(Failure::of(status, &text))
    }
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
