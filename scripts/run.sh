#!/usr/bin/env bash
# make run: from a fresh clone to a running demo.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh run
scripts/bundle.sh wasm
say "Building the server"
cargo build --locked --release -p kontor-server --features embed

kontor=$TARGET/release/kontor
export KONTOR_DEMO=${KONTOR_DEMO:-true}
program "$kontor" migrate
# Does nothing on a database that holds anything.
program "$kontor" seed demo

# Passes the program's lines on and, after the ready line, says where to go.
guide() {
  local line url=
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ -z "$url" && "$line" =~ listening\ on\ (http://[^[:space:]\"]+) ]] || continue
    url=${BASH_REMATCH[1]}
    cat <<TEXT

  Kontor is ready: open $url

  Sign in (password of all: kontor-demo) as
    admin@vendor.test       the vendor: review, partners, settings
    reviewer@vendor.test    a reviewer of applications
    owner@nordlicht.test    a partner: store and Partner Console
    admin@kunde-01.test     a customer: the organisation's own console

  Mails: $url/demo/mail    DNS records of *.demo.test: $url/demo/dns    Stop: Ctrl-C

TEXT
  done
}
# The program takes this shell's place, so that Ctrl-C and SIGTERM reach it directly.
exec > >(trap '' INT; guide)
exec env -u KONTOR_CACHE "$kontor" serve
