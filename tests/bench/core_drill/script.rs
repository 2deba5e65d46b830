//! One message of the world and what will happen to it, drawn from the seed.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rcs_revoke_core::fact::{Life, Registered, Registrar};
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{AgentId, E164, MessageRef, Policy, Provider, Source, SourceId, Span, Timestamp};

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// When the first message is sent.
const ORIGIN: i64 = 1_795_168_800_000;
const VALID: &str = "an example of the core's own form";

/// One configured sender, and where its messages really are.
pub struct Sender {
    pub source: Source,
    pub policy: Policy,
    /// The only machine that holds its messages, where that matters.
    pub home: &'static str,
    /// Whether webhooks reach us at all.
    pub is_heard: bool,
}

/// A sender for each way in which the core treats one differently.
pub fn senders() -> Vec<Sender> {
    let google = |name: &str, ack, is_heard| {
        let mut source = source(name, Provider::GoogleRbm, is_heard);
        source.agent = AgentId::parse(name).ok();
        source.revoke_ack = ack;
        source.host = "google.europe".parse().ok();
        sender(source, "europe-rcsbusinessmessaging.googleapis.com", is_heard)
    };
    let vonage = |name: &str, country: Option<&str>, home, is_heard| {
        let mut source = source(name, Provider::Vonage, is_heard);
        source.launch_country = country.map(|country| country.parse().expect(VALID));
        sender(source, home, is_heard)
    };
    vec![
        google("shop", RevokeAck::Accepted, true),
        google("tickets", RevokeAck::Confirmed, true),
        google("deaf-tickets", RevokeAck::Confirmed, false),
        vonage("otp-eu", Some("DE"), "api-eu.nexmo.com", true),
        // Aruba: the guess is the American machine, and the truth another one.
        vonage("promo", Some("AW"), "api-eu.nexmo.com", true),
        vonage("nowhere", None, "api-ap.nexmo.com", true),
        vonage("deaf-otp", Some("DE"), "api-eu.nexmo.com", false),
    ]
}

fn source(name: &str, provider: Provider, is_heard: bool) -> Source {
    let mut source = Source::new(SourceId::parse(name).expect(VALID), provider);
    source.listening_since = is_heard.then(|| Timestamp::from_millis(ORIGIN - DAY));
    source
}

fn sender(source: Source, home: &'static str, is_heard: bool) -> Sender {
    Sender { policy: source.provider.adapter().policy(), source, home, is_heard }
}

/// A wish that somebody makes.
pub struct Wish {
    pub at: i64,
    pub not_before: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub override_window: bool,
}

/// One message.
pub struct Script {
    pub message: MessageRef,
    pub phone: E164,
    pub sent_at: i64,
    pub ttl: Option<i64>,
    /// When the phone fetches it, if nothing happens first.
    pub reaches: Option<i64>,
    pub is_read: bool,
    /// When the carrier refuses it, if nothing happens first, and with which code.
    pub rejected: Option<(i64, u32)>,
    pub told: Vec<Registered>,
    pub wishes: Vec<Wish>,
    /// In a hundred, how many requests meet a fault, and how many webhooks are lost.
    pub trouble: u32,
    pub losses: u32,
    /// When somebody looks.
    pub glances: [i64; 3],
}

/// Whether something with this chance in a hundred comes true.
pub fn chance(random: &mut ChaCha8Rng, percent: u32) -> bool {
    random.random_ratio(percent, 100)
}

/// One of these.
pub fn one_of<T: Copy>(random: &mut ChaCha8Rng, list: &[T]) -> T {
    list[random.random_range(0..list.len())]
}

impl Script {
    /// The message with that number.
    pub fn draw(number: u64, sender: &Sender, random: &mut ChaCha8Rng) -> Self {
        let id =
            format!("{:08x}-{:04x}-4ccc-8ddd-{number:012x}", random.random::<u32>(), random.random::<u16>());
        let message =
            MessageRef::new(sender.source.provider, sender.source.agent.as_ref(), &id).expect(VALID);
        let phone = E164::parse(&format!("+4477009{:05}", number % 100_000)).expect(VALID);
        let sent_at = ORIGIN + random.random_range(0..DAY);
        let ttl = match random.random_range(0..10) {
            0..4 => None,
            4..7 => Some(random.random_range(MINUTE..HOUR)),
            7..9 => Some(random.random_range(HOUR..2 * DAY)),
            _ => Some(random.random_range(3 * DAY..15 * DAY)),
        };
        let wishes = wishes(sent_at, random);
        let about = wishes.first().map_or(sent_at + MINUTE, |wish| wish.not_before.unwrap_or(wish.at));
        let reaches = match random.random_range(0..10) {
            0..3 => None,
            3..5 => Some(sent_at + random.random_range(SECOND..MINUTE)),
            5..7 => Some(about + random.random_range(-2 * SECOND..4 * SECOND)),
            7 => Some(about + random.random_range(0..5 * MINUTE)),
            8 => Some(sent_at + random.random_range(0..DAY)),
            _ => Some(sent_at + random.random_range(DAY..20 * DAY)),
        };
        // Only Vonage has a word for it.
        let refused = sender.source.provider == Provider::Vonage && chance(random, 8);
        let rejected =
            refused.then(|| (sent_at + random.random_range(0..HOUR), one_of(random, &[1300, 1310, 1240])));
        let mut script = Self {
            message,
            phone,
            sent_at,
            ttl,
            reaches: reaches.map(|at| at.max(sent_at + 100)),
            is_read: chance(random, 30),
            rejected,
            told: Vec::new(),
            wishes,
            trouble: one_of(random, &[0, 0, 5, 20, 60]),
            losses: if sender.is_heard { one_of(random, &[0, 0, 10, 50]) } else { 100 },
            glances: [0; 3].map(|_| about + random.random_range(-HOUR..HOUR)),
        };
        script.told = told(&script, sender, random);
        script
    }

    /// When all that somebody wished was tried.
    pub fn quiet_at(&self) -> i64 {
        let begins = self.wishes.iter().map(|wish| wish.not_before.unwrap_or(wish.at));
        begins.max().unwrap_or(self.sent_at) + 6 * HOUR
    }
}

fn wishes(sent_at: i64, random: &mut ChaCha8Rng) -> Vec<Wish> {
    let count = one_of(random, &[0, 1, 1, 1, 1, 1, 1, 2]);
    let mut at = sent_at;
    let mut next = || {
        at += match random.random_range(0..20) {
            0..12 => random.random_range(SECOND..10 * MINUTE),
            12..18 => random.random_range(MINUTE..20 * HOUR),
            // Around the end of Vonage's window.
            _ => random.random_range(23 * HOUR..26 * HOUR),
        };
        let not_before = chance(random, 10).then(|| at + random.random_range(SECOND..HOUR));
        let withdrawn_at = chance(random, 10).then(|| at + random.random_range(0..HOUR));
        Wish { at, not_before, withdrawn_at, override_window: chance(random, 5) }
    };
    (0..count).map(|_| next()).collect()
}

/// What the sending system or an operator says of it, which may be little, late, or nothing.
fn told(script: &Script, sender: &Sender, random: &mut ChaCha8Rng) -> Vec<Registered> {
    let google = sender.source.provider == Provider::GoogleRbm;
    let mut say = |by: Registrar, late: i64| Registered {
        by,
        received_at: Timestamp::from_millis(script.sent_at + random.random_range(50..late)),
        sent_at: chance(random, 90).then(|| Timestamp::from_millis(script.sent_at)),
        life: chance(random, 80).then(|| life(script, google)),
        class: None,
        phone: chance(random, 90).then(|| script.phone.clone()),
        host: (google && chance(random, 70)).then(|| "google.europe".parse().expect(VALID)),
        failover: None,
        fallback_text: None,
        revoke_at: None,
    };
    let call = Registrar::Api("call".to_owned());
    match script.message.id().as_str().as_bytes()[0] {
        b'0'..=b'8' => vec![say(call, 2 * SECOND)],
        b'9' | b'a' => vec![say(Registrar::Ledger("file".to_owned()), DAY)],
        b'b' => vec![say(Registrar::Operator("paste".to_owned()), HOUR)],
        b'c' | b'd' => vec![say(call, 2 * SECOND), say(Registrar::Ledger("file".to_owned()), DAY)],
        _ => Vec::new(),
    }
}

fn life(script: &Script, google: bool) -> Life {
    match script.ttl {
        None => Life::None,
        Some(ttl) if google && ttl % 2 == 0 => {
            Life::ExpiresAt { at: Timestamp::from_millis(script.sent_at + ttl) }
        }
        Some(ttl) => Life::Ttl { ttl: Span::millis(ttl) },
    }
}
