//! Where the next request goes, and why there.

use serde::{Deserialize, Serialize};

use crate::assess::case::Case;
use crate::evidence::Evidence;
use crate::host::Host;
use crate::policy::Policy;
use crate::prelude::*;
use crate::provider::Provider;
use crate::region::{Certainty, Route, RouteReason};
use crate::say::joined;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::text::is_one_of;
use crate::time::Timestamp;

/// Where the next request goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextHost {
    /// The host.
    pub host: Host,
    /// All that may be asked, in order, and why the first of them is the first.
    #[serde(flatten)]
    pub route: Route,
    /// Why that host, in a sentence.
    pub why: Sentence,
}

/// Where the next request for a message goes, or would go, and why there.
pub fn next_host(evidence: &Evidence, source: &Source, policy: &Policy, now: Timestamp) -> NextHost {
    let case = Case::new(evidence, source, policy);
    let own = case.told.known.host;
    let route = policy.route(source, own);
    let next = case.open_wishes().filter_map(|wish| case.next_attempt(wish, now)).min_by_key(|next| next.due);
    let host = next.map_or(route.first(), |next| next.host);
    let provider = source.provider;
    let mut because = [", because ", "", "", ""];
    let country;
    if host == route.first() {
        because[1] = match route.reason {
            RouteReason::Message if case.told.registrations.host.value == own => "the message was sent there",
            RouteReason::Message => "it accepted an earlier request for this message",
            RouteReason::Source => "the configuration says so",
            RouteReason::Learnt => "it accepted an earlier request of this source",
            RouteReason::LaunchCountry { country: launched } => {
                country = launched;
                because[2] = country.as_str();
                because[3] = match route.certainty {
                    Certainty::Known | Certainty::Documented => ", which the provider's table says",
                    Certainty::Inferred => {
                        ", which the provider's table does not name: so we read its regions"
                    }
                    Certainty::Ambiguous => ", which can be read otherwise: the others follow",
                };
                "the agent was launched in "
            }
            RouteReason::Default if policy.asks_other_hosts(provider) => {
                "nothing is known of where it was sent: the others follow"
            }
            RouteReason::Default => "nothing is known of where it was sent",
        };
    } else {
        because[1] = "those before it do not know the message";
    }
    let why = joined(&[&named(host, provider), &joined(&because), "."]);
    NextHost { host, route, why: Sentence::new(why) }
}

/// A label such as `api-eu` can stand alone; one such as `us` would be another word.
fn named(host: Host, provider: Provider) -> String {
    let label = host.label();
    let stands_alone = label.bytes().any(|byte| is_one_of(byte, b"-"));
    if stands_alone { label.to_owned() } else { joined(&[provider.label(), "'s host ", label]) }
}
