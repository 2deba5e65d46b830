//! What every forged call starts from: a message of the world, an event that nobody sent about it, and one that was
//! sent and accepted.

use std::sync::Arc;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::Provider;

use super::keys::Keys;

/// One message of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Who carries it.
    pub provider: Provider,
    /// Its source, which is in the path of its webhooks.
    pub source: &'static str,
    /// The agent or sender that it came from.
    pub sender: &'static str,
    /// Its id at the provider.
    pub id: String,
    /// Its recipient, with `+`.
    pub phone: String,
}

impl Target {
    /// Its key in the server's words.
    pub fn key(&self) -> String {
        match self.provider {
            Provider::Google => format!("google_rbm:{}@rbm.goog:{}", self.sender, self.id),
            Provider::Vonage => format!("vonage:{}", self.id),
        }
    }

    /// An event about it, as its provider would print it.
    pub fn event(&self, word: &str, number: u64) -> String {
        let Self { sender, id, phone, .. } = self;
        let second = number % 60;
        match self.provider {
            Provider::Google => {
                let person = if word.starts_with("TTL_") { "phoneNumber" } else { "senderPhoneNumber" };
                format!(
                    "{{\"{person}\":\"{phone}\",\"eventType\":\"{word}\",\"eventId\":\"F{number}\",\"messageId\":\"{id}\",\
                     \"agentId\":\"{sender}@rbm.goog\",\"sendTime\":\"2026-11-20T10:00:{second:02}.{:06}Z\"}}",
                    number % 1_000_000
                )
            }
            Provider::Vonage => {
                let error = if matches!(word, "rejected" | "undeliverable") {
                    r#","error":{"title":"1360","detail":"TTL was activated"}"#
                } else {
                    ""
                };
                format!(
                    "{{\"message_uuid\":\"{id}\",\"to\":\"{}\",\"from\":\"{sender}\",\"channel\":\"rcs\",\
                     \"timestamp\":\"2026-11-20T10:00:{second:02}.{:03}Z\",\"status\":\"{word}\"{error}}}",
                    phone.trim_start_matches('+'),
                    number % 1_000
                )
            }
        }
    }
}

/// What stands ready for one draft.
#[derive(Clone, Debug)]
pub struct Material {
    /// The secrets.
    pub keys: Arc<Keys>,
    /// The message that is lied about.
    pub target: Target,
    /// An event about it that would change what is known of it.
    pub event: String,
    /// The same about another message of the same provider.
    pub other: String,
    /// An event that was accepted when it was sent.
    pub known: String,
    /// Whatever a case draws.
    pub dice: ChaCha8Rng,
}

impl Material {
    /// Draws a message and what to say of it.
    pub fn draw(
        keys: &Arc<Keys>,
        provider: Provider,
        targets: &[Target],
        known: &[(Provider, String)],
        mut dice: ChaCha8Rng,
    ) -> Self {
        let words: &[&str] = match provider {
            Provider::Google => {
                &["DELIVERED", "READ", "TTL_EXPIRATION_REVOKED", "TTL_EXPIRATION_REVOKE_FAILED"]
            }
            Provider::Vonage => &["delivered", "read", "rejected", "undeliverable", "submitted"],
        };
        let ours: Vec<&Target> = targets.iter().filter(|target| target.provider == provider).collect();
        let known: Vec<&String> =
            known.iter().filter(|(whose, _)| *whose == provider).map(|(_, event)| event).collect();
        let pick = |dice: &mut ChaCha8Rng| (*ours.choose(dice).expect("the world has messages")).clone();
        let say = |dice: &mut ChaCha8Rng, target: &Target| {
            let word = words.choose(dice).expect("there are words");
            // Events that were really sent have small numbers.
            target.event(word, dice.random_range(1_000..1_000_000))
        };
        let target = pick(&mut dice);
        let event = say(&mut dice, &target);
        let mut another = pick(&mut dice);
        while another == target {
            another = pick(&mut dice);
        }
        let other = say(&mut dice, &another);
        let known = (*known.choose(&mut dice).expect("something was accepted")).clone();
        Self { keys: Arc::clone(keys), target, event, other, known, dice }
    }

    /// A message id that nobody has heard of.
    pub fn unheard_of(&mut self) -> String {
        let mut digits = || self.dice.random_range(0..0x1_0000_u32);
        let (a, b, c, d) = (digits(), digits(), digits(), digits());
        format!("ffffffff-{a:04x}-4{:03x}-8{:03x}-{b:04x}{c:04x}{d:04x}", c & 0xfff, d & 0xfff)
    }
}
