//! What the providers' files state without deciding: their figures, their answers to refused calls, their codes.
//! Each table stands here as it stands in the design, so that a change of one of them is meant.

use rcs_revoke_core::provider::{Adapter, Lifetimes};
use rcs_revoke_core::webhook::{Refusal, WebhookCall};
use rcs_revoke_core::{Class, Host, Policy, Provider, Span, Truth};

const GOOGLE: Provider = Provider::GoogleRbm;
const VONAGE: Provider = Provider::Vonage;

#[test]
fn how_long_things_last() {
    let google = Lifetimes {
        window: None,
        window_guard: Span::ZERO,
        longest: Span::days(31),
        observed: None,
        tail: Span::days(7),
    };
    let vonage = Lifetimes {
        window: Some(Span::hours(24)),
        window_guard: Span::secs(60),
        longest: Span::days(30),
        observed: Some(Span::hours(72)),
        tail: Span::days(7),
    };
    assert_eq!(
        Provider::ALL.iter().map(|each| each.adapter().lifetimes()).collect::<Vec<_>>(),
        [google, vonage]
    );
}

#[test]
fn the_default_figures() {
    let seconds = |all: &[i64]| all.iter().map(|each| Span::secs(*each)).collect::<Vec<_>>();
    let google = Policy {
        settle: Span::secs(5),
        request_timeout: Span::secs(30),
        request_margin: Span::secs(5),
        retries: seconds(&[1, 5, 30, 120, 600]),
        throttled: seconds(&[5, 15, 60]),
        throttled_then: Span::secs(300),
        retry_after_cap: Span::secs(900),
        presume_for: Span::hours(24),
        rate_per_second: 50,
        truth: Truth::default(),
        classes: Class::standards(),
        class: None,
    };
    let vonage =
        Policy { settle: Span::secs(20), presume_for: Span::ZERO, rate_per_second: 30, ..google.clone() };
    assert_eq!(GOOGLE.adapter().policy(), google);
    assert_eq!(VONAGE.adapter().policy(), vonage);
    assert_eq!(google.attempt_deadline(), Span::secs(35));
}

#[test]
fn what_differs_between_them() {
    let adapters = [GOOGLE, VONAGE].map(Provider::adapter);
    assert_eq!([GOOGLE, VONAGE].map(Provider::code), ["google_rbm", "vonage"]);
    assert_eq!([GOOGLE, VONAGE].map(Provider::label), ["Google", "Vonage"]);
    assert_eq!(adapters.map(Adapter::keyed_by_agent), [true, false]);
    assert_eq!(adapters.map(Adapter::needs_recipient), [true, false]);
    assert_eq!(adapters.map(Adapter::may_confirm), [true, false]);
    assert_eq!(adapters.map(Adapter::asks_other_hosts), [false, true]);
    assert_eq!(adapters.map(Adapter::permission_retries), [2, 0]);
    assert_eq!(adapters.map(Adapter::sends_sms), [false, true]);
    let names = |provider: Provider| provider.hosts().map(Host::name).collect::<Vec<_>>();
    assert_eq!(names(GOOGLE), ["google.global", "google.us", "google.europe", "google.asia"]);
    assert_eq!(names(VONAGE), ["vonage.us", "vonage.eu", "vonage.ap"]);
    assert_eq!(Provider::from_code("vonage"), Some(VONAGE));
    assert_eq!(Provider::from_code("sinch"), None);
}

/// A status that loses no event: Google retries whatever is no 200, Vonage only 429 and 5xx.
#[test]
fn how_a_refused_call_is_answered() {
    let table = [
        (Refusal::Malformed, 400, 503),
        (Refusal::SignatureMissing, 401, 503),
        (Refusal::SignatureWrong, 401, 503),
        (Refusal::WrongToken, 403, 503),
        (Refusal::UnknownSource, 404, 503),
        (Refusal::WrongMethod, 405, 405),
        (Refusal::TooLarge, 413, 413),
        (Refusal::NotConfigured, 503, 503),
        (Refusal::StoreUnavailable, 503, 503),
    ];
    for (why, google, vonage) in table {
        assert_eq!(GOOGLE.inbound().refusal_status(why), google, "{}", why.code());
        assert_eq!(VONAGE.inbound().refusal_status(why), vonage, "{}", why.code());
    }
}

/// Google's body says it all, so nothing beside it is kept; its headers hold the signature at most.
#[test]
fn nothing_is_kept_beside_a_call_of_google() {
    let headers = [("X-Goog-Signature".to_owned(), "c2lnbmF0dXJl".to_owned())];
    let call = WebhookCall { method: "POST", headers: &headers, body: b"{}" };
    assert_eq!(GOOGLE.inbound().worth_keeping(&call), []);
}

/// Every code of Vonage's published list of 2026 (1.11), with a word that its meaning must hold.
const CODES: &[(&str, &[u16])] = &[
    ("too many messages", &[1000]),
    ("parameter was missing", &[1010]),
    (
        "not valid",
        &[1020, 1021, 1022, 1040, 1130, 1150, 1170, 1370, 1400, 1410, 1420, 1430, 1440, 1450, 1451],
    ),
    ("platform had an error", &[1030]),
    ("number is barred", &[1050]),
    ("account is barred", &[1060]),
    ("credit", &[1070, 1290]),
    ("not enabled", &[1080, 1140]),
    ("too long", &[1090]),
    ("handing it over", &[1100]),
    ("not allowed", &[1120, 1482]),
    ("list of allowed numbers", &[1160]),
    ("out of reach", &[1180, 1190]),
    ("ported", &[1200]),
    ("spam", &[1210]),
    ("busy", &[1220]),
    ("network had an error", &[1230]),
    ("opted out", &[1240]),
    ("too often", &[1241]),
    ("no route", &[1250, 1251]),
    ("could not be reached", &[1260]),
    ("age limit", &[1270]),
    ("carrier blocked", &[1280]),
    ("provider blocked", &[1282]),
    ("by RCS", &[1300]),
    ("for RCS", &[1310]),
    ("sent already", &[1320]),
    ("without a known meaning", &[1330]),
    ("did not respond", &[1331]),
    ("time to reply", &[1340]),
    ("matching fee", &[1350]),
    ("time to live ran out", &[1360]),
    ("media could not", &[1380]),
    ("media was too large", &[1381]),
    ("wrong type", &[1382]),
    ("daily limit", &[1460]),
    ("limited the sender", &[1461]),
    ("fraud", &[1470, 1472, 1473]),
    ("registration", &[1480, 1481]),
    ("consent", &[1483]),
    ("regulation", &[1484]),
];

#[test]
fn every_published_code_has_a_meaning_and_no_other_has() {
    let meaning = |code: u16| VONAGE.answers().code_meaning(&code.to_string());
    for (word, codes) in CODES {
        for code in *codes {
            assert!(
                meaning(*code).is_some_and(|meaning| meaning.contains(word)),
                "{code}: {:?}",
                meaning(*code)
            );
        }
    }
    let published = |code: &u16| CODES.iter().any(|(_, codes)| codes.contains(code));
    let other = (0..10_000).filter(|code| !published(code)).find(|code| meaning(*code).is_some());
    assert_eq!(other, None);
    assert_eq!(VONAGE.answers().code_meaning("rejected"), None);
    assert_eq!(GOOGLE.answers().code_meaning("1360"), None);
}
