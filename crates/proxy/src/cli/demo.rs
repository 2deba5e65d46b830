//! `rcs-revoke demo`: both providers simulated, on loopback, with messages that show each story.

use clap::Args;

use crate::cli::serve::{link, runtime, until_told_to_stop};
use crate::demo::{Demo, Story};

/// Arguments of `rcs-revoke demo`.
#[derive(Debug, Args)]
pub(super) struct DemoCommand {
    /// The port of console and API.
    #[arg(long, default_value_t = 8480)]
    port: u16,
    /// The port that webhooks come in on.
    #[arg(long, default_value_t = 8481)]
    webhook_port: u16,
}

/// Runs the demo until it is told to stop.
pub(super) fn run(command: &DemoCommand) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let demo = Demo::start(command.port, command.webhook_port).await?;
        println!("Both providers are simulated; nothing leaves this machine, and nothing is kept.\n");
        println!("Open   {}\n", link(&demo.server, false));
        println!("Paste  these messages there, and revoke them:\n");
        list(demo.stories.iter().filter(|story| !story.by_itself));
        println!("\nWatch  these under Messages; they are revoked by themselves within a minute:\n");
        list(demo.stories.iter().filter(|story| story.by_itself));
        println!("\nStop   with Ctrl-C");
        tokio::select! {
            stopped = until_told_to_stop() => stopped?,
            () = async {
                demo.play().await;
                std::future::pending::<()>().await;
            } => {}
        }
        demo.shutdown().await;
        Ok(())
    })
}

fn list<'a>(stories: impl Iterator<Item = &'a Story>) {
    for Story { id, source, seen, .. } in stories {
        println!("  {id}   # {source}: {seen}");
    }
}
