//! What can be asked, by number: the numbers are those of `npm/src/ops.ts`.

use rcs_revoke_boundary::Asked;
use rcs_revoke_boundary::answer::{Answered, WRITTEN, list, number};
use rcs_revoke_boundary::read::INVALID_ID;
use rcs_revoke_boundary::wire::Fields;
use rcs_revoke_core::import::{Entry, Importer, KnownMessage, resolve};
use rcs_revoke_core::{MessageId, ObjectWriter};

use crate::write;

/// Answers one question.
pub fn answer(asked: Asked<'_, Importer>, fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let Asked { objects, op, handle, body, .. } = asked;
    match op {
        15 => return resolutions(fields, json),
        20 => return number(objects.keep(Importer::new())),
        21 => write::rows(json, &objects.get(handle)?.push(body)),
        22 => write::rows(json, &objects.take(handle)?.finish()),
        23 => {
            objects.take(handle);
            return number(0);
        }
        _ => return None,
    }
    WRITTEN
}

/// The sources, how many entries, and each with what is known of it; the answer is a resolution for each.
fn resolutions(fields: &mut Fields<'_>, json: &mut ObjectWriter) -> Answered {
    let sources = fields.sources()?;
    list(fields.count(), json, |json| {
        let entry = entry(fields)?;
        let known = fields.opt_source_id();
        let has_recipient = fields.flag();
        let known = known.map(|source| KnownMessage { source, has_recipient });
        fields.fine(())?;
        write::resolution(json, &resolve(&entry, &sources, known.as_ref()));
        Some(())
    })
}

/// A row of an import, with what tells where its message belongs.
fn entry(fields: &mut Fields<'_>) -> Option<Entry> {
    let mut entry = Entry::new(fields.parsed(INVALID_ID, MessageId::parse)?);
    entry.provider = fields.opt_word();
    entry.agent = fields.opt_agent();
    entry.sender = fields.opt_sender();
    entry.phone = fields.opt_phone();
    entry.host = fields.opt_host();
    entry.source = fields.opt_source_id();
    Some(entry)
}
