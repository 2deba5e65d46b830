//! The simulator over real HTTP, as a client sees it.

mod control;
mod faults;
mod google;
mod support;
mod vonage;
mod webhooks;
