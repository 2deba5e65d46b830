//! The simulator over real HTTP, as a client sees it.

mod capability;
mod cli;
mod control;
mod documentation;
mod failover;
mod faults;
mod google;
mod handshake;
mod play;
mod problems;
mod queue;
mod reconfigure;
mod scenarios;
mod shapes;
mod sms;
mod support;
mod vonage;
mod webhooks;
