//! Instants for people: local, in the reader's own manner, with UTC at hand; relative when that says more.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::text::words;

const DAY: i64 = 86_400_000;

fn date(millis: i64) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "instants of this millennium fit a double exactly")]
    let millis = millis as f64;
    Date::new(&JsValue::from_f64(millis))
}

fn local(millis: i64, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (key, value) in parts {
        let _ = Reflect::set(&options, &(*key).into(), &(*value).into());
    }
    date(millis).to_locale_string(words().locale, &options).into()
}

const TIME: [(&str, &str); 3] = [("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")];

/// The time of day, such as `10:42:07`.
pub fn time_of_day(millis: i64) -> String {
    local(millis, &TIME)
}

/// The day, such as `Mon, 24 Nov`.
pub fn day(millis: i64) -> String {
    local(millis, &[("weekday", "short"), ("day", "numeric"), ("month", "short")])
}

/// Whether two instants fall on the same local day.
pub fn same_day(one: i64, other: i64) -> bool {
    let (one, other) = (date(one), date(other));
    one.get_date() == other.get_date()
        && one.get_month() == other.get_month()
        && one.get_full_year() == other.get_full_year()
}

/// An instant as precisely as it matters beside `now`: the time today, the day too on other days.
pub fn moment(millis: i64, now: i64) -> String {
    if same_day(millis, now) {
        return time_of_day(millis);
    }
    let mut parts = vec![
        ("weekday", "short"),
        ("day", "numeric"),
        ("month", "short"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
    ];
    if (millis - now).abs() > 180 * DAY {
        parts.push(("year", "numeric"));
    }
    local(millis, &parts)
}

/// The instant in UTC, such as `2026-11-21 10:42:07.000 UTC`.
pub fn utc(millis: i64) -> String {
    iso(millis).replace('T', " ").replace('Z', " UTC")
}

/// The instant for machines, such as `2026-11-21T10:42:07.000Z`; empty for what no calendar holds.
pub fn iso(millis: i64) -> String {
    let date = date(millis);
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// The instant as a field for date and time takes it, such as `2026-11-21T11:42:07`, in local time.
pub fn local_iso(millis: i64) -> String {
    let offset = crate::whole::millis(date(millis).get_timezone_offset() * 60_000.0);
    iso(millis - offset).chars().take("2026-11-21T11:42:07".len()).collect()
}

/// A length of time in its two largest units, such as `2 d 23 h`.
pub fn length(millis: i64) -> String {
    let text = words();
    let seconds = (millis.max(0) + 500) / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |large: i64, unit: &str, small: i64, next: &str| {
        if small == 0 { format!("{large} {unit}") } else { format!("{large} {unit} {small} {next}") }
    };
    match () {
        () if days > 0 => two(days, text.units.day, hours, text.units.hour),
        () if hours > 0 => two(hours, text.units.hour, minutes, text.units.minute),
        () if minutes >= 10 => format!("{minutes} {}", text.units.minute),
        () if minutes > 0 => two(minutes, text.units.minute, seconds % 60, text.units.second),
        () => format!("{seconds} {}", text.units.second),
    }
}

/// A length of time in its largest unit, such as `3 min`.
pub fn about(millis: i64) -> String {
    let units = &words().units;
    let seconds = millis.max(0) / 1_000;
    match seconds {
        0..60 => format!("{seconds} {}", units.second),
        60..3_600 => format!("{} {}", seconds / 60, units.minute),
        3_600..86_400 => format!("{} {}", seconds / 3_600, units.hour),
        _ => format!("{} {}", seconds / 86_400, units.day),
    }
}

/// A number with the separators of the reader's language.
pub fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(words().thousands);
        }
        grouped.push(digit);
    }
    grouped
}

/// A count of the server's, as [`number`] writes it.
pub fn count(count: u64) -> String {
    number(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The instant in UTC for people of any zone, such as `2026-11-21 10:42 UTC`.
pub fn utc_minute(millis: i64) -> String {
    let minute: String = iso(millis).chars().take("2026-11-21T10:42".len()).collect();
    format!("{} UTC", minute.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::{about, length, number};

    #[test]
    fn lengths_show_what_matters() {
        for (millis, expected) in [
            (400, "0 s"),
            (19_600, "20 s"),
            (83_000, "1 min 23 s"),
            (18 * 60_000, "18 min"),
            (86_040_000, "23 h 54 min"),
            (3 * 86_400_000 - 3_600_000, "2 d 23 h"),
            (-5, "0 s"),
        ] {
            assert_eq!(length(millis), expected);
        }
        assert_eq!(about(200_000), "3 min");
    }

    #[test]
    fn numbers_are_grouped() {
        for (count, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(count), expected);
        }
    }
}
