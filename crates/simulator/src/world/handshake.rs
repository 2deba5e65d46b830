//! Google's handshakes with webhooks: which are due, and what became of them.

use serde::{Deserialize, Serialize};

use super::World;
use super::agenda::Task;
use crate::config::{Config, Handshake};

/// The client token of a handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandshakeToken {
    /// The one that signs webhooks.
    #[default]
    Right,
    /// Another one.
    Wrong,
}

/// A handshake to be made now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewHandshake {
    /// The webhook; Google's partner webhook when left out.
    pub url: Option<String>,
    /// The client token.
    pub token: HandshakeToken,
}

/// A handshake that was made. It is verified by 200 and the bare secret as the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandshakeSeen {
    /// When, in virtual milliseconds since the epoch.
    pub at_ms: i64,
    /// The webhook.
    pub url: String,
    /// The client token.
    pub token: HandshakeToken,
    /// The secret that was sent with it.
    pub secret: String,
    /// The answered status.
    pub status: Option<u16>,
    /// The answered body, up to 200 characters.
    pub body: String,
    /// Whether Google would use this webhook.
    pub verified: bool,
    /// Whether the secret stands in the answer, which it must not after a wrong token.
    pub echoed: bool,
    /// What went wrong instead of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl World {
    /// Plans a handshake with each of Google's webhooks that is new, or all if the kind of handshake is.
    pub(crate) fn greet(&mut self, before: Option<&Config>, now: i64) {
        let token = match self.config.google.handshake {
            Handshake::None => return,
            Handshake::RightToken => HandshakeToken::Right,
            Handshake::WrongToken => HandshakeToken::Wrong,
        };
        let before = before.filter(|before| before.google.handshake == self.config.google.handshake);
        let known = before.map(webhooks_of).unwrap_or_default();
        let new = webhooks_of(&self.config).into_iter().filter(|url| !known.contains(url));
        for url in new.collect::<Vec<_>>() {
            self.agenda.push(now, Task::Handshake { url, token });
        }
    }

    /// Counts a handshake that is on its way from now on.
    pub(crate) fn start_handshake(&mut self) {
        self.in_flight += 1;
    }

    /// A secret that nobody knows beforehand.
    pub(crate) fn new_secret(&mut self, url: &str) -> String {
        let nth = self.occurrence(&format!("handshake {url}"));
        self.dice.hex(&format!("{url} {nth}"), "handshake", 8)
    }

    /// Records what became of a handshake that was planned.
    pub(crate) fn end_handshake(&mut self, seen: HandshakeSeen) {
        self.in_flight -= 1;
        self.record_handshake(seen);
    }

    /// Records what became of a handshake.
    pub(crate) fn record_handshake(&mut self, seen: HandshakeSeen) {
        self.handshakes.push(seen);
    }

    /// Every handshake that was made.
    pub(crate) fn handshakes(&self) -> &[HandshakeSeen] {
        &self.handshakes
    }
}

fn webhooks_of(config: &Config) -> Vec<String> {
    let agents = config.google.agents.iter().filter_map(|agent| agent.webhook_url.clone());
    config.google.webhook_url.clone().into_iter().chain(agents).collect()
}
