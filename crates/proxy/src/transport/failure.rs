//! What broke a request: before it left, or afterwards. When in doubt it had begun to leave.

use std::error::Error;
use std::io::ErrorKind;

use hyper_util::client::legacy;
use rcs_revoke_core::ack::SendFailure;

/// Reads an error of the client.
pub(super) fn of(error: &legacy::Error) -> SendFailure {
    if !error.is_connect() {
        return SendFailure::BrokenAfterSending;
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    let mut failure = SendFailure::ConnectionRefused;
    while let Some(error) = cause {
        if error.to_string().starts_with("dns error") {
            return SendFailure::NameNotResolved;
        }
        // The TLS layer reports certificates and handshakes as invalid data.
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::InvalidData)
        {
            failure = SendFailure::Tls;
        }
        cause = error.source();
    }
    failure
}
