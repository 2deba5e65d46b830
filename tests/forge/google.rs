//! A webhook of Google in parts, each of which can be wrong on its own.
//!
//! The signature is the base64 of an HMAC-SHA512 over the decoded bytes of `message.data`:
//! <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>.

use super::Call;
use super::draft::Material;
use super::keys::{Mac, base64};

/// The header of the signature.
pub const SIGNATURE: &str = "X-Goog-Signature";

/// Where the base64 of the event stands in an envelope.
const DATA: &str = "DATA";

const ENVELOPE: &str = r#"{"subscription":"projects/p/subscriptions/s","message":{"data":"DATA","attributes":{"project_number":"129000000000","product":"RBM","business_id":"tickets@rbm.goog","type":"event"},"messageId":"6267774379637729","publishTime":"2026-11-20T10:00:00.5Z"}}"#;

/// One webhook before it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is made from.
    pub material: Material,
    /// The event.
    pub payload: Vec<u8>,
    /// The signature's header.
    pub signature: Option<Vec<u8>>,
    /// The event in base64, as it is written.
    pub data: String,
    /// What stands around it.
    pub envelope: String,
    /// A body instead of all that.
    pub body: Option<Vec<u8>>,
    /// Behind `/webhooks/`.
    pub path: String,
    /// Further headers.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Draft {
    /// A webhook that would be believed.
    pub fn new(material: Material) -> Self {
        let mut draft = Self {
            path: format!("google_rbm/{}", material.target.source),
            payload: Vec::new(),
            signature: None,
            data: String::new(),
            envelope: ENVELOPE.to_owned(),
            body: None,
            headers: vec![("X-Goog-Webhook-Type".to_owned(), b"agent_callback".to_vec())],
            material,
        };
        let event = draft.material.event.clone();
        draft.says(event);
        draft
    }

    /// Says this, rightly signed.
    pub fn says(&mut self, payload: impl Into<Vec<u8>>) {
        self.carries(payload);
        let key = self.material.keys.google.clone();
        self.sign(Mac::Hs512, &key, &self.payload.clone());
    }

    /// Says what was accepted before, rightly signed.
    pub fn says_the_known(&mut self) {
        let known = self.material.known.clone();
        self.says(known);
    }

    /// Carries this, under whatever signature there is.
    pub fn carries(&mut self, payload: impl Into<Vec<u8>>) {
        self.payload = payload.into();
        self.data = base64(&self.payload);
    }

    /// The signature over this text.
    pub fn sign(&mut self, mac: Mac, key: &[u8], text: &[u8]) {
        self.signature = Some(base64(mac.tag(key, text)).into_bytes());
    }

    /// The same event under another key.
    pub fn sign_with(&mut self, key: impl AsRef<[u8]>) {
        self.sign(Mac::Hs512, key.as_ref(), &self.payload.clone());
    }

    /// This for a signature.
    pub fn signature_is(&mut self, text: impl Into<Vec<u8>>) {
        self.signature = Some(text.into());
    }

    /// Another path behind `/webhooks/`.
    pub fn arrives_at(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }

    /// Another envelope, in which `DATA` stands for the event.
    pub fn envelope_is(&mut self, envelope: &str) {
        envelope.clone_into(&mut self.envelope);
    }

    /// The signature as text.
    pub fn signature_text(&self) -> String {
        String::from_utf8_lossy(self.signature.as_deref().unwrap_or_default()).into_owned()
    }

    /// The event with one piece of its text replaced, rightly signed.
    pub fn says_instead(&mut self, from: &str, to: &str) {
        let text = self.material.event.replacen(from, to, 1);
        assert_ne!(text, self.material.event, "{from} does not stand in the event");
        self.says(text);
    }

    /// The event with these fields before its own, rightly signed.
    pub fn says_first(&mut self, fields: impl AsRef<[u8]>) {
        let event = self.material.event.clone();
        self.says([b"{", fields.as_ref(), b",", &event.as_bytes()[1..]].concat());
    }

    /// The event with these fields behind its own, rightly signed.
    pub fn says_last(&mut self, fields: impl AsRef<[u8]>) {
        let event = self.material.event.clone();
        self.says([&event.as_bytes()[..event.len() - 1], b",", fields.as_ref(), b"}"].concat());
    }

    /// The body as it stands now.
    pub fn written(&self) -> Vec<u8> {
        self.body.clone().unwrap_or_else(|| self.envelope.replace(DATA, &self.data).into_bytes())
    }

    /// The call.
    pub fn into_call(self) -> Call {
        let mut call = Call::post(format!("/webhooks/{}", self.path), self.written());
        call = call.with("content-type", "application/json");
        if let Some(signature) = self.signature {
            call = call.with(SIGNATURE, signature);
        }
        call.headers.extend(self.headers);
        call
    }
}
