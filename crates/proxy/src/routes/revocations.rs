//! `/api/v1/revocations`: wishes.

pub mod create;
pub mod wish;
