//! From bytes to UTF-8: what a text is encoded in, and how UTF-16 is read that is cut anywhere.

use crate::prelude::*;
use crate::text;

/// How many bytes it takes to tell.
const TELLING: usize = 4;

const INSTEAD: &str = "\u{fffd}";

/// Reads bytes that come in pieces as UTF-8, be they that or UTF-16: what an [`Importer`](super::Importer) does first,
/// for whoever shows the text beside its rows.
///
/// UTF-16 is told by a byte order mark, or by two characters of ASCII at the beginning. What is no UTF-8 comes as it is.
#[derive(Default)]
pub struct Decoder {
    /// The first bytes, until they tell what they are.
    head: Vec<u8>,
    encoding: Encoding,
}

#[derive(Default)]
enum Encoding {
    /// Not known yet.
    #[default]
    Undecided,
    Utf8,
    Utf16(Units),
}

/// Where a reader of UTF-16 stands.
struct Units {
    is_big: bool,
    /// The first byte of a unit whose second has not come yet.
    byte: Option<u8>,
    /// The first half of a character whose second has not come yet.
    high: Option<u16>,
}

impl Decoder {
    /// Gives the next piece to `read`, as UTF-8.
    pub fn push(&mut self, mut piece: &[u8], read: &mut dyn FnMut(&[u8])) {
        if matches!(self.encoding, Encoding::Undecided) {
            let (head, rest) = piece.split_at(piece.len().min(TELLING - self.head.len()));
            self.head.extend_from_slice(head);
            if self.head.len() < TELLING {
                return;
            }
            self.tell(read);
            piece = rest;
        }
        self.decode(piece, read);
    }

    /// Gives what is left at the end of the text to `read`.
    pub fn finish(&mut self, read: &mut dyn FnMut(&[u8])) {
        self.tell(read);
        if let Encoding::Utf16(Units { byte: Some(_), .. } | Units { high: Some(_), .. }) = self.encoding {
            read(INSTEAD.as_bytes());
        }
    }

    /// Says what the first bytes are, and reads them.
    fn tell(&mut self, read: &mut dyn FnMut(&[u8])) {
        let head = core::mem::take(&mut self.head);
        if matches!(self.encoding, Encoding::Undecided) {
            self.encoding = Encoding::of(&head);
            self.decode(&head, read);
        }
    }

    fn decode(&mut self, piece: &[u8], read: &mut dyn FnMut(&[u8])) {
        match &mut self.encoding {
            Encoding::Utf16(units) => {
                let mut text = String::with_capacity(piece.len());
                for byte in piece {
                    units.byte(*byte, &mut text);
                }
                read(text.as_bytes());
            }
            Encoding::Undecided | Encoding::Utf8 => read(piece),
        }
    }
}

impl Encoding {
    /// What a text begins with says its encoding: a byte order mark, or two characters of ASCII of which each second
    /// byte is zero, which no UTF-8 holds.
    fn of(head: &[u8]) -> Self {
        let is_big = match head {
            [0xfe, 0xff, ..] | [0, 1..=0x7f, 0, 1..=0x7f] => true,
            [0xff, 0xfe, ..] | [1..=0x7f, 0, 1..=0x7f, 0] => false,
            _ => return Self::Utf8,
        };
        Self::Utf16(Units { is_big, byte: None, high: None })
    }
}

impl Units {
    fn byte(&mut self, byte: u8, to: &mut String) {
        let Some(first) = self.byte.take() else {
            self.byte = Some(byte);
            return;
        };
        let pair = [first, byte];
        let unit = if self.is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        let high = self.high.take();
        let whole = high.and_then(|high| text::paired(high.into(), unit.into()));
        if high.is_some() && whole.is_none() {
            to.push_str(INSTEAD);
        }
        match whole.or_else(|| char::from_u32(unit.into())) {
            Some(c) => to.push(c),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => to.push_str(INSTEAD),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decoder;

    fn decoded(bytes: &[u8], step: usize) -> String {
        let (mut decoder, mut text) = (Decoder::default(), Vec::new());
        for piece in bytes.chunks(step) {
            decoder.push(piece, &mut |part| text.extend_from_slice(part));
        }
        decoder.finish(&mut |part| text.extend_from_slice(part));
        String::from_utf8(text).unwrap()
    }

    fn bytes(units: &[u16], is_big: bool) -> Vec<u8> {
        units.iter().flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn units_are_read_as_the_standard_library_reads_them_wherever_they_are_cut() {
        arbtest::arbtest(|u| {
            let mut units = vec![0xfeff];
            while !u.is_empty() {
                units.push(*u.choose(&[0x61, 0x0a, 0xfc, 0x2192, 0xd83d, 0xde00, 0xfffd, 0])?);
            }
            let step = u.int_in_range(1..=5)?;
            for is_big in [false, true] {
                let mut bytes = bytes(&units, is_big);
                assert_eq!(decoded(&bytes, step), String::from_utf16_lossy(&units));
                bytes.push(b'a');
                assert!(decoded(&bytes, step).ends_with('\u{fffd}'));
            }
            Ok(())
        });
    }

    #[test]
    fn without_a_mark_two_characters_tell() {
        for is_big in [false, true] {
            let units: Vec<u16> = "id\n→".encode_utf16().collect();
            assert_eq!(decoded(&bytes(&units, is_big), 1), "id\n→");
        }
        for text in ["", "a", "id", "abc", "a\0bc", "→→"] {
            assert_eq!(decoded(text.as_bytes(), 1), text);
        }
    }
}
