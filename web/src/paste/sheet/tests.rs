use rcs_revoke_api::Lookup;
use rcs_revoke_core::import::parse;

use super::{MessageRef, Settled, Sheet, Slot, SourceId, State};

const ID: &str = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";

fn sheet(text: &str) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.push(parse(text));
    sheet.begin_pass();
    sheet
}

fn ready(id: &str) -> Settled {
    Settled::Ready {
        message: MessageRef::parse(&format!("vonage:{id}")).unwrap(),
        source: SourceId::parse("otp").unwrap(),
        sent_at: Some(5),
        window_closes: None,
    }
}

#[test]
fn a_row_is_small() {
    assert_eq!(size_of::<Slot>(), 64);
}

#[test]
fn a_row_gives_back_what_it_says() {
    let text = format!("id,phone,sender,sent_at\n{ID},+12223334444,Acme,2026-11-20T10:00:00Z\n");
    let mut sheet = sheet(&text);
    let entry = sheet.entry(0).unwrap();
    assert_eq!(
        entry,
        match &parse(&text)[0].found {
            super::Found::Entry(entry) => entry.clone(),
            other => panic!("{other:?}"),
        }
    );
    sheet.settle(0, ready(ID));
    let item = sheet.item(0).unwrap();
    assert_eq!(item.phone.as_deref(), Some("+12223334444"));
    assert_eq!((item.message.to_string(), item.source.as_deref()), (format!("vonage:{ID}"), Some("otp")));
    assert_eq!(item.sent_at, entry.sent_at.map(super::Timestamp::as_millis));
}

#[test]
fn a_repetition_fills_its_original() {
    let sheet = sheet(&format!("{ID}\n{ID} +12223334444\n"));
    assert_eq!(
        sheet.entry(0).unwrap().phone.map(|phone| phone.digits().to_owned()).as_deref(),
        Some("12223334444")
    );
    assert_eq!(sheet.state(1), State::Folded { line: 1 });
}

#[test]
fn one_message_in_other_words_is_folded() {
    let mut sheet = sheet(&format!("{ID}\nvonage:{}\n", ID.to_uppercase()));
    for at in 0..2 {
        sheet.settle(at, ready(ID));
    }
    assert_eq!(sheet.state(1), State::Folded { line: 1 });
    assert!(sheet.item(1).is_none());
}

#[test]
fn what_is_wrong_is_kept_with_its_place() {
    let mut sheet = sheet(&format!("nonsense 1\n{ID}\n"));
    sheet.settle(1, Settled::Problem("no source".to_owned()));
    let bad: Vec<_> = sheet.bad().map(|bad| (bad.line, bad.text.to_owned(), bad.reason.to_owned())).collect();
    assert_eq!(bad[0].0, 1);
    assert_eq!(bad[1], (2, ID.to_owned(), "no source".to_owned()));
    sheet.begin_pass();
    sheet.settle(1, ready(ID));
    assert_eq!(sheet.bad().count(), 1);
    assert!(!sheet.bad_at(0).unwrap().reason.is_empty());
}

#[test]
fn what_is_known_outlives_the_next_letter() {
    let mut first = sheet(ID);
    let lookup = Lookup {
        id: ID.to_owned(),
        message: format!("vonage:{ID}"),
        source: Some("otp".to_owned()),
        has_recipient: true,
        sent_at: Some(7),
        window_closes: None,
        outcome: "delivered".to_owned(),
    };
    first.learn(0..1, &[lookup]);
    let mut next = Sheet::after(first, 1);
    next.push(parse(&format!("{ID}\nx1")));
    let known = next.known(0);
    assert_eq!((known[0].before_id, known[0].outcome, known[0].sent_at), ("vonage:", "delivered", Some(7)));
    assert_eq!(known[0].source.map(SourceId::as_str), Some("otp"));
    assert!(next.known(1).is_empty());
}
