//! The pages. Each owns what it asked the server for.

mod batch;
mod batches;
mod gate;
mod message;
mod messages;
mod revoke;
mod sources;

pub use batch::BatchPage;
pub use batches::BatchesPage;
pub use gate::{Gatehouse, KeyForm};
pub use message::MessagePage;
pub use messages::MessagesPage;
pub use revoke::RevokePage;
pub use sources::SourcesPage;
