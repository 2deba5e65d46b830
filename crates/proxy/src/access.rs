//! Who may come in: whoever holds the access key, as a bearer or exchanged once for a cookie.
//!
//! Operators and roles are not known here: one key opens everything.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::AppState;
use crate::problem::ApiError;

const COOKIE_NAME: &str = "rcs_revoke_session";
/// How long a browser stays in.
const COOKIE_SECONDS: u32 = 12 * 3_600;

/// The access key, and the cookie that stands for it.
pub struct Access {
    key: SecretString,
    cookie: SecretString,
}

/// Proof that the caller came in; a handler that takes it cannot be reached without.
#[derive(Clone, Copy, Debug)]
pub struct Operator;

impl Operator {
    /// How facts call whoever holds the key.
    pub const NAME: &str = "operator";
}

impl Access {
    /// Access by this key.
    pub fn new(key: SecretString) -> Self {
        // Derived, so that a restart with the same key ends no session, and one-way, so that it does not tell the key.
        let digest = Sha256::digest(format!("rcs-revoke session cookie {}", key.expose_secret()));
        Self { key, cookie: URL_SAFE_NO_PAD.encode(digest).into() }
    }

    /// A new key of 256 random bits.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate() -> Result<SecretString, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    /// Whether this is the key.
    pub fn opens(&self, key: &str) -> bool {
        same(self.key.expose_secret(), key)
    }

    /// The header that sets the cookie.
    pub fn set_cookie(&self) -> String {
        let value = self.cookie.expose_secret();
        format!("{COOKIE_NAME}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={COOKIE_SECONDS}")
    }

    /// The header that clears the cookie.
    pub fn clear_cookie() -> String {
        format!("{COOKIE_NAME}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0")
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(key) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            return self.opens(key.trim());
        }
        headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).any(|cookies| {
            cookies
                .split(';')
                .filter_map(|cookie| cookie.trim().split_once('='))
                .any(|(name, value)| name == COOKIE_NAME && same(self.cookie.expose_secret(), value))
        })
    }
}

/// Compares digests in constant time, so that not even the length shows.
fn same(ours: &str, theirs: &str) -> bool {
    Sha256::digest(ours).ct_eq(&Sha256::digest(theirs)).into()
}

impl FromRequestParts<AppState> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        if app.access.admits(&parts.headers) {
            return Ok(Self);
        }
        Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "access_key_required",
            "The access key is missing or wrong",
        )
        .detail(
            "Nothing was done. Open the link that the server printed at start, or send the key as a bearer.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::{AUTHORIZATION, COOKIE};

    use super::Access;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn only_the_key_and_its_cookie_open() {
        let access = Access::new("0123456789abcdefghijkl".to_owned().into());
        let cookie = access.set_cookie();
        let cookie = cookie.split(';').next().unwrap();
        assert!(!cookie.contains("0123456789"));
        assert!(access.admits(&headers(AUTHORIZATION, "Bearer 0123456789abcdefghijkl")));
        assert!(access.admits(&headers(COOKIE, &format!("a=b; {cookie}"))));
        for (name, value) in [
            (AUTHORIZATION, "Bearer 0123456789abcdefghijk"),
            (AUTHORIZATION, "0123456789abcdefghijkl"),
            (COOKIE, "rcs_revoke_session="),
            (COOKIE, "rcs_revoke_session=0123456789abcdefghijkl"),
        ] {
            assert!(!access.admits(&headers(name, value)), "{value}");
        }
        assert!(!access.admits(&HeaderMap::new()));
    }
}
