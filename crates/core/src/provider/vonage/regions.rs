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
    /// In the form that [`Country::is_among`] reads.
    countries: &'static str,
}

static GROUPS: [Group; 10] = [
    Group {
        host: EU,
        certainty: Certainty::Documented,
        second: None,
        countries: "AT DE ES FR GB IT NGLO PT SE ZA",
    },
    Group {
        host: EU,
        certainty: Certainty::Inferred,
        second: None,
        countries: "ADELOX BAEFGHIJWY CDFGHIMVYZ DJKZ EEGHRT FIO GAGHIMNQRW HRU IELMOQS JEO \
                    KEMW LBIRSTUVY MACDEGKLRTUWZ NAE OM PLS QA REOSW SACDHIJKLMNOSTYZ \
                    TDFGNRZ UAG VA YET ZMW",
    },
    // The Caucasus, Central Asia, Iran and Russia: sold with EMEA as a rule, Asia on the map.
    Group {
        host: EU,
        certainty: Certainty::Ambiguous,
        second: Some(AP),
        countries: "AMZ GE IR KGZ RU TJM UZ",
    },
    // Kosovo is in no list of the UN.
    Group { host: EU, certainty: Certainty::Ambiguous, second: None, countries: "XK" },
    Group { host: US, certainty: Certainty::Documented, second: None, countries: "BR CA MX" },
    Group {
        host: US,
        certainty: Certainty::Inferred,
        second: None,
        countries: "AGR BBOSZ CLORU DMO EC GDTY HNT JM KN LC NI PAERY SRV TT USY VCEI",
    },
    // In the Americas, but of France, the Netherlands, the United Kingdom, Denmark or Norway.
    Group {
        host: US,
        certainty: Certainty::Ambiguous,
        second: Some(EU),
        countries: "AIW BLMQV CW FK GFLPS KY MFQS PM SX TC VG",
    },
    Group {
        host: AP,
        certainty: Certainty::Inferred,
        second: None,
        countries: "AU BDNT CCKNX FJM HKM IDN JP KHIPR LAK MHMNOVY NFPRUZ PGHW SBG THKLOVW \
                    VNU WS",
    },
    // Afghanistan and Pakistan sometimes count as Middle East; the French and British Pacific; the Antarctic.
    Group { host: AP, certainty: Certainty::Ambiguous, second: Some(EU), countries: "AFQ NC PFKN WF" },
    // The Pacific territories of the United States, three of them under its calling code.
    Group { host: AP, certainty: Certainty::Ambiguous, second: Some(US), countries: "AS GU MP UM" },
];

fn group_of(country: Country) -> Option<&'static Group> {
    GROUPS.iter().find(|group| country.is_among(group.countries))
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

    fn listed(pick: impl Fn(&Group) -> bool) -> usize {
        let groups = || GROUPS.iter().filter(|group| pick(group));
        Country::all().map(|country| groups().filter(|group| country.is_among(group.countries)).count()).sum()
    }

    #[test]
    fn every_country_stands_in_the_table_once() {
        for country in Country::all() {
            let groups = GROUPS.iter().filter(|group| country.is_among(group.countries));
            assert_eq!(groups.count(), 1, "{country}");
        }
    }

    #[test]
    fn nothing_else_stands_in_the_table() {
        let codes = |group: &Group| group.countries.split(' ').map(|word| word.len() - 1).sum::<usize>();
        assert_eq!(GROUPS.iter().map(codes).sum::<usize>(), Country::all().count());
    }

    #[test]
    fn the_table_has_the_published_shape() {
        let of = |host, certainty| listed(|group| group.host == host && group.certainty == certainty);
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
