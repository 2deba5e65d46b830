//! Which regional host holds the messages of an agent: it follows from the country of its launch.
//!
//! Vonage prints 15 countries "as a guide"; all others are our reading of its region names (EMEA, North and
//! Latin America, Asia-Pacific) and of the UN's geography, marked as such.
//! <https://developer.vonage.com/en/messages/guides/rcs/rcs-message-revocation>

use super::{AP, EU, US};
use crate::host::Host;
use crate::prelude::*;
use crate::region::{Certainty, Country, Route, RouteReason, known_hosts};
use crate::source::Source;

/// Countries of which the same can be said.
struct Group {
    host: Host,
    certainty: Certainty,
    /// Where else a reasonable reading would look.
    second: Option<Host>,
    countries: &'static str,
}

static GROUPS: [Group; 10] = [
    Group {
        host: EU,
        certainty: Certainty::Documented,
        second: None,
        countries: "AT DE ES FR GB IT NG NL NO PT SE ZA",
    },
    Group {
        host: EU,
        certainty: Certainty::Inferred,
        second: None,
        countries: "AD AE AL AO AX BA BE BF BG BH BI BJ BW BY CD CF CG CH CI CM \
                    CV CY CZ DJ DK DZ EE EG EH ER ET FI FO GA GG GH GI GM GN GQ \
                    GR GW HR HU IE IL IM IO IQ IS JE JO KE KM KW LB LI LR LS LT \
                    LU LV LY MA MC MD ME MG MK ML MR MT MU MW MZ NA NE OM PL PS \
                    QA RE RO RS RW SA SC SD SH SI SJ SK SL SM SN SO SS ST SY SZ \
                    TD TF TG TN TR TZ UA UG VA YE YT ZM ZW",
    },
    // The Caucasus, Central Asia, Iran and Russia: sold with EMEA as a rule, Asia on the map.
    Group {
        host: EU,
        certainty: Certainty::Ambiguous,
        second: Some(AP),
        countries: "AM AZ GE IR KG KZ RU TJ TM UZ",
    },
    // Kosovo is in no list of the UN.
    Group { host: EU, certainty: Certainty::Ambiguous, second: None, countries: "XK" },
    Group { host: US, certainty: Certainty::Documented, second: None, countries: "BR CA MX" },
    Group {
        host: US,
        certainty: Certainty::Inferred,
        second: None,
        countries: "AG AR BB BO BS BZ CL CO CR CU DM DO EC GD GT GY HN HT JM KN \
                    LC NI PA PE PR PY SR SV TT US UY VC VE VI",
    },
    // In the Americas, but of France, the Netherlands, the United Kingdom, Denmark or Norway.
    Group {
        host: US,
        certainty: Certainty::Ambiguous,
        second: Some(EU),
        countries: "AI AW BL BM BQ BV CW FK GF GL GP GS KY MF MQ MS PM SX TC VG",
    },
    Group {
        host: AP,
        certainty: Certainty::Inferred,
        second: None,
        countries: "AU BD BN BT CC CK CN CX FJ FM HK HM ID IN JP KH KI KP KR LA \
                    LK MH MM MN MO MV MY NF NP NR NU NZ PG PH PW SB SG TH TK TL \
                    TO TV TW VN VU WS",
    },
    // Afghanistan and Pakistan sometimes count as Middle East; the French and British Pacific; the Antarctic.
    Group { host: AP, certainty: Certainty::Ambiguous, second: Some(EU), countries: "AF AQ NC PF PK PN WF" },
    // The Pacific territories of the United States, three of them under its calling code.
    Group { host: AP, certainty: Certainty::Ambiguous, second: Some(US), countries: "AS GU MP UM" },
];

fn group_of(country: Country) -> Option<&'static Group> {
    // Two letters and a space each.
    let is_among = |countries: &str| {
        countries.as_bytes().chunks(3).any(|code| code.starts_with(country.as_str().as_bytes()))
    };
    GROUPS.iter().find(|group| is_among(group.countries))
}

/// All three hosts, the best guess first: a message is at one of them, and a wrong one only costs a request.
pub(super) fn route(source: &Source, own: Option<Host>) -> Route {
    let known = known_hosts(source, own);
    let group = source.launch_country.and_then(|country| Some((country, group_of(country)?)));
    let (certainty, reason) = match (known.first(), group) {
        (Some((_, reason)), _) => (Certainty::Known, *reason),
        (None, Some((country, group))) => (group.certainty, RouteReason::LaunchCountry { country }),
        (None, None) => (Certainty::Ambiguous, RouteReason::Default),
    };
    let mut candidates = Vec::new();
    let mut add = |host| {
        if !candidates.contains(&host) {
            candidates.push(host);
        }
    };
    for (host, _) in known {
        add(host);
    }
    if let Some((_, group)) = group {
        add(group.host);
        group.second.into_iter().for_each(&mut add);
    }
    [US, EU, AP].into_iter().for_each(add);
    Route { candidates, certainty, reason }
}

#[cfg(test)]
mod tests {
    use super::{AP, Certainty, Country, EU, GROUPS, Group, US};

    fn listed(pick: impl Fn(&Group) -> bool) -> Vec<&'static str> {
        GROUPS.iter().filter(|group| pick(group)).flat_map(|group| group.countries.split(' ')).collect()
    }

    #[test]
    fn every_country_stands_in_the_table_once() {
        let mut listed = listed(|_| true);
        listed.sort_unstable();
        let mut countries: Vec<_> = Country::all().map(|country| country.as_str().to_owned()).collect();
        countries.sort_unstable();
        assert_eq!(listed, countries);
    }

    #[test]
    fn the_table_has_the_published_shape() {
        let of = |host, certainty| listed(|group| group.host == host && group.certainty == certainty).len();
        let kosovo = 1;
        assert_eq!(
            [EU, US, AP].map(|host| {
                [Certainty::Documented, Certainty::Inferred, Certainty::Ambiguous].map(|sure| of(host, sure))
            }),
            [[12, 113, 10 + kosovo], [3, 34, 20], [0, 46, 11]]
        );
    }

    #[test]
    fn only_ambiguous_countries_have_a_second_guess() {
        for group in &GROUPS {
            assert!(group.second != Some(group.host));
            assert!(group.second.is_none() || group.certainty == Certainty::Ambiguous, "{}", group.countries);
        }
    }
}
