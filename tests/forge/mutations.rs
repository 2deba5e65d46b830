//! Genuine calls with something changed at random, each change of a sort whose answer is certain.

use rand::Rng;
use rand::seq::IndexedRandom;
use rcs_revoke_simulator::Provider;

use super::draft::Material;
use super::{Call, Forgery, Kind, google, vonage};

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A genuine call about an event that nobody sent, changed so that it must not be believed.
pub fn mutated(material: Material) -> Forgery {
    match material.target.provider {
        Provider::Google => of_google(google::Draft::new(material)),
        Provider::Vonage => of_vonage(vonage::Draft::new(material)),
    }
}

fn of_google(mut draft: google::Draft) -> Forgery {
    let mut dice = draft.material.dice.clone();
    let (name, status) = match dice.random_range(0..7) {
        0 => {
            draft.carries(one_bit(&draft.payload, &mut dice));
            ("one bit of the event", 401)
        }
        1 => {
            draft.carries(some_bytes(&draft.payload, &mut dice));
            ("some bytes of the event", 401)
        }
        2 => {
            let at = dice.random_range(0..draft.data.trim_end_matches('=').len() - 4);
            draft.data = another_letter(&draft.data, at, &mut dice);
            ("one character of the data", 401)
        }
        3 => {
            let at = dice.random_range(0..draft.data.len() - 4);
            let strange = *b"!#$%&'()*,.:;<>?@^_`{|}~- ".choose(&mut dice).expect("there are some");
            draft.data.insert(at, char::from(strange));
            ("a character that is no base64", 400)
        }
        4 => {
            let text = draft.signature_text();
            // Behind the last character stand two signs of padding.
            let at = dice.random_range(0..text.len() - 2);
            draft.signature_is(another_letter(&text, at, &mut dice));
            ("one character of the signature", 401)
        }
        5 => {
            let written = draft.written();
            let end = dice.random_range(0..written.len());
            draft.body = Some(written[..end].to_vec());
            ("the body, cut anywhere", 400)
        }
        _ => {
            let end = dice.random_range(0..draft.payload.len());
            draft.says(draft.payload[..end].to_vec());
            ("the event, cut anywhere and signed", 200)
        }
    };
    finished(Provider::Google, name, status, draft.into_call())
}

fn of_vonage(mut draft: vonage::Draft) -> Forgery {
    let mut dice = draft.material.dice.clone();
    let (name, status) = match dice.random_range(0..6) {
        0 => {
            draft.carries(one_bit(&draft.body, &mut dice));
            ("one bit of the body", 503)
        }
        1 => {
            draft.carries(some_bytes(&draft.body, &mut dice));
            ("some bytes of the body", 503)
        }
        2 => {
            draft.token_is(|token| {
                let letters: Vec<usize> =
                    (0..token.len()).filter(|at| token.as_bytes()[*at] != b'.').collect();
                let at = *letters.choose(&mut dice).expect("a token has letters");
                another_letter(token, at, &mut dice)
            });
            ("one character of the token", 503)
        }
        3 => {
            draft.token_is(|token| token[..dice.random_range(0..token.len())].to_owned());
            ("the token, cut anywhere", 503)
        }
        4 => {
            draft.carries(draft.body[..dice.random_range(0..draft.body.len())].to_vec());
            ("the body, cut anywhere", 503)
        }
        _ => {
            draft.says(draft.body[..dice.random_range(0..draft.body.len())].to_vec());
            ("the body, cut anywhere and signed", 200)
        }
    };
    finished(Provider::Vonage, name, status, draft.into_call())
}

fn finished(provider: Provider, name: &str, status: u16, call: Call) -> Forgery {
    Forgery { kind: Kind::Mutated, name: name.to_owned(), provider, call, status }
}

fn one_bit(bytes: &[u8], dice: &mut impl Rng) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[dice.random_range(0..bytes.len())] ^= 1 << dice.random_range(0..8);
    changed
}

/// Bytes changed, taken out, put in or doubled; never the same as before.
fn some_bytes(bytes: &[u8], dice: &mut impl Rng) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for _ in 0..dice.random_range(1..8) {
        let at = dice.random_range(0..changed.len());
        match dice.random_range(0..4) {
            0 => changed[at] = dice.random(),
            1 if changed.len() > 1 => drop(changed.remove(at)),
            2 => changed.insert(at, dice.random()),
            _ => changed.extend_from_within(at..),
        }
    }
    if changed == bytes {
        changed.push(b' ');
    }
    changed
}

fn another_letter(text: &str, at: usize, dice: &mut impl Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let before = bytes[at];
    while bytes[at] == before {
        bytes[at] = *BASE64.choose(dice).expect("there are some");
    }
    String::from_utf8(bytes).expect("letters stay letters")
}
