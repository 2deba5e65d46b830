//! Every change that the ledger makes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rcs_revoke_core::recall::Command;
use rcs_revoke_core::webhook::{Consent, IncomingSms};
use rcs_revoke_core::{Fact, MessageRef, SourceId, Span};

pub use crate::ledger::reply::{
    BatchRefused, Begun, BegunItem, BegunSms, Heard, Reply, WebhookEvent, Wish, Withdrawal,
};

use crate::batches::Item;
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

/// How many rows of a plan take about as long as one change of a message.
const ROWS: usize = 8;

impl Change {
    /// Whether a provider waits for it, or an operator who stops a batch: it goes before everything else.
    pub(crate) const fn is_urgent(&self) -> bool {
        match self {
            Self::Event(event) => !event.kept,
            Self::Sms(status) => !status.kept,
            Self::Consent(consent) => !consent.kept,
            Self::Keep { .. } | Self::Command { .. } => true,
            _ => false,
        }
    }

    /// How much work it is, counted in changes of one message.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Fill { rows, .. } => 1 + (rows.items.len() + rows.notes.len()) / ROWS,
            _ => 1,
        }
    }

    /// The message of a batch that it takes up.
    pub(crate) const fn item(&self) -> Option<&ItemRow> {
        match self {
            Self::BeginItem(item) => Some(&item.row),
            _ => None,
        }
    }

    /// The message of which everything is made again from what is stored.
    pub(crate) const fn remade(&self) -> Option<&MessageRef> {
        match self {
            Self::Remake { message } => Some(message),
            _ => None,
        }
    }

    /// The message that it looks at and changes, if it looks at and changes nothing else but its own item of a batch.
    pub(crate) fn only_about(&self) -> Option<MessageRef> {
        let is_answer = |fact: &Fact| matches!(fact, Fact::Answered(_));
        match self {
            Self::Record { source: None, facts, .. } if facts.iter().all(is_answer) => self.message(),
            Self::BeginItem(_) => self.message(),
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
