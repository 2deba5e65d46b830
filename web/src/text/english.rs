//! English.

mod batches;
mod sms;
mod sources;

use super::{AfterWords, FailureWords, ListWords, OneWords, PlanWords, RevokeWords, Shell, Units, Words};
use crate::when::number;

fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{} messages", number(count)) }
}

/// A count of lines, with its verb.
fn lines(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 line {one}") } else { format!("{} lines {many}", number(count)) }
}

pub static WORDS: Words = Words {
    locale: "en-GB",
    thousands: ',',
    units: Units {
        day: "d",
        hour: "h",
        minute: "min",
        second: "s",
        within: |length| format!("in {length}"),
        messages,
    },
    shell: Shell {
        name: "rcs-revoke",
        skip: "Skip to the content",
        main_nav: "Main",
        revoke: "Revoke",
        messages: "Messages",
        batches: "Batches",
        running: |count| format!("{count} running"),
        sources: "Sources",
        keys: "Keys",
        key_list: &[
            (&["g", "r"], "Go to Revoke"),
            (&["g", "m"], "Go to Messages"),
            (&["g", "b"], "Go to Batches"),
            (&["g", "s"], "Go to Sources"),
            (&["/"], "Find a message"),
            (&["Ctrl", "Enter"], "Revoke what stands in the field"),
            (&["↑", "↓"], "Move through the table"),
            (&["Enter"], "Open the message"),
            (&["Space"], "Select the message"),
            (&["?"], "This list"),
        ],
        theme: "Light or dark",
        close: "Close",
        cancel: "Cancel",
        retry: "Try again",
        copied: "Copied.",
        not_copied: "The browser did not allow copying. Select the text and copy it by hand.",
        demo: "Demo",
        demo_hint: "Both providers are simulated: nothing leaves this machine.",
        connecting: "Connecting…",
        live: "Live",
        reconnecting: |at| format!("Reconnecting… shown as of {at}"),
        connecting_title: "Changes appear by themselves while the connection is live.",
        panic: "This page has failed and may show what is no longer true. Reload it; what the server holds is safe. If it happens again, report this:",
        no_page: "There is no page at this address.",
        asking: "Asking the server…",
        gate_title: "This console needs its access key",
        gate_how: "The server printed a link when it started. Open that link, or paste the link or its key here. The key is exchanged once for a session of this browser.",
        gate_key: "Link or access key",
        gate_enter: "Enter",
        ended_title: "Your session has ended",
        ended_kept: "Nothing was lost: what you typed is still here. Paste the key again to go on.",
        deaf: |source| {
            format!("No verified webhook has ever arrived for {source}. Without them silence proves nothing.")
        },
    },
    failure: FailureWords {
        lost: "The server could not be reached, so nothing is known to have been done. Check that it is running, then try again.",
        unreadable: |status| {
            format!(
                "The server answered {status}, but not in a form that this page understands. Reload the page; it may be older than the server."
            )
        },
        signed_out: "Your session has ended. Enter the access key again; nothing that you typed was lost.",
    },
    revoke: RevokeWords {
        hint: "Paste ids, CSV, JSON, log lines or curl commands, or drop a file",
        label: "Messages to revoke",
        empty: "Paste message ids here: one per line, a CSV with a header, log lines…",
        open_file: "Open a file",
        held: |size, name| format!("{size} from {name}"),
        clipboard: "the clipboard",
        unreadable: "The browser could not read that file (a folder cannot be read either). Nothing was taken from it, and the field is empty now. Open it again, or paste its text.",
        too_large: "That file is larger than 300 MB, which is more than a browser should hold. Nothing was taken from it. Split it, or hand it to the server from the command line: rcs-revoke recall FILE.",
        held_label: "The lines that were read",
        clear: "Clear",
        reading: |done, all| format!("Reading, {done} of {all}"),
        looking: |done, all| format!("Looking up what is known, {done} of {all}"),
        duplicates: |count| {
            if count == 1 {
                "1 duplicate folded".to_owned()
            } else {
                format!("{} duplicates folded", number(count))
            }
        },
        bad: |count| lines(count, "needs a look", "need a look"),
        remove_bad: "Remove them",
        export_bad: "Export them",
        column: |column, what| format!("column {column}: {what}"),
        folded: |line| format!("same as line {}, folded", number(line)),
        choose_below: "several sources fit: choose one in the plan",
        sent: |ago| format!("sent {ago} ago"),
        window_in: |length| format!("window closes in {length}"),
        window_closed: "window has closed",
        left_out: |outcome| format!("{outcome}, left out"),
        checking: "…",
        demo_fill: "Fill in the demo messages",
        demo_none: "Every demo message has been asked for already. They are listed under Messages.",
        missed: "The server could not be asked what it knows of them. That is done once the connection is back.",
        line: |line| format!("Line {}", number(line)),
        more: |count| format!("and {count} more; the export has all of them."),
    },
    plan: PlanWords {
        title: "Plan",
        empty: "Nothing to revoke yet. What would be sent, and where, is shown here before anything leaves.",
        certainty: |code| match code {
            "known" => "known",
            "documented" => "documented",
            "inferred" => "inferred",
            _ => "host unsure",
        },
        closing: "Window closes within an hour",
        closed: "Window has closed",
        goes_first: |count| format!("{count}, first to go"),
        reached: "Already delivered, left out",
        problems: "Lines that need a look, left out",
        time: "Time at your limits",
        under_a_second: "under 1 s",
        ages: [
            "Sent within the last hour",
            "Sent 1 to 24 h ago",
            "Sent longer ago",
            "Time of sending unknown",
        ],
        undecided: "Wait for your choice",
        decide_first: "Choose a source first: messages are never sent to a guessed one.",
        choose: "Which source sent them?",
        choose_for: |count, sources| format!("{}, and {sources} sources may have sent each", messages(count)),
        choose_none: "Choose…",
        override_window: |count| format!("Ask for {} although the window has closed", messages(count)),
        example: |line| format!("What will be sent, for line {}", number(line)),
        bearer: "‹added by the proxy›",
        copy_curl: "Copy as curl",
        host: "Host",
        because: "because",
        because_message: "it holds this message",
        because_source: "it is set for this source",
        because_learnt: "it took another revocation of this source",
        because_country: |country| format!("the agent was launched in {country}"),
        because_default: "nothing better is known: it is the provider’s default",
        then_ask: |hosts| format!("If it does not know the message, {hosts} will be asked."),
        reason: "Reason, kept with every message",
        reason_hint: "Wrong discount code in campaign 118",
        not_before: "Not before (optional, your local time)",
        class: "Class, for messages that have none (optional)",
        class_none: "None",
        button: |count| format!("Revoke {}", messages(count)),
        no_button: "Revoke",
        meaning: "A success answer means asked, not revoked. You will see what really happened.",
        phone_known: "‹number known to the proxy›",
    },
    after: AfterWords {
        confirm_title: |count| format!("Revoke {}?", messages(count)),
        confirm_what: "Each is asked for at its provider. What reaches the person first cannot be taken back, and a revocation cannot be undone.",
        confirm_type: |count| format!("Type {count} to confirm"),
        confirm_button: |count| format!("Revoke {}", messages(count)),
        sending: |done, all| format!("Handing over, {done} of {all}"),
        stopped: "Not everything was handed over.",
        go_on: "Hand over the rest",
        reconsider: "Back to the plan",
        title: "What became of them",
        taken: |made, already, refused| {
            let some = |count: usize, what: &str| {
                if count == 0 { String::new() } else { format!(", {} {what}", number(count)) }
            };
            format!(
                "{} taken{}{}",
                number(made),
                some(already, "asked for already"),
                some(refused, "refused")
            )
        },
        stop: "Stop what is not yet sent",
        stop_title: "Stop what is not yet sent?",
        stop_what: |count| {
            format!(
                "{} may still wait for their turn. What has left cannot be called back, but it will not be repeated.",
                messages(count)
            )
        },
        stopped_report: |withdrawn, late, nothing| {
            format!(
                "{} stopped before anything was sent, {} had left already, {} had nothing to stop.",
                number(withdrawn),
                number(late),
                number(nothing)
            )
        },
        all: "All messages",
        refused: "Not taken",
        waiting: "Not handed over",
        handed: "Handed over",
        handed_over: |done, all| format!("{done} of {all} are handed over for certain"),
        deaf: "No webhook has ever arrived for its source: silence proves nothing.",
        bar: |count| format!("Outcomes of {}", messages(count)),
        again: "Revoke other messages",
        done: "All handed over. Outcomes change below as providers report.",
        unsure: "Handing over the rest repeats the last part under the same key, so nothing is asked for twice.",
    },
    list: ListWords {
        find: "Id, or the end of a number",
        any_source: "Every source",
        source: "Source",
        filter: "Outcome",
        all: "All",
        under_way: "Under way",
        columns: ["Outcome", "Message", "To", "Source", "Why", "Changed"],
        pick: "Select",
        pick_page: "Select this page",
        selected: |count| format!("{} selected", number(count)),
        again: "Revoke again",
        again_title: |count| format!("Revoke {} again?", messages(count)),
        again_what: "Each gets a new request. That never hurts a message, but a 404 that follows an earlier success proves less than one that does not. No SMS follows it by itself, even if one was to follow before.",
        again_done: |made, already, refused| {
            format!(
                "{} asked for, {} waiting already, {} refused.",
                number(made),
                number(already),
                number(refused)
            )
        },
        export: "Export selection",
        export_page: "Export this page",
        fresh: |count| {
            if count == 1 {
                "1 new or changed: show it".to_owned()
            } else {
                format!("{} new or changed: show them", number(count))
            }
        },
        first: "← First page",
        next: "Next →",
        none: "No messages yet. They appear here once they are registered, named in a webhook, or revoked.",
        none_fit: "No message fits this filter.",
        loading: "Loading…",
    },
    one: OneWords {
        back: "← Messages",
        copy: "Copy link",
        again: "Revoke again",
        again_title: "Revoke this message again?",
        again_what: "A new request is sent. It never hurts the message, but a 404 that follows an earlier success proves less than one that does not. No SMS follows it by itself, even if one was to follow before.",
        planned: "Planned date",
        planned_for: "Due",
        planned_unless: "unless it is delivered before",
        planned_by: |who| format!("Planned by {who}."),
        move_it: "Move",
        move_title: "Move the date?",
        move_what: "What is planned now is withdrawn, and one wish with the new date takes its place.",
        move_date: "New date (your local time)",
        move_late: "That is past: choose a date that is still to come.",
        moved: "Moved.",
        withdraw: "Withdraw",
        withdraw_title: "Withdraw the wish to revoke?",
        withdraw_what: "If nothing was sent yet, nothing will be. If a request has left, it cannot be called back, but it will not be repeated.",
        withdrawn: "Withdrawn before anything was sent.",
        too_late: "A request had left already. It will not be repeated.",
        nothing: "There was nothing to withdraw.",
        asked: "Asked again. Its outcome changes here as the provider reports.",
        already: "A wish to revoke it is waiting already.",
        closed: |why| format!("It cannot be asked for again: {why}"),
        happened: "What happened",
        raw: "Raw",
        details: "Message",
        id: "Id",
        to: "To",
        source: "Source",
        sent: "Sent",
        class: "Class",
        host: "Host",
        asked_at: "Asked at",
        life: "Life ends",
        unknown: "not told",
        no_source: "not known",
        window: "Revocation window",
        window_none: "This provider sets none: it can be asked for as long as the message waits.",
        window_unknown: "Nobody told when it was sent, so nobody knows when its window closes.",
        closes: |at, within| format!("Closes {at}, {within}"),
        closed_at: |at| format!("Closed {at}"),
        next_send: |host| format!("Ask {host}"),
        next_sms: "The SMS leaves",
        next_wish: "Its class asks to revoke it",
        next: |brings| match brings {
            "start" => "The planned beginning: it will be asked for",
            "retry" => "Ask again",
            "overdue" => "The answer is overdue: it may or may not have worked",
            "settled" => "A crossing delivery is no longer waited for",
            "window_closes" => "The revocation window closes",
            "life_ends" => "The message’s own life ends",
            "presumption_ends" => "The 404 is no longer read as a delivery, unless one is reported",
            "fallback" => "The SMS leaves, unless something changes",
            "stale" => "Its content becomes too old for an SMS by itself",
            "last_webhook" => "The last webhook may have come",
            _ => "The next look at this message",
        },
        ask_phone: "The recipient’s phone number is missing. Revoke it again with the number, or wait for a webhook that names it.",
        ask: "Something is missing that only a person can tell.",
        done: "Nothing more happens by itself. A late webhook can still change this.",
        due: "any moment",
        sureness: |code| match code {
            "revoked" => "taken back, as far as the provider’s word goes",
            "not_delivered" => "it will not arrive, as the provider says",
            "delivered" => "it reached the person",
            "presumed_revoked" | "presumed_delivered" => "presumed, nobody confirmed it",
            "unconfirmed" => "asked, no proof yet",
            "requesting" | "settling" | "planned" => "under way",
            "inconclusive" => "nothing certain can be said",
            "lapsed" => "its life is over, nobody told how it ended",
            "withdrawn" => "the wish was taken back",
            "refused" => "not revoked, nothing more is tried",
            "watched" => "known, nobody asked to revoke it",
            _ => "",
        },
    },
    sms: sms::TEXT,
    batches: batches::TEXT,
    sources: sources::TEXT,
};
