//! What the console reads of a source, and of the classes that are in force for it.

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
    pub fn class(&self, name: &str) -> Option<&ClassRow> {
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
    #[serde(default = "standard")]
    pub classes: Vec<ClassRow>,
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

/// The classes of a policy that does not say which it has.
fn standard() -> Vec<ClassRow> {
    serde_json::to_value(Class::standards()).and_then(serde_json::from_value).unwrap_or_default()
}

/// One class in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClassRow {
    pub name: String,
    pub kind: String,
    #[serde(default)]
    pub ttl: Option<i64>,
    #[serde(default)]
    pub revoke_after: Option<i64>,
    pub then: String,
    #[serde(default)]
    pub settle: Option<i64>,
    pub fallback: CellRow,
    #[serde(default)]
    pub fallback_by: Option<i64>,
    #[serde(default)]
    pub not_after: Option<i64>,
    #[serde(default)]
    pub sms_from: Option<String>,
    #[serde(default)]
    pub sms_text: Option<String>,
}

/// What is done about an SMS, by outcome.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CellRow {
    pub gone: String,
    pub unconfirmed: String,
    pub inconclusive: String,
    pub unfinished: String,
    pub hopeless: String,
    pub otherwise: String,
}

impl CellRow {
    /// Every cell, in the order of the table.
    pub fn all(&self) -> [&str; 6] {
        [&self.gone, &self.unconfirmed, &self.inconclusive, &self.unfinished, &self.hopeless, &self.otherwise]
    }
}

#[cfg(test)]
mod tests {
    use super::SourceRow;

    const SOURCE: &str = r#"{
        "source": {"id": "otp-eu", "provider": "vonage", "sender": "AcmeOtp"}, "label": "", "last_webhook_at": null,
        "policy": {"rate_per_second": 30, "newer": [1]}
    }"#;

    #[test]
    fn a_source_that_names_no_classes_has_the_standard_ones() {
        let row: SourceRow = serde_json::from_str(SOURCE).unwrap();
        let otp = row.class("otp").expect("the class is there");
        assert_eq!((otp.revoke_after, otp.fallback.all()[4]), (Some(600_000), "by_hand"));
        assert_eq!(row.class("promotional").unwrap().not_after, None);
        assert_eq!(row.name(), "otp-eu");
        let open = r#"{"rate_per_second": 1, "truth": {"ask_other_hosts": false, "young": 1}}"#;
        let figures: super::Figures = serde_json::from_str(open).unwrap();
        assert_eq!(figures.truth.ask_other_hosts, Some(false));
        let newer = r#"{"rate_per_second": 1, "truth": {"never_heard_of": 1}}"#;
        assert_eq!(serde_json::from_str::<super::Figures>(newer).unwrap().truth, super::Truth::default());
    }
}
