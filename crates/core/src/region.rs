//! Where to ask: an ordered list of hosts, with how sure we are and why.
//!
//! Which country means which host is a provider's own table, in that provider's folder.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::prelude::*;
use crate::say::{Say, joined, shown};
use crate::source::Source;
use crate::text;

mod iso;

/// A country as two letters of ISO 3166-1, such as `DE`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// A text that is no country code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UnknownCountry(pub String);

impl Say for UnknownCountry {
    fn say(&self) -> String {
        let expected = "` is no ISO 3166-1 country code: expected two letters, such as DE";
        joined(&["`", &shown(&self.0), expected])
    }
}

impl Country {
    /// Kosovo: assigned by its users and not by the standard, but written by everybody.
    const KOSOVO: Self = Self(*b"XK");

    /// Every country: the 249 assigned codes in alphabetical order, then `XK`.
    pub fn all() -> impl Iterator<Item = Self> {
        let letters = b'A'..=b'Z';
        let codes =
            letters.clone().flat_map(move |first| letters.clone().map(move |second| Self([first, second])));
        codes.filter(|code| code.is_among(iso::ASSIGNED)).chain([Self::KOSOVO])
    }

    /// The code in upper case.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("made from two ASCII letters")
    }

    /// Whether it is among countries that are written in words: a first letter, and behind it the second letter of each
    /// code that begins with it. `AD AE BA` is `ADE BA`.
    pub(crate) fn is_among(self, words: &str) -> bool {
        let [first, second] = self.0;
        words
            .as_bytes()
            .split(|byte| *byte == b' ')
            .any(|word| word[0] == first && text::is_one_of(second, &word[1..]))
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    /// Reads a code in any case; `UK` and `EL` are taken as `GB` and `GR`. What no standard assigns is refused,
    /// besides `XK`.
    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        let code = match *text::trimmed(text).to_ascii_uppercase().as_bytes() {
            [b'U', b'K'] => Self(*b"GB"),
            [b'E', b'L'] => Self(*b"GR"),
            [first, second] => Self([first, second]),
            _ => Self([0; 2]),
        };
        if code == Self::KOSOVO || code.is_among(iso::ASSIGNED) {
            return Ok(code);
        }
        Err(UnknownCountry(text.to_owned()))
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCountry;

    fn try_from(text: String) -> Result<Self, UnknownCountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How sure the first candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Told by the sender, set by the operator, or learnt from an answer.
    Known,
    /// Printed in the provider's documentation.
    Documented,
    /// Not printed, but every reasonable reading gives the same host.
    Inferred,
    /// Another reasonable reading gives another host, or nothing is known.
    Ambiguous,
}

/// Why the first candidate comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum RouteReason {
    /// It holds this message: it was sent there, or accepted an earlier request.
    Message,
    /// The operator set it for the source.
    Source,
    /// It accepted another revocation of this source.
    Learnt,
    /// The agent was launched in this country.
    LaunchCountry {
        /// The country.
        country: Country,
    },
    /// Nothing is known: the provider's default.
    Default,
}

/// Where to ask, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The hosts to ask, the best guess first, each once; never empty.
    pub candidates: Vec<Host>,
    /// How sure the first is.
    pub certainty: Certainty,
    /// Why it comes first.
    #[serde(flatten)]
    pub reason: RouteReason,
}

/// The hosts that we know of rather than guess, the surest first: where the message is, what the operator set,
/// where other revocations of the source were accepted. Hosts of another provider are passed over.
pub(crate) fn known_hosts(source: &Source, own: Option<Host>) -> Vec<(Host, RouteReason)> {
    let mut known = Vec::new();
    let mut add = |host, reason| {
        if source.provider.has_host(host) {
            known.push((host, reason));
        }
    };
    if let Some(host) = own {
        add(host, RouteReason::Message);
    }
    if let Some(host) = source.host {
        add(host, RouteReason::Source);
    }
    for host in &source.learnt {
        add(*host, RouteReason::Learnt);
    }
    known
}

impl Route {
    /// The best guess.
    pub fn first(&self) -> Host {
        *self.candidates.first().expect("a route is built from a provider's hosts and never empty")
    }
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn all_assigned_codes_and_kosovo_are_countries() {
        let mut all: Vec<_> = Country::all().collect();
        assert_eq!(all.len(), 249 + 1);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 249 + 1, "a code stands twice");
    }

    #[test]
    fn common_spellings_are_read_and_what_is_no_country_is_refused() {
        for (text, code) in [("de", "DE"), (" UK ", "GB"), ("El", "GR"), ("XK", "XK")] {
            assert_eq!(text.parse::<Country>().unwrap().as_str(), code);
        }
        for text in ["EU", "AN", "ZZ", "", "D", "DEU", "Ä", "1A"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
