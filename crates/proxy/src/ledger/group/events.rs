//! Events of providers: claimed by a source, or kept until one claims them.

use std::sync::Arc;

use rcs_revoke_core::webhook::claim;
use rcs_revoke_core::{Fact, Source, SourceId, Timestamp};

use super::Gathering;
use crate::ledger::change::{Heard, WebhookEvent};
use crate::sources::SourceEntry;
use crate::store::unclaimed::{Kind, Unclaimed};

impl Gathering {
    pub(super) fn event(&mut self, heard: &WebhookEvent) -> Heard {
        let Ok(message) = heard.event.message_ref() else { return self.keep(heard) };
        let sharing = self.spoken_for(&heard.call);
        let known = self.held.get(&message).and_then(|held| held.source.as_deref()).map(str::to_owned);
        let known =
            known.filter(|id| self.sources.find(id).is_some()).and_then(|id| SourceId::parse(&id).ok());
        // A secret speaks for the sources that share it, and for no message of another source.
        if known.as_ref().is_some_and(|known| sharing.iter().all(|source| source.id != *known)) {
            return self.keep(heard);
        }
        let Some(source) = claim(&heard.event, known.as_ref(), &sharing).map(|source| source.id.clone())
        else {
            return self.keep(heard);
        };
        self.belongs(&message, Some(&source));
        self.record(&message, &Fact::Event(heard.event.clone().into_fact(heard.received_at)));
        self.heard(&source, heard.received_at);
        if heard.kept {
            self.group.no_longer_kept.push(heard.call.digest.clone());
        }
        Heard::Recorded(message)
    }

    /// Keeps a call of which nothing follows yet.
    pub(super) fn set_aside(&mut self, call: Unclaimed, is_kept: bool) -> Heard {
        let sources = Arc::clone(&self.sources);
        if let [only] = sources.sharing(&call.source)[..] {
            self.heard(only.id(), Timestamp::from_millis(call.received_at));
        }
        if !is_kept {
            self.group.unclaimed.push(call);
        }
        Heard::Unclaimed
    }

    /// The sources that a call may speak for: those that share the secret it was verified with.
    pub(super) fn spoken_for(&self, call: &Unclaimed) -> Vec<Source> {
        self.sources.sharing(&call.source).into_iter().map(SourceEntry::snapshot).collect()
    }

    fn keep(&mut self, heard: &WebhookEvent) -> Heard {
        let kept = Unclaimed { kind: Kind::Unclaimed, ..heard.call.clone() };
        // A later change of this group may be the one that names its source.
        if let Some(message) = &kept.message {
            self.waiting.entry(message.clone()).or_default().push(kept.clone());
        }
        if !heard.kept {
            self.group.unclaimed.push(kept);
        }
        Heard::Unclaimed
    }
}
