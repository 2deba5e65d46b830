//! What the drill prints: the world, the table outcome × truth, what is counted apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use rcs_revoke_tests::tally::Tally;

use crate::Args;
use crate::audit::Audit;
use crate::pester::Pestered;
use crate::play::Played;
use crate::reality::Reality;
use crate::reaper::Toll;
use crate::script::{Scripted, Told};
use crate::sms::Examined;
use crate::verdicts::Verdicts;

/// One line about each side of the scripted world.
pub fn world(args: &Args, script: &[Scripted]) -> String {
    let mut senders: BTreeMap<&str, usize> = BTreeMap::new();
    for message in script {
        *senders.entry(message.sender.source).or_default() += 1;
    }
    let told = |wanted: fn(&Told) -> bool| script.iter().filter(|message| wanted(&message.told)).count();
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for message in script {
        *classes.entry(message.instead.class.map_or("none", |class| class.name)).or_default() += 1;
    }
    let classes: Vec<String> = classes.iter().map(|(class, count)| format!("{class} {count}")).collect();
    let troubled = script.iter().filter(|message| !message.faults.is_empty()).count();
    let senders: Vec<String> = senders.iter().map(|(source, count)| format!("{source} {count}")).collect();
    let scenarios = if args.scenario.is_empty() { "none".to_owned() } else { args.scenario.join(", ") };
    format!(
        "Seed {}: {} messages, {} virtual hours, {}× as fast, {} kills, {} forgeries, scenarios: {scenarios}\n  \
         senders: {}\n  registered classes: {}\n  known by API {}, by a list {}, by a wish only {}, by webhooks only {}\n  \
         requests for {troubled} of {} messages meet faults\n",
        args.seed,
        args.messages,
        args.hours,
        args.scale,
        args.kills,
        args.forgeries,
        senders.join(", "),
        classes.join(", "),
        told(|told| *told == Told::Api),
        told(|told| *told == Told::Csv),
        told(|told| matches!(told, Told::Wish { .. })),
        told(|told| *told == Told::Nobody),
        script.len(),
    )
}

/// What was done, in one line.
pub fn done(played: &Played) -> String {
    let refused: usize = played.refused.values().sum();
    let reasons: Vec<String> = played.refused.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
    let not_ordered: usize = played.not_ordered.values().sum();
    let codes: Vec<String> =
        played.not_ordered.iter().map(|(code, count)| format!("{code} {count}")).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    format!(
        "  wishes: {} made, {} repeated, {refused} refused{reasons}, {} taken back in time\n  \
         SMS ordered by hand: {}, refused {not_ordered}{codes}\n",
        played.wishes, played.repeated, played.withdrawn, played.ordered
    )
}

/// What came of the kills; nothing if there were none.
pub fn toll(toll: &Toll) -> String {
    if toll.kills() == 0 {
        return String::new();
    }
    let met = toll.met.iter().map(|(aim, (kills, met))| format!("{aim} {met} of {kills}"));
    format!(
        "  killed {} times; moments met: {}\n  ready again after {}\n  sending again after {}\n",
        toll.kills(),
        met.collect::<Vec<_>>().join(", "),
        spread(&toll.ready),
        spread(&toll.sending),
    )
}

/// What came of the forgeries; nothing if there were none.
pub fn pestered(pestered: &Pestered) -> String {
    if pestered.answers.is_empty() && pestered.unanswered == 0 {
        return String::new();
    }
    let answers = pestered.answers.iter().map(|(status, count)| format!("{status} × {count}"));
    let answers = answers.collect::<Vec<_>>().join(", ");
    format!("  forged and replayed webhooks: {answers}, not answered {}\n", pestered.unanswered)
}

/// Middle, nearly worst and worst of some times.
fn spread(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let Some(worst) = times.last() else { return "(nothing was due)".to_owned() };
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_millis();
    format!("p50 {} ms, p99 {} ms, worst {} ms ({} times)", at(50), at(99), worst.as_millis(), times.len())
}

/// What the audit of the store counted.
pub fn audit(audit: &Audit) -> String {
    format!(
        "  {} facts, each compared with the world; {} attempts without a read answer, {} of them had reached a provider",
        audit.facts, audit.unread, audit.unread_answered
    )
}

/// The longest that anything waited for its turn.
pub fn waits(examined: &Examined) -> String {
    format!(
        "  waited the longest, with its time in the queue: an SMS {:.1} s, a message whose own date had come {:.1} s",
        examined.longest_sms.as_secs_f64(),
        examined.longest_date.as_secs_f64()
    )
}

/// The table outcome × truth as Markdown, so that it can stand in a document as it is.
pub fn table(verdicts: &Verdicts<'_>) -> String {
    tally(verdicts).markdown()
}

fn tally(verdicts: &Verdicts<'_>) -> Tally {
    let mut tally = Tally::default();
    for one in &verdicts.judged {
        tally.add(one.view.as_ref().map(|view| &view.outcome.verdict), one.reality.truth());
    }
    tally
}

/// What is no lie and still worth a number: how often what rests on less than an event was true.
pub fn apart(verdicts: &Verdicts<'_>) -> String {
    let mut text = String::new();
    let tally = tally(verdicts);
    for kind in ["revoked by answer", "presumed_revoked", "presumed_delivered", "unconfirmed"] {
        let (all, delivered) = tally.of(kind);
        let _ = writeln!(text, "  {kind}: {all}, in truth delivered: {delivered}");
    }
    let inconclusive: usize = ["not_found", "effect_unknown", "expiry"]
        .map(|why| tally.of(&format!("inconclusive: {why}")).0)
        .into_iter()
        .sum();
    let _ = writeln!(text, "  inconclusive: {inconclusive}");
    let lost = verdicts.judged.iter().flat_map(|one| &one.reality.heard).filter(|heard| heard.lost).count();
    let deaf = verdicts.judged.iter().filter(|one| lost_its_end(&one.reality)).count();
    let _ =
        writeln!(text, "  webhooks lost on the way: {lost}; of {deaf} messages every word about their end");
    text
}

/// Whether everything that stated its end was lost.
fn lost_its_end(reality: &Reality) -> bool {
    let mut ends = reality.heard.iter().filter(|heard| heard.statement.is_some()).peekable();
    ends.peek().is_some() && ends.all(|heard| heard.lost)
}
