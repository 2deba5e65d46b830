//! Every word of the console, in one shape that each language fills in.
//!
//! Sentences about a message's outcome come from the core; they are not repeated here.

mod batches;
mod english;
mod sms;
mod sources;

pub use batches::BatchText;
pub use sms::SmsText;
pub use sources::SourcesText;

/// All words of one language.
pub struct Words {
    /// For the browser's date formats.
    pub locale: &'static str,
    pub thousands: char,
    pub units: Units,
    pub shell: Shell,
    pub failure: FailureWords,
    pub revoke: RevokeWords,
    pub plan: PlanWords,
    pub after: AfterWords,
    pub list: ListWords,
    pub one: OneWords,
    pub sms: SmsText,
    pub batches: BatchText,
    pub sources: SourcesText,
}

pub struct Units {
    pub day: &'static str,
    pub hour: &'static str,
    pub minute: &'static str,
    pub second: &'static str,
    pub within: fn(&str) -> String,
    pub messages: fn(usize) -> String,
}

pub struct Shell {
    pub name: &'static str,
    pub skip: &'static str,
    pub main_nav: &'static str,
    pub revoke: &'static str,
    pub messages: &'static str,
    pub batches: &'static str,
    pub running: fn(&str) -> String,
    pub sources: &'static str,
    pub keys: &'static str,
    pub key_list: &'static [(&'static [&'static str], &'static str)],
    pub theme: &'static str,
    pub close: &'static str,
    pub cancel: &'static str,
    pub retry: &'static str,
    pub copied: &'static str,
    pub not_copied: &'static str,
    pub demo: &'static str,
    pub demo_hint: &'static str,
    pub connecting: &'static str,
    pub live: &'static str,
    pub reconnecting: fn(&str) -> String,
    pub connecting_title: &'static str,
    pub panic: &'static str,
    pub no_page: &'static str,
    pub asking: &'static str,
    pub gate_title: &'static str,
    pub gate_how: &'static str,
    pub gate_key: &'static str,
    pub gate_enter: &'static str,
    pub ended_title: &'static str,
    pub ended_kept: &'static str,
    pub deaf: fn(&str) -> String,
}

pub struct FailureWords {
    pub lost: &'static str,
    pub unreadable: fn(u16) -> String,
    pub signed_out: &'static str,
}

pub struct RevokeWords {
    pub hint: &'static str,
    pub label: &'static str,
    pub empty: &'static str,
    pub open_file: &'static str,
    pub held: fn(&str, &str) -> String,
    pub clipboard: &'static str,
    pub unreadable: &'static str,
    pub too_large: &'static str,
    pub held_label: &'static str,
    pub clear: &'static str,
    pub reading: fn(&str, &str) -> String,
    pub looking: fn(&str, &str) -> String,
    pub duplicates: fn(usize) -> String,
    pub bad: fn(usize) -> String,
    pub remove_bad: &'static str,
    pub export_bad: &'static str,
    pub column: fn(usize, &str) -> String,
    pub folded: fn(usize) -> String,
    pub choose_below: &'static str,
    pub sent: fn(&str) -> String,
    pub window_in: fn(&str) -> String,
    pub window_closed: &'static str,
    pub left_out: fn(&str) -> String,
    pub checking: &'static str,
    pub demo_fill: &'static str,
    pub demo_none: &'static str,
    pub missed: &'static str,
    pub line: fn(usize) -> String,
    pub more: fn(&str) -> String,
}

pub struct PlanWords {
    pub title: &'static str,
    pub empty: &'static str,
    pub certainty: fn(&str) -> &'static str,
    pub closing: &'static str,
    pub closed: &'static str,
    pub goes_first: fn(&str) -> String,
    pub reached: &'static str,
    pub problems: &'static str,
    pub time: &'static str,
    pub under_a_second: &'static str,
    pub ages: [&'static str; 4],
    pub undecided: &'static str,
    pub decide_first: &'static str,
    pub choose: &'static str,
    pub choose_for: fn(usize, usize) -> String,
    pub choose_none: &'static str,
    pub override_window: fn(usize) -> String,
    pub example: fn(usize) -> String,
    pub bearer: &'static str,
    pub copy_curl: &'static str,
    pub host: &'static str,
    pub because: &'static str,
    pub because_message: &'static str,
    pub because_source: &'static str,
    pub because_learnt: &'static str,
    pub because_country: fn(&str) -> String,
    pub because_default: &'static str,
    pub then_ask: fn(&str) -> String,
    pub reason: &'static str,
    pub reason_hint: &'static str,
    pub not_before: &'static str,
    pub class: &'static str,
    pub class_none: &'static str,
    pub button: fn(usize) -> String,
    pub no_button: &'static str,
    pub meaning: &'static str,
    pub phone_known: &'static str,
}

pub struct AfterWords {
    pub confirm_title: fn(usize) -> String,
    pub confirm_what: &'static str,
    pub confirm_type: fn(&str) -> String,
    pub confirm_button: fn(usize) -> String,
    pub sending: fn(&str, &str) -> String,
    pub stopped: &'static str,
    pub go_on: &'static str,
    pub reconsider: &'static str,
    pub title: &'static str,
    pub taken: fn(usize, usize, usize) -> String,
    pub stop: &'static str,
    pub stop_title: &'static str,
    pub stop_what: fn(usize) -> String,
    pub stopped_report: fn(usize, usize, usize) -> String,
    pub all: &'static str,
    pub refused: &'static str,
    pub waiting: &'static str,
    pub handed: &'static str,
    pub handed_over: fn(&str, &str) -> String,
    pub deaf: &'static str,
    pub bar: fn(usize) -> String,
    pub again: &'static str,
    pub done: &'static str,
    pub unsure: &'static str,
}

pub struct ListWords {
    pub find: &'static str,
    pub any_source: &'static str,
    pub source: &'static str,
    pub filter: &'static str,
    pub all: &'static str,
    pub under_way: &'static str,
    pub columns: [&'static str; 6],
    pub pick: &'static str,
    pub pick_page: &'static str,
    pub selected: fn(usize) -> String,
    pub again: &'static str,
    pub again_title: fn(usize) -> String,
    pub again_what: &'static str,
    pub again_done: fn(usize, usize, usize) -> String,
    pub export: &'static str,
    pub export_page: &'static str,
    pub fresh: fn(usize) -> String,
    pub first: &'static str,
    pub next: &'static str,
    pub none: &'static str,
    pub none_fit: &'static str,
    pub loading: &'static str,
}

pub struct OneWords {
    pub back: &'static str,
    pub copy: &'static str,
    pub again: &'static str,
    pub again_title: &'static str,
    pub again_what: &'static str,
    pub planned: &'static str,
    pub planned_for: &'static str,
    pub planned_unless: &'static str,
    pub planned_by: fn(&str) -> String,
    pub move_it: &'static str,
    pub move_title: &'static str,
    pub move_what: &'static str,
    pub move_date: &'static str,
    pub move_late: &'static str,
    pub moved: &'static str,
    pub withdraw: &'static str,
    pub withdraw_title: &'static str,
    pub withdraw_what: &'static str,
    pub withdrawn: &'static str,
    pub too_late: &'static str,
    pub nothing: &'static str,
    pub asked: &'static str,
    pub already: &'static str,
    pub closed: fn(&str) -> String,
    pub happened: &'static str,
    pub raw: &'static str,
    pub details: &'static str,
    pub id: &'static str,
    pub to: &'static str,
    pub source: &'static str,
    pub sent: &'static str,
    pub class: &'static str,
    pub host: &'static str,
    pub asked_at: &'static str,
    pub life: &'static str,
    pub unknown: &'static str,
    pub no_source: &'static str,
    pub window: &'static str,
    pub window_none: &'static str,
    pub window_unknown: &'static str,
    pub closes: fn(&str, &str) -> String,
    pub closed_at: fn(&str) -> String,
    pub next_send: fn(&str) -> String,
    pub next_sms: &'static str,
    pub next_wish: &'static str,
    pub next: fn(&str) -> &'static str,
    pub ask_phone: &'static str,
    pub ask: &'static str,
    pub done: &'static str,
    pub due: &'static str,
    pub sureness: fn(&str) -> &'static str,
}

/// The words of the language in use.
pub fn words() -> &'static Words {
    &english::WORDS
}

/// A code as words, for codes that a newer server knows and this page does not.
pub fn humanise(code: &str) -> String {
    let mut text = code.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_unknown_code_still_reads_as_words() {
        assert_eq!(super::humanise("half_revoked"), "Half revoked");
        assert_eq!(super::humanise(""), "");
        assert_eq!(super::humanise("é"), "é");
    }
}
