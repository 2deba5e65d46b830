//! One message class as the configuration states it.

use rcs_revoke_core::Class;
use rcs_revoke_core::class::StatedCells;
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::fact::Then;
use rcs_revoke_core::id::SenderId;
use serde::Deserialize;

use crate::config::length::{Length, Limit};

/// What differs from a standard class.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassConfig {
    /// The standard class whose figures hold where nothing is said; for a class of one's own.
    pub like: Option<MessageClass>,
    ttl: Option<Length>,
    revoke_after: Option<Limit>,
    then: Option<Then>,
    settle: Option<Length>,
    retries: Option<Vec<Length>>,
    /// Cells that differ.
    #[serde(default)]
    pub fallback: StatedCells,
    fallback_by: Option<Limit>,
    not_after: Option<Limit>,
    sms_from: Option<SenderId>,
    sms_text: Option<String>,
}

impl ClassConfig {
    /// Another class with these figures in their place, under a name.
    pub fn over(&self, name: &str, class: Class) -> Class {
        let limit = |stated: Option<Limit>, other| stated.map_or(other, |Limit(limit)| limit);
        let retries = self.retries.as_ref().map(|all| all.iter().map(|Length(span)| *span).collect());
        Class {
            name: name.to_owned(),
            kind: class.kind,
            ttl: self.ttl.map_or(class.ttl, |Length(ttl)| ttl),
            revoke_after: limit(self.revoke_after, class.revoke_after),
            then: self.then.unwrap_or(class.then),
            settle: self.settle.map(|Length(settle)| settle).or(class.settle),
            retries: retries.or(class.retries),
            fallback: self.fallback.over(class.fallback),
            fallback_by: limit(self.fallback_by, class.fallback_by),
            not_after: limit(self.not_after, class.not_after),
            sms_from: self.sms_from.clone().or(class.sms_from),
            sms_text: self.sms_text.clone().or(class.sms_text),
        }
    }
}
