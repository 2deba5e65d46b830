//! What is done about an SMS instead: ordered by hand, sent by the provider's own failover, and no longer wanted.

use anyhow::Result;
use rcs_revoke_api::{FallbackOrder, FallbackOrdered};
use rcs_revoke_simulator::{Channel, NewConsent, NewMessage, Provider};

use super::{Played, Stage};
use crate::script::Scripted;

impl Stage<'_> {
    /// Every order is a call of its own, as a button is.
    pub(super) async fn order(&self, indexes: &[usize], number: u32, played: &mut Played) -> Result<()> {
        for message in indexes.iter().map(|index| &self.script[*index]) {
            let order = FallbackOrder { message: message.key(), fallback: number, text: None };
            match self.api.try_post::<FallbackOrdered>("/api/v1/fallbacks", &order).await? {
                Ok(_) => played.ordered += 1,
                Err(problem) => *played.not_ordered.entry(problem.code).or_default() += 1,
            }
        }
        Ok(())
    }

    /// Google says that a person wants no more advertising: the event names no message.
    pub(super) fn unsubscribe(&self, indexes: &[usize]) -> Result<()> {
        for message in indexes.iter().map(|index| &self.script[*index]) {
            let (phone, agent) = (message.phone.clone(), Some(message.sender.agent.to_owned()));
            self.simulator.consent(&NewConsent { phone, agent, subscribed: false })?;
        }
        Ok(())
    }
}

/// Google's word for who wants no more advertising.
pub const UNSUBSCRIBE: &str = "UNSUBSCRIBE";

/// What the provider itself sends if it rejects the message.
pub(super) fn failover(message: &Scripted) -> Vec<NewMessage> {
    if !message.instead.failover || message.sender.provider != Provider::Vonage {
        return Vec::new();
    }
    vec![NewMessage {
        agent: Some("OwnFailover".to_owned()),
        channel: Channel::Sms,
        client_ref: Some(format!("own-{}", message.id)),
        ..NewMessage::new(message.sender.provider, message.phone.clone())
    }]
}
