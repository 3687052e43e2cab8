# shellcheck shell=bash
# Sourced by every script: where things are, and how to speak.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Tools and, in CI, builds: outside the checkout, so that a fresh clone starts warm.
CACHE=${KONTOR_CACHE:-$HOME/.cache/kontor}
TOOLS=$CACHE/tools
export PATH="$TOOLS/bin:$PATH"
mkdir -p "$CACHE"

# The server and the bundle are built for different targets with different features; one folder for both
# would make each wait on the other's lock.
if [ "${CI:-}" = true ]; then
  TARGET=$CACHE/target
  WASM_TARGET=$CACHE/target-wasm
else
  TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
  WASM_TARGET=$TARGET/wasm
fi
export CARGO_TARGET_DIR=$TARGET WASM_TARGET

# What tests, lints and the browser tests' server are built as: one profile and one set of features, so that
# dependencies are compiled once.
export CI_BUILD=(--locked --workspace --profile ci --features kontor-server/embed)

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The version of a crate in the lock file.
locked() { awk -v name="\"$1\"" '$1 == "name" && $3 == name { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock; }

# The program refuses variables it does not know, so what only scripts and tests use must not reach it.
# An array, not a function: in the background a function is a shell of its own, and ending that leaves the program.
export PROGRAM=(env -u KONTOR_CACHE -u KONTOR_BIN -u KONTOR_TEST_POSTGRES -u KONTOR_TEST_PAIN_SCHEMA)
program() { "${PROGRAM[@]}" "$@"; }
