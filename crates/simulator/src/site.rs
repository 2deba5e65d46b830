//! What all parts of one running simulator share.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::credentials::{Clients, Credentials};
use crate::world::World;

/// One running world. Its lock is only ever held for as long as a closure without I/O takes.
pub(crate) struct Site {
    pub clock: Clock,
    pub credentials: Credentials,
    pub clients: Clients,
    /// Told when something is planned that comes before everything else.
    pub hastened: Notify,
    /// The configuration that it started with.
    pub first_config: Arc<Config>,
    /// Only written while the world is locked, so that both always agree.
    config: RwLock<Arc<Config>>,
    world: Mutex<World>,
}

impl Site {
    pub(crate) fn new(config: Config, clock: Clock, credentials: Credentials, clients: Clients) -> Self {
        let config = Arc::new(config);
        Self {
            clock,
            credentials,
            clients,
            hastened: Notify::new(),
            first_config: Arc::clone(&config),
            world: Mutex::new(World::new(Arc::clone(&config))),
            config: RwLock::new(config),
        }
    }

    /// The configuration in force.
    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another configuration in force. Messages that exist keep their behaviour. The configuration's faults begin
    /// anew where `faults_anew` says so or they differ; those of the control API stay.
    pub(crate) fn reconfigure(
        &self,
        faults_anew: bool,
        change: impl FnOnce(&Config) -> Result<Config, ConfigError>,
    ) -> Result<Arc<Config>, ConfigError> {
        let now = self.clock.now_ms();
        self.world(|world| {
            let new = change(&world.config)?;
            new.check()?;
            world.config.check_change(&new)?;
            let new = Arc::new(new);
            world.reconfigure(&new, faults_anew, now);
            *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&new);
            Ok(new)
        })
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
