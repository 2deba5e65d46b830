//! Google's handshake: the client token and a secret, which the webhook has to answer, bare.
//!
//! <https://developers.google.com/business-communications/rcs-business-messaging/guides/integrate/webhooks>

use http_body_util::Full;
use serde_json::json;

use super::{Answer, HttpClient, post, request};
use crate::site::Site;
use crate::world::{HandshakeSeen, HandshakeToken};

/// The most of an answer that is kept.
const KEPT: usize = 200;

/// Makes one handshake.
pub(crate) async fn make(
    site: &Site,
    client: &HttpClient,
    url: String,
    token: HandshakeToken,
) -> HandshakeSeen {
    let at_ms = site.clock.now_ms();
    let secret = site.world(|world| world.new_secret(&url));
    let client_token = match token {
        HandshakeToken::Right => site.credentials.google_client_token.as_str(),
        HandshakeToken::Wrong => "another-client-token",
    };
    let body = json!({ "clientToken": client_token, "secret": secret }).to_string();
    let request = request::to(&url).header("x-goog-webhook-type", "verification").body(Full::from(body));
    let answer = match request {
        Ok(request) => post(client, request).await,
        Err(error) => Answer { error: Some(error.to_string()), ..Answer::default() },
    };
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    HandshakeSeen {
        at_ms,
        url,
        token,
        status: answer.status,
        verified: answer.status == Some(200) && body == secret,
        echoed: body.contains(&secret),
        secret,
        body: body.chars().take(KEPT).collect(),
        error: answer.error,
    }
}
