//! The second thought: the number of messages is typed on a terminal before anything is sent.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write, stderr, stdin};

/// How often it may be mistyped.
const TRIES: u32 = 3;

/// Somebody who can be asked.
pub(super) struct Terminal(Box<dyn BufRead + Send>);

impl Terminal {
    /// Whoever sits before it, if anybody does; where standard input brings the messages, the terminal itself.
    pub(super) fn open(input_is_taken: bool) -> Option<Self> {
        if !stderr().is_terminal() {
            return None;
        }
        if input_is_taken {
            let terminal = File::open("/dev/tty").ok()?;
            return Some(Self(Box::new(BufReader::new(terminal))));
        }
        stdin().is_terminal().then(|| Self(Box::new(BufReader::new(stdin()))))
    }

    /// Asks for the number and says whether it was typed.
    pub(super) async fn confirms(self, number: u64) -> bool {
        let asked = tokio::task::spawn_blocking(move || typed(self.0, stderr(), number));
        asked.await.is_ok_and(|typed| typed.unwrap_or(false))
    }
}

fn typed(mut from: impl BufRead, mut to: impl Write, number: u64) -> io::Result<bool> {
    for _ in 0..TRIES {
        write!(to, "Type the number of messages to start, or nothing to leave it a plan: ")?;
        to.flush()?;
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            writeln!(to)?;
            return Ok(false);
        }
        // As people write it, and as it is shown.
        let answer: String = line.chars().filter(|c| !c.is_whitespace() && !",._'".contains(*c)).collect();
        if answer.is_empty() {
            return Ok(false);
        }
        if answer == number.to_string() {
            return Ok(true);
        }
        writeln!(to, "That is not the number of the plan.")?;
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn only_the_number_starts_it() {
        let answer = |typed_in: &str| typed(typed_in.as_bytes(), Vec::new(), 39_618).unwrap();
        for yes in ["39618\n", "39,618\n", " 39618", "39617\n39618\n", "y\nyes\n39 618\n"] {
            assert!(answer(yes), "{yes:?}");
        }
        for no in ["", "\n", "39617\n", "y\n", "yes\n39617\n396180\n39618\n", "\n39618\n"] {
            assert!(!answer(no), "{no:?}");
        }
    }
}
