//! Faults that only show between sources.

use rcs_revoke_core::class::Cell;
use rcs_revoke_core::expiry::MessageClass;
use rcs_revoke_core::source::SmsSender;
use rcs_revoke_core::{Class, Span};

use crate::config::{Config, Ready, check};

const ONE: &str = include_str!("../../../tests/throw-away-key.pem");
const OTHER: &str = include_str!("../../../tests/another-throw-away-key.pem");

/// The places of all faults of two Vonage and two Google sources, each pair of one account, whose second sources sign
/// with these.
fn faults(second_key: &str, second_token_uri: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let service_account = |key: &str, token_uri: &str| {
        serde_json::json!({"client_email": "a@b.example", "private_key": key, "token_uri": token_uri})
            .to_string()
    };
    write("1.pem", ONE);
    write("2.pem", second_key);
    write("1.json", &service_account(ONE, "https://oauth2.googleapis.com/token"));
    write("2.json", &service_account(second_key, second_token_uri));
    let sources = |n: u8| {
        format!(
            "[sources.codes{n}]\nprovider = \"vonage\"\napplication = \"11111111-2222-4333-8444-555555555555\"\n\
             private_key = {{ file = \"{n}.pem\" }}\n\
             [sources.tickets{n}]\nprovider = \"google_rbm\"\nagent = \"agent{n}\"\nkey_file = \"{n}.json\"\n"
        )
    };
    write("a.toml", &(sources(1) + &sources(2)));
    let config = Config::load_alone(&folder.path().join("a.toml")).unwrap();
    match check::check(&config) {
        Ok(_) => Vec::new(),
        Err(invalid) => invalid.0.into_iter().map(|fault| fault.place).collect(),
    }
}

#[test]
fn sources_of_one_account_sign_with_one_key() {
    let token_uri = "https://oauth2.googleapis.com/token";
    assert!(faults(ONE, token_uri).is_empty());
    assert_eq!(faults(OTHER, token_uri), ["sources.codes2.private_key", "sources.tickets2.key_file"]);
    assert_eq!(faults(ONE, "https://oauth2.example/token"), ["sources.tickets2.key_file"]);
}

#[test]
fn a_base_url_has_a_port_that_is_one_or_none() {
    for good in ["http://127.0.0.1:9001", "https://example.com", "http://[::1]:9001/", "http://localhost"] {
        assert_eq!(check::base_url(good).as_deref(), Ok(good.trim_end_matches('/')));
    }
    for bad in
        ["http://127.0.0.1:9p01", "https://example.com:", "https://example.com:65536", "http://[::1]:x"]
    {
        assert!(check::base_url(bad).is_err(), "{bad}");
    }
}

/// A configuration of these lines: its classes, and more of a source at Vonage and of one at Google. Or the places of
/// its faults.
fn said([classes, codes, tickets]: [&str; 3]) -> Result<Ready, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1.pem"), ONE).unwrap();
    let text = format!(
        "{classes}\n[sources.codes]\nprovider = \"vonage\"\n{codes}\n\
         application = \"11111111-2222-4333-8444-555555555555\"\nprivate_key = {{ file = \"1.pem\" }}\n\
         host = \"vonage.eu\"\n[sources.tickets]\nprovider = \"google_rbm\"\nagent = \"agent\"\nambient = true\n{tickets}"
    );
    let config = Config::parse(&text, &folder.path().join("a.toml")).unwrap();
    check::check(&config).map_err(|invalid| invalid.0.into_iter().map(|fault| fault.place).collect())
}

fn ready(lines: [&str; 3]) -> Ready {
    said(lines).unwrap_or_else(|places| panic!("{lines:?}: faults at {places:?}"))
}

fn class<'a>(ready: &'a Ready, name: &str) -> &'a Class {
    ready.classes.iter().find(|class| class.name == name).unwrap()
}

fn sms<'a>(ready: &'a Ready, source: &str) -> Option<&'a SmsSender> {
    ready.sources.iter().find(|ready| ready.source.id.as_str() == source).unwrap().source.sms.as_ref()
}

#[test]
fn without_a_word_the_standard_classes_are_in_force() {
    let ready = ready([""; 3]);
    assert_eq!(ready.classes, Class::standards());
    assert!(ready.sources.iter().all(|source| source.policy.classes == ready.classes));
    assert!(ready.sources.iter().all(|source| source.policy.class.is_none() && source.source.sms.is_none()));
}

#[test]
fn a_standard_class_is_changed_and_a_class_of_ones_own_starts_from_it() {
    let ready = ready([
        "[classes.otp]\nrevoke_after = \"2m\"\nfallback.hopeless = \"now\"\n\
         [classes.bank]\nlike = \"otp\"\nfallback_by = \"never\"\nfallback.unfinished = \"no\"\nnot_after = \"never\"",
        "class = \"bank\"",
        "",
    ]);
    let names: Vec<_> = ready.classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(names, ["otp", "transactional", "promotional", "bank"]);
    let (otp, bank) = (class(&ready, "otp"), class(&ready, "bank"));
    assert_eq!((otp.revoke_after, bank.revoke_after), (Some(Span::minutes(2)), Some(Span::minutes(2))));
    assert_eq!((bank.kind, bank.fallback.hopeless), (MessageClass::Otp, Cell::Now));
    assert_eq!((bank.fallback_by, bank.not_after, bank.fallback.unfinished), (None, None, Cell::No));
    assert_eq!(ready.sources[0].policy.class_of(None).map(|class| &class.name), Some(&bank.name));
    assert_eq!(ready.sources[1].policy.class_of(Some("bank")), Some(bank));
}

#[test]
fn a_fault_of_a_class_names_its_key() {
    for (classes, codes, tickets, expected) in [
        ("[classes.bank]\nttl = \"5m\"", "", "", "classes.bank.like"),
        ("[classes.otp]\nlike = \"promotional\"", "", "", "classes.otp.like"),
        ("[classes.OTP]\nlike = \"otp\"", "", "", "classes.OTP"),
        ("[classes.otp]\nttl = \"1s\"", "", "", "classes.otp.ttl"),
        ("[classes.otp]\nfallback_by = \"never\"", "", "", "classes.otp.fallback_by"),
        ("[classes.otp]\nnot_after = \"11m\"", "", "", "classes.otp.not_after"),
        ("[classes.promotional.fallback]\nunconfirmed = \"now\"", "", "", "classes.promotional.not_after"),
        ("", "class = \"opt\"", "", "sources.codes.class"),
        ("", "sms_source = \"nobody\"", "", "sources.codes.sms_source"),
        ("", "sms_source = \"tickets\"", "", "sources.codes.sms_source"),
        ("", "", "sms_source = \"codes\"", "sources.tickets.sms_source"),
        ("", "", "sms_from = \"Acme\"", "sources.tickets.sms_from"),
        ("[retention]\nkeep = \"37d\"\nexport = \"none\"", "", "", "retention.keep"),
        ("[retention]\nkeep = \"38d\"", "", "", "retention.export"),
        ("[retention]\nexport = \"forgotten\"", "", "", "retention.keep"),
        ("[retention]\nkeep = \"38d\"\nexport = \"1.pem\"", "", "", "retention.export"),
        ("", "policy.window_guard = \"24h\"", "", "sources.codes.policy.window_guard"),
        ("", "", "policy.observed_life = \"24h\"", "sources.tickets.policy.observed_life"),
    ] {
        let places = said([classes, codes, tickets]).err().unwrap_or_default();
        assert_eq!(places, [expected], "{classes} {codes} {tickets}");
    }
}

#[test]
fn an_sms_leaves_through_the_source_that_is_named() {
    let one = ready(["", "sms_from = \"Acme\"", ""]);
    assert_eq!(
        sms(&one, "codes").map(|sms| (sms.source.as_str(), sms.from.as_str())),
        Some(("codes", "Acme"))
    );
    assert_eq!(sms(&one, "codes").unwrap().host.name(), "vonage.eu");
    assert_eq!(sms(&one, "tickets"), None);
    let both = ready(["", "sms_from = \"Acme\"", "sms_source = \"codes\""]);
    assert_eq!(sms(&both, "tickets"), sms(&both, "codes"));
}

#[test]
fn what_is_allowed_but_odd_is_a_warning_with_its_place() {
    let ready = ready(["[classes.otp]\nsms_text = \"Please call us\"", "class = \"otp\"", ""]);
    for place in ["classes.otp.sms_text: ", "sources.codes: no SMS"] {
        assert!(ready.warnings.iter().any(|warning| warning.starts_with(place)), "{:?}", ready.warnings);
    }
}

#[test]
fn messages_are_kept_for_ever_unless_something_else_is_said() {
    assert_eq!(ready([""; 3]).retention, None);
    let said = |lines| ready([lines, "", ""]).retention.unwrap();
    let none = said("[retention]\nkeep = \"3650d\"\nexport = \"none\"");
    assert_eq!((none.keep, none.export), (Span::days(3650), None));
    let folder = said("[retention]\nkeep = \"38d\"\nexport = \"old/messages\"").export.unwrap();
    assert!(folder.is_absolute() && folder.ends_with("old/messages"), "{}", folder.display());
}
