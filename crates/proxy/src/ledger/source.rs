//! Which source a message belongs to, when an operator asks for it.

use rcs_revoke_core::{MessageRef, SourceId};

use crate::sources::{SourceEntry, Sources};

/// Why no source was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSource {
    /// The stable code.
    pub code: &'static str,
    /// What is wrong, for people.
    pub detail: String,
}

/// The source known for the message, else the one that was chosen, else the only one that fits; never a guess.
pub(super) fn resolve<'a>(
    sources: &'a Sources,
    message: &MessageRef,
    known: Option<&str>,
    chosen: Option<&SourceId>,
) -> Result<&'a SourceEntry, NoSource> {
    let chosen = match chosen {
        Some(id) => Some(sources.find(id.as_str()).ok_or_else(|| unknown(id))?),
        None => None,
    };
    match (known.and_then(|id| sources.find(id)), chosen) {
        (Some(known), Some(chosen)) if known.id() != chosen.id() => Err(NoSource {
            code: "source_differs",
            detail: format!(
                "{message} belongs to source {}, not {}: name that one, or none",
                known.id(),
                chosen.id()
            ),
        }),
        (Some(known), _) => Ok(known),
        (None, Some(chosen)) if fits(chosen, message) => Ok(chosen),
        (None, Some(chosen)) => Err(NoSource {
            code: "source_does_not_fit",
            detail: format!(
                "source {} does not send messages such as {message}: choose another",
                chosen.id()
            ),
        }),
        (None, None) => only_fitting(sources, message),
    }
}

fn only_fitting<'a>(sources: &'a Sources, message: &MessageRef) -> Result<&'a SourceEntry, NoSource> {
    let mut fitting = sources.iter().filter(|entry| fits(entry, message));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(NoSource {
            code: "no_source",
            detail: format!(
                "no configured source sends messages such as {message}: add one to the configuration"
            ),
        }),
        _ => Err(NoSource {
            code: "source_needed",
            detail: format!("several sources may have sent {message}: say which"),
        }),
    }
}

fn fits(entry: &SourceEntry, message: &MessageRef) -> bool {
    let source = entry.snapshot();
    source.provider == message.provider()
        && message.agent().is_none_or(|agent| source.agent.as_ref() == Some(agent))
}

fn unknown(id: &SourceId) -> NoSource {
    NoSource { code: "unknown_source", detail: format!("no source is called {id}: see the list of sources") }
}
