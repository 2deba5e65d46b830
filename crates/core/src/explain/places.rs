//! Sentences from templates, so that each is one text rather than a piece of code.

use crate::prelude::*;
use crate::sentence::{Piece, Sentence};
use crate::text::split_once;
use crate::time::Timestamp;

/// What stands for the places of a template: `{who}`, `{host}`, … by the names of the fields.
///
/// A place of words becomes part of the piece around it, an instant a piece of its own; one that is not known is
/// left out. `{|}` only parts two pieces.
pub(super) struct Places<'a> {
    /// The provider.
    pub who: &'a str,
    /// The host of the attempt that is told of.
    pub host: &'a str,
    /// How that attempt ended, or what the provider's code means.
    pub what: &'a str,
    /// The host that is asked next.
    pub next: &'a str,
    /// The source.
    pub source: &'a str,
    /// When the attempt that is told of ended or began, or when the event came.
    pub at: Option<Timestamp>,
    /// The verdict's own instant.
    pub then: Option<Timestamp>,
    /// When the next host is asked.
    pub due: Option<Timestamp>,
    /// The end of the message's own life.
    pub end: Option<Timestamp>,
}

impl Places<'_> {
    /// The sentence that a template makes.
    pub(super) fn fill(&self, template: &str) -> Sentence {
        let mut sentence = Sentence::default();
        let (mut words, mut rest) = (String::new(), template);
        while let Some((before, after)) = split_once(rest, "{") {
            let (name, after) = split_once(after, "}").unwrap_or((after, ""));
            words.push_str(before);
            rest = after;
            if let Some(text) = self.words(name) {
                // A label such as `api-eu` can stand alone; one such as `us` would be another word.
                if matches!(name, "host" | "next") && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
                    words.push_str(self.who);
                    words.push_str("'s host ");
                }
                words.push_str(text);
                continue;
            }
            if !words.is_empty() {
                sentence.0.push(Piece::Text(core::mem::take(&mut words)));
            }
            if let Some(time) = self.time(name) {
                sentence.0.push(Piece::Time { time });
            }
        }
        words.push_str(rest);
        // Also where the words are none: a sentence is never without a piece.
        if !words.is_empty() || sentence.is_empty() {
            sentence.0.push(Piece::Text(words));
        }
        sentence
    }

    /// The words that stand in a place, if it is one of words.
    fn words(&self, name: &str) -> Option<&str> {
        Some(match name {
            "who" => self.who,
            "host" => self.host,
            "what" => self.what,
            "next" => self.next,
            "source" => self.source,
            _ => return None,
        })
    }

    /// The instant that stands in a place, if it is known.
    fn time(&self, name: &str) -> Option<Timestamp> {
        match name {
            "at" => self.at,
            "then" => self.then,
            "due" => self.due,
            "end" => self.end,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn a_host_is_a_host_wherever_it_stands() {
        for (who, host, said) in [
            ("Google", "us", "Google's host us answered 404."),
            ("Vonage", "api-eu", "api-eu answered 404."),
            ("Vonage", "an unknown host", "an unknown host answered 404."),
        ] {
            let places = Places {
                who,
                host,
                what: "",
                next: "",
                source: "",
                at: None,
                then: None,
                due: None,
                end: None,
            };
            assert_eq!(places.fill("{host} answered 404.").to_string(), said);
        }
    }
}
