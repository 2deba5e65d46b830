//! What changes carry, and what each is answered.

use rcs_revoke_api::Taken;
use rcs_revoke_core::fact::{Registered, Requested};
use rcs_revoke_core::fallback::OrderRefused;
use rcs_revoke_core::recall::State;
use rcs_revoke_core::request::OutgoingRequest;
use rcs_revoke_core::webhook::IncomingEvent;
use rcs_revoke_core::{E164, Host, MessageRef, SourceId, Timestamp};

use crate::ledger::source::NoSource;
use crate::store::unclaimed::Unclaimed;

/// A wish to revoke one message.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The message.
    pub message: MessageRef,
    /// The source that the operator chose.
    pub source: Option<SourceId>,
    /// The wish.
    pub requested: Requested,
    /// What the operator knows of the message.
    pub registered: Option<Registered>,
    /// Whether to ask again although it was asked for already.
    pub again: bool,
    /// Whether to take back first what is still wished.
    pub replace: bool,
}

/// A verified event and the call it came in.
#[derive(Clone, Debug)]
pub struct WebhookEvent<T = IncomingEvent> {
    /// The event.
    pub event: T,
    /// When it came.
    pub received_at: Timestamp,
    /// The call, to be kept if no source claims the event; its `source` is the one in the path.
    pub call: Unclaimed,
    /// Whether the call was kept before.
    pub kept: bool,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is a fact about this message.
    Recorded(MessageRef),
    /// It is a person's word, and holds for messages to come too.
    Noted,
    /// No source claims it; it is kept.
    Unclaimed,
}

/// What a withdrawal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Taken back before anything was sent.
    InTime,
    /// A request had left; neither a retry nor an SMS follows by itself.
    TooLate,
    /// No live wish.
    Nothing,
}

/// An attempt that was begun; durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The message.
    pub message: MessageRef,
    /// The attempt's number.
    pub attempt: u32,
    /// Where it goes.
    pub host: Host,
    /// The recipient, as far as known.
    pub recipient: Option<E164>,
    /// Its source's name.
    pub source: String,
    /// The batch that asks for it.
    pub batch: Option<i64>,
}

/// What became of a message of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BegunItem {
    /// Its attempt is begun.
    Begun(Box<Begun>),
    /// There is nothing to send for it: its outcome or its batch's notes say why.
    Settled,
    /// Its batch sends nothing now, and it waits on.
    Held,
}

/// Why a batch was not commanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchRefused {
    /// Nothing is to be done for it any more.
    Over,
    /// The command makes no sense there.
    State(State),
    /// There is nothing to ask for.
    Nothing,
    /// It would ask for another number of messages than expected.
    Differs {
        /// How many were expected.
        expected: u64,
        /// How many it would be.
        ask: u64,
    },
}

/// An SMS that was begun; durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BegunSms {
    /// The message.
    pub message: MessageRef,
    /// The SMS's number.
    pub fallback: u32,
    /// What sends it.
    pub request: OutgoingRequest,
    /// The source whose account sends it.
    pub via: String,
}

/// The answer to one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Done.
    Done,
    /// Not done: the source that was named is not the message's own.
    Refused(NoSource),
    /// What became of a wish.
    Taken(Taken),
    /// What a withdrawal did.
    Withdrawn(Withdrawal),
    /// The attempt, if one was due.
    Begun(Option<Box<Begun>>),
    /// The SMS, if one was due.
    BegunSms(Option<Box<BegunSms>>),
    /// Whether an order was taken.
    Ordered(Result<(), OrderRefused>),
    /// What became of an event.
    Heard(Heard),
    /// Whether a message was forgotten.
    Forgotten(bool),
    /// The number of a new batch.
    Opened(i64),
    /// Whether a batch took it.
    OfBatch(bool),
    /// Whether a batch was commanded.
    Commanded(Result<(), BatchRefused>),
    /// What became of a message of a batch.
    BegunItem(BegunItem),
}
