//! Long work in slices: a slice ends after a few milliseconds and the browser gets its turn.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;

/// The longest slice in milliseconds: well under the 50 that a person would feel.
const LONGEST: f64 = 10.0;

/// One slice of work.
pub struct Slice {
    until: f64,
}

fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

impl Slice {
    /// A slice that begins now.
    pub fn begin() -> Self {
        Self { until: now() + LONGEST }
    }

    /// Lets the browser have its turn when this slice is used up; says whether it had it.
    pub async fn pause(&mut self) -> bool {
        if now() < self.until {
            return false;
        }
        self.rest().await;
        true
    }

    /// Lets the browser have its turn.
    pub async fn rest(&mut self) {
        TimeoutFuture::new(0).await;
        *self = Self::begin();
    }
}
