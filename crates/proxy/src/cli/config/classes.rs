//! The message classes in force, as a table.

use rcs_revoke_core::{Class, Span};

use crate::config::length::written;

/// The lines of a table with one column for each class, in the words of the configuration.
pub(super) fn table(classes: &[Class]) -> Vec<String> {
    let columns: Vec<_> = classes.iter().map(column).collect();
    let mut lines: Vec<String> =
        columns.first().into_iter().flatten().map(|(key, _)| format!("{key:<16}")).collect();
    for column in &columns {
        let width = column.iter().map(|(_, value)| value.chars().count()).max().unwrap_or(0);
        let cells = lines.into_iter().zip(column);
        lines = cells.map(|(line, (_, value))| format!("{line}  {value:<width$}")).collect();
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

fn column(class: &Class) -> Vec<(String, String)> {
    let never = || "never".to_owned();
    let as_source = || "as the source".to_owned();
    let all = |spans: &Vec<Span>| spans.iter().map(|span| written(*span)).collect::<Vec<_>>().join(" ");
    let text = |text: &String| format!("{text:?}");
    let cells = class.fallback.all().map(|(cell, says)| (format!("  {cell}"), says.code().to_owned()));
    let rows = [
        ("class", class.name.clone()),
        ("  like", class.kind.code().to_owned()),
        ("  ttl", written(class.ttl)),
        ("  revoke_after", class.revoke_after.map_or_else(never, written)),
        ("  then", class.then.code().to_owned()),
        ("  settle", class.settle.map_or_else(as_source, written)),
        ("  retries", class.retries.as_ref().map_or_else(as_source, all)),
        ("  fallback_by", class.fallback_by.map_or_else(never, written)),
        ("  not_after", class.not_after.map_or_else(never, written)),
        ("  sms_from", class.sms_from.as_ref().map_or_else(as_source, ToString::to_string)),
        ("  sms_text", class.sms_text.as_ref().map_or_else(|| "as registered".to_owned(), text)),
    ];
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).chain(cells).collect()
}

#[cfg(test)]
mod tests {
    use rcs_revoke_core::Class;

    use super::table;

    #[test]
    fn every_class_has_its_column_and_no_line_ends_in_blanks() {
        let lines = table(&Class::standards());
        assert!(lines.iter().all(|line| line.trim_end() == line), "{lines:?}");
        let words = |line: &str| line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&lines[0]), ["class", "otp", "transactional", "promotional"]);
        assert!(
            lines.iter().any(|line| words(line) == ["revoke_after", "10m", "never", "never"]),
            "{lines:?}"
        );
        assert!(
            lines.iter().any(|line| words(line) == ["inconclusive", "revoke_again", "by_hand", "by_hand"])
        );
    }
}
