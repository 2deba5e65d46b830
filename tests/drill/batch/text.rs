//! The text that is uploaded: every message of the batch, some twice, and rows that are none, in any order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_core::Timestamp;
use rcs_revoke_simulator::Provider;

use crate::clock::ORIGIN;
use crate::script::{Scripted, Told};

/// How often a message stands in it twice.
const TWICE: f64 = 0.01;
/// How often a row is none.
const BROKEN: f64 = 0.005;

/// A text, and what stands in it.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// As CSV.
    pub csv: String,
    /// The messages, by key, with their places in the script.
    pub messages: BTreeMap<String, usize>,
    /// Rows that name a message again.
    pub twice: u64,
    /// Rows that name none.
    pub broken: u64,
}

impl Text {
    /// All its rows.
    pub fn rows(&self) -> u64 {
        self.messages.len() as u64 + self.twice + self.broken
    }
}

/// Writes it.
pub fn write(script: &[Scripted], rng: &mut ChaCha8Rng) -> Text {
    let mut text = Text::default();
    let mut rows = Vec::new();
    for (index, message) in script.iter().enumerate().filter(|(_, message)| message.in_batch) {
        text.messages.insert(message.key(), index);
        rows.push(row(message));
        if rng.random_bool(TWICE) {
            text.twice += 1;
            rows.push(row(message));
        }
        if rng.random_bool(BROKEN) {
            text.broken += 1;
            rows.push(format!(",no-message-{index},DrillEurope,"));
        }
    }
    rows.shuffle(rng);
    text.csv = rows.into_iter().fold("sent_at,message_id,sender,phone\n".to_owned(), |mut all, row| {
        let _ = writeln!(all, "{row}");
        all
    });
    text
}

fn row(message: &Scripted) -> String {
    let sender = match message.sender.provider {
        Provider::Google => format!("{}@rbm.goog", message.sender.agent),
        Provider::Vonage => message.sender.agent.to_owned(),
    };
    // Phone and time are new only where nobody told them before.
    if message.told == (Told::Wish { in_full: true }) {
        let sent_at = Timestamp::from_millis(ORIGIN + message.sent_at);
        format!("{sent_at},{},{sender},{}", message.id, message.phone)
    } else {
        format!(",{},{sender},", message.id)
    }
}
