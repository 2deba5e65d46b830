//! Which source sent the message of a row. Decided by what is known and what the row says, never by a guess.

use serde::{Deserialize, Serialize};

use super::row::Entry;
use crate::id::{MessageRef, SourceId};
use crate::prelude::*;
use crate::say::{Say, joined};
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
    /// The row names a source that is not configured.
    UnknownSource,
    /// The provider needs the recipient's number, and nobody told it.
    RecipientMissing,
}

/// Finds the source of a row's message: the one that is `known` for it, else the only one that fits.
///
/// A source fits when nothing in the row contradicts it: not the source that it names, not the provider, not the agent
/// or sender, not the host, not the form of the id. What is known is believed only where it fits too, because ids are
/// unique only within an agent at some providers.
pub fn resolve(entry: &Entry, sources: &[Source], known: Option<&KnownMessage>) -> Resolution {
    let mut fitting = Vec::new();
    for source in sources.iter().filter(|source| fits(entry, source)) {
        if let Some(known) = known.filter(|known| known.source == source.id) {
            return with_source(entry, source, known.has_recipient);
        }
        fitting.push(source);
    }
    match fitting.as_slice() {
        [source] => with_source(entry, source, false),
        [] => nothing_fits(entry, sources),
        several => {
            Resolution::Choose { candidates: several.iter().map(|source| source.id.clone()).collect() }
        }
    }
}

fn fits(entry: &Entry, source: &Source) -> bool {
    let adapter = source.provider.adapter();
    entry.source.as_ref().is_none_or(|named| *named == source.id)
        && entry.provider.is_none_or(|provider| provider == source.provider)
        && entry.host.is_none_or(|host| source.provider.has_host(host))
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
    let (code, message) = match MessageRef::new(source.provider, source.agent.as_ref(), entry.id.as_str()) {
        Err(why) => (ResolveCode::NoSourceFits, why.say()),
        Ok(_) if source.provider.adapter().needs_recipient() && entry.phone.is_none() && !has_recipient => {
            let message = joined(&[
                source.provider.label(),
                " needs the recipient's phone number: write it on the same line with `+`, add a column `phone`, \
                 register the message, or wait for a webhook that names it",
            ]);
            (ResolveCode::RecipientMissing, message)
        }
        Ok(message) => return Resolution::Ready { message, source: source.id.clone() },
    };
    Resolution::Problem { code, message }
}

fn nothing_fits(entry: &Entry, sources: &[Source]) -> Resolution {
    if sources.is_empty() {
        let message = "no source is configured: add one to the server's config".to_owned();
        return Resolution::Problem { code: ResolveCode::NoSource, message };
    }
    let named = entry.source.as_ref().map_or("", SourceId::as_str);
    if !named.is_empty() && sources.iter().all(|source| source.id.as_str() != named) {
        let message = joined(&[
            "no source is called `",
            named,
            "`, which the row names: correct the row, or add the source to the server's config",
        ]);
        return Resolution::Problem { code: ResolveCode::UnknownSource, message };
    }
    let front =
        if named.is_empty() { ["no configured source", "", ""] } else { ["the source `", named, "`"] };
    let verb =
        if named.is_empty() { " fits the id `" } else { ", which the row names, does not fit the id `" };
    let provider = entry.provider.map_or(["", ""], |provider| [" at ", provider.label()]);
    let [kind, name, end] = match (&entry.sender, &entry.agent) {
        (Some(sender), _) => [" and the sender `", sender.as_str(), "`"],
        (None, Some(agent)) => [" and the agent `", agent.as_str(), "`"],
        (None, None) => [""; 3],
    };
    let host = entry.host.map_or(["", "", ""], |host| [" and the host `", host.name(), "`"]);
    let message = joined(&[
        front[0],
        front[1],
        front[2],
        verb,
        entry.id.as_str(),
        "`",
        provider[0],
        provider[1],
        kind,
        name,
        end,
        host[0],
        host[1],
        host[2],
        ": correct the line, or add the source to the server's config",
    ]);
    Resolution::Problem { code: ResolveCode::NoSourceFits, message }
}
