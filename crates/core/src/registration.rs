//! Several registrations of one message, read as one: field by field, the first received that states it wins.

use crate::fact::{Fact, Life, Registered};
use crate::host::Host;
use crate::phone::E164;
use crate::prelude::*;
use crate::sort;
use crate::time::Timestamp;

/// All registrations of one message, the first received first.
#[derive(Debug, Default)]
pub(crate) struct Registrations<'a>(Vec<&'a Registered>);

impl<'a> Registrations<'a> {
    pub(crate) fn of(facts: impl Iterator<Item = &'a Fact>) -> Self {
        let all: Vec<(&Fact, &Registered)> = facts
            .filter_map(|fact| match fact {
                Fact::Registered(registered) => Some((fact, registered)),
                _ => None,
            })
            .collect();
        if all.len() > 1 {
            let mut ranked: Vec<_> =
                all.iter().map(|(fact, registered)| (fact.at(), fact.canonical(), *registered)).collect();
            sort::by(&mut ranked, |a, b| (a.0, &a.1) < (b.0, &b.1));
            return Self(ranked.into_iter().map(|(.., registered)| registered).collect());
        }
        Self(all.into_iter().map(|(_, registered)| registered).collect())
    }

    pub(crate) fn sent_at(&self) -> Option<Timestamp> {
        self.first(|registered| registered.sent_at.as_ref()).copied()
    }

    pub(crate) fn life(&self) -> Option<Life> {
        self.first(|registered| registered.life.as_ref()).copied()
    }

    pub(crate) fn phone(&self) -> Option<&'a E164> {
        self.first(|registered| registered.phone.as_ref())
    }

    pub(crate) fn host(&self) -> Option<Host> {
        self.first(|registered| registered.host.as_ref()).copied()
    }

    pub(crate) fn class(&self) -> Option<&'a String> {
        self.first(|registered| registered.class.as_ref())
    }

    pub(crate) fn received_at(&self) -> impl Iterator<Item = Timestamp> {
        self.0.iter().map(|registered| registered.received_at)
    }

    /// Whether two registrations state a field differently. `failover` has a rule of its own: any yes is a yes.
    pub(crate) fn differ(&self) -> bool {
        self.stated_twice(|registered| registered.sent_at.as_ref())
            || self.stated_twice(|registered| registered.life.as_ref())
            || self.stated_twice(|registered| registered.class.as_ref())
            || self.stated_twice(|registered| registered.phone.as_ref())
            || self.stated_twice(|registered| registered.host.as_ref())
            || self.stated_twice(|registered| registered.fallback_text.as_ref())
    }

    /// Whether the sending system itself states recipient, time of sending and end of life, as they are used.
    pub(crate) fn is_the_senders_own(&self) -> bool {
        self.sender_states(|registered| registered.phone.as_ref())
            && self.sender_states(|registered| registered.sent_at.as_ref())
            && self.sender_states(|registered| registered.life.as_ref())
    }

    /// Whether the sending system itself says that this host took the message.
    pub(crate) fn sender_used(&self, host: Host) -> bool {
        self.host() == Some(host) && self.sender_states(|registered| registered.host.as_ref())
    }

    fn first<T: 'a>(&self, field: impl Fn(&'a Registered) -> Option<&'a T>) -> Option<&'a T> {
        self.0.iter().find_map(|registered| field(registered))
    }

    fn stated_twice<T: PartialEq + 'a>(&self, field: impl Fn(&'a Registered) -> Option<&'a T>) -> bool {
        let first = self.first(&field);
        self.0.iter().filter_map(|registered| field(registered)).any(|value| Some(value) != first)
    }

    fn sender_states<T: PartialEq + 'a>(&self, field: impl Fn(&'a Registered) -> Option<&'a T>) -> bool {
        let used = self.first(&field);
        let own = self.0.iter().filter(|registered| registered.by.is_sending_system());
        used.is_some() && own.filter_map(|registered| field(registered)).any(|value| Some(value) == used)
    }
}
