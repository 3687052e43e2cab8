#!/usr/bin/env bash
# make lint: format and lints, warnings denied, for both halves. KONTOR_PROFILE shares builds with the tests in CI.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh lint
profile=${KONTOR_PROFILE:-dev}
wasm_profile=${KONTOR_WASM_PROFILE:-dev}
failed=0
check() {
  local name=$1
  shift
  say "$name"
  "$@" || { failed=$((failed + 1)) && echo "FAILED: $name"; }
}

check "Format" cargo fmt --all --check
# One build with the server's features, one with the browser's: --all-features would mix what must never meet.
check "Clippy, server" cargo clippy --locked --workspace --all-targets --profile "$profile" -- -D warnings
check "Clippy, browser" cargo clippy --locked -p frontend --target wasm32-unknown-unknown --target-dir "$WASM_TARGET" \
  --profile "$wasm_profile" -- -D warnings
if have shellcheck; then
  check "Shell scripts" shellcheck -x -P scripts .ci/run scripts/*.sh
fi
# Server functions answer in postcard (app/src/compact.rs), which names no field: a type that leaves one out, or that is
# read by looking at its names, cannot be read back. These files' types are kept as JSON and never travel.
travels() {
  local found
  found=$(grep -rnE 'skip_serializing_if|serde\([^)]*\b(flatten|untagged|tag)\b' --include='*.rs' src app frontend |
    grep -vE '^(src/notification/mod|src/payment/port|src/audit/trail)\.rs:' || true)
  [ -z "$found" ] || { echo "$found" && return 1; }
}
check "Types that travel in postcard" travels
check "Types of the browser tests" npm --prefix end2end run --silent check
[ "$failed" = 0 ] || die "$failed of the checks above failed"
