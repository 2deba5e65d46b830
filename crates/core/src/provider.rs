//! The providers. Everything about one stands in its own file; everything else is generic over [`Provider`].
//!
//! A new provider is one file and one line in the list below.

use alloc::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::ack::Ack;
use crate::expiry::TtlRule;
use crate::host::{Host, HostSpec};
use crate::id::{InvalidId, MessageId};
use crate::policy::Policy;
use crate::prelude::*;
use crate::region::Route;
use crate::request::{Answer, BuildRequestError, OutgoingRequest, RevokeTarget};
use crate::source::Source;
use crate::time::Span;
use crate::webhook::{Reception, Refusal, Verdict, WebhookCall, WebhookSecret};

pub mod google_rbm;
mod status;
pub mod vonage;

macro_rules! providers {
    ($($(#[$doc:meta])* $module:ident => $variant:ident),+ $(,)?) => {
        /// Who carries a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Provider {
            $($(#[$doc])* $variant),+
        }

        impl Provider {
            /// Every provider.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, such as `vonage`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($module)),+
                }
            }

            /// How this provider is asked.
            pub fn adapter(self) -> &'static dyn Adapter {
                match self {
                    $(Self::$variant => &$module::ADAPTER),+
                }
            }

            /// How this provider's answers and codes are read.
            pub fn answers(self) -> &'static dyn Answers {
                match self {
                    $(Self::$variant => &$module::ADAPTER),+
                }
            }

            /// How this provider is heard.
            pub fn inbound(self) -> &'static dyn Inbound {
                match self {
                    $(Self::$variant => &$module::ADAPTER),+
                }
            }
        }
    };
}

providers! {
    /// Google RCS for Business (RBM).
    google_rbm => GoogleRbm,
    /// The Vonage Messages API.
    vonage => Vonage,
}

impl Provider {
    /// The provider with that stable code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|provider| provider.code() == code)
    }

    /// The provider's name for people.
    pub fn label(self) -> &'static str {
        self.adapter().label()
    }

    /// Its hosts.
    pub fn hosts(self) -> impl Iterator<Item = Host> {
        self.adapter().hosts().iter().map(Host::new)
    }

    /// Whether a host is one of its own.
    pub fn has_host(self, host: Host) -> bool {
        self.hosts().any(|own| own == host)
    }
}

/// How long things last at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long after sending a revocation may be asked for; none if always.
    pub window: Option<Span>,
    /// How much earlier we stop asking, since clocks differ.
    pub window_guard: Span,
    /// How long a message without an end of its own may wait for its phone.
    pub longest: Span,
    /// The longest life whose end we would be told about; none if every end counts as known. A longer life, or
    /// an unknown one, ends unobserved.
    pub observed: Option<Span>,
    /// How long after the end of a life its last webhook may still come.
    pub tail: Span,
}

/// What one provider's file decides about asking: where, how, how often, how long.
pub trait Adapter: Sync {
    /// The provider's name in a sentence, such as `Google`.
    fn label(&self) -> &'static str;

    /// Its hosts, in the order in which they are asked when nothing is known.
    fn hosts(&self) -> &'static [HostSpec];

    /// Whether message ids are only unique within an agent.
    fn keyed_by_agent(&self) -> bool;

    /// Whether a revoke request needs the recipient's number.
    fn needs_recipient(&self) -> bool;

    /// Reads a message id in the provider's form.
    ///
    /// # Errors
    /// When the text has another form.
    fn parse_message_id(&self, text: &str) -> Result<MessageId, InvalidId>;

    /// Whether a text is the id of a message in the form that reading it gives: the quick way through long lists.
    fn is_message_id(&self, text: &[u8]) -> bool;

    /// Whether an accepted answer may be believed to mean *removed*.
    fn may_confirm(&self) -> bool;

    /// Whether a 404 may mean "another region", so that the other candidates are asked, unless a policy says
    /// otherwise.
    fn asks_other_hosts(&self) -> bool;

    /// How often a refusal for lack of permission is tried again, because the provider calls it transient.
    fn permission_retries(&self) -> u32;

    /// How long things last.
    fn lifetimes(&self) -> Lifetimes;

    /// What it takes as a message's time to live.
    fn ttl(&self) -> TtlRule;

    /// Whether a code of a message that was not delivered speaks about the person and not about the channel: what keeps
    /// an RCS message from them holds for an SMS too.
    fn is_about_the_person(&self, code: &str) -> bool;

    /// Whether an SMS can be sent through it.
    fn sends_sms(&self) -> bool;

    /// The default figures.
    fn policy(&self) -> Policy;

    /// Where to ask: the candidates in order, `own` being the host that is known to hold the message.
    fn route(&self, source: &Source, own: Option<Host>) -> Route;

    /// Builds the request that asks for a revocation.
    ///
    /// # Errors
    /// When something that the request needs is missing.
    fn revoke_request(&self, target: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError>;
}

/// What one provider's file decides about its words: its answers, and the codes in its events.
///
/// Apart from [`Adapter`], so that whoever neither asks nor explains (an import, a webhook) does not carry them.
pub trait Answers: Sync {
    /// Reads the answer to a revoke request.
    fn read_answer(&self, answer: &Answer<'_>) -> Ack;

    /// What a code of the provider's means, as a clause such as "its time to live ran out"; none if this build
    /// does not know it.
    fn code_meaning(&self, code: &str) -> Option<&'static str>;
}

/// What one provider's file decides about its webhooks.
///
/// Apart from the others, so that whoever hears none (a page, which has no secret to verify them) carries no cryptography.
pub trait Inbound: Sync {
    /// Verifies and parses an inbound call; without a secret everything is refused.
    fn receive(&self, call: &WebhookCall<'_>, secret: Option<&WebhookSecret>) -> Reception;

    /// What the headers of a verified call say that its body does not, to be kept beside it: never a token or a
    /// signature.
    fn worth_keeping(&self, call: &WebhookCall<'_>) -> Vec<(String, String)>;

    /// The body of a verified call, to be kept: in one form, whatever was written around the part that is signed.
    fn body_worth_keeping<'a>(&self, call: &WebhookCall<'a>) -> Cow<'a, [u8]>;

    /// Reads a call that was verified when it came and kept since, whatever secret is in force by now. Its
    /// headers are those that were worth keeping.
    fn read_again(&self, call: &WebhookCall<'_>) -> Verdict;

    /// The status that answers a refused call: what loses nothing at this provider.
    fn refusal_status(&self, why: Refusal) -> u16;
}
