//! How a message ends by itself: the field to put into the request that sends it.
//!
//! A message that expires before it is stale need not be revoked by anybody. What a provider takes stands in its
//! own file.

use serde::{Deserialize, Serialize};

use crate::fact::Life;
use crate::prelude::*;
use crate::provider::Provider;
use crate::say::{Say, joined, number};
use crate::time::Span;

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

/// What a provider takes as a message's time to live, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TtlRule {
    /// The shortest.
    pub shortest: Span,
    /// The longest.
    pub longest: Span,
    /// Whether it is written as a text with its unit, `"600s"`, or as a number of whole seconds.
    pub with_unit: bool,
}

/// The field that ends a message's own life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// The value of the field `ttl`, as JSON.
    pub ttl_json: String,
    /// What to register of it.
    pub life: Life,
}

/// A time to live that a provider does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TtlOutOfRange {
    /// The provider.
    pub provider: Provider,
    /// The shortest that it takes, in seconds.
    pub shortest: i64,
    /// The longest that it takes, in seconds.
    pub longest: i64,
    /// What was asked for, in milliseconds.
    pub found: i64,
}

impl Say for TtlOutOfRange {
    fn say(&self) -> String {
        let Self { provider, shortest, longest, found } = *self;
        let (shortest, longest, found) = (number(shortest), number(longest), number(found));
        let takes = " takes a time to live of ";
        joined(&[provider.label(), takes, &shortest, " s to ", &longest, " s, this is ", &found, " ms"])
    }
}

/// The field that lets a message of `provider` live for `ttl`, in whole seconds: a message never lives longer than
/// asked.
///
/// # Errors
/// When the provider does not take a time of that length.
pub fn expiry(provider: Provider, ttl: Span) -> Result<Expiry, TtlOutOfRange> {
    let rule = provider.adapter().ttl();
    let secs = ttl.as_millis() / 1_000;
    let (shortest, longest) = (rule.shortest.as_millis() / 1_000, rule.longest.as_millis() / 1_000);
    if secs < shortest || secs > longest {
        return Err(TtlOutOfRange { provider, shortest, longest, found: ttl.as_millis() });
    }
    let ttl_json = if rule.with_unit { joined(&["\"", &number(secs), "s\""]) } else { number(secs) };
    Ok(Expiry { ttl_json, life: Life::Ttl { ttl: Span::secs(secs) } })
}

#[cfg(test)]
mod tests {
    use super::{MessageClass, expiry};
    use crate::fact::Life;
    use crate::provider::Provider;
    use crate::time::Span;

    #[test]
    fn each_provider_gets_its_own_form() {
        let google = expiry(Provider::GoogleRbm, MessageClass::Otp.ttl()).unwrap();
        let vonage = expiry(Provider::Vonage, MessageClass::Otp.ttl()).unwrap();
        assert_eq!((google.ttl_json.as_str(), vonage.ttl_json.as_str()), ("\"600s\"", "600"));
        assert_eq!(google.life, Life::Ttl { ttl: Span::minutes(10) });
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
        let expiry = |provider, millis| expiry(provider, Span::millis(millis)).map(|expiry| expiry.ttl_json);
        assert_eq!(expiry(Provider::Vonage, 300_999).unwrap(), "300");
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
}
