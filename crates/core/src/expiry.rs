//! How a message ends by itself: the one field to put into the request that sends it.
//!
//! A message that expires before it is stale need not be revoked by anybody. What a provider takes stands in its
//! own file. Where it takes a length or an instant, it takes no request with both: so an [`Expiry`] is one of them.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::fact::Life;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined, number};
use crate::time::{Span, Timestamp};

/// What a message is for, which says how long it stays wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageClass {
    /// A one-time password.
    Otp,
    /// What the person waits for: a receipt, a delivery, an appointment.
    Transactional,
    /// Advertising.
    Promotional,
}

impl MessageClass {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Otp, Self::Transactional, Self::Promotional];

    /// The stable code, such as `otp`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Transactional => "transactional",
            Self::Promotional => "promotional",
        }
    }

    /// How long such a message stays wanted, unless its sender says otherwise. 72 hours is the longest of which
    /// Vonage still tells the end.
    pub const fn ttl(self) -> Span {
        match self {
            Self::Otp => Span::minutes(10),
            Self::Transactional => Span::hours(72),
            Self::Promotional => Span::hours(24),
        }
    }
}

/// What a provider takes as a message's end, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TtlRule {
    /// The shortest life.
    pub shortest: Span,
    /// The longest.
    pub longest: Span,
    /// Whether a time to live is written as a text with its unit, `"600s"`, or as a number of whole seconds.
    pub with_unit: bool,
    /// The field that takes an instant instead, in RFC 3339; none if there is no such field.
    pub instant: Option<&'static str>,
    /// Why the life may not be shorter or longer, for people.
    pub why: &'static str,
}

/// The field that ends a message's own life: a length or an instant, and never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    field: &'static str,
    json: String,
    life: Life,
}

impl Expiry {
    /// The field's name.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Its value, as JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// What to register of it.
    pub const fn life(&self) -> Life {
        self.life
    }
}

/// A life that a provider does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TtlOutOfRange {
    /// The provider.
    pub provider: Provider,
    /// The shortest that it takes, in seconds.
    pub shortest: i64,
    /// The longest that it takes, in seconds.
    pub longest: i64,
    /// What was asked for, in milliseconds; not more than zero if that life is over already.
    pub found: i64,
}

impl Say for TtlOutOfRange {
    fn say(&self) -> String {
        let Self { provider, shortest, longest, found } = *self;
        let (shortest, longest, found) = (number(shortest), number(longest), number(found));
        let takes = " takes a time to live of ";
        let why = provider.adapter().ttl().why;
        joined(&[
            provider.label(),
            takes,
            &shortest,
            " s to ",
            &longest,
            " s, this is ",
            &found,
            " ms (",
            why,
            ")",
        ])
    }
}

/// The field that lets a message of `provider` live for `ttl`, in whole seconds: a message never lives longer than
/// asked.
///
/// # Errors
/// When the provider does not take a time of that length.
pub fn expiry(provider: Provider, ttl: Span) -> Result<Expiry, TtlOutOfRange> {
    let (secs, rule) = whole_secs(provider, ttl)?;
    let json = if rule.with_unit { joined(&["\"", &number(secs), "s\""]) } else { number(secs) };
    Ok(Expiry { field: "ttl", json, life: Life::Ttl { ttl: Span::secs(secs) } })
}

/// The field that lets a message of `provider`, sent at `now`, live until `end` and no longer: that instant where the
/// provider takes one, else the time that is left.
///
/// An instant holds however long the request waits on its way; of the time that is left, that wait is no part.
///
/// # Errors
/// When the provider does not take a life of that length, as where it is over already.
pub fn expiry_at(provider: Provider, end: Timestamp, now: Timestamp) -> Result<Expiry, TtlOutOfRange> {
    let (_, rule) = whole_secs(provider, end - now)?;
    let Some(field) = rule.instant else { return expiry(provider, end - now) };
    let json = joined(&["\"", &end.text(), "\""]);
    Ok(Expiry { field, json, life: Life::ExpiresAt { at: end } })
}

/// The field for a message of a class that is sent at `now`, and whose content is as old as `since`: a code that was
/// made then, or a message that was already sent then and is sent again. Its time counts from there, so that the
/// second message does not outlive what the first one said.
///
/// # Errors
/// When the provider does not take what is left of that life.
pub fn class_expiry(
    provider: Provider,
    class: &Class,
    since: Timestamp,
    now: Timestamp,
) -> Result<Expiry, TtlOutOfRange> {
    if since == now { expiry(provider, class.ttl) } else { expiry_at(provider, since + class.ttl, now) }
}

/// A life in whole seconds, and the rule that it obeys.
fn whole_secs(provider: Provider, ttl: Span) -> Result<(i64, TtlRule), TtlOutOfRange> {
    let rule = provider.adapter().ttl();
    let secs = ttl.as_millis() / 1_000;
    let (shortest, longest) = (rule.shortest.as_millis() / 1_000, rule.longest.as_millis() / 1_000);
    if ttl >= rule.shortest && secs <= longest {
        return Ok((secs, rule));
    }
    Err(TtlOutOfRange { provider, shortest, longest, found: ttl.as_millis() })
}

#[cfg(test)]
mod tests {
    use super::{MessageClass, class_expiry, expiry, expiry_at};
    use crate::class::Class;
    use crate::fact::Life;
    use crate::provider::Provider;
    use crate::time::{Span, Timestamp};

    #[test]
    fn each_provider_gets_its_own_form() {
        let google = expiry(Provider::GoogleRbm, MessageClass::Otp.ttl()).unwrap();
        let vonage = expiry(Provider::Vonage, MessageClass::Otp.ttl()).unwrap();
        assert_eq!((google.field(), google.json()), ("ttl", "\"600s\""));
        assert_eq!((vonage.field(), vonage.json()), ("ttl", "600"));
        assert_eq!(google.life(), Life::Ttl { ttl: Span::minutes(10) });
    }

    #[test]
    fn every_class_suits_every_provider() {
        for provider in Provider::ALL {
            for class in MessageClass::ALL {
                assert!(expiry(*provider, class.ttl()).is_ok(), "{provider:?} {class:?}");
            }
        }
    }

    #[test]
    fn parts_of_a_second_never_lengthen_a_life_and_limits_hold() {
        let expiry = |provider, millis| expiry(provider, Span::millis(millis)).map(|expiry| expiry.json);
        assert_eq!(expiry(Provider::Vonage, 300_999).unwrap(), "300");
        assert_eq!(expiry(Provider::GoogleRbm, 15 * 86_400_000 + 999).unwrap(), "\"1296000s\"");
        for (provider, millis) in [
            (Provider::Vonage, 299_999),
            (Provider::Vonage, 259_201_000),
            (Provider::GoogleRbm, 9_999),
            (Provider::GoogleRbm, 15 * 86_400_000 + 1_000),
            (Provider::GoogleRbm, i64::MAX),
            (Provider::GoogleRbm, -1),
        ] {
            let error = expiry(provider, millis).unwrap_err();
            assert_eq!(error.found, millis);
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_795_168_800_000);

    #[test]
    fn an_instant_is_written_where_it_is_taken_and_counted_down_where_it_is_not() {
        let end = NOW + Span::minutes(10) + Span::millis(123);
        let google = expiry_at(Provider::GoogleRbm, end, NOW).unwrap();
        assert_eq!((google.field(), google.json()), ("expireTime", "\"2026-11-20T10:10:00.123Z\""));
        assert_eq!(google.life(), Life::ExpiresAt { at: end });
        let vonage = expiry_at(Provider::Vonage, end, NOW).unwrap();
        assert_eq!((vonage.field(), vonage.json()), ("ttl", "600"));
        assert_eq!(vonage.life(), Life::Ttl { ttl: Span::minutes(10) });
    }

    #[test]
    fn an_instant_is_as_near_and_as_far_as_a_length_may_be() {
        let at = |provider, ahead| expiry_at(provider, NOW + ahead, NOW);
        for provider in Provider::ALL.iter().copied() {
            let rule = provider.adapter().ttl();
            assert!(at(provider, rule.shortest).is_ok() && at(provider, rule.longest).is_ok());
            for wrong in
                [rule.shortest + Span::millis(-1), rule.longest + Span::secs(1), Span::ZERO, Span::days(-1)]
            {
                let error = at(provider, wrong).unwrap_err();
                assert_eq!(Some(&error), expiry(provider, wrong).as_ref().err());
                assert!(error.to_string().contains(rule.why), "{error}");
            }
        }
    }

    #[test]
    fn the_life_of_a_class_counts_from_when_its_content_was_made() {
        let otp = Class::standard(MessageClass::Otp);
        let field = |provider, age| {
            class_expiry(provider, &otp, NOW - age, NOW).map(|expiry| (expiry.field(), expiry.json))
        };
        assert_eq!(field(Provider::GoogleRbm, Span::ZERO), Ok(("ttl", "\"600s\"".to_owned())));
        let at = Ok(("expireTime", "\"2026-11-20T10:06:00.000Z\"".to_owned()));
        assert_eq!(field(Provider::GoogleRbm, Span::minutes(4)), at);
        assert_eq!(field(Provider::Vonage, Span::minutes(4)), Ok(("ttl", "360".to_owned())));
        let error = field(Provider::Vonage, Span::minutes(6)).unwrap_err();
        assert_eq!(error.found, 240_000, "too little is left for Vonage");
        let error = field(Provider::GoogleRbm, Span::minutes(11)).unwrap_err();
        assert_eq!(error.found, -60_000, "nothing is left");
    }
}
