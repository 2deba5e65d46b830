//! Who is calling: an application by its own RS256 token, or the account by Basic authentication.
//!
//! <https://developer.vonage.com/en/getting-started/concepts/authentication>

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::jwt;
use crate::site::Site;

const DEFAULT_LIFE_S: i64 = 15 * 60;
const SHORTEST_LIFE_S: i64 = 30;
const LONGEST_LIFE_S: i64 = 24 * 3600;
/// Clocks of clients may be off by this much.
const SKEW_S: i64 = 60;
/// Checked signatures that are remembered.
const REMEMBERED: usize = 10_000;

/// A caller that has proved who it is.
pub(super) struct Caller {
    /// The application; none for the account itself.
    pub application_id: Option<String>,
    /// Whether it is the one whose senders they are, or the account.
    pub is_main: bool,
}

/// The caller of a request; nothing more is said of a wrong one, as Vonage does.
pub(super) fn caller(site: &Site, head: &Parts) -> Result<Caller, ()> {
    let header = head.headers.get("authorization").and_then(|value| value.to_str().ok()).ok_or(())?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => application(site, token.trim()),
        Some((scheme, pair)) if scheme.eq_ignore_ascii_case("basic") => account(site, pair.trim()),
        _ => Err(()),
    }
}

fn account(site: &Site, pair: &str) -> Result<Caller, ()> {
    let credentials = &site.credentials;
    let expected = format!("{}:{}", credentials.vonage_api_key, credentials.vonage_api_secret);
    let given = STANDARD.decode(pair).map_err(|_| ())?;
    if given == expected.as_bytes() { Ok(Caller { application_id: None, is_main: true }) } else { Err(()) }
}

fn application(site: &Site, token: &str) -> Result<Caller, ()> {
    let claims = checked_claims(site, token).ok_or(())?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let id = text("application_id").ok_or(())?.to_owned();
    let (Some(_), Some(iat)) = (text("jti"), number("iat")) else { return Err(()) };
    let exp = number("exp").unwrap_or(iat + DEFAULT_LIFE_S);
    let now = site.clock.now_ms() / 1000;
    let is_timely = (SHORTEST_LIFE_S..=LONGEST_LIFE_S).contains(&(exp - iat))
        && iat <= now + SKEW_S
        && now < exp + SKEW_S;
    let is_main = id == site.credentials.vonage_application_id;
    if is_timely { Ok(Caller { application_id: Some(id), is_main }) } else { Err(()) }
}

/// Claims whose signature holds with the key of the application that they name. Clients that reuse a token are not charged for the check again.
fn checked_claims(site: &Site, token: &str) -> Option<Arc<Map<String, Value>>> {
    if let Some(claims) = site.world(|world| world.verified.get(token).cloned()) {
        return Some(claims);
    }
    let credentials = &site.credentials;
    let key_of = |claims: &Map<String, Value>| match claims.get("application_id").and_then(Value::as_str)? {
        id if id == credentials.vonage_application_id => Some(&site.clients.vonage_key),
        id if id == credentials.vonage_other_application.id => {
            Some(credentials.vonage_other_application.public_key())
        }
        _ => None,
    };
    let claims = Arc::new(jwt::verify_rs256(token, key_of)?);
    site.world(|world| {
        if world.verified.len() >= REMEMBERED {
            world.verified.clear();
        }
        world.verified.insert(token.to_owned(), Arc::clone(&claims));
    });
    Some(claims)
}
