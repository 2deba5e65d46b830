//! The scaled clock that server, simulator and drill share: three numbers, and nobody has to ask another.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcs_revoke_simulator::{Clock, ClockConfig};

/// The virtual instant at which every drill begins, so that a seed gives the same world on every day.
pub const ORIGIN: i64 = 1_795_168_800_000;

/// The clock of one drill.
#[derive(Clone, Copy, Debug)]
pub struct DrillClock {
    start: i64,
    scale: f64,
    clock: Clock,
}

impl DrillClock {
    /// A clock that shows [`ORIGIN`] a real moment from now, when everything is set up.
    pub fn after(lead: Duration, scale: f64) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let start = i64::try_from((now + lead).as_millis()).unwrap_or(i64::MAX);
        let config = ClockConfig { origin_ms: Some(ORIGIN), start_ms: Some(start), scale };
        Self { start, scale, clock: Clock::new(config) }
    }

    /// What the simulator is given.
    pub const fn config(&self) -> ClockConfig {
        ClockConfig { origin_ms: Some(ORIGIN), start_ms: Some(self.start), scale: self.scale }
    }

    /// What the server is given: origin, start and scale.
    pub const fn numbers(&self) -> (i64, i64, f64) {
        (ORIGIN, self.start, self.scale)
    }

    /// Virtual now, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The real time that this virtual time takes.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a drill fit")]
    pub fn real(&self, virtual_ms: i64) -> Duration {
        Duration::from_secs_f64(virtual_ms.max(0) as f64 / self.scale / 1_000.0)
    }

    /// The virtual milliseconds that this real time takes.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a drill fit")]
    pub fn virtual_ms(&self, real: Duration) -> i64 {
        (real.as_secs_f64() * 1_000.0 * self.scale) as i64
    }

    /// Waits until a virtual time since the origin has come.
    pub async fn until(&self, since_origin: i64) {
        loop {
            let wait = self.clock.until(ORIGIN + since_origin);
            if wait.is_zero() {
                return;
            }
            tokio::time::sleep(wait).await;
        }
    }
}
