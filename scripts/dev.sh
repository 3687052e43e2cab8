#!/usr/bin/env bash
# make dev: builds quickly, serves, and does both again whenever a source file changes. It looks once a second:
# a watcher would be one more tool to install and is no faster than the build that follows.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh run
export KONTOR_DEMO=${KONTOR_DEMO:-true}
server=

stop() {
  [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server"; } || true
  server=
}
trap stop EXIT

state() { find src app frontend server style public Cargo.toml Trunk.toml -type f -printf '%p %T@\n' | LC_ALL=C sort | cksum; }

build() {
  scripts/bundle.sh ci-wasm && cargo build -p kontor-server --features embed
}

seen=
while true; do
  now=$(state)
  if [ "$now" != "$seen" ]; then
    seen=$now
    if build; then
      stop
      program "$TARGET/debug/kontor" migrate
      program "$TARGET/debug/kontor" seed demo
      "${PROGRAM[@]}" "$TARGET/debug/kontor" serve &
      server=$!
    fi
  fi
  sleep 1
done
