//! SMS instead: judged at the end by what the store holds, what the simulator's books say, and what `docs/fallback.md`
//! asks for.

mod promptness;
mod reading;
mod safety;
mod said;
mod table;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use rcs_revoke_api::MessageDetail;
use rcs_revoke_core::source::RevokeAck;
use rcs_revoke_core::{Fact, Known, Source, SourceId, Span, Timestamp};
use rcs_revoke_simulator::{JournalEntry, Provider, Route, Running, Truth};
use rcs_revoke_tests::client::Api;
use rcs_revoke_tests::world::Sender;

use crate::audit::{Facts, listening_since};
use crate::clock::DrillClock;
use crate::play::instead::UNSUBSCRIBE;
use crate::script::Scripted;
use crate::uptime::{self, Away, Freedom};
use crate::verdicts::Verdicts;
use promptness::Free;
use reading::{Says, Terms};
use safety::{Sent, Slack};
use told::Intent;

pub use table::Instead;

/// Real time from the receipt of an event to its place in the store, at most.
const COMMIT: Duration = Duration::from_secs(1);

/// Something about an SMS or a date of its own that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// The same SMS was sent more than once.
    Twice { reference: String, times: usize },
    /// A second one left by itself.
    Second { first: u32, second: u32 },
    /// It went to another number than the registered one.
    WrongNumber(String),
    /// One left although its delivery had been acknowledged before.
    AfterDelivery { number: u32 },
    /// Advertising left after the person wanted no more of it.
    Unsubscribed { number: u32 },
    /// One left that nothing allowed.
    NotAllowed { number: u32, says: Says },
    /// One left without having been written down before.
    Unwritten(String),
    /// The store or the API says something of it that is not so.
    Untrue(String),
    /// One was due for long and did not leave.
    SmsLate { since: i64, waited: Duration },
    /// A date of the message's own passed, and it was not asked for.
    DateMissed { date: i64, waited: Duration },
}

impl fmt::Display for Misdeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice { reference, times } => write!(f, "the SMS {reference} was sent {times} times"),
            Self::Second { first, second } => {
                write!(f, "SMS {second} left by itself although SMS {first} had been sent")
            }
            Self::WrongNumber(number) => write!(f, "an SMS went to {number}"),
            Self::AfterDelivery { number } => {
                write!(f, "SMS {number} was meant after a delivery had been acknowledged")
            }
            Self::Unsubscribed { number } => {
                write!(f, "SMS {number} advertises to somebody who had unsubscribed")
            }
            Self::NotAllowed { number, says } => write!(f, "SMS {number} left where its class says {says:?}"),
            Self::Unwritten(reference) => {
                write!(f, "the SMS {reference} left without having been written down")
            }
            Self::Untrue(what) => f.write_str(what),
            Self::SmsLate { since, waited } => {
                write!(f, "its SMS was due at {since} and waited for {waited:?} with nothing in its way")
            }
            Self::DateMissed { date, waited } => {
                write!(f, "its own date was {date}, and it waited for {waited:?} with nothing in its way")
            }
        }
    }
}

/// One message with everything that its SMS are judged by.
pub struct Message<'a> {
    scripted: &'a Scripted,
    terms: &'a Terms,
    /// By when they were made or told.
    facts: Vec<&'a Fact>,
    truth: &'a Truth,
}

impl<'a> Message<'a> {
    fn until(&self, at: i64) -> Vec<&'a Fact> {
        let known = self.facts.partition_point(|fact| fact.at().as_millis() <= at);
        self.facts[..known].to_vec()
    }

    /// What was known when an SMS was meant to leave.
    fn before(&self, intent: &Intent<'_>) -> Vec<&'a Fact> {
        let own = |fact: &&Fact| match fact {
            Fact::FallbackIntended(fact) => fact.fallback >= intent.number,
            Fact::FallbackAnswered(fact) => fact.fallback >= intent.number,
            Fact::FallbackStatus(fact) => fact.fallback >= intent.number,
            _ => false,
        };
        let mut facts = self.until(intent.at);
        facts.retain(|fact| !own(fact));
        facts
    }
}

impl Terms {
    fn known(&self, facts: &[&Fact]) -> Known {
        Known::of(&self.evidence(facts), &self.policy)
    }

    /// When it is to be revoked by itself.
    fn own_date(&self, facts: &[&Fact]) -> Option<i64> {
        let stated = told::registered(facts, |said| said.revoke_at).map(Timestamp::as_millis);
        let by_class = || {
            let known = self.known(facts);
            let sent = known.sent_at.or(known.first_heard)?;
            Some(sent.as_millis() + self.class(facts)?.revoke_after?)
        };
        stated.or_else(by_class)
    }
}

/// The end of a drill, as far as SMS and dates go.
#[derive(Debug, Default)]
pub struct Examined {
    /// What must not be, by the message's key.
    pub misdeeds: Vec<(String, Misdeed)>,
    /// What became of each message.
    pub instead: Instead,
    /// The longest that an SMS was due while the server was there and had requests to spare, with its time in the queue.
    pub longest_sms: Duration,
    /// The same of a message's own date.
    pub longest_date: Duration,
}

/// What the server says of the messages whose SMS were meant to leave.
///
/// # Errors
/// When it does not answer.
pub async fn details(verdicts: &Verdicts<'_>, api: &Api) -> Result<BTreeMap<String, MessageDetail>> {
    let mut details = BTreeMap::new();
    for one in &verdicts.judged {
        if one.view.as_ref().is_some_and(|view| view.sms.is_some()) {
            let key = one.scripted.key();
            let detail = api.message(&key).await?;
            details.insert(key, detail);
        }
    }
    Ok(details)
}

/// What everything is judged by, beside the store.
pub struct Stage<'a> {
    pub verdicts: &'a Verdicts<'a>,
    pub details: &'a BTreeMap<String, MessageDetail>,
    pub simulator: &'a Running,
    pub clock: DrillClock,
    /// Requests of one account that may arrive in a real second.
    pub limit: f64,
    pub away: &'a Away,
    /// The virtual instant at which the server was asked to end.
    pub ended: i64,
    pub request_timeout: Duration,
}

/// Judges every SMS and every date.
///
/// # Errors
/// When the database cannot be read.
pub async fn examine(stage: &Stage<'_>, database: &Path, held: &Facts) -> Result<Examined> {
    let (books, sends) = (stage.simulator.truth(), stage.simulator.sends());
    let truths: BTreeMap<&str, &Truth> =
        books.iter().map(|truth| (truth.message.id.as_str(), truth)).collect();
    let sent = Sent::of(&books, &sends);
    let mut journal = stage.simulator.journal();
    journal.retain(|entry| entry.word == UNSUBSCRIBE);
    let heard = listening_since(database).await?;
    let tries = uptime::tries(held);
    let freedom = |route| Freedom::of(route, (stage.simulator, &tries), stage.clock, stage.limit, stage.away);
    let free = Free {
        google: freedom(Route::GoogleRevoke),
        vonage: freedom(Route::VonageRevoke),
        sms: freedom(Route::VonageSend),
        until: stage.ended,
    };
    let slack = Slack(stage.clock.virtual_ms(COMMIT));
    let mut examined = Examined::default();
    let mut written = Vec::new();
    for one in &stage.verdicts.judged {
        let key = one.scripted.key();
        let Some(truth) = truths.get(one.scripted.id.as_str()) else { continue };
        let mut facts: Vec<&Fact> = held.get(&key).into_iter().flatten().collect();
        facts.sort_by_key(|fact| fact.at());
        let terms =
            terms(one.scripted, heard.get(one.scripted.sender.source).copied(), stage.request_timeout)?;
        let message = Message { scripted: one.scripted, terms: &terms, facts, truth };
        let is_theirs = |entry: &&JournalEntry| entry.payload.contains(&one.scripted.phone);
        let unsubscribed: Vec<_> = journal.iter().filter(is_theirs).collect();
        let mut misdeeds = safety::judge(&message, &sent, &unsubscribed, &slack);
        misdeeds.extend(promptness::sms(&message, &free, &mut examined.longest_sms));
        misdeeds.extend(promptness::own_date(&message, &free, &mut examined.longest_date));
        misdeeds.extend(said::judge(&message, &sent, stage.details.get(&key)));
        examined.misdeeds.extend(misdeeds.into_iter().map(|misdeed| (key.clone(), misdeed)));
        let intents = told::intents(&message.facts);
        written.extend(intents.iter().filter_map(|intent| intent.reference().map(str::to_owned)));
        examined.instead.add(one, &intents, &sent, stage.away);
    }
    for reference in sent.taken.keys().filter(|reference| !written.iter().any(|known| known == *reference)) {
        examined.misdeeds.push(("(of no message)".to_owned(), Misdeed::Unwritten((*reference).to_owned())));
    }
    Ok(examined)
}

fn terms(
    scripted: &Scripted,
    listening_since: Option<Timestamp>,
    request_timeout: Duration,
) -> Result<Terms> {
    let Sender { source, provider, agent, home, launch_country, confirmed, class, sms } = *scripted.sender;
    let provider = match provider {
        Provider::Google => rcs_revoke_core::Provider::GoogleRbm,
        Provider::Vonage => rcs_revoke_core::Provider::Vonage,
    };
    let mut of = Source::new(SourceId::parse(source)?, provider);
    if provider == rcs_revoke_core::Provider::GoogleRbm {
        of.agent = Some(format!("{agent}@rbm.goog").parse()?);
        of.host = Some(home.name().parse()?);
    }
    of.launch_country = launch_country.map(str::parse).transpose()?;
    of.revoke_ack = if confirmed { RevokeAck::Confirmed } else { RevokeAck::Accepted };
    of.listening_since = listening_since;
    let mut policy = provider.adapter().policy();
    policy.request_timeout = Span::millis(i64::try_from(request_timeout.as_millis())?);
    policy.class = class.map(str::to_owned);
    Ok(Terms { message: scripted.key().parse()?, source: of, policy, has_sms: sms.is_some() })
}
