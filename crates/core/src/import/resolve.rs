//! Which source sent the message of a row. Decided by what is known and what the row says, never by a guess.

use serde::{Deserialize, Serialize};

use super::row::Entry;
use crate::id::{MessageRef, SourceId};
use crate::prelude::*;
use crate::source::Source;

/// What a server already knows of a message with the id of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownMessage {
    /// The source that sent it.
    pub source: SourceId,
    /// Whether its recipient is known.
    pub has_recipient: bool,
}

/// Where a row's message belongs. In JSON `{"resolution": "ready", "message": …, "source": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "resolution", rename_all = "snake_case")]
pub enum Resolution {
    /// It can be asked for.
    Ready {
        /// Its key.
        message: MessageRef,
        /// Its source.
        source: SourceId,
    },
    /// Several sources may have sent it: a person must say which.
    Choose {
        /// Those sources.
        candidates: Vec<SourceId>,
    },
    /// It cannot be asked for yet.
    Problem {
        /// The stable code.
        code: ResolveCode,
        /// What is missing and where it could come from.
        message: String,
    },
}

/// Why a row's message cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolveCode {
    /// No source is configured.
    NoSource,
    /// No configured source fits what the row says.
    NoSourceFits,
    /// The provider needs the recipient's number, and nobody told it.
    RecipientMissing,
}

/// Finds the source of a row's message: the one that is `known` for it, else the only one that fits.
///
/// A source fits when nothing in the row contradicts it: not the provider, not the agent or sender, not the form
/// of the id. What is known is believed only where it fits too, because ids are unique only within an agent at
/// some providers.
pub fn resolve(entry: &Entry, sources: &[Source], known: Option<&KnownMessage>) -> Resolution {
    let fitting: Vec<&Source> = sources.iter().filter(|source| fits(entry, source)).collect();
    let known = known.and_then(|known| {
        fitting.iter().find(|source| source.id == known.source).map(|source| (*source, known.has_recipient))
    });
    match (known, fitting.as_slice()) {
        (Some((source, has_recipient)), _) => with_source(entry, source, has_recipient),
        (None, [source]) => with_source(entry, source, false),
        (None, []) => nothing_fits(entry, sources),
        (None, several) => {
            Resolution::Choose { candidates: several.iter().map(|source| source.id.clone()).collect() }
        }
    }
}

fn fits(entry: &Entry, source: &Source) -> bool {
    let adapter = source.provider.adapter();
    entry.provider.is_none_or(|provider| provider == source.provider)
        && names(entry, source)
        && adapter.parse_message_id(entry.id.as_str()).is_ok()
}

/// Whether the sender that the row names, if any, is this source's.
fn names(entry: &Entry, source: &Source) -> bool {
    if entry.agent.is_none() && entry.sender.is_none() {
        return true;
    }
    if source.provider.adapter().keyed_by_agent() {
        return source.agent == entry.agent;
    }
    match (&source.sender, &entry.sender) {
        (Some(ours), Some(named)) => ours.as_str().eq_ignore_ascii_case(named.as_str()),
        (Some(_), None) => false,
        (None, named) => named.is_some(),
    }
}

fn with_source(entry: &Entry, source: &Source, has_recipient: bool) -> Resolution {
    let message = match MessageRef::new(source.provider, source.agent.as_ref(), entry.id.as_str()) {
        Ok(message) => message,
        Err(why) => {
            return Resolution::Problem { code: ResolveCode::NoSourceFits, message: why.to_string() };
        }
    };
    if source.provider.adapter().needs_recipient() && entry.phone.is_none() && !has_recipient {
        return Resolution::Problem {
            code: ResolveCode::RecipientMissing,
            message: format!(
                "{} needs the recipient's phone number: write it on the same line with `+`, add a column \
                 `phone`, register the message, or wait for a webhook that names it",
                source.provider.label()
            ),
        };
    }
    Resolution::Ready { message, source: source.id.clone() }
}

fn nothing_fits(entry: &Entry, sources: &[Source]) -> Resolution {
    let (code, message) = if sources.is_empty() {
        (ResolveCode::NoSource, "no source is configured: add one to the server's config".to_owned())
    } else {
        let sender = match (&entry.agent, &entry.sender) {
            (_, Some(sender)) => format!(" and the sender `{sender}`"),
            (Some(agent), None) => format!(" and the agent `{agent}`"),
            (None, None) => String::new(),
        };
        let provider =
            entry.provider.map_or_else(String::new, |provider| format!(" at {}", provider.label()));
        let message = format!(
            "no configured source{provider} fits the id `{}`{sender}: correct the line, or add the source to \
             the server's config",
            entry.id
        );
        (ResolveCode::NoSourceFits, message)
    };
    Resolution::Problem { code, message }
}
