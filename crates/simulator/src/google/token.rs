//! The OAuth 2.0 token endpoint: a signed assertion for an access token.
//!
//! <https://developers.google.com/identity/protocols/oauth2/service-account>

use http::Method;
use http::request::Parts;
use serde_json::{Map, Value, json};

use crate::jwt;
use crate::reply::Reply;
use crate::site::Site;
use crate::uri::query;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const SCOPE: &str = "https://www.googleapis.com/auth/rcsbusinessmessaging";
/// The address that is played. Google's own libraries sign for it whatever the key file's `token_uri` says.
const PLAYED: &str = "https://oauth2.googleapis.com/token";
const LONGEST_S: i64 = 3600;
/// Clocks of clients may be off by this much.
const SKEW_S: i64 = 300;

/// Answers `POST /token`.
pub(super) fn answer(site: &Site, head: &Parts, body: &[u8]) -> Reply {
    if head.method != Method::POST {
        return refusal(405, "invalid_request", "Only POST is supported.");
    }
    let form = query(std::str::from_utf8(body).unwrap_or_default());
    if form.get("grant_type").map(String::as_str) != Some(GRANT) {
        return refusal(400, "unsupported_grant_type", "Invalid grant_type.");
    }
    let now = site.clock.now_ms();
    let assertion = form.get("assertion").map(String::as_str).unwrap_or_default();
    let Some(claims) = jwt::verify_rs256(assertion, |_| Some(&site.clients.google_key)) else {
        return invalid_grant("Invalid JWT Signature.");
    };
    match check(site, &claims, now / 1000) {
        Ok(()) => grant(site, assertion, now),
        Err(reply) => reply,
    }
}

fn check(site: &Site, claims: &Map<String, Value>, now_s: i64) -> Result<(), Reply> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != site.clients.google_email {
        return Err(invalid_grant("Invalid grant: account not found"));
    }
    let audience = text("aud");
    if audience != PLAYED && !site.clients.google_audiences.iter().any(|known| known == audience) {
        return Err(invalid_grant("Invalid JWT: Failed audience check."));
    }
    if !text("scope").split(' ').any(|scope| scope == SCOPE) {
        return Err(refusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    }
    let (Some(iat), Some(exp)) = (number("iat"), number("exp")) else {
        return Err(invalid_grant("Invalid JWT: iat and exp are required."));
    };
    let is_timely = exp - iat <= LONGEST_S && exp > iat && exp > now_s - SKEW_S && iat < now_s + SKEW_S;
    if is_timely {
        Ok(())
    } else {
        Err(invalid_grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        ))
    }
}

fn grant(site: &Site, assertion: &str, now: i64) -> Reply {
    let lifetime_s = site.config().google.token_lifetime_s;
    let token = site.world(|world| {
        let nth = world.occurrence(assertion);
        let token = format!("ya29.{}{nth}", world.dice.hex(assertion, "access token", 32));
        world.tokens.retain(|_, ends| now < *ends);
        world.tokens.insert(token.clone(), now + i64::from(lifetime_s) * 1000);
        token
    });
    super::error::ok(&json!({ "access_token": token, "expires_in": lifetime_s, "token_type": "Bearer" }))
}

/// The permanent refusal of an assertion.
pub(super) fn invalid_grant(text: &str) -> Reply {
    refusal(400, "invalid_grant", text)
}

/// An error in the shape of RFC 6749 §5.2.
pub(crate) fn refusal(status: u16, error: &str, text: &str) -> Reply {
    let body = json!({ "error": error, "error_description": text });
    Reply::new(status, "application/json; charset=utf-8", body.to_string())
}
