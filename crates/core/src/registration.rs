//! Several registrations of one message, read as one: field by field, the first received that states it wins.

use crate::fact::{Life, Registered};
use crate::host::Host;
use crate::phone::E164;
use crate::time::Timestamp;

/// One field of all registrations.
#[derive(Debug)]
pub(crate) struct Stated<T> {
    /// What the first registration that states it says.
    pub value: Option<T>,
    /// Whether the sending system itself says that.
    by_sender: bool,
    /// Whether another registration says something else. `failover` has a rule of its own: any yes is a yes.
    differs: bool,
}

impl<T: Copy + PartialEq> Stated<T> {
    const NOWHERE: Self = Self { value: None, by_sender: false, differs: false };

    fn hear(&mut self, value: Option<T>, by_sender: bool) {
        if value.is_none() {
            return;
        }
        if self.value.is_none() {
            self.value = value;
        }
        if self.value == value {
            self.by_sender |= by_sender;
        } else {
            self.differs = true;
        }
    }
}

/// All registrations of one message.
#[derive(Debug)]
pub(crate) struct Registrations<'a> {
    /// When the first was received.
    pub received_at: Option<Timestamp>,
    pub sent_at: Stated<Timestamp>,
    pub life: Stated<Life>,
    pub class: Stated<&'a str>,
    pub phone: Stated<&'a E164>,
    pub host: Stated<Host>,
    pub fallback_text: Stated<&'a str>,
    pub revoke_at: Stated<Timestamp>,
    /// Whether any of them says that the message carries a failover of its own.
    pub failover: bool,
}

impl<'a> Registrations<'a> {
    pub(crate) const NONE: Self = Self {
        received_at: None,
        sent_at: Stated::NOWHERE,
        life: Stated::NOWHERE,
        class: Stated::NOWHERE,
        phone: Stated::NOWHERE,
        host: Stated::NOWHERE,
        fallback_text: Stated::NOWHERE,
        revoke_at: Stated::NOWHERE,
        failover: false,
    };

    /// Takes in one more, received after those before.
    pub(crate) fn hear(&mut self, said: &'a Registered) {
        let by_sender = said.by.is_sending_system();
        if self.received_at.is_none() {
            self.received_at = Some(said.received_at);
        }
        self.sent_at.hear(said.sent_at, by_sender);
        self.life.hear(said.life, by_sender);
        self.class.hear(said.class.as_deref(), by_sender);
        self.phone.hear(said.phone.as_ref(), by_sender);
        self.host.hear(said.host, by_sender);
        self.fallback_text.hear(said.fallback_text.as_deref(), by_sender);
        self.revoke_at.hear(said.revoke_at, by_sender);
        self.failover |= said.failover == Some(true);
    }

    /// Whether two registrations state a field differently.
    pub(crate) const fn differ(&self) -> bool {
        self.sent_at.differs
            || self.life.differs
            || self.class.differs
            || self.phone.differs
            || self.host.differs
            || self.fallback_text.differs
            || self.revoke_at.differs
    }

    /// Whether the sending system itself states recipient, time of sending and end of life, as they are used.
    pub(crate) const fn is_the_senders_own(&self) -> bool {
        self.phone.by_sender && self.sent_at.by_sender && self.life.by_sender
    }

    /// Whether the sending system itself says that this host took the message.
    pub(crate) fn sender_used(&self, host: Host) -> bool {
        self.host.by_sender && self.host.value == Some(host)
    }
}
