//! The senders of the drill, each a different state of knowledge about where its messages live and what is believed.

use rcs_revoke_simulator::{HostName, Provider};
use rcs_revoke_tests::world::Sender;

/// Every sender of the drill.
pub const SENDERS: [Sender; 5] = [
    vonage("country-right", "DrillEurope", HostName::VonageEu, Some("DE")),
    vonage("country-unknown", "DrillAsia", HostName::VonageAp, None),
    vonage("country-wrong", "DrillAmerica", HostName::VonageUs, Some("FR")),
    google("ack-accepted", "drill_accepted", HostName::GoogleEurope, false),
    google("ack-confirmed", "drill_confirmed", HostName::GoogleUs, true),
];

const fn vonage(
    source: &'static str,
    agent: &'static str,
    home: HostName,
    launch_country: Option<&'static str>,
) -> Sender {
    Sender { source, provider: Provider::Vonage, agent, home, launch_country, confirmed: false }
}

const fn google(source: &'static str, agent: &'static str, home: HostName, confirmed: bool) -> Sender {
    Sender { source, provider: Provider::Google, agent, home, launch_country: None, confirmed }
}
