//! The binary `rcs-revoke`; everything it does is in the library.

use std::process::ExitCode;

/// Messages are many small pieces, made on one thread and freed on another: the system's own takes a quarter of the
/// processor for that.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rcs_revoke_proxy::cli::run()
}
