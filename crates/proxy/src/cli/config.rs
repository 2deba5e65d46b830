//! `rcs-revoke config check`: what is wrong, or what is in force.

use std::path::Path;

use rcs_revoke_core::Span;

use crate::config::length::written;
use crate::config::{Config, ReadySource, Retention, check};

mod classes;

/// Checks a configuration and prints a summary without secrets.
pub(super) fn check(file: Option<&Path>) -> anyhow::Result<()> {
    let ready = check::check(&Config::load(file)?)?;
    println!("console and API: {}", ready.listen);
    println!("webhooks:        {}", ready.webhook_listen);
    println!("database:        {}", ready.database.display());
    println!(
        "access key:      {}",
        if ready.access_key.is_some() { "configured" } else { "made at each start" }
    );
    match &ready.retention {
        None => println!("messages:        kept for ever"),
        Some(Retention { keep, export }) => println!(
            "messages:        kept for {} after nothing can happen to them any more, then {}",
            written(*keep),
            export.as_ref().map_or_else(
                || "forgotten".to_owned(),
                |folder| format!("written to {} and forgotten", folder.display())
            )
        ),
    }
    for (host, base) in &ready.bases {
        println!("host {host}: {base}");
    }
    for line in classes::table(&ready.classes) {
        println!("{line}");
    }
    for source in &ready.sources {
        print_source(source);
    }
    for warning in &ready.warnings {
        println!("worth a thought: {warning}");
    }
    println!("nothing is wrong with this configuration");
    Ok(())
}

fn print_source(ready: &ReadySource) {
    let (source, policy) = (&ready.source, &ready.policy);
    let route = policy.route(source, None);
    let hosts: Vec<_> = route.candidates.iter().map(|host| host.name()).collect();
    println!("source {} ({}, {})", source.id, source.provider.label(), ready.label);
    println!("  asks:      {} ({:?})", hosts.join(", then "), route.certainty);
    println!(
        "  webhooks:  /webhooks/{}/{}, {}",
        source.provider.code(),
        source.id,
        if ready.webhook.is_some() { "verified" } else { "refused: no secret" }
    );
    println!("  limit:     {} requests a second, counted for {}", policy.rate_per_second, ready.account);
    println!(
        "  settles:   {} after an accepted answer; a request may take {}, and {} more until its effect is unknown",
        written(policy.settle),
        written(policy.request_timeout),
        written(policy.request_margin)
    );
    println!(
        "  repeats:   after {}; after a 429: {}, then every {}; waits {} at most if asked to",
        all(&policy.retries),
        all(&policy.throttled),
        written(policy.throttled_then),
        written(policy.retry_after_cap)
    );
    if source.provider.adapter().may_confirm() {
        println!("  presumes:  a delivery from a clean 404 for {}", written(policy.presume_for));
    }
    let life = policy.lifetimes(source.provider);
    println!(
        "  lives:     {} without an end of its own; webhooks may come {} later",
        written(life.longest),
        written(life.tail)
    );
    match &policy.class {
        Some(class) => println!("  class:     {class}, unless a message was registered with another"),
        None => println!("  class:     none, unless a message was registered with one"),
    }
    match &source.sms {
        Some(sms) => println!("  SMS:       from {}, through {} at {}", sms.from, sms.source, sms.host),
        None => println!("  SMS:       none can be sent: set `sms_from` or `sms_source`"),
    }
}

fn all(spans: &[Span]) -> String {
    spans.iter().map(|span| written(*span)).collect::<Vec<_>>().join(", ")
}
