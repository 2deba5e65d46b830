//! Faults that strike with a probability, on every operation.

use std::collections::BTreeMap;

use rand::Rng as _;

use super::Draw;
use crate::fault::{FaultKind, NewFault};
use crate::host::{Provider, Route};

const ROUTES: [Route; 5] =
    [Route::GoogleToken, Route::GoogleSend, Route::GoogleRevoke, Route::VonageSend, Route::VonageRevoke];
/// The most that one fault may be likely.
const LIKELY: f64 = 0.03;

pub(super) fn drawn(draw: Draw) -> Vec<NewFault> {
    ROUTES.into_iter().flat_map(|route| of_route(draw, route)).collect()
}

fn of_route(draw: Draw, route: Route) -> Vec<NewFault> {
    let kinds = kinds(draw, route).into_iter().enumerate();
    kinds
        .map(|(number, fault)| NewFault {
            route: Some(route),
            probability: draw.rng(&format!("{route:?} fault {number}")).random_range(0.0..LIKELY),
            ..NewFault::new(fault)
        })
        .chain([NewFault {
            route: Some(route),
            ..NewFault::new(FaultKind::Latency {
                ms: 0,
                jitter_ms: draw.number(&format!("{route:?} latency"), 0, 15),
                after_effect: false,
            })
        }])
        .collect()
}

/// What can go wrong on the way to an operation. A 404 in Google's own words is none of it: that would be an untrue
/// word about a message; and nothing here says yes where nothing was done, but in a body that cannot be read.
fn kinds(draw: Draw, route: Route) -> Vec<FaultKind> {
    let name = |what: &str| format!("{route:?} {what}");
    let after_effect = |what: &str| draw.of(&name(what), &[false, false, false, true]);
    let mut kinds = vec![
        FaultKind::ResetBefore,
        FaultKind::ResetAfter,
        status(500, None, after_effect("500")),
        status(503, None, after_effect("503")),
        status(504, None, after_effect("504")),
        status(429, None, false),
        status(429, Some(draw.number(&name("retry_after"), 1, 60)), false),
        status(401, None, false),
    ];
    let is_google = route != Route::GoogleToken && provider(route) == Provider::Google;
    if is_google {
        kinds.push(status(403, None, false));
        kinds.push(page(404, false));
        kinds.push(page(200, after_effect("page")));
        kinds.push(answer(200, "", after_effect("empty")));
    } else if route == Route::VonageRevoke {
        kinds.push(status(404, None, false));
    } else if route == Route::VonageSend {
        kinds.push(status(402, None, false));
    }
    kinds
}

const fn provider(route: Route) -> Provider {
    match route {
        Route::VonageSend | Route::VonageRevoke | Route::VonageCapabilities => Provider::Vonage,
        _ => Provider::Google,
    }
}

fn status(status: u16, retry_after: Option<u64>, after_effect: bool) -> FaultKind {
    FaultKind::Status { status, retry_after: retry_after.map(|it| it.to_string()), body: None, after_effect }
}

/// What a gateway says.
fn page(status: u16, after_effect: bool) -> FaultKind {
    answer(status, "<html>Please sign in to the network</html>", after_effect)
}

fn answer(status: u16, body: &str, after_effect: bool) -> FaultKind {
    let html = ("content-type".to_owned(), "text/html".to_owned());
    let headers = BTreeMap::from_iter((!body.is_empty()).then_some(html));
    FaultKind::Answer { status, headers, body: body.to_owned(), after_effect }
}
