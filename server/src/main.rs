//! The binary `kontor`.

use std::process::ExitCode;

/// Doubles the pages per second of rendered views (stack-notes section 0).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    kontor_server::cli::main().await
}
