//! A webhook of Vonage in parts, each of which can be wrong on its own.
//!
//! The token in `Authorization` is HS256, and one of its claims is the SHA-256 of the body in lower-case hexadecimal
//! digits: <https://developer.vonage.com/en/getting-started/concepts/webhooks>.

use super::Call;
use super::draft::Material;
use super::keys::{Mac, base64url, sha256_hex};

/// Where the hash of the body stands in the claims.
const HASH: &str = "HASH";

/// What stands in the header `Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// The token.
    Token,
    /// This instead.
    Written(Vec<u8>),
    /// Nothing: there is no such header.
    Missing,
}

/// One webhook before it is written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is made from.
    pub material: Material,
    /// The token's header.
    pub header: String,
    /// The token's claims.
    pub claims: String,
    /// The HMAC of the token.
    pub mac: Mac,
    /// Its key.
    pub key: Vec<u8>,
    /// The signature instead of that HMAC, as it is written.
    pub signature: Option<String>,
    /// What is written into the header.
    pub authorization: Authorization,
    /// The body that the token was made for, where it is another.
    pub signed_body: Option<Vec<u8>>,
    /// The body.
    pub body: Vec<u8>,
    /// Behind `/webhooks/`.
    pub path: String,
    /// Further headers.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Draft {
    /// A webhook that would be believed.
    pub fn new(material: Material) -> Self {
        let keys = &material.keys;
        Self {
            header: r#"{"alg":"HS256","typ":"JWT"}"#.to_owned(),
            claims: format!(
                "{{\"iat\":1795168800,\"jti\":\"0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d\",\"iss\":\"Vonage\",\
                 \"payload_hash\":\"{HASH}\",\"api_key\":\"{}\",\"application_id\":\"{}\"}}",
                keys.api_key, keys.application
            ),
            mac: Mac::Hs256,
            key: keys.vonage.clone(),
            signature: None,
            authorization: Authorization::Token,
            signed_body: None,
            body: material.event.clone().into_bytes(),
            path: format!("vonage/{}", material.target.source),
            headers: Vec::new(),
            material,
        }
    }

    /// Says this, rightly signed.
    pub fn says(&mut self, body: impl Into<Vec<u8>>) {
        self.body = body.into();
        self.signed_body = None;
    }

    /// Says what was accepted before, rightly signed.
    pub fn says_the_known(&mut self) {
        let known = self.material.known.clone();
        self.says(known);
    }

    /// Says again what was accepted before, with one field more.
    pub fn says_the_known_with(&mut self, field: &str) {
        let mut known = self.material.known.clone();
        let end = known.pop();
        assert_eq!(end, Some('}'), "an event is an object");
        self.says(format!("{known},{field}}}"));
    }

    /// Carries this, under a token that was made for what it said before.
    pub fn carries(&mut self, body: impl Into<Vec<u8>>) {
        let before = std::mem::replace(&mut self.body, body.into());
        self.signed_body = Some(before);
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

    /// The claims with one piece of their text replaced.
    pub fn claims_instead(&mut self, from: &str, to: &str) {
        let text = self.claims.replacen(from, to, 1);
        assert_ne!(text, self.claims, "{from} does not stand in the claims");
        self.claims = text;
    }

    /// Another path behind `/webhooks/`.
    pub fn arrives_at(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }

    /// Another header of the token.
    pub fn header_is(&mut self, header: &str) {
        header.clone_into(&mut self.header);
    }

    /// Other claims, in which `HASH` stands for the hash of the body.
    pub fn claims_are(&mut self, claims: &str) {
        claims.clone_into(&mut self.claims);
    }

    /// Another field in the token's header.
    pub fn header_with(&mut self, field: &str) {
        self.header = format!("{{\"alg\":\"HS256\",{field}}}");
    }

    /// The body that the token speaks of.
    fn for_body(&self) -> &[u8] {
        self.signed_body.as_deref().unwrap_or(&self.body)
    }

    /// The two parts of the token that are signed.
    pub fn signed(&self) -> String {
        let claims = self.claims.replace(HASH, &sha256_hex(self.for_body()));
        format!("{}.{}", base64url(&self.header), base64url(claims))
    }

    /// The token.
    pub fn token(&self) -> String {
        let signed = self.signed();
        let signature =
            self.signature.clone().unwrap_or_else(|| base64url(self.mac.tag(&self.key, signed.as_bytes())));
        format!("{signed}.{signature}")
    }

    /// The token for what it says now, written in this way.
    pub fn token_is(&mut self, written: impl FnOnce(&str) -> String) {
        let token = written(&self.token());
        self.authorization = Authorization::Written(format!("Bearer {token}").into_bytes());
    }

    /// This for the header `Authorization`.
    pub fn authorization_is(&mut self, text: impl Into<Vec<u8>>) {
        self.authorization = Authorization::Written(text.into());
    }

    /// The call.
    pub fn into_call(self) -> Call {
        let authorization = match &self.authorization {
            Authorization::Token => Some(format!("Bearer {}", self.token()).into_bytes()),
            Authorization::Written(text) => Some(text.clone()),
            Authorization::Missing => None,
        };
        let mut call = Call::post(format!("/webhooks/{}", self.path), self.body);
        call = call.with("content-type", "application/json");
        if let Some(authorization) = authorization {
            call = call.with("Authorization", authorization);
        }
        call.headers.extend(self.headers);
        call
    }
}
