//! Who sends an SMS instead of a source's messages.

use rcs_revoke_core::source::SmsSender;
use rcs_revoke_core::{Source, SourceId};

use super::Faults;
use crate::config::{Config, SourceConfig};

/// The source of that name as the configuration states it, without what follows from other sources.
pub(super) fn stated(id: SourceId, config: &SourceConfig) -> Source {
    Source {
        agent: config.agent.clone(),
        sender: config.sender.clone(),
        application: config.application.clone(),
        host: config.host,
        launch_country: config.launch_country,
        revoke_ack: config.revoke_ack,
        ..Source::new(id, config.provider)
    }
}

/// Who sends an SMS for a source; none if nobody can, or if what is said is wrong.
pub(super) fn sender(
    place: &str,
    source: &Source,
    config: &SourceConfig,
    all: &Config,
    faults: &mut Faults,
) -> Option<SmsSender> {
    if config.sms_from.is_some() && !source.provider.adapter().sends_sms() {
        let label = source.provider.label();
        faults.add(
            format!("{place}.sms_from"),
            format!("{label} sends no SMS: name a source of Vonage, `sms_source = \"…\"`"),
        );
    }
    let Some(name) = &config.sms_source else { return source.sms_sender(config.sms_from.clone()?) };
    let place = format!("{place}.sms_source");
    let Some(other) = all.sources.get(name) else {
        faults.add(place, format!("`{name}` is no source of this configuration"));
        return None;
    };
    let sender = stated(SourceId::parse(name).ok()?, other);
    if !sender.provider.adapter().sends_sms() {
        faults.add(place, format!("{} sends no SMS: name a source of Vonage", sender.provider.label()));
        return None;
    }
    let Some(from) = other.sms_from.clone() else {
        faults.add(
            place,
            format!("`{name}` does not say who its SMS are from: set `sms_from` there, a number or a name"),
        );
        return None;
    };
    sender.sms_sender(from)
}
