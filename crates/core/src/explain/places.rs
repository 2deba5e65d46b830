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

/// What stands in one place.
enum Filling<'a> {
    Words(&'a str),
    /// The label of a host.
    Host(&'a str),
    Time(Option<Timestamp>),
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
            match self.filling(name) {
                Filling::Words(text) => words.push_str(text),
                Filling::Host(label) => {
                    // A label such as `api-eu` can stand alone; one such as `us` would be another word.
                    if label.bytes().all(|byte| byte.is_ascii_lowercase()) {
                        words.push_str(self.who);
                        words.push_str("'s host ");
                    }
                    words.push_str(label);
                }
                Filling::Time(time) => {
                    end_piece(&mut sentence, &mut words);
                    sentence.0.extend(time.map(|time| Piece::Time { time }));
                }
            }
        }
        words.push_str(rest);
        // Also where the words are none: a sentence is never without a piece.
        if !words.is_empty() || sentence.is_empty() {
            sentence.0.push(Piece::Text(words));
        }
        sentence
    }

    fn filling(&self, name: &str) -> Filling<'_> {
        match name {
            "who" => Filling::Words(self.who),
            "host" => Filling::Host(self.host),
            "what" => Filling::Words(self.what),
            "next" => Filling::Host(self.next),
            "source" => Filling::Words(self.source),
            "at" => Filling::Time(self.at),
            "then" => Filling::Time(self.then),
            "due" => Filling::Time(self.due),
            "end" => Filling::Time(self.end),
            _ => Filling::Time(None),
        }
    }
}

fn end_piece(sentence: &mut Sentence, words: &mut String) {
    if !words.is_empty() {
        sentence.0.push(Piece::Text(core::mem::take(words)));
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
