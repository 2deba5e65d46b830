//! The classes of the drill's server, as what `docs/fallback.md` says of them: written down apart from the core, so that
//! a mistake there shows here.

use std::fmt::Write as _;

/// What a class says of one row of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// An SMS leaves at once.
    Now,
    /// The message is asked for once more, and then it leaves.
    RevokeAgain,
    /// It leaves when `fallback_by` has passed.
    AtFallbackBy,
    /// An operator may order it.
    ByHand,
    /// There is none.
    No,
}

impl Cell {
    const fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::RevokeAgain => "revoke_again",
            Self::AtFallbackBy => "at_fallback_by",
            Self::ByHand => "by_hand",
            Self::No => "no",
        }
    }
}

/// The rows of outcomes that a class says something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Revoked, not delivered.
    Gone,
    /// Unconfirmed, presumed revoked.
    Unconfirmed,
    /// Inconclusive.
    Inconclusive,
    /// Requesting; planned, and its time has come; refused, but for the reasons of the next row.
    Unfinished,
    /// Refused as unsupported, invalid or lacking something; lapsed.
    Hopeless,
    /// Presumed delivered, withdrawn, watched, planned for later.
    Otherwise,
}

/// One class. Lengths are virtual milliseconds.
#[derive(Debug, PartialEq, Eq)]
pub struct Class {
    /// Its name.
    pub name: &'static str,
    /// The standard class that it is like.
    pub like: &'static str,
    /// How long after sending its messages are revoked by themselves.
    pub revoke_after: Option<i64>,
    /// How long after the first wish was due an SMS leaves at the latest.
    pub fallback_by: Option<i64>,
    /// How long after sending none leaves by itself any more.
    pub not_after: Option<i64>,
    /// What its SMS say, if not just what was registered.
    pub sms_text: Option<&'static str>,
    cells: [Cell; 6],
}

impl Class {
    /// What it says of a row.
    pub const fn cell(&self, row: Row) -> Cell {
        self.cells[row as usize]
    }

    /// Whether its messages are advertising.
    pub fn is_advertising(&self) -> bool {
        self.like == "promotional"
    }

    /// The class of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|class| class.name == name)
    }
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// One-time codes, as they are without a configuration.
pub static OTP: Class = Class {
    name: "otp",
    like: "otp",
    revoke_after: Some(10 * MINUTE),
    fallback_by: Some(MINUTE),
    not_after: Some(30 * MINUTE),
    sms_text: None,
    cells: [Cell::Now, Cell::Now, Cell::RevokeAgain, Cell::AtFallbackBy, Cell::ByHand, Cell::ByHand],
};
/// What a person waits for, as it is without a configuration.
pub static TRANSACTIONAL: Class = Class {
    name: "transactional",
    like: "transactional",
    revoke_after: None,
    fallback_by: None,
    not_after: Some(72 * HOUR),
    sms_text: None,
    cells: [Cell::Now, Cell::ByHand, Cell::ByHand, Cell::ByHand, Cell::ByHand, Cell::No],
};
/// Advertising, as it is without a configuration: none of it is followed by an SMS by itself.
pub static PROMOTIONAL: Class = Class {
    name: "promotional",
    like: "promotional",
    revoke_after: None,
    fallback_by: None,
    not_after: None,
    sms_text: None,
    cells: [Cell::Now, Cell::ByHand, Cell::ByHand, Cell::ByHand, Cell::ByHand, Cell::No],
};
/// A class of the drill's own that lets an SMS leave wherever one may.
pub static ALERT: Class = Class {
    name: "alert",
    like: "transactional",
    revoke_after: Some(3 * MINUTE),
    fallback_by: Some(2 * MINUTE),
    not_after: Some(12 * HOUR),
    sms_text: Some("Alert: {text}"),
    cells: [Cell::Now, Cell::Now, Cell::RevokeAgain, Cell::AtFallbackBy, Cell::Now, Cell::ByHand],
};
/// Advertising that may be followed by an SMS, unless the person wants no more of it.
pub static OFFER: Class = Class {
    name: "offer",
    like: "promotional",
    revoke_after: None,
    fallback_by: None,
    not_after: Some(24 * HOUR),
    sms_text: Some("Our offer is waiting for you in the app."),
    cells: [Cell::Now, Cell::Now, Cell::Now, Cell::ByHand, Cell::ByHand, Cell::No],
};

static ALL: [&Class; 5] = [&OTP, &TRANSACTIONAL, &PROMOTIONAL, &ALERT, &OFFER];

/// The lines of the server's configuration for the classes that are the drill's own.
pub fn settings() -> String {
    let mut text = String::new();
    for class in [&ALERT, &OFFER] {
        let _ = writeln!(text, "[classes.{}]\nlike = \"{}\"", class.name, class.like);
        for (key, length) in [
            ("revoke_after", class.revoke_after),
            ("fallback_by", class.fallback_by),
            ("not_after", class.not_after),
        ] {
            let length = length.map_or_else(|| "never".to_owned(), |length| format!("{length}ms"));
            let _ = writeln!(text, "{key} = \"{length}\"");
        }
        if let Some(sms_text) = class.sms_text {
            let _ = writeln!(text, "sms_text = \"{sms_text}\"");
        }
        let _ = writeln!(text, "[classes.{}.fallback]", class.name);
        let names = ["gone", "unconfirmed", "inconclusive", "unfinished", "hopeless", "otherwise"];
        for (name, cell) in names.into_iter().zip(class.cells) {
            let _ = writeln!(text, "{name} = \"{}\"", cell.name());
        }
    }
    text
}
