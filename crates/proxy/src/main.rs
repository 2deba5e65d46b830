//! The binary `rcs-revoke`; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    rcs_revoke_proxy::cli::run()
}
