//! The scripted world: which messages there are, what becomes of each, who is told of them and who wishes what when.
//!
//! One seed gives one script. Each message is drawn from a generator of its own, so that a longer script begins with
//! the messages of a shorter one. Times are virtual milliseconds since the drill began.

pub mod batch;
pub mod fate;
mod instead;
pub mod trouble;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcs_revoke_simulator::{Behaviour, NewFault};
use rcs_revoke_tests::world::Sender;

pub use instead::Instead;

use crate::senders::SENDERS;

/// One message of the script.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// Who sends it.
    pub sender: &'static Sender,
    /// Its id at the provider.
    pub id: String,
    /// The recipient.
    pub phone: String,
    /// When it was sent; before the drill began where negative.
    pub sent_at: i64,
    /// Its life in seconds, if it has an end of its own.
    pub ttl_s: Option<u64>,
    /// What becomes of it.
    pub behaviour: Behaviour,
    /// What goes wrong with requests for it.
    pub faults: Vec<NewFault>,
    /// How the server first hears of it from our side.
    pub told: Told,
    /// What its sender says of its class and of an SMS instead.
    pub instead: Instead,
    /// What is done about it, in order of time.
    pub deeds: Vec<(i64, Deed)>,
    /// Whether the text of the batch names it.
    pub in_batch: bool,
}

impl Scripted {
    /// Its key in the server's words.
    pub fn key(&self) -> String {
        self.sender.key(&self.id)
    }

    /// The recipient as its sender registers it.
    pub fn registered_phone(&self) -> &str {
        self.instead.wrong_phone.as_deref().unwrap_or(&self.phone)
    }
}

/// How the server hears of a message from its sender's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The sending system registers it.
    Api,
    /// Somebody uploads a list.
    Csv,
    /// Somebody pastes its id and wishes it away; the flag says whether with the phone number and the time.
    Wish {
        /// With phone number and time of sending.
        in_full: bool,
    },
    /// Nobody says a word; only the provider's webhooks do.
    Nobody,
}

/// One thing that is done at a scripted time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// The message is sent.
    Send,
    /// The sending system registers it.
    Register,
    /// It stands in an uploaded list.
    Import,
    /// It is wished away.
    Wish {
        /// Not before this time.
        not_before: Option<i64>,
        /// A new wish even if there is one.
        again: bool,
        /// What shall follow.
        then: Then,
        /// Instead of those that are there: so a date is moved.
        replace: bool,
    },
    /// The wish is taken back.
    Withdraw,
    /// An operator orders the SMS of that number.
    Order {
        /// The number.
        number: u32,
    },
    /// The person wants no more advertising from this sender.
    Unsubscribe,
}

/// What an operator wants to follow a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// What the class says.
    Fallback,
    /// An SMS in any case.
    Sms,
}

/// Draws the messages of a seed; everything scripted happens within `span`.
pub fn draw(seed: u64, count: u32, span: i64) -> Vec<Scripted> {
    (0..count).map(|number| message(seed, number, span)).collect()
}

fn message(seed: u64, number: u32, span: i64) -> Scripted {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::from(number) + 1);
    let rng = &mut rng;
    let sender = &SENDERS[rng.random_range(0..SENDERS.len())];
    let born = part(rng, span, 0.0, 0.4);
    let sent_at = if rng.random_bool(0.2) { born - rng.random_range(HOUR..30 * HOUR) } else { born };
    let end = rng.random_bool(0.65).then(|| born + part(rng, span, 0.2, 1.3));
    let ttl_s = end.map(|end| u64::try_from((end - sent_at) / 1_000).unwrap_or(0).max(SHORTEST_TTL_S));
    let id = uuid(rng);
    let told = told(rng);
    let phone = format!("+49151{:08}", rng.random_range(0..100_000_000));
    let behaviour = fate::behaviour(rng, sender, born, span);
    let mut faults = trouble::faults(rng, sender.provider, &id);
    let mut deeds = deeds(rng, told, born, span);
    let instead = instead::said(rng, told, born, span);
    if instead::is_left_alone(rng, &instead) {
        deeds.retain(|(_, deed)| matches!(deed, Deed::Send | Deed::Register));
    }
    instead::deeds(rng, sender, told, born, span, &mut deeds);
    let ttl_s = instead::life(rng, &instead).or(ttl_s);
    deeds.sort_unstable();
    faults.extend(instead::faults(rng, instead.wrong_phone.as_ref().unwrap_or(&phone)));
    Scripted { sender, id, phone, sent_at, ttl_s, behaviour, faults, told, instead, deeds, in_batch: false }
}

const HOUR: i64 = 3_600_000;
/// The shortest that Vonage takes.
const SHORTEST_TTL_S: u64 = 20;

fn told(rng: &mut ChaCha8Rng) -> Told {
    match rng.random_range(0..100) {
        0..50 => Told::Api,
        50..72 => Told::Csv,
        72..90 => Told::Wish { in_full: rng.random_bool(0.7) },
        _ => Told::Nobody,
    }
}

fn deeds(rng: &mut ChaCha8Rng, told: Told, born: i64, span: i64) -> Vec<(i64, Deed)> {
    let mut deeds = vec![(born, Deed::Send)];
    let late = rng.random_bool(0.2);
    let told_at = born + if late { part(rng, span, 0.0, 0.2) } else { part(rng, span, 0.0, 0.002) };
    match told {
        Told::Api => deeds.push((told_at, Deed::Register)),
        Told::Csv => deeds.push((told_at, Deed::Import)),
        Told::Wish { .. } => {}
        Told::Nobody => return deeds,
    }
    let must = matches!(told, Told::Wish { .. });
    if must || rng.random_bool(0.88) {
        wishes(rng, told_at, span, &mut deeds);
    }
    deeds.sort_unstable();
    deeds
}

/// A wish at a time of its own or in the mass recall; perhaps for later, pressed twice, taken back, made again.
fn wishes(rng: &mut ChaCha8Rng, told_at: i64, span: i64, deeds: &mut Vec<(i64, Deed)>) {
    let recall = span / 2;
    let at = if rng.random_bool(0.3) { recall.max(told_at) } else { told_at + part(rng, span, 0.0, 0.35) };
    let not_before = rng.random_bool(0.15).then(|| at + part(rng, span, 0.0, 0.2));
    let then = Then::Nothing;
    let wish = Deed::Wish { not_before, again: false, then, replace: false };
    deeds.push((at, wish));
    if rng.random_bool(0.12) {
        deeds.push((at + part(rng, span, 0.0, 0.01), wish));
    }
    if rng.random_bool(0.1) {
        let until = not_before.map_or(span / 50, |not_before| not_before - at).max(1);
        deeds.push((at + rng.random_range(0..until), Deed::Withdraw));
    }
    if rng.random_bool(0.1) {
        deeds.push((
            at + part(rng, span, 0.02, 0.15),
            Deed::Wish { not_before: None, again: true, then, replace: false },
        ));
    }
}

/// A time between two parts of the span.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds of a drill fit"
)]
fn part(rng: &mut ChaCha8Rng, span: i64, from: f64, to: f64) -> i64 {
    (span as f64 * rng.random_range(from..to)) as i64
}

fn uuid(rng: &mut ChaCha8Rng) -> String {
    let n = (rng.random::<u128>() & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{n:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::{Deed, Told, draw};

    #[test]
    fn a_seed_is_a_world() {
        let ids =
            |seed, count| draw(seed, count, 1_000_000).into_iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(ids(7, 20), ids(7, 20));
        assert_eq!(ids(7, 20)[..5], ids(7, 5));
        assert_ne!(ids(7, 20), ids(8, 20));
    }

    #[test]
    fn nothing_is_done_before_it_was_sent_or_by_whom_nobody_told() {
        for one in draw(1, 500, 1_000_000) {
            assert_eq!(one.deeds[0].1, Deed::Send);
            let is_ours = |deed: &Deed| !matches!(deed, Deed::Send | Deed::Unsubscribe);
            assert!(one.told != Told::Nobody || !one.deeds.iter().any(|(_, deed)| is_ours(deed)));
        }
    }
}
