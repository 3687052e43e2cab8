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
check "Types of the browser tests" npm --prefix end2end run --silent check
[ "$failed" = 0 ] || die "$failed of the checks above failed"
