//! What all parts of one running simulator share.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::Config;
use crate::credentials::{Clients, Credentials};
use crate::world::World;

/// One running world. Its lock is only ever held for as long as a closure without I/O takes.
pub(crate) struct Site {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub credentials: Credentials,
    pub clients: Clients,
    /// Told when something is planned that comes before everything else.
    pub hastened: Notify,
    world: Mutex<World>,
}

impl Site {
    pub(crate) fn new(config: Config, clock: Clock, credentials: Credentials, clients: Clients) -> Self {
        let config = Arc::new(config);
        let world = Mutex::new(World::new(Arc::clone(&config)));
        Self { config, clock, credentials, clients, hastened: Notify::new(), world }
    }

    /// Does something with the world, and wakes the courier if that made something due earlier.
    pub(crate) fn world<R>(&self, deed: impl FnOnce(&mut World) -> R) -> R {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let result = deed(&mut world);
        let hastened = world.take_hastened();
        drop(world);
        if hastened {
            self.hastened.notify_one();
        }
        result
    }
}
