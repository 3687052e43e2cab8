#!/usr/bin/env bash
# end2end.sh [playwright's arguments…]: the browser tests alone, with everything they need built and started, e.g.
#   scripts/end2end.sh home --project noscript
# KONTOR_BIN=… takes a program that is already built.
source "$(dirname "$0")/lib.sh"
if [ -z "${KONTOR_TEST_POSTGRES:-}" ]; then
  scripts/setup.sh test
  scripts/with-postgres.sh "$0" "$@"
  exit
fi
if [ -z "${KONTOR_BIN:-}" ]; then
  scripts/bundle.sh ci-wasm
  # The same packages and features as the tests', or dependencies would be compiled twice.
  cargo build "${CI_BUILD[@]}" --bins --lib --tests
  export KONTOR_BIN=$TARGET/ci/kontor
fi
cd end2end
exec npx playwright test "$@"
