//! The text itself, as bytes with the place of each line.

use std::borrow::Cow;

/// A text of any size.
#[derive(Default)]
pub struct Paper {
    bytes: Vec<u8>,
    /// Where each line after the first begins.
    starts: Vec<usize>,
}

impl Paper {
    /// An empty text that will have about this many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), starts: Vec::new() }
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: &[u8]) {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(piece);
        let breaks = piece.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        self.starts.extend(breaks.map(|(at, _)| before + at + 1));
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many lines it has, an empty last one counted.
    pub fn lines(&self) -> usize {
        self.starts.len() + 1
    }

    /// A piece of its bytes, as much as there is.
    pub fn piece(&self, from: usize, bytes: usize) -> &[u8] {
        &self.bytes[from.min(self.bytes.len())..(from + bytes).min(self.bytes.len())]
    }

    /// One line from 1, without its end.
    pub fn line(&self, number: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.line_bytes(number))
    }

    fn line_bytes(&self, number: usize) -> &[u8] {
        let from =
            if number <= 1 { 0 } else { self.starts.get(number - 2).copied().unwrap_or(self.bytes.len()) };
        let to = self.starts.get(number - 1).map_or(self.bytes.len(), |next| next - 1);
        let line = &self.bytes[from..to.max(from)];
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// The whole as text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Whole lines, from one number up to another.
    pub fn span(&self, from: usize, to: usize) -> &[u8] {
        let start = |number: usize| match number {
            0 | 1 => 0,
            _ => self.starts.get(number - 2).copied().unwrap_or(self.bytes.len()),
        };
        &self.bytes[start(from)..start(to).max(start(from))]
    }
}

#[cfg(test)]
mod tests {
    use super::Paper;

    fn paper(pieces: &[&str]) -> Paper {
        let mut paper = Paper::default();
        for piece in pieces {
            paper.push(piece.as_bytes());
        }
        paper
    }

    #[test]
    fn lines_are_found_wherever_the_pieces_were_cut() {
        let paper = paper(&["one\r", "\ntwo", "\n\nfo", "ur"]);
        let lines: Vec<String> =
            (1..=paper.lines() + 1).map(|number| paper.line(number).into_owned()).collect();
        assert_eq!(lines, ["one", "two", "", "four", ""]);
    }
}
