//! Which host is asked, why, how sure that is, and who is asked next.

use leptos::prelude::*;
use rcs_revoke_core::region::{Certainty, Route, RouteReason};

use crate::text::words;

/// How sure a route is, in words.
pub fn certainty_of(certainty: Certainty) -> &'static str {
    let code = match certainty {
        Certainty::Known => "known",
        Certainty::Documented => "documented",
        Certainty::Inferred => "inferred",
        Certainty::Ambiguous => "ambiguous",
    };
    (words().plan.certainty)(code)
}

/// Why this host, how sure that is, and who is asked next: the end of a sentence.
pub fn because(route: &Route) -> impl IntoView + use<> {
    let text = &words().plan;
    let reason = match route.reason {
        RouteReason::Message => text.because_message.to_owned(),
        RouteReason::Source => text.because_source.to_owned(),
        RouteReason::Learnt => text.because_learnt.to_owned(),
        RouteReason::LaunchCountry { country } => (text.because_country)(country.as_str()),
        RouteReason::Default => text.because_default.to_owned(),
    };
    let others: Vec<&str> = route.candidates.iter().skip(1).map(|host| host.label()).collect();
    let then = (!others.is_empty()).then(|| format!(" {}", (text.then_ask)(&others.join(", "))));
    view! { <b>{route.first().label()}</b>" "{text.because}" "{reason}" ("{certainty_of(route.certainty)}")."{then} }
}
