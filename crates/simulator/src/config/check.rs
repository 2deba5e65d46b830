//! What the types of a configuration cannot say.

use super::{Config, ConfigError, Share};
use crate::Provider;
use crate::behaviour::Behaviour;

impl Config {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// When a value is outside its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        let scale = self.clock.scale;
        if !(scale.is_finite() && scale > 0.0) {
            return Err(range("clock.scale", &scale, "a positive number"));
        }
        let agents = self.google.agents.iter().map(|agent| &agent.webhook_url);
        for url in [&self.google.webhook_url, &self.vonage.webhook_url].into_iter().chain(agents).flatten() {
            check_webhook_url(url)?;
        }
        let homes = self.vonage.senders.iter().map(|sender| sender.region);
        if let Some(host) =
            homes.into_iter().find(|host| host.provider() != Some(Provider::Vonage) || !host.is_home())
        {
            return Err(range("vonage.senders.region", &host, "vonage.eu, vonage.us or vonage.ap"));
        }
        self.check_google()?;
        self.check_vonage()?;
        self.check_probabilities()
    }

    /// Refuses a change of what is read at the start only.
    ///
    /// # Errors
    /// When such a key differs.
    pub(crate) fn check_change(&self, new: &Self) -> Result<(), ConfigError> {
        let (google, vonage) = (&self.google, &self.vonage);
        let fixed = [
            ("seed", self.seed == new.seed),
            ("clock", self.clock == new.clock),
            ("ports", self.ports == new.ports),
            ("messages", self.messages == new.messages),
            ("google.service_account_file", google.service_account_file == new.google.service_account_file),
            ("google.client_token", google.client_token == new.google.client_token),
            ("google.audiences", google.audiences == new.google.audiences),
            ("vonage.application_id", vonage.application_id == new.vonage.application_id),
            ("vonage.private_key_file", vonage.private_key_file == new.vonage.private_key_file),
            (
                "vonage.other_private_key_file",
                vonage.other_private_key_file == new.vonage.other_private_key_file,
            ),
            ("vonage.api_key", vonage.api_key == new.vonage.api_key),
            ("vonage.api_secret", vonage.api_secret == new.vonage.api_secret),
            ("vonage.signature_secret", vonage.signature_secret == new.vonage.signature_secret),
        ];
        match fixed.into_iter().find(|(_, is_same)| !is_same) {
            Some((key, _)) => Err(ConfigError::Fixed { key }),
            None => Ok(()),
        }
    }

    fn check_google(&self) -> Result<(), ConfigError> {
        let answers = &self.google.answers;
        let statuses = [
            ("google.answers.delivered", answers.delivered),
            ("google.answers.second_revoke", answers.second_revoke),
            ("google.answers.after_expiry", answers.after_expiry),
            ("google.answers.after_purge", answers.after_purge),
            ("google.answers.unknown_id", answers.unknown_id),
            ("google.answers.other_phone", answers.other_phone),
            ("google.answers.other_agent", answers.other_agent),
        ];
        for (key, status) in statuses {
            if status != 200 && !(400..600).contains(&status) {
                return Err(range(key, &status, "200, or a status from 400 to 599"));
            }
        }
        Ok(())
    }

    fn check_vonage(&self) -> Result<(), ConfigError> {
        let answers = &self.vonage.answers;
        let statuses: [(_, _, &[u16], _); 7] = [
            ("vonage.answers.success", answers.success, &[200, 202, 204], "200, 202 or 204"),
            (
                "vonage.answers.already_delivered",
                answers.already_delivered,
                &[202, 404, 422],
                "202, 404 or 422",
            ),
            ("vonage.answers.second_revoke", answers.second_revoke, &[202, 404], "202 or 404"),
            ("vonage.answers.malformed_id", answers.malformed_id, &[404, 422], "404 or 422"),
            ("vonage.answers.global_patch", answers.global_patch, &[202, 404], "202 or 404"),
            ("vonage.answers.basic_patch", answers.basic_patch, &[202, 401], "202 or 401"),
            ("vonage.answers.other_application", answers.other_application, &[401, 404], "401 or 404"),
        ];
        match statuses.into_iter().find(|(_, status, allowed, _)| !allowed.contains(status)) {
            Some((key, status, _, must)) => Err(range(key, &status, must)),
            None => Ok(()),
        }
    }

    fn check_probabilities(&self) -> Result<(), ConfigError> {
        let shares = |mix: &[Share]| mix.iter().map(|share| share.behaviour.clone()).collect::<Vec<_>>();
        let behaviours = [vec![self.google.behaviour.clone(), self.vonage.behaviour.clone()]]
            .into_iter()
            .chain([shares(&self.google.mix), shares(&self.vonage.mix), shares(&self.vonage.sms_mix)])
            .chain([self.phones.values().cloned().collect()])
            .flatten();
        for behaviour in behaviours {
            check_behaviour(&behaviour)?;
        }
        for fault in &self.faults {
            check_probability("faults.probability", fault.probability)?;
        }
        Ok(())
    }
}

/// Refuses a behaviour whose probabilities are none.
///
/// # Errors
/// When one lies outside 0 to 1.
pub(crate) fn check_behaviour(behaviour: &Behaviour) -> Result<(), ConfigError> {
    let way = &behaviour.webhook;
    for (key, value) in [
        ("behaviour.webhook.loss", way.loss),
        ("behaviour.webhook.duplicate", way.duplicate),
        ("behaviour.webhook.replay", way.replay),
    ] {
        check_probability(key, value.unwrap_or(0.0))?;
    }
    Ok(())
}

/// Refuses a number that is no probability.
///
/// # Errors
/// When it lies outside 0 to 1.
pub(crate) fn check_probability(key: &'static str, value: f64) -> Result<(), ConfigError> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(range(key, &value, "a number from 0 to 1")) }
}

/// Refuses a webhook address that the simulator cannot call.
///
/// # Errors
/// When it is not an absolute `http` URL.
pub fn check_webhook_url(url: &str) -> Result<(), ConfigError> {
    match url.parse::<http::Uri>() {
        Ok(uri) if uri.scheme_str() == Some("http") && uri.host().is_some() => Ok(()),
        _ => Err(range("webhook_url", &url, "an absolute http URL")),
    }
}

fn range(key: &'static str, value: &dyn std::fmt::Display, must: &'static str) -> ConfigError {
    ConfigError::Range { key, value: value.to_string(), must }
}
