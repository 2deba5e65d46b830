//! An answer of a provider, before faults get at it.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Response, StatusCode, header};

use crate::world::Effect;

/// An answer, and what it did to a message if it is about a revocation.
pub(crate) struct Reply {
    pub response: Box<Response<Bytes>>,
    pub revoked: Option<(usize, Effect)>,
    /// The id of the message that it took, if it is about sending.
    pub sent: Option<String>,
}

impl Reply {
    /// An answer with a body of this media type; an empty body has none.
    pub(crate) fn new(status: u16, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if !response.body().is_empty() {
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(media_type));
        }
        Self { response: Box::new(response), revoked: None, sent: None }
    }

    /// Exactly this answer; headers that are none are left out.
    pub(crate) fn verbatim(status: u16, headers: &BTreeMap<String, String>, body: &str) -> Self {
        let mut reply = Self::new(status, "text/plain", body.to_owned());
        reply.response.headers_mut().remove(header::CONTENT_TYPE);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (name.parse::<header::HeaderName>(), value.parse()) {
                reply.response.headers_mut().insert(name, value);
            }
        }
        reply
    }

    /// The same with one more header; a value that is no header value is left out.
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = value.parse() {
            self.response.headers_mut().insert(name, value);
        }
        self
    }
}
