//! What an HTTP status says at every provider, and how long an answer asks us to wait.
//!
//! Success and 404 are read by each provider for itself.

use crate::ack::{Ack, NoEffect};
use crate::request::Answer;
use crate::text;
use crate::time::{Span, Timestamp};

/// Longer than any message lives: who asks for more has written nonsense.
const LONGEST_WAIT: Span = Span::days(31);

/// Reads a status that is neither a success nor a 404.
pub(super) fn read(answer: &Answer<'_>) -> Ack {
    let retry_after = retry_after(answer);
    let reason = match answer.status {
        401 => Some(NoEffect::Credentials),
        402 => Some(NoEffect::NoCredit),
        403 => Some(NoEffect::Permission),
        408 => None,
        422 => Some(NoEffect::Unsupported),
        429 => Some(NoEffect::Throttled),
        300..=499 | 501 => Some(NoEffect::Invalid),
        _ => None,
    };
    match reason {
        Some(reason) => Ack::NoEffect { reason, retry_after },
        None => Ack::Unknown { retry_after },
    }
}

/// `Retry-After` in seconds, whole or with a fraction, or as a date where the answer's own `Date` is there to
/// compare it with (RFC 9110 §10.2.3). What asks for no wait at all, or an absurd one, is passed over.
fn retry_after(answer: &Answer<'_>) -> Option<Span> {
    let text = text::trimmed(answer.header("retry-after")?);
    let wait = seconds(text).or_else(|| until_date(text, answer.header("date")?))?;
    (Span::ZERO < wait && wait <= LONGEST_WAIT).then_some(wait)
}

fn seconds(text: &str) -> Option<Span> {
    let (whole, fraction) = text::split_once(text, ".").unwrap_or((text, "0"));
    if [whole, fraction].iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let mut millis = 0;
    // Far beyond what is believed, and never beyond what a number holds.
    let mut append = |digit: u8| millis = (millis * 10 + i64::from(digit - b'0')).min(1 << 50);
    whole.bytes().for_each(&mut append);
    for place in 0..3 {
        append(fraction.as_bytes().get(place).copied().unwrap_or(b'0'));
    }
    Some(Span::millis(millis))
}

fn until_date(then: &str, now: &str) -> Option<Span> {
    Some(Timestamp::parse_http_date(then)? - Timestamp::parse_http_date(now)?)
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use crate::request::Answer;
    use crate::time::Span;

    fn asked(retry: &str, date: Option<&str>) -> Option<Span> {
        let mut headers = vec![("retry-after".to_owned(), retry.to_owned())];
        headers.extend(date.map(|date| ("Date".to_owned(), date.to_owned())));
        retry_after(&Answer { status: 429, headers: &headers, body: b"" })
    }

    #[test]
    fn seconds_may_have_a_fraction() {
        assert_eq!(asked("15", None), Some(Span::secs(15)));
        assert_eq!(asked(" 1.5 ", None), Some(Span::millis(1_500)));
        assert_eq!(asked("0.0625", None), Some(Span::millis(62)));
    }

    #[test]
    fn a_date_needs_the_answers_own_date() {
        let then = "Fri, 20 Nov 2026 10:00:30 GMT";
        assert_eq!(asked(then, Some("Fri, 20 Nov 2026 10:00:00 GMT")), Some(Span::secs(30)));
        assert_eq!(asked(then, Some("Fri, 20 Nov 2026 10:01:00 GMT")), None);
        assert_eq!(asked(then, None), None);
        assert_eq!(asked(then, Some("noon")), None);
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in ["-5", "+5", "0", "soon", "", ".", "5.", "1e9", "99999999999999999999", "2678401", "１"]
        {
            assert_eq!(asked(text, None), None, "{text}");
        }
    }
}
