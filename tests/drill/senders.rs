//! The senders of the drill, each a different state of knowledge about where its messages live and what is believed,
//! of their classes, and of who sends an SMS instead.

use rcs_revoke_simulator::{HostName, Provider};
use rcs_revoke_tests::world::{Sender, Sms};

/// Every sender of the drill.
pub const SENDERS: [Sender; 6] = [
    Sender {
        sms: Some(Sms::From("DrillSms")),
        ..vonage("country-right", "DrillEurope", HostName::VonageEu, Some("DE"))
    },
    Sender { sms: Some(VIA), ..vonage("country-unknown", "DrillAsia", HostName::VonageAp, None) },
    Sender {
        class: Some("transactional"),
        sms: Some(Sms::From("4915100000000")),
        ..vonage("country-wrong", "DrillAmerica", HostName::VonageUs, Some("FR"))
    },
    Sender { sms: Some(VIA), ..google("ack-accepted", "drill_accepted", HostName::GoogleEurope, false) },
    Sender {
        class: Some("otp"),
        sms: Some(VIA),
        ..google("ack-confirmed", "drill_confirmed", HostName::GoogleUs, true)
    },
    // Nobody sends an SMS instead of this one's messages.
    google("no-sms", "drill_no_sms", HostName::GoogleEurope, false),
];

const VIA: Sms = Sms::Via("country-right");

const fn vonage(
    source: &'static str,
    agent: &'static str,
    home: HostName,
    launch_country: Option<&'static str>,
) -> Sender {
    Sender {
        source,
        provider: Provider::Vonage,
        agent,
        home,
        launch_country,
        confirmed: false,
        class: None,
        sms: None,
    }
}

const fn google(source: &'static str, agent: &'static str, home: HostName, confirmed: bool) -> Sender {
    Sender {
        source,
        provider: Provider::Google,
        agent,
        home,
        launch_country: None,
        confirmed,
        class: None,
        sms: None,
    }
}
