//! What is shown: text for people, or events for programs; never both on standard output.

use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rcs_revoke_api::{BatchTrouble, BatchView};
use rcs_revoke_core::recall::State;
use serde::Serialize;

use super::end::{End, Failure};

/// Where things are shown.
pub(super) struct Screen {
    json: bool,
    /// Whether bars can be drawn.
    pub live: bool,
}

/// A remark beside what was asked for.
pub(super) fn remark(text: &str) {
    // Whoever closed it does not want it.
    let _ = writeln!(stderr(), "rcs-revoke: {text}");
}

/// One line for programs.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    /// The plan: nothing is sent yet.
    Plan { batch: &'a BatchView },
    /// It was started.
    Started { batch: &'a str, ask: u64 },
    /// How far it is.
    Progress {
        batch: &'a str,
        state: State,
        ask: u64,
        waiting: u64,
        left_out: u64,
        moved: u64,
        outcomes: &'a std::collections::BTreeMap<String, u64>,
        rate: u32,
        limit: u32,
        seconds_left: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        trouble: Option<&'a BatchTrouble>,
    },
    /// The server stopped answering, or answers again.
    Connection { answers: bool, why: &'a str },
    /// One batch of a list.
    Batch { batch: &'a BatchView },
    /// How it ended; always the last line.
    End {
        end: End,
        exit: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        batch: Option<&'a BatchView>,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<&'a Failure>,
    },
}

impl Screen {
    pub(super) fn new(json: bool) -> Self {
        Self { json, live: stderr().is_terminal() }
    }

    /// A text that was asked for.
    pub(super) fn say(&self, text: &str) {
        // Whoever closed the output does not want it.
        let _ = if self.json { writeln!(stderr(), "{text}") } else { writeln!(stdout(), "{text}") };
    }

    /// An event, where events are wanted.
    pub(super) fn event(&self, event: &Event<'_>) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        let write = || -> io::Result<()> {
            let mut line = serde_json::to_vec(event)?;
            line.push(b'\n');
            let mut out = stdout().lock();
            out.write_all(&line)?;
            out.flush()
        };
        write().map_err(|error| {
            Failure::here("output_closed", "The output takes no more events", &error)
                .detail("A batch that was started goes on at the server.")
        })
    }

    /// The end, as it came.
    pub(super) fn end(&self, end: End, batch: Option<&BatchView>) -> Result<End, Failure> {
        self.event(&Event::End { end, exit: end as u8, batch, problem: None })?;
        Ok(end)
    }

    /// The end, by a failure.
    pub(super) fn failed(&self, failure: &Failure) -> End {
        remark(&failure.sentence());
        let end = failure.end;
        // If that fails as well, standard error has said it.
        let _ = self.event(&Event::End { end, exit: end as u8, batch: None, problem: Some(failure) });
        end
    }

    /// A bar that counts bytes; hidden where nobody looks.
    pub(super) fn bytes(&self, what: &'static str, length: Option<u64>) -> ProgressBar {
        let template = match length {
            Some(_) => "{msg} {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}",
            None => "{spinner} {msg} {bytes}",
        };
        let bar = length.map_or_else(ProgressBar::no_length, ProgressBar::new);
        self.drawn(bar, template).with_message(what)
    }

    /// A bar that counts messages; hidden where nobody looks.
    pub(super) fn messages(&self, count: u64) -> ProgressBar {
        self.drawn(ProgressBar::new(count), "{prefix} {wide_bar} {human_pos} of {human_len}\n{wide_msg}")
    }

    fn drawn(&self, bar: ProgressBar, template: &str) -> ProgressBar {
        let target =
            if self.live { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() };
        bar.set_draw_target(target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if self.live {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        bar
    }
}
