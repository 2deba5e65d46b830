//! `rcs-revoke rebuild`: what messages mean, derived from their facts again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use clap::Args;

use crate::cli::serve::{outlive_long_files, refuse_clock};
use crate::clock;
use crate::config::{Config, Ready, check};
use crate::ledger::{Ledger, rebuild};
use crate::sources::Sources;
use crate::store::salvage::salvage;
use crate::store::{Store, sources};

/// Arguments of `rcs-revoke rebuild`.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// The configuration file.
    #[arg(long, env = "RCS_REVOKE_CONFIG")]
    config: Option<PathBuf>,
    /// Only compare, and change nothing; a server may be running.
    #[arg(long)]
    check: bool,
    /// Copy what can be read of a damaged database into this new file, fold it there, and change nothing else.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    into: Option<PathBuf>,
}

/// Compares, or makes it again.
pub(super) fn run(command: &Rebuild) -> anyhow::Result<()> {
    let config = Config::load(command.config.as_deref())?;
    if !command.check {
        // What is folded as of now is folded as of that clock's now.
        refuse_clock(&config)?;
    }
    let ready = check::check(&config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        outlive_long_files()?;
        match &command.into {
            _ if command.check => compare(&ready).await,
            Some(into) => copy(ready, into).await,
            None => make_again(&ready).await,
        }
    })
}

async fn compare(ready: &Ready) -> anyhow::Result<()> {
    let store = Store::read_only(&ready.database).await?;
    let sources = Sources::new(&ready.sources, store.learnt().await.unwrap_or_default());
    let mut found = rebuild::compare(&store, &sources).await?;
    let cut_off = Store::cut_off(&ready.database).await?;
    if cut_off > 0 {
        found.damage.push(format!("{cut_off} or more commits stand in the log behind a damaged place"));
    }
    for line in &found.damage {
        println!("damaged: {line}");
    }
    for message in &found.differing {
        println!("differs: {message}");
    }
    for line in &found.miscounted {
        println!("counted wrong: {line}");
    }
    let (differing, damage) = (found.differing.len(), found.damage.len());
    let miscounted = match found.miscounted.len() {
        0 => String::new(),
        count => format!(", {count} counted wrong"),
    };
    println!(
        "{} messages, {} facts, {differing} differ, {damage} damaged{miscounted}",
        found.messages, found.facts
    );
    if damage > 0 {
        bail!(
            "the database is damaged: stop the server, copy the file and its -wal away, run `rcs-revoke rebuild`, and if that does not mend it, `rcs-revoke rebuild --into NEW_FILE`"
        );
    }
    if !found.is_sound() {
        bail!(
            "what is stored differs from what the facts say, or the configuration has changed since: stop the server and run `rcs-revoke rebuild`"
        );
    }
    Ok(())
}

async fn copy(mut ready: Ready, into: &Path) -> anyhow::Result<()> {
    if into.exists() {
        bail!("{} is there already: name a new file", into.display());
    }
    let lost = salvage(&ready.database, into).await?.0;
    into.clone_into(&mut ready.database);
    make_again(&ready).await?;
    for line in &lost {
        println!("lost: {line}");
    }
    println!(
        "copied into {}: stop the server and put it in the place of the old file and its -wal",
        into.display()
    );
    if !lost.is_empty() {
        bail!("not everything could be read: what is lost is listed above");
    }
    Ok(())
}

async fn make_again(ready: &Ready) -> anyhow::Result<()> {
    let cut_off = Store::cut_off(&ready.database).await?;
    let (store, mut sql) = Store::open(&ready.database).await?;
    if cut_off > 0 {
        println!("{cut_off} or more commits behind a damaged place of the log are lost");
    }
    // First, since everything else is found with the indexes.
    rebuild::reindex(&mut sql).await?;
    let sources = Arc::new(Sources::new(&ready.sources, sources::learnt(&mut sql.sql).await?));
    let ledger = Ledger::start(sql, sources, clock::of(ready)).await?;
    let rebuilt = rebuild::rebuild(&ledger, &store).await?;
    // Whoever moves the file shall move everything.
    store.readers.close().await;
    ledger.close().await;
    println!("{} messages folded again", rebuilt.messages);
    for message in &rebuilt.failed {
        println!("not folded, for its facts cannot be read: {message}");
    }
    if !rebuilt.failed.is_empty() {
        bail!("some messages are damaged: `rcs-revoke rebuild --check` says how");
    }
    Ok(())
}
