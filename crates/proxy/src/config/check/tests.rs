//! Faults that only show between sources.

use crate::config::{Config, check};

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
