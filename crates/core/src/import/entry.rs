//! What the named fields of one record say, be it of a CSV or of JSON.

use alloc::borrow::Cow;

use super::names::{
    CLASS, EXPIRES_AT, FAILOVER, FALLBACK_TEXT, HOST, NO_EXPIRY, PERSON, PHONE, PROVIDER, REVOKE_AT, SENDER,
    SENT_AT, SOURCE, TIME, TTL, TTL_MILLIS, TTL_SECONDS,
};
use super::row::{Entry, Flaw, ProblemCode};
use super::{item, terms};
use crate::fact::Life;
use crate::id::SourceId;
use crate::provider::Provider;
use crate::say::Say;
use crate::text;
use crate::time::Span;

/// What a field holds, if there is such a field and it holds something.
pub(super) type Field<'f, 'a> = &'f mut dyn FnMut(usize) -> Option<Cow<'a, str>>;

/// The message of a record, or what is wrong with the field that was asked for last.
///
/// JSON is written by programs about many things: there, a host that is none of a provider's, or a `timestamp` in
/// another form, belongs to something else.
pub(super) fn read(id: &str, is_json: bool, field: Field<'_, '_>) -> Result<Entry, Flaw> {
    let mut entry = item::id(id)?;
    if let Some(name) = field(PROVIDER) {
        let named = provider(&name)?;
        if entry.provider.is_some_and(|provider| provider != named) {
            return Err(Flaw::new(ProblemCode::UnknownProvider, &["the id names another provider"]));
        }
        entry.provider = Some(named);
    }
    if let Some(name) = field(SOURCE) {
        entry.source = Some(source(&name)?);
    }
    let number = field(PERSON).or_else(|| field(PHONE));
    // What this product shows of a number is none: `+44 •••• 00`.
    if let Some(number) = number.filter(|number| text::split_once(number, "•").is_none()) {
        // A spreadsheet keeps a number as text behind an apostrophe, and some exports write it out.
        entry.phone = Some(item::phone(number.strip_prefix('\'').unwrap_or(&number))?);
    }
    if (entry.provider.is_none() || entry.agent.is_none())
        && let Some(sender) = field(SENDER)
    {
        item::sender(&sender, &mut entry)?;
    }
    if let Some(time) = field(SENT_AT) {
        entry.sent_at = Some(item::time(&time)?);
    } else if let Some(time) = field(TIME) {
        entry.sent_at =
            item::time(&time).map(Some).or_else(|flaw| if is_json { Ok(None) } else { Err(flaw) })?;
    }
    terms(&mut entry, is_json, field)?;
    Ok(entry)
}

/// What a record says of the message's class, its end and the SMS instead.
fn terms(entry: &mut Entry, is_json: bool, field: Field<'_, '_>) -> Result<(), Flaw> {
    if let Some(name) = field(CLASS) {
        entry.class = Some(terms::class(&name)?);
    }
    if let Some(text) = field(FALLBACK_TEXT) {
        entry.fallback_text = Some(terms::sms_text(text.into_owned())?);
    }
    if let Some(word) = field(FAILOVER) {
        entry.failover = Some(terms::flag(&word)?);
    }
    if let Some(name) = field(HOST) {
        entry.host =
            terms::host(&name).map(Some).or_else(|flaw| if is_json { Ok(None) } else { Err(flaw) })?;
    }
    if let Some(time) = field(EXPIRES_AT) {
        entry.life = Some(terms::end(&time)?);
    }
    if let Some(word) = field(NO_EXPIRY)
        && terms::flag(&word)?
    {
        live(entry, Life::None)?;
    }
    // What a bare number of each of these fields counts. JSON that names a source is written for this product, whose own
    // unit is the millisecond.
    let own = (is_json && entry.source.is_some()).then_some(Span::millis(1));
    let units = [(TTL, own), (TTL_SECONDS, Some(Span::secs(1))), (TTL_MILLIS, Some(Span::millis(1)))];
    for (what, unit) in units {
        if let Some(length) = field(what) {
            live(entry, terms::ttl(&length, unit)?)?;
        }
    }
    if let Some(time) = field(REVOKE_AT) {
        entry.revoke_at = Some(item::time(&time)?);
    }
    Ok(())
}

fn live(entry: &mut Entry, life: Life) -> Result<(), Flaw> {
    if entry.life.is_some_and(|stated| stated != life) {
        return Err(terms::two_ends());
    }
    entry.life = Some(life);
    Ok(())
}

/// Reads the name of a source. Whether there is such a source, only a server knows.
pub(super) fn source(name: &str) -> Result<SourceId, Flaw> {
    SourceId::parse(name).map_err(|why| {
        let why = why.say();
        Flaw::new(ProblemCode::InvalidSource, &[&why, ". Rename the field if it holds something else"])
    })
}

/// Reads the name of a provider: our code for it or its label, in any case.
fn provider(name: &str) -> Result<Provider, Flaw> {
    let is = |provider: &Provider| {
        [provider.code(), provider.label()].iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    Provider::ALL.iter().copied().find(is).ok_or_else(|| {
        let message = "no provider that this build knows: expected `google_rbm` or `vonage`. Rename the field if it \
                       holds something else";
        Flaw::new(ProblemCode::UnknownProvider, &[message])
    })
}
