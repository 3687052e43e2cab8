#!/usr/bin/env bash
# Trunk's post_build hook.
source "$(dirname "$0")/lib.sh"
# Trunk's own page: the server renders every page itself.
rm -f "$TRUNK_STAGING_DIR/index.html"

# Makes what ships smaller where wasm-opt is installed. Trunk would download a wasm-opt of its own choice instead of
# taking the one that is there, so it is told to keep out of it.
[ "${KONTOR_WASM_OPT:-}" = yes ] || exit 0
if ! have wasm-opt; then
  echo "wasm-opt is not installed (Debian: binaryen): the bundle stays larger than it could be"
  exit 0
fi
file=$TRUNK_STAGING_DIR/frontend_bg.wasm
# What rustc emits for wasm32 today; older wasm-opts do not know the names it notes in the file.
features=(--enable-bulk-memory --enable-mutable-globals --enable-multivalue --enable-nontrapping-float-to-int
  --enable-reference-types --enable-sign-ext)
wasm-opt -Oz "${features[@]}" --strip-debug --strip-producers -o "$file.opt" "$file"
mv "$file.opt" "$file"
