//! What the console reads of a source, and of the figures that are in force for it.

use rcs_revoke_core::class::Class;
use rcs_revoke_core::truth::Truth;
use rcs_revoke_core::{Policy, Source};
use serde::{Deserialize, Deserializer};

/// One configured source.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SourceRow {
    pub source: Source,
    pub policy: Figures,
    pub label: String,
    #[serde(default)]
    pub webhook_path: String,
    pub last_webhook_at: Option<i64>,
    #[serde(default)]
    pub refused_webhooks: u64,
}

impl SourceRow {
    /// How the source is called beside its provider.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { self.source.id.as_str() } else { &self.label }
    }

    /// What the core needs to say where its messages are asked and how long that may be done.
    pub fn policy(&self) -> Policy {
        Policy { truth: self.policy.truth, ..self.source.provider.adapter().policy() }
    }

    /// The class of that name, as this source knows it.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.policy.classes.iter().find(|class| class.name == name)
    }
}

/// The figures of a source that a plan needs, or that people want to know. Lengths are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Figures {
    pub rate_per_second: u32,
    #[serde(default)]
    pub settle: Option<i64>,
    #[serde(default)]
    pub presume_for: Option<i64>,
    #[serde(default = "Class::standards", deserialize_with = "known_classes")]
    pub classes: Vec<Class>,
    /// The class of messages that nobody named one for.
    #[serde(default)]
    pub class: Option<String>,
    #[serde(default, deserialize_with = "known_truth")]
    truth: Truth,
}

/// What is set of what the provider's texts leave open; nothing, where a newer server says it in another way.
fn known_truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Truth, D::Error> {
    let stated = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(stated).unwrap_or_default())
}

/// The classes; one that only a newer server could explain is left out.
fn known_classes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Class>, D::Error> {
    let stated: Vec<serde_json::Value> = Vec::deserialize(deserializer)?;
    Ok(stated.into_iter().filter_map(|class| serde_json::from_value(class).ok()).collect())
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::Span;
    use rcs_revoke_core::class::Cell;

    use super::{Class, SourceRow};

    const SOURCE: &str = r#"{
        "source": {"id": "otp-eu", "provider": "vonage", "sender": "AcmeOtp"}, "label": "", "last_webhook_at": null,
        "policy": {"rate_per_second": 30, "newer": [1]}
    }"#;

    #[test]
    fn a_source_that_names_no_classes_has_the_standard_ones() {
        let row: SourceRow = serde_json::from_str(SOURCE).unwrap();
        let otp = row.class("otp").expect("the class is there");
        assert_eq!((otp.revoke_after, otp.fallback.hopeless), (Some(Span::minutes(10)), Cell::ByHand));
        assert_eq!(row.class("promotional").unwrap().not_after, None);
        assert_eq!(row.name(), "otp-eu");
        let open = r#"{"rate_per_second": 1, "truth": {"ask_other_hosts": false, "young": 1}}"#;
        let figures: super::Figures = serde_json::from_str(open).unwrap();
        assert_eq!(figures.truth.ask_other_hosts, Some(false));
        let mut classes = vec![serde_json::to_value(&Class::standards()[0]).unwrap()];
        classes.push(serde_json::json!({ "name": "newer", "moon": true }));
        let figures = serde_json::json!({ "rate_per_second": 1, "classes": classes });
        assert_eq!(serde_json::from_value::<super::Figures>(figures).unwrap().classes.len(), 1);
        let newer = r#"{"rate_per_second": 1, "truth": {"never_heard_of": 1}}"#;
        assert_eq!(serde_json::from_str::<super::Figures>(newer).unwrap().truth, super::Truth::default());
    }
}
