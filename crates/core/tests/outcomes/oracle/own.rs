//! The wishes that a message's class makes by itself: when, and what they say. Their ids are the core's own.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rcs_revoke_core::class::{Cell, Class};
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::{Event, Fact, Requested, Then};
use rcs_revoke_core::id::{MessageRef, SenderId, SourceId, WishId};
use rcs_revoke_core::source::{SmsSender, Source};
use rcs_revoke_core::step::Step;
use rcs_revoke_core::{Ack, Evidence, Timestamp, assess};

use super::Setting;
use super::reading::{Reading, Wish};
use super::schedule::{lacks_recipient, next};
use crate::facts::{answer, api, at, attempt, event, host, phone, registered, requested};

/// The ids of the two wishes that the core makes for a message by itself, as the core gives them where nothing else
/// is to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnIds {
    /// The wish for the message's date.
    pub dated: WishId,
    /// The wish to ask once more.
    pub again: WishId,
}

thread_local! {
    static SEEN: RefCell<BTreeMap<String, OwnIds>> = const { RefCell::new(BTreeMap::new()) };
}

impl OwnIds {
    pub fn of(message: &MessageRef) -> Self {
        let ids = SEEN.with_borrow(|seen| seen.get(&message.text()).cloned());
        ids.unwrap_or_else(|| {
            let ids = Self::ask_the_core(message);
            SEEN.with_borrow_mut(|seen| seen.insert(message.text(), ids.clone()));
            ids
        })
    }

    fn ask_the_core(message: &MessageRef) -> Self {
        let mut said = registered(api(), 1);
        said.sent_at = Some(at(0));
        said.class = Some("probe".into());
        said.phone = Some(phone(crate::facts::PHONE));
        said.fallback_text = Some("probe".into());
        said.revoke_at = Some(at(2));
        let mut wished = requested(1, 2);
        wished.then = Then::Fallback;
        let asked = |facts: Vec<Fact>| {
            let mut evidence = Evidence::new(message.clone());
            evidence.extend(facts);
            let mut source = Source::new(SourceId::parse("probe").expect("an id"), message.provider());
            let from = SenderId::parse("Probe").expect("a name");
            source.sms = Some(SmsSender { source: source.id.clone(), from, host: host("vonage.eu") });
            let mut policy = message.provider().adapter().policy();
            let mut class = Class::standard(MessageClass::Otp);
            class.name = "probe".into();
            class.fallback.inconclusive = Cell::RevokeAgain;
            policy.classes.push(class);
            match assess(&evidence, &source, &policy, at(60)).step {
                Step::Request { requested } => requested.wish,
                other => panic!("no wish of its own but {other:?}"),
            }
        };
        let registered = Fact::Registered(said);
        let hosted = message.provider().hosts().next().expect("each provider has a host").name();
        let failed = event("probe", Event::ExpiryRevokeFailed, 9);
        Self {
            dated: asked(vec![registered.clone()]),
            again: asked(vec![
                registered,
                Fact::Requested(wished),
                attempt(1, 1, hosted, 3),
                answer(1, Ack::Accepted, 4),
                failed,
            ]),
        }
    }
}

/// A wish that is to be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    id: WishId,
    at: Timestamp,
    not_before: Option<Timestamp>,
    then: Then,
}

impl Ask {
    /// Whether this is the wish. By whom, and for which reason, is wording.
    pub fn is(&self, requested: &Requested) -> bool {
        let Requested { wish, by: _, at, not_before, then, reason: _, override_window, hand, batch: _ } =
            requested;
        (wish, at, not_before, then) == (&self.id, &self.at, &self.not_before, &self.then)
            && !override_window
            && !hand
    }
}

/// The wish for the date of the message or of its class.
///
/// Readings: a date of the message's own counts more than the class's. The first that was heard stands in for an
/// unknown time of sending, as for the window. Of what could make a wish pointless only what the page names keeps it
/// from being made: a delivery, the window, the end of life.
pub fn for_its_date(reading: &Reading, setting: &Setting<'_>) -> Option<Ask> {
    let date = date(reading, setting)?;
    let wished = !reading.wishes.is_empty();
    let delivered = reading.has(|event| matches!(event, Event::Delivered | Event::Read));
    let over = reading.horizon(setting).is_some_and(|end| setting.now >= end);
    let closed = reading.window_end(setting).is_some_and(|end| setting.now >= end);
    // Reading: who sent it may yet say what it is. A message that nobody registered is wished away when its date has come.
    let waits = reading.registrations.is_empty() && date > setting.now;
    if wished || delivered || over || closed || waits {
        return None;
    }
    let then = setting.class.map_or(Then::Nothing, |class| class.then);
    Some(Ask { id: setting.own.dated.clone(), at: setting.now, not_before: Some(date), then })
}

/// The date of the message, else that of its class.
fn date(reading: &Reading, setting: &Setting<'_>) -> Option<Timestamp> {
    let own = reading.stated(|registered| registered.revoke_at).map(|(at, _)| at);
    let of_its_class = || {
        let after = setting.class?.revoke_after?;
        Some(reading.start()? + after)
    };
    own.or_else(of_its_class)
}

/// When a message that nobody registered is wished away.
pub fn awaited_date(reading: &Reading, setting: &Setting<'_>) -> Option<Timestamp> {
    let waits = reading.registrations.is_empty() && reading.wishes.is_empty();
    date(reading, setting).filter(|_| waits)
}

/// Whether the message was asked for once more already.
pub fn asked_again(reading: &Reading, setting: &Setting<'_>) -> bool {
    reading.wishes.iter().any(|wish| wish.id.as_ref() == Some(&setting.own.again))
}

/// The wish to ask once more, where an attempt for it could be made now.
pub fn once_more(reading: &Reading, setting: &Setting<'_>) -> Option<Ask> {
    if asked_again(reading, setting) || lacks_recipient(reading, setting) {
        return None;
    }
    let ask = Ask { id: setting.own.again.clone(), at: setting.now, not_before: None, then: Then::Fallback };
    let mut imagined = reading.clone();
    imagined.wishes.push(Wish {
        id: Some(ask.id.clone()),
        made: setting.now,
        not_before: None,
        then: Then::Fallback,
        hand: false,
        override_window: false,
        withdrawn: false,
    });
    next(imagined.wishes.len() - 1, &imagined, setting).is_some().then_some(ask)
}
