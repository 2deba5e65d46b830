//! Decides everything about revoking an RCS message, and does nothing.
//!
//! No I/O, no clock, no randomness: time is an argument and deadlines leave as data, so a browser, a server and
//! a test decide alike. A shell sends what [`provider`] builds, records what happened as [`fact`]s, and asks
//! [`assess`](assess::assess) what that means and what comes next.
//!
//! The one rule behind all of it: an HTTP success means *asked*. Only a fact says what happened.
#![cfg_attr(not(test), no_std)]
#![warn(missing_docs)]

#[macro_use]
extern crate alloc;

pub mod ack;
pub mod assess;
mod base64;
pub mod class;
pub mod evidence;
pub mod expiry;
pub mod explain;
pub mod fact;
pub mod fallback;
pub mod foresight;
pub mod host;
pub mod id;
pub mod import;
mod json;
pub mod known;
pub mod order;
pub mod outcome;
pub mod phone;
pub mod policy;
mod prelude;
pub mod provider;
pub mod recall;
pub mod region;
mod registration;
pub mod request;
pub mod retention;
mod say;
pub mod sentence;
mod sort;
pub mod source;
pub mod standing;
pub mod step;
mod text;
pub mod time;
pub mod truth;
pub mod webhook;
pub mod wish;

pub use ack::Ack;
pub use assess::{Assessment, assess};
pub use class::Class;
pub use evidence::Evidence;
pub use fact::Fact;
pub use host::Host;
pub use id::{AgentId, BatchId, MessageId, MessageRef, SourceId};
pub use json::ObjectWriter;
pub use known::Known;
pub use outcome::Outcome;
pub use phone::E164;
pub use policy::Policy;
pub use provider::Provider;
pub use say::Say;
pub use source::Source;
pub use step::Step;
pub use time::{Span, Timestamp};
pub use truth::Truth;
