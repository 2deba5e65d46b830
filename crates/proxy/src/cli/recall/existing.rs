//! A batch that exists: shown, watched, commanded, exported; and the list of all.

use std::io::{IsTerminal, Write, stdout};

use clap::{Args, ValueEnum};
use http::Method;
use http_body_util::BodyExt;
use rcs_revoke_api::{BatchOrder, BatchPage, BatchView};
use rcs_revoke_core::recall::State;

use super::Recall;
use super::client::{Client, escaped, whole};
use super::end::{End, Failure};
use super::flow::decide;
use super::plan;
use super::screen::{Event, Screen, remark};
use super::target::Target;
use super::watch::watch;

/// How many batches are listed.
const LISTED: usize = 50;

/// What is done to a batch that exists.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct ExistingArgs {
    /// With `--batch`: watch it until it is over.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    watch: bool,
    /// With `--batch`: ask for nothing more for now.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    pause: bool,
    /// With `--batch`: go on.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    resume: bool,
    /// With `--batch`: ask for nothing more, for good.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    abort: bool,
    /// With `--batch`: throw the plan away.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    drop: bool,
    /// With `--batch`: start the plan, confirmed as above, and watch it.
    #[arg(long, conflicts_with_all = ["file", "list"])]
    start: bool,
    /// With `--batch`: write every message with what became of it, or the rows that could not be taken, to standard
    /// output.
    #[arg(long, value_enum, value_name = "FORM", conflicts_with_all = ["file", "list", "json"])]
    export: Option<Form>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Every message, as CSV.
    Csv,
    /// Every message, as JSON in lines.
    Ndjson,
    /// The rows that could not be taken, as CSV, with their text.
    Rejects,
}

/// Does what is asked for.
pub(super) async fn act(
    command: &Recall,
    batch: &str,
    client: &Client,
    screen: &Screen,
    target: &Target,
) -> Result<End, Failure> {
    let args = &command.existing;
    if let Some(form) = args.export {
        return export(client, batch, form).await;
    }
    if args.start {
        let view = client.batch(batch).await?;
        return decide(command, client, screen, target, view).await;
    }
    let name = match args {
        ExistingArgs { pause: true, .. } => Some("pause"),
        ExistingArgs { resume: true, .. } => Some("resume"),
        ExistingArgs { abort: true, .. } => Some("abort"),
        _ => None,
    };
    if let Some(name) = name {
        let path = format!("/api/v1/batches/{}/{name}", escaped(batch));
        let view: BatchView = client.post(&path, &BatchOrder::default()).await?;
        return commanded(screen, &view);
    }
    if args.drop {
        let view: BatchView = client.delete(&format!("/api/v1/batches/{}", escaped(batch))).await?;
        return commanded(screen, &view);
    }
    let view = client.batch(batch).await?;
    if args.watch && !matches!(view.state, State::Reading | State::Planned) {
        return watch(client, screen, target, view).await;
    }
    if view.state == State::Planned {
        screen.say(&plan::plan(&view, target));
    } else {
        screen.say(&plan::progress(&view));
    }
    screen.end(End::of(&view), Some(&view))
}

fn commanded(screen: &Screen, view: &BatchView) -> Result<End, Failure> {
    screen.say(&match view.state {
        State::Dropped => format!("{} is dropped. Nothing of it was sent.", view.batch),
        _ => plan::progress(view),
    });
    screen.end(End::Done, Some(view))
}

/// The batches, the latest first.
pub(super) async fn list(client: &Client, screen: &Screen) -> Result<End, Failure> {
    let page: BatchPage = client.get(&format!("/api/v1/batches?limit={LISTED}")).await?;
    for view in &page.items {
        screen.event(&Event::Batch { batch: view })?;
        screen.say(&plan::listed_as(view));
    }
    if page.items.is_empty() {
        remark("there is no batch yet");
    }
    if page.next.is_some() {
        remark(&format!("these are the latest {LISTED}; the console and the API show all"));
    }
    screen.end(End::Done, None)
}

/// Writes an export to standard output as it comes.
async fn export(client: &Client, batch: &str, form: Form) -> Result<End, Failure> {
    let file = match form {
        Form::Csv => "messages.csv",
        Form::Ndjson => "messages.ndjson",
        Form::Rejects if stdout().is_terminal() => {
            return Err(Failure::new(
                End::Refused,
                "to_a_file",
                "Rejected rows may hold whole phone numbers",
            )
            .detail("Nothing was written. Write them to a file: `> rejects.csv`."));
        }
        Form::Rejects => "rejects.csv",
    };
    let request = client.request(Method::GET, &format!("/api/v1/batches/{}/{file}", escaped(batch)))?;
    let mut body = client.send(request, whole(bytes::Bytes::new())).await?.into_body();
    let mut out = stdout().lock();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Failure::new(End::Unreachable, "broken_off", "The export broke off")
                .detail("What was written is not whole: export it again.")
        })?;
        if let Ok(part) = frame.into_data() {
            written(out.write_all(&part))?;
        }
    }
    written(out.flush())?;
    Ok(End::Done)
}

fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| {
        Failure::here("output_closed", "The export cannot be written", &error).detail("It is not whole.")
    })
}
