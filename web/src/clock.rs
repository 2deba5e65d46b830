//! The server's clock in the browser: what is shown as *in 20 s* is counted on the clock that decides.

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::whole::millis;

/// The server's clock, read at any moment or followed as it ticks.
#[derive(Clone, Copy)]
pub struct Clock {
    base: StoredValue<Base>,
    tick: RwSignal<i64>,
}

#[derive(Clone, Copy)]
struct Base {
    server: i64,
    here: f64,
    scale: f64,
}

impl Clock {
    /// A clock that shows this browser's time until it is set, and ticks every second.
    pub fn start() -> Self {
        let here = js_sys::Date::now();
        let clock = Self {
            base: StoredValue::new(Base { server: millis(here), here, scale: 1.0 }),
            tick: RwSignal::new(millis(here)),
        };
        Interval::new(1_000, move || clock.tick.set(clock.now())).forget();
        clock
    }

    /// Sets it to what the server just said.
    pub fn set(&self, server: i64, scale: f64) {
        self.base.set_value(Base { server, here: js_sys::Date::now(), scale });
        self.tick.set(self.now());
    }

    /// The server's time now, in milliseconds.
    pub fn now(&self) -> i64 {
        let base = self.base.get_value();
        base.server + millis((js_sys::Date::now() - base.here) * base.scale)
    }

    /// The server's time, read again by the reader of this signal every second.
    pub fn ticking(&self) -> i64 {
        self.tick.get()
    }
}
