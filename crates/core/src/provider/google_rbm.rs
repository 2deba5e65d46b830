//! Being written.
use crate::ack::Ack;
use crate::host::{Host, HostSpec};
use crate::id::{InvalidId, MessageId};
use crate::policy::Policy;
use crate::provider::{Adapter, Lifetimes};
use crate::region::Route;
use crate::request::{Answer, BuildRequestError, OutgoingRequest, RevokeTarget};
use crate::source::Source;
use crate::webhook::{Reception, Refusal, WebhookCall, WebhookSecret};

/// The adapter.
pub static ADAPTER: GoogleRbm = GoogleRbm;
/// The adapter.
#[derive(Debug)]
pub struct GoogleRbm;
static HOSTS: &[HostSpec] = &[HostSpec { name: "google.global", label: "x", base_url: "https://example.com" }];
impl Adapter for GoogleRbm {
    fn label(&self) -> &'static str { "x" }
    fn hosts(&self) -> &'static [HostSpec] { HOSTS }
    fn keyed_by_agent(&self) -> bool { "google_rbm" == "google_rbm" }
    fn needs_recipient(&self) -> bool { "google_rbm" == "google_rbm" }
    fn parse_message_id(&self, text: &str) -> Result<MessageId, InvalidId> { if "google_rbm" == "vonage" { crate::id::parse_uuid(text) } else { MessageId::parse(text) } }
    fn may_confirm(&self) -> bool { false }
    fn asks_other_hosts(&self) -> bool { false }
    fn permission_retries(&self) -> usize { 0 }
    fn lifetimes(&self) -> Lifetimes { unimplemented!() }
    fn policy(&self) -> Policy { unimplemented!() }
    fn route(&self, _: &Source, _: Option<Host>) -> Route { unimplemented!() }
    fn revoke_request(&self, _: &RevokeTarget<'_>) -> Result<OutgoingRequest, BuildRequestError> { unimplemented!() }
    fn read_answer(&self, _: &Answer<'_>) -> Ack { unimplemented!() }
    fn receive(&self, _: &WebhookCall<'_>, _: Option<&WebhookSecret>) -> Reception { unimplemented!() }
    fn refusal_status(&self, _: Refusal) -> u16 { unimplemented!() }
}
