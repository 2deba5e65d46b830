//! A batch is watched until it is over. The server may be restarted or killed meanwhile: the batch goes on there by
//! itself, and so does the watching.

use std::time::{Duration, Instant};

use rcs_revoke_api::BatchView;
use rcs_revoke_core::recall::State;

use super::client::Client;
use super::end::{End, Failure};
use super::plan::{outcomes, pace, progress};
use super::screen::{Event, Screen, remark};
use super::target::Target;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// How often a line is written where no bar can be drawn.
const LINE: Duration = Duration::from_secs(10);

/// Watches a batch to its end. An interrupt ends the watching, not the batch.
pub(super) async fn watch(
    client: &Client,
    screen: &Screen,
    target: &Target,
    view: BatchView,
) -> Result<End, Failure> {
    let batch = view.batch.clone();
    let watched = tokio::select! {
        watched = until_over(client, screen, target, view) => watched,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted.map_err(|error| Failure::here("no_signals", "Signals cannot be listened for", &error))?;
            None.ok_or(None)
        }
    };
    match watched {
        Ok(view) => {
            screen.say(&progress(&view));
            screen.end(End::of(&view), Some(&view))
        }
        Err(Some(failure)) => Err(failure),
        Err(None) => {
            remark(&format!("you no longer watch, but {batch} goes on at the server"));
            for (what, command) in [("watch it", "--watch"), ("pause it", "--pause"), ("abort it", "--abort")]
            {
                remark(&format!("  {what:<9} {}", target.command(&batch, command)));
            }
            screen.end(End::Interrupted, None)
        }
    }
}

async fn until_over(
    client: &Client,
    screen: &Screen,
    target: &Target,
    mut view: BatchView,
) -> Result<BatchView, Option<Failure>> {
    let batch = view.batch.clone();
    let bar = screen.messages(view.plan.counts.ask);
    bar.set_prefix(batch.clone());
    let say = |text: &str| bar.suspend(|| remark(text));
    let (mut lost, mut last_line, mut last_state) = (false, None::<Instant>, State::Running);
    let mut held_up: Option<String> = None;
    loop {
        let asked = view.plan.counts.ask.saturating_sub(view.progress.waiting);
        bar.set_position(asked);
        bar.set_message(format!("{} · {}", pace(&view), outcomes(&view)));
        screen.event(&event(&view)).map_err(Some)?;
        if !screen.live && last_line.is_none_or(|at| at.elapsed() >= LINE) {
            last_line = Some(Instant::now());
            say(&format!(
                "{batch}: {asked} of {} asked, {}; {}",
                view.plan.counts.ask,
                pace(&view),
                outcomes(&view)
            ));
        }
        if view.ended_at.is_some() || view.state.is_over() && view.state != State::Aborted {
            bar.finish_and_clear();
            return Ok(view);
        }
        if view.state != last_state {
            match view.state {
                State::Paused => {
                    say(&format!("{batch} is paused. Go on: {}", target.command(&batch, "--resume")));
                }
                State::Running => say(&format!("{batch} goes on")),
                State::Aborted => say(&format!("{batch} is aborted; the last answers are to come")),
                _ => {}
            }
            last_state = view.state;
        }
        let trouble = view.trouble.as_ref().map(|trouble| trouble.sentence.to_string());
        if trouble != held_up {
            match &trouble {
                Some(sentence) => say(&format!("{batch} is held up: {sentence}")),
                None => say(&format!("{batch} is held up no more")),
            }
            held_up = trouble;
        }
        view = loop {
            tokio::time::sleep(EVERY).await;
            match client.batch(&batch).await {
                Ok(view) => {
                    if std::mem::take(&mut lost) {
                        screen.event(&Event::Connection { answers: true, why: "" }).map_err(Some)?;
                        say("the server answers again");
                    }
                    break view;
                }
                Err(failure) if failure.may_pass() => {
                    if !std::mem::replace(&mut lost, true) {
                        let why = &failure.title;
                        screen.event(&Event::Connection { answers: false, why }).map_err(Some)?;
                        say(&format!(
                            "{why}. {batch} goes on as soon as the server does; it is looked for again and again"
                        ));
                    }
                }
                Err(failure) => {
                    bar.finish_and_clear();
                    let more = format!("{batch} can no longer be watched; that does not stop it.");
                    return Err(Some(failure.detail(more)));
                }
            }
        };
    }
}

fn event(view: &BatchView) -> Event<'_> {
    let progress = &view.progress;
    Event::Progress {
        batch: &view.batch,
        state: view.state,
        ask: view.plan.counts.ask,
        waiting: progress.waiting,
        left_out: progress.left_out,
        moved: progress.moved,
        outcomes: &progress.outcomes,
        rate: progress.rate,
        limit: progress.limit,
        seconds_left: progress.seconds_left,
        trouble: view.trouble.as_ref(),
    }
}
