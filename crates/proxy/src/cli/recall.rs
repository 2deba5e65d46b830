//! `rcs-revoke recall`: takes back the messages of a file through the running server, for runbooks.
//!
//! It speaks to the server's API only and never opens the database. What it starts goes on there, whatever becomes of
//! this process.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Args, ValueEnum};
use rcs_revoke_api::{BatchTerms, Follows};
use rcs_revoke_core::Timestamp;

mod ask;
mod client;
mod end;
mod existing;
mod flow;
mod plan;
mod screen;
mod target;
mod text;
mod upload;
mod watch;

use client::Client;
use end::{End, Failure};
use screen::Screen;
use target::Target;

/// Arguments of `rcs-revoke recall`.
#[derive(Debug, Args)]
#[command(
    after_help = end::HELP,
    group(ArgGroup::new("what").args(["file", "batch", "list"]).required(true)),
    group(ArgGroup::new("command").args(["watch", "pause", "resume", "abort", "drop", "start", "export"]))
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Recall {
    /// The messages, as any text: ids, CSV, JSON, log lines. `-` reads them from standard input.
    file: Option<PathBuf>,
    #[command(flatten)]
    target: target::TargetArgs,
    #[command(flatten)]
    terms: TermsArgs,
    /// Only plan: nothing is started.
    #[arg(long, conflicts_with_all = ["yes", "no_wait", "batch", "list"])]
    plan: bool,
    /// Start without asking, if the plan would ask for exactly this many messages.
    #[arg(long, value_name = "N", conflicts_with = "list")]
    yes: Option<u64>,
    /// Write events as JSON, one in each line, to standard output, and nothing else there.
    #[arg(long)]
    json: bool,
    /// End once it is started; it goes on at the server.
    #[arg(long, conflicts_with = "list")]
    no_wait: bool,
    /// A batch that exists, such as `bat_17`: shows where it stands, or does what is asked for.
    #[arg(long, value_name = "ID")]
    batch: Option<String>,
    /// List the batches, the latest first.
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    existing: existing::ExistingArgs,
}

/// What holds for every message.
#[derive(Debug, Args)]
struct TermsArgs {
    /// The source of messages for which several fit.
    #[arg(long, value_name = "S", conflicts_with_all = ["batch", "list"])]
    source: Option<String>,
    /// How people will call the batch; the name of the file unless told.
    #[arg(long, value_name = "T", conflicts_with_all = ["batch", "list"])]
    title: Option<String>,
    /// Why, in your words.
    #[arg(long, value_name = "R", conflicts_with_all = ["batch", "list"])]
    reason: Option<String>,
    /// What shall follow a revocation: nothing; an SMS where the message's class says that it is safe; or an SMS in
    /// any case but a delivery.
    #[arg(long, value_enum, default_value_t = Then::Nothing, conflicts_with_all = ["batch", "list"])]
    then: Then,
    /// The class of messages that nobody named one for.
    #[arg(long, value_name = "C", conflicts_with_all = ["batch", "list"])]
    class: Option<String>,
    /// Ask for nothing before this instant, such as `2026-11-27T06:00:00Z`.
    #[arg(long, value_name = "INSTANT", value_parser = instant, conflicts_with_all = ["batch", "list"])]
    not_before: Option<i64>,
    /// Ask once more for messages that were asked for already.
    #[arg(long, conflicts_with_all = ["batch", "list"])]
    again: bool,
    /// Ask even where the 24-hour window has closed.
    #[arg(long, conflicts_with_all = ["batch", "list"])]
    override_window: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Then {
    Nothing,
    Fallback,
    Sms,
}

impl TermsArgs {
    fn terms(&self, title: Option<String>) -> BatchTerms {
        BatchTerms {
            title: self.title.clone().or(title),
            reason: self.reason.clone(),
            source: self.source.clone(),
            not_before: self.not_before,
            override_window: self.override_window,
            then: match self.then {
                Then::Nothing => Follows::Nothing,
                Then::Fallback => Follows::Fallback,
                Then::Sms => Follows::Sms,
            },
            class: self.class.clone(),
            again: self.again,
        }
    }
}

fn instant(text: &str) -> Result<i64, String> {
    Timestamp::parse(text)
        .map(Timestamp::as_millis)
        .map_err(|error| format!("{error}; such as 2026-11-27T06:00:00Z"))
}

/// Does what is asked for, and says by its exit code how it ended.
pub(super) fn run(command: &Recall) -> ExitCode {
    let screen = Screen::new(command.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return screen
                .failed(&Failure::here("cannot_start", "This cannot be started here", &error))
                .exit();
        }
    };
    let end = runtime.block_on(async {
        match act(command, &screen).await {
            Ok(end) => end,
            Err(failure) => screen.failed(&failure),
        }
    });
    // Whatever still reads from a terminal or a pipe is not waited for.
    runtime.shutdown_background();
    end.exit()
}

async fn act(command: &Recall, screen: &Screen) -> Result<End, Failure> {
    let target = Target::of(&command.target)?;
    if let Some(warning) = target.warning() {
        screen::remark(&warning);
    }
    let client = Client::new(&target)?;
    if command.list {
        return existing::list(&client, screen).await;
    }
    if let Some(batch) = &command.batch {
        return existing::act(command, batch, &client, screen, &target).await;
    }
    let Some(file) = &command.file else {
        return Err(Failure::new(End::Refused, "no_file", "No file is named"));
    };
    flow::recall(command, file, &client, screen, &target).await
}
