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

guide() {
  awk '
    { print; fflush() }
    /listening on http/ && !told {
      told = 1
      url = $0; sub(/.*listening on /, "", url); sub(/[^0-9a-zA-Z:.\/\[\]-].*/, "", url)
      printf "\n  Kontor is ready: open %s\n\n", url
      print  "  Sign in (password of all: kontor-demo) as"
      print  "    admin@vendor.test       the vendor: review, partners, settings"
      print  "    reviewer@vendor.test    a reviewer of applications"
      print  "    owner@nordlicht.test    a partner: store and Partner Console"
      print  "    admin@kunde-01.test     a customer: the organisation'"'"'s own console"
      printf "  Mails: %s/demo/mail   DNS records of *.demo.test: %s/demo/dns   Stop: Ctrl-C\n\n", url, url
      fflush()
    }'
}
# The program takes this shell's place, so that Ctrl-C and SIGTERM reach it directly.
exec > >(trap '' INT; guide)
exec env -u KONTOR_CACHE "$kontor" serve
