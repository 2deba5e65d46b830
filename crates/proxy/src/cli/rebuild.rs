//! `rcs-revoke rebuild`: what messages mean, derived from their facts again.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use crate::clock::{SharedClock, System};
use crate::config::{Config, check};
use crate::ledger::{Ledger, rebuild};
use crate::sources::Sources;
use crate::store::Store;

/// Arguments of `rcs-revoke rebuild`.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// The configuration file.
    #[arg(long, env = "RCS_REVOKE_CONFIG")]
    config: Option<PathBuf>,
    /// Only compare, and change nothing; a server may be running.
    #[arg(long)]
    check: bool,
}

/// Compares, or makes it again.
pub(super) fn run(command: &Rebuild) -> anyhow::Result<()> {
    let ready = check::check(&Config::load(command.config.as_deref())?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        if command.check {
            let store = Store::read_only(&ready.database).await?;
            let sources = Sources::new(&ready.sources, store.learnt().await?);
            let found = rebuild::compare(&store, &sources).await?;
            for message in &found.differing {
                println!("differs: {message}");
            }
            println!("{} messages, {} facts, {} differ", found.messages, found.facts, found.differing.len());
            if !found.differing.is_empty() {
                bail!("what is stored differs from what the facts say: stop the server and run `rcs-revoke rebuild`");
            }
            return Ok(());
        }
        let (store, mut sql) = Store::open(&ready.database).await?;
        let sources = Arc::new(Sources::new(&ready.sources, crate::store::sources::learnt(&mut sql.sql).await?));
        let clock: SharedClock = Arc::new(System);
        let ledger = Ledger::start(&store, sql, sources, clock).await?;
        println!("{} messages folded again", rebuild::rebuild(&ledger, &store).await?);
        Ok(())
    })
}
