//! The JSON contract between proxy and console: types only, no logic.
//!
//! Times are milliseconds since 1970 in UTC. Message keys are texts such as `vonage:aaaaaaaa-…` or
//! `google_rbm:my_agent@rbm.goog:0b1c…`. Phone numbers go in whole and come out masked.

pub mod batch;
pub mod fallback;
pub mod message;
pub mod problem;
pub mod revocation;
pub mod session;
pub mod source;

pub use batch::{
    BatchCommand, BatchHistory, BatchOrder, BatchPage, BatchPlan, BatchProgress, BatchQuery, BatchTerms,
    BatchTrouble, BatchView,
};
pub use fallback::{FallbackOrder, FallbackOrdered, SmsPreview, SmsView};
pub use message::{
    BulkReport, ImportReport, Lookup, LookupRequest, MessageDetail, MessagePage, MessageQuery, MessageView,
    PlannedWish, Registration, RegistrationAnswer, RegistrationReport, RegistrationResult, RowProblem,
};
pub use problem::Problem;
pub use revocation::{
    Follows, RevocationCommand, RevocationItem, RevocationReport, RevocationResult, Taken, WithdrawalCommand,
    WithdrawalReport,
};
pub use session::{SessionRequest, SessionView};
pub use source::SourceView;
