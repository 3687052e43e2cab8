#!/usr/bin/env bash
# make test: every check, from a fresh clone. Goes on after a failed check, so that one run tells everything, and
# ends with one line for the whole.
source "$(dirname "$0")/lib.sh"
if [ -z "${KONTOR_TEST_POSTGRES:-}" ]; then
  scripts/setup.sh test
  # Not exec: the database must be removed when this ends.
  scripts/with-pain-schema.sh scripts/with-postgres.sh "$0"
  exit
fi

export KONTOR_PROFILE=ci KONTOR_WASM_PROFILE=ci-wasm
logs=$(mktemp -d "${TMPDIR:-/tmp}/kontor-test.XXXXXX")
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 begin=$SECONDS

# step NAME COMMAND…: counts one check.
step() {
  local name=$1 from=$SECONDS
  shift
  say "$name"
  if "$@"; then
    passed=$((passed + 1))
    echo "ok: $name ($((SECONDS - from)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED: $name ($((SECONDS - from)) s)"
    return 1
  fi
}

finish() {
  echo
  echo "$passed passed, $failed failed ($(((SECONDS - begin) / 60)) min $(((SECONDS - begin) % 60)) s)"
  [ "$failed" = 0 ] && exit 0
  exit 1
}

cargo_tests() {
  local status=0
  cargo test "${CI_BUILD[@]}" --no-fail-fast 2>&1 | tee "$logs/cargo" || status=$?
  local ok bad
  # "test result: ok. 12 passed; 0 failed; …", once per test binary
  read -r ok bad < <(awk '/^test result:/ { ok += $4; bad += $6 } END { print ok + 0, bad + 0 }' "$logs/cargo")
  passed=$((passed + ok)) failed=$((failed + bad))
  return "$status"
}

browser_tests() {
  local status=0 report=$logs/browser.json ok bad
  KONTOR_BIN=$TARGET/ci/kontor KONTOR_REPORT=$report scripts/end2end.sh || status=$?
  [ -e "$report" ] || return 1
  read -r ok bad < <(node -p 's = require(process.argv[1]).stats, [s.expected, s.unexpected + s.flaky].join(" ")' "$report")
  passed=$((passed + ok)) failed=$((failed + bad))
  return "$status"
}

# Every clone has a path of its own, and cargo keeps what it built for each: what is older than a day is nobody's.
if [ "${CI:-}" = true ] && [ -d "$TARGET" ]; then
  find "$TARGET" "$WASM_TARGET" -path '*/deps/*' -mtime +1 -regextype posix-extended \
    -regex '.*/(lib)?(kontor|kontor_server|app|frontend)-[0-9a-f]+[^/]*' -delete || true
fi

step "Format and lints" scripts/lint.sh || true
step "The bundle" scripts/bundle.sh ci-wasm || finish
step "Build of server and tests" cargo build "${CI_BUILD[@]}" --bins --lib --tests || finish
step "Rules and services, SQLite and PostgreSQL" cargo_tests || true
step "Browsers" browser_tests || true
finish
