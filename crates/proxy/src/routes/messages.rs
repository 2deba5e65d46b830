//! `/api/v1/messages`: what is known of messages.

pub mod detail;
pub mod import;
mod lines;
pub mod list;
pub mod lookup;
pub mod register;
pub mod registration;
