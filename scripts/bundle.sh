#!/usr/bin/env bash
# bundle.sh [wasm|ci-wasm]: builds the browser's half, one module for each of its bundles (app/src/pages.rs), with the
# cargo profile of that name into dist/pkg.
# `wasm` is what ships; `ci-wasm` is quicker to build, for tests and `make dev`.
source "$(dirname "$0")/lib.sh"
profile=${1:-wasm}

# wasm-bindgen takes its time even when nothing changed, and new files would make the server
# build again: a checksum of all that goes in decides.
inputs() {
  echo "$profile"
  find src app frontend style scripts/css.sh scripts/finish-bundle.sh scripts/bundle.sh Trunk.toml Cargo.toml Cargo.lock \
    rust-toolchain.toml -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}
sum=$(inputs | sha256sum | cut -d' ' -f1)
stamp=dist/.inputs
[ -e dist/pkg/front_bg.wasm ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && exit 0

say "Building the browser's half ($profile)"
"$ROOT/scripts/setup.sh" run
rm -f "$stamp"
rm -rf dist/pkg
mkdir -p dist/pkg
for bundle in front console partner store staff; do
  CARGO_TARGET_DIR=$WASM_TARGET NO_COLOR=true \
    trunk build --skip-version-check --locked --release --cargo-profile "$profile" \
    --no-default-features true --features "$bundle" --dist "dist/parts/$bundle"
  for file in dist/parts/"$bundle"/frontend*; do
    mv "$file" "dist/pkg/$bundle${file##*/frontend}"
  done
done
# The same for all.
mv dist/parts/front/main.css dist/pkg/
rm -rf dist/parts
echo "$sum" >"$stamp"
