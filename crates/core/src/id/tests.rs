use super::{AgentId, IdProblem, MessageId, MessageRef, parse_uuid};
use crate::provider::Provider;

#[test]
fn path_tricks_are_no_ids() {
    for text in ["../x", "a?b", "%2e%2e", "a/b", "id#f", "a b", "a\r\nb", "..", "", "é"] {
        assert!(MessageId::parse(text).is_err(), "{text:?}");
    }
    assert!(MessageId::parse(&"x".repeat(257)).is_err());
    for text in ["123456661", "12345xyz", "MxIgT-4pWCQu2tH9hMkSTljQ", "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"]
    {
        assert_eq!(MessageId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn both_forms_name_one_agent() {
    assert_eq!(AgentId::parse("my_agent").unwrap(), AgentId::parse("my_agent@rbm.goog").unwrap());
    assert!(AgentId::parse("my@agent").is_err());
}

#[test]
fn a_uuid_says_what_it_lacks() {
    assert_eq!(
        parse_uuid("AAAAAAAA-bbbb-4ccc-8ddd-0123456789AB").unwrap().as_str(),
        "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"
    );
    assert_eq!(
        parse_uuid("5d1f0c1e-7a52-4b0e-9a53-0f8f6f4f7c1").unwrap_err().problem,
        IdProblem::NotAUuid(31)
    );
}

#[test]
fn the_quick_way_and_the_long_way_agree() {
    let long = "x".repeat(257);
    let texts = [
        "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
        "AAAAAAAA-bbbb-4ccc-8ddd-0123456789ab",
        "aaaaaaaa-bbbb-4ccc-8ddd-0123456789a",
        "aaaaaaaabbbb-4ccc-8ddd-0123456789abc-",
        "é",
        "..",
        "",
        ".x",
        long.as_str(),
        &long[1..],
    ];
    for provider in Provider::ALL {
        for text in texts {
            let adapter = provider.adapter();
            let read = adapter.parse_message_id(text);
            assert_eq!(
                adapter.is_message_id(text.as_bytes()),
                read.is_ok_and(|id| id.as_str() == text),
                "{text}"
            );
        }
    }
}

#[test]
fn keys_survive_their_text() {
    for text in ["google_rbm:my_agent@rbm.goog:123456661", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"] {
        assert_eq!(MessageRef::parse(text).unwrap().to_string(), text);
    }
    for text in ["vonage:123", "google_rbm:123", "google_rbm::123", "fax:1", "", "google_rbm:a:../x"] {
        assert!(MessageRef::parse(text).is_err(), "{text:?}");
    }
}
