//! Every change that the ledger makes, and what it answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use rcs_revoke_api::Taken;
use rcs_revoke_core::fact::{Registered, Requested};
use rcs_revoke_core::fallback::OrderRefused;
use rcs_revoke_core::recall::{Command, State};
use rcs_revoke_core::request::OutgoingRequest;
use rcs_revoke_core::webhook::{Consent, IncomingEvent, IncomingSms};
use rcs_revoke_core::{E164, Fact, Host, MessageRef, SourceId, Span, Timestamp};

use crate::batches::Item;
use crate::ledger::source::NoSource;
use crate::store::batches::{ItemRow, NoteRow};
use crate::store::unclaimed::Unclaimed;

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// Facts about one message.
    Record {
        /// The message.
        message: MessageRef,
        /// Its source, if the caller knows it.
        source: Option<SourceId>,
        /// The facts.
        facts: Vec<Fact>,
    },
    /// A wish, unless there is one already.
    Wish(Box<Wish>),
    /// An operator's order that an SMS be sent.
    Order {
        /// The message.
        message: MessageRef,
        /// The number of the SMS that is expected to leave.
        fallback: u32,
        /// Who ordered it.
        by: String,
        /// What it shall say, where the operator wrote it.
        text: Option<String>,
    },
    /// The SMS that is due, begun.
    BeginSms {
        /// The message.
        message: MessageRef,
        /// The sources whose account may send it now.
        via: Arc<[String]>,
    },
    /// All live wishes of a message, taken back.
    Withdraw {
        /// The message.
        message: MessageRef,
        /// Who does it.
        by: String,
    },
    /// The attempt that is due, begun.
    Begin {
        /// The message.
        message: MessageRef,
    },
    /// Attempts that nobody will answer any more.
    Abandon {
        /// The message.
        message: MessageRef,
    },
    /// Time has passed.
    Look {
        /// The message.
        message: MessageRef,
    },
    /// Everything that is made from the facts of a message, made again.
    Remake {
        /// The message.
        message: MessageRef,
    },
    /// A verified event.
    Event(Box<WebhookEvent>),
    /// A verified status of an SMS.
    Sms(Box<WebhookEvent<IncomingSms>>),
    /// A person's verified word about an agent's advertising.
    Consent(Box<WebhookEvent<Consent>>),
    /// A verified webhook that is none of these.
    Keep {
        /// The webhook.
        unclaimed: Box<Unclaimed>,
        /// The source that surely sent it.
        heard_by: Option<SourceId>,
    },
    /// A command given with a key, or the report on one.
    Remember {
        /// The key.
        key: String,
        /// The digest of the command.
        digest: String,
        /// The report.
        report: Option<String>,
    },
    /// A message and all its facts, forgotten, if nothing of it has changed since it was looked at.
    ForgetMessage {
        /// The message.
        message: MessageRef,
        /// How often it had changed when it was looked at.
        version: i64,
        /// How long everything about it is kept.
        keep: Span,
    },
    /// Webhooks that nobody claims and commands with a key, forgotten.
    Forget {
        /// The digests of the webhooks.
        kept: Vec<String>,
        /// Before which instant the commands were given.
        given_before: Option<i64>,
    },
    /// A new batch, whose messages are still to be read.
    OpenBatch {
        /// Who plans it.
        by: String,
        /// What holds for all its messages, as JSON.
        terms: String,
    },
    /// What was read for a batch.
    Fill {
        /// Its number.
        batch: i64,
        /// What was read.
        rows: Box<Rows>,
    },
    /// The plan of a batch is whole.
    Planned {
        /// Its number.
        batch: i64,
        /// The plan, as JSON.
        plan: String,
    },
    /// An operator's command about a batch.
    Command {
        /// Its number.
        batch: i64,
        /// What is to be done.
        command: Command,
        /// How many messages it is expected to ask for.
        expect: Option<u64>,
    },
    /// A message of a batch, wished for and begun in one.
    BeginItem(Box<Item>),
    /// What a batch that was aborted still wishes of a message, taken back.
    WithdrawOfBatch {
        /// The message.
        message: MessageRef,
        /// The batch's number.
        batch: i64,
    },
    /// Nothing more is to be done for a batch.
    EndBatch {
        /// Its number.
        batch: i64,
    },
    /// So many rows of a plan that was thrown away, or of a batch that ended long ago, cleared away.
    ClearBatch {
        /// Its number.
        batch: i64,
        /// How many of each kind.
        rows: i64,
        /// How many of its messages are counted as waiting, by source: they never will be asked for.
        waiting: BTreeMap<String, u64>,
    },
    /// The requests of a batch over time, as JSON.
    History {
        /// Its number.
        batch: i64,
        /// As JSON.
        history: String,
    },
    /// Everything that is counted, counted again.
    Recount,
    /// Nothing but a write that shows whether writing works.
    Probe,
}

/// What was read for a batch.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Messages to be asked for.
    pub items: Vec<ItemRow>,
    /// What is not.
    pub notes: Vec<NoteRow>,
}

impl Change {
    /// The message of a batch that it takes up.
    pub(crate) const fn item(&self) -> Option<&ItemRow> {
        match self {
            Self::BeginItem(item) => Some(&item.row),
            _ => None,
        }
    }

    /// The message that it is about, where it says so itself.
    pub(crate) fn message(&self) -> Option<MessageRef> {
        match self {
            Self::Record { message, .. }
            | Self::Withdraw { message, .. }
            | Self::Order { message, .. }
            | Self::Begin { message }
            | Self::BeginSms { message, .. }
            | Self::Abandon { message }
            | Self::ForgetMessage { message, .. }
            | Self::Look { message }
            | Self::WithdrawOfBatch { message, .. }
            | Self::Remake { message } => Some(message.clone()),
            Self::Wish(wish) => Some(wish.message.clone()),
            Self::BeginItem(item) => MessageRef::parse(&item.row.key).ok(),
            Self::Event(event) => event.event.message_ref().ok(),
            Self::Sms(_)
            | Self::Consent(_)
            | Self::Keep { .. }
            | Self::Remember { .. }
            | Self::Forget { .. }
            | Self::OpenBatch { .. }
            | Self::Fill { .. }
            | Self::Planned { .. }
            | Self::Command { .. }
            | Self::EndBatch { .. }
            | Self::ClearBatch { .. }
            | Self::History { .. }
            | Self::Recount
            | Self::Probe => None,
        }
    }
}

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
