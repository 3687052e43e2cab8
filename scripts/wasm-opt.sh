#!/usr/bin/env bash
# Trunk's post_build hook: makes the bundle smaller where wasm-opt is installed. Trunk would download a
# wasm-opt of its own choice instead of taking the one that is there, so it is told to keep out of it.
source "$(dirname "$0")/lib.sh"
file=$TRUNK_STAGING_DIR/frontend_bg.wasm
[ "${KONTOR_WASM_OPT:-}" = yes ] || exit 0
if ! have wasm-opt; then
  echo "wasm-opt is not installed (Debian: binaryen): the bundle stays about a tenth larger"
  exit 0
fi
wasm-opt -Oz --all-features -o "$file.opt" "$file"
mv "$file.opt" "$file"
