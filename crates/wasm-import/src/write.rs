//! What becomes of the rows of an import.

use rcs_revoke_boundary::words::Word;
use rcs_revoke_boundary::write::{count, opt_time, span, word};
use rcs_revoke_core::fact::Life;
use rcs_revoke_core::id::{AgentId, SenderId, SourceId};
use rcs_revoke_core::import::{Entry, Found, Resolution, Row};
use rcs_revoke_core::{E164, Host, ObjectWriter};

/// The rows of an import.
pub fn rows(json: &mut ObjectWriter, rows: &[Row]) {
    json.open("rows", "[");
    for row in rows {
        json.open("", "{");
        count(json, "line", row.line);
        count(json, "column", row.column);
        let kind = match &row.found {
            Found::Entry(found) => {
                entry(json, found);
                "entry"
            }
            Found::Duplicate { of_line, entry: found } => {
                count(json, "ofLine", *of_line);
                entry(json, found);
                "duplicate"
            }
            Found::Problem(problem) => {
                word(json, "code", problem.code);
                json.text("message", &problem.message);
                json.text("text", &problem.text);
                "problem"
            }
        };
        json.text("row", kind);
        json.close("}");
    }
    json.close("]");
}

fn entry(json: &mut ObjectWriter, entry: &Entry) {
    json.text("id", entry.id.as_str());
    json.opt_text("provider", entry.provider.map(Word::word));
    json.opt_text("agent", entry.agent.as_ref().map(AgentId::as_str));
    json.opt_text("sender", entry.sender.as_ref().map(SenderId::as_str));
    json.opt_text("source", entry.source.as_ref().map(SourceId::as_str));
    json.opt_text("phone", entry.phone.as_ref().map(E164::as_str));
    opt_time(json, "sentAt", entry.sent_at);
    json.opt_text("class", entry.class.as_deref());
    json.opt_text("fallbackText", entry.fallback_text.as_deref());
    if let Some(failover) = entry.failover {
        json.bool("failover", failover);
    }
    json.opt_text("host", entry.host.map(Host::name));
    if let Some(life) = entry.life {
        json.open("life", "{");
        let kind = match life {
            Life::ExpiresAt { at } => {
                json.time("at", at);
                "expires_at"
            }
            Life::Ttl { ttl } => {
                span(json, "ttl", ttl);
                "ttl"
            }
            Life::None => "none",
        };
        json.text("kind", kind);
        json.close("}");
    }
    opt_time(json, "revokeAt", entry.revoke_at);
}

/// Where a row's message belongs.
pub fn resolution(json: &mut ObjectWriter, resolution: &Resolution) {
    let which = match resolution {
        Resolution::Ready { message, source } => {
            json.text("message", &message.text());
            json.text("source", source.as_str());
            "ready"
        }
        Resolution::Choose { candidates } => {
            json.open("candidates", "[");
            for source in candidates {
                json.text("", source.as_str());
            }
            json.close("]");
            "choose"
        }
        Resolution::Problem { code, message } => {
            word(json, "code", *code);
            json.text("message", message);
            "problem"
        }
    };
    json.text("resolution", which);
}
