//! From a file to its end: planned, shown, confirmed, started, watched.

use std::path::Path;
use std::time::Duration;

use indicatif::HumanCount;
use rcs_revoke_api::{BatchOrder, BatchView};
use rcs_revoke_core::recall::State;

use super::Recall;
use super::ask::Terminal;
use super::client::{Client, escaped};
use super::end::{End, Failure};
use super::plan;
use super::screen::{Event, Screen, remark};
use super::target::Target;
use super::text::Text;
use super::upload::upload;
use super::watch::watch;

/// How often a start is tried while nobody answers: given twice, it starts once.
const TRIES: u32 = 6;

/// Takes back the messages of a file.
pub(super) async fn recall(
    command: &Recall,
    file: &Path,
    client: &Client,
    screen: &Screen,
    target: &Target,
) -> Result<End, Failure> {
    let planned = async {
        // Before much is read or sent: whether anybody is there, and the key opens.
        client.session().await?;
        let text = Text::open(file, screen).await?;
        if text.length == 0 {
            return Ok(None);
        }
        let terms = command.terms.terms(text.name.clone());
        upload(client, screen, &text, &terms).await.map(Some)
    };
    let planned = tokio::select! {
        planned = planned => planned?,
        _ = tokio::signal::ctrl_c() => {
            remark("interrupted: nothing was sent to anybody. A plan that was being made is thrown away");
            return screen.end(End::Interrupted, None);
        }
    };
    let Some(view) = planned else {
        remark("the text is empty: there is nothing to ask for, and no plan was made");
        return screen.end(End::NothingToAsk, None);
    };
    decide(command, client, screen, target, view).await
}

/// Shows a plan, and starts it if that is wanted.
pub(super) async fn decide(
    command: &Recall,
    client: &Client,
    screen: &Screen,
    target: &Target,
    view: BatchView,
) -> Result<End, Failure> {
    let batch = view.batch.clone();
    screen.event(&Event::Plan { batch: &view })?;
    screen.say(&plan::plan(&view, target));
    let stays = |why: &str| {
        remark(&format!("{why}: nothing was started, and {batch} stays a plan"));
        remark(&format!("  start it  {}", target.command(&batch, "--start")));
        remark(&format!("  drop it   {}", target.command(&batch, "--drop")));
        screen.end(End::Planned, Some(&view))
    };
    let ask = view.plan.counts.ask;
    if view.state != State::Planned {
        remark(&format!("{batch} is {}, and no plan any more", view.state.code()));
        return screen.end(End::of(&view), Some(&view));
    }
    if ask == 0 {
        remark(&format!("there is nothing to ask for: nothing was started, and {batch} stays a plan"));
        remark(&format!("  drop it   {}", target.command(&batch, "--drop")));
        return screen.end(End::NothingToAsk, Some(&view));
    }
    if command.plan {
        return stays("only a plan was wanted");
    }
    match command.yes {
        Some(number) if number == ask => {}
        Some(number) => {
            return stays(&format!(
                "the plan asks for {} messages, and --yes says {}",
                HumanCount(ask),
                HumanCount(number)
            ));
        }
        None => {
            let input_is_taken = command.file.as_ref().is_some_and(|file| file.as_os_str() == "-");
            let Some(terminal) = Terminal::open(input_is_taken) else {
                return stays("nobody can be asked here, and --yes was not given");
            };
            tokio::select! {
                confirmed = terminal.confirms(ask) => if !confirmed { return stays("not confirmed") },
                _ = tokio::signal::ctrl_c() => {
                    stays("\ninterrupted")?;
                    return Ok(End::Interrupted);
                }
            }
        }
    }
    let view = start(client, &batch, ask).await?;
    screen.event(&Event::Started { batch: &batch, ask })?;
    if command.no_wait {
        screen.say(&format!("{batch} is started. Watch it: {}", target.command(&batch, "--watch")));
        return screen.end(End::Done, Some(&view));
    }
    watch(client, screen, target, view).await
}

async fn start(client: &Client, batch: &str, ask: u64) -> Result<BatchView, Failure> {
    let path = format!("/api/v1/batches/{}/start", escaped(batch));
    let order = BatchOrder { expect: Some(ask) };
    let mut tries = 0;
    loop {
        tries += 1;
        match client.post(&path, &order).await {
            Err(failure) if failure.may_pass() && tries < TRIES => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(failure) if failure.may_pass() => {
                return Err(failure.detail(format!(
                    "It is not certain whether {batch} was started: `--batch {batch}` shows it."
                )));
            }
            other => return other,
        }
    }
}
