#!/usr/bin/env bash
# setup.sh run|lint|test: installs what is missing, and nothing twice. Every check is a look at what is there.
source "$(dirname "$0")/lib.sh"
what=${1:-run}

TRUNK=0.21.14
WASM_BINDGEN=$(locked wasm-bindgen)

rust() {
  have rustup || die "rustup is missing: see https://rustup.rs"
  # Where rustup installs on its own this does nothing; elsewhere it reads rust-toolchain.toml.
  rustc --version >/dev/null 2>&1 || rustup toolchain install
  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
  have cc || have clang || die "a C compiler is missing (Debian: apt-get install build-essential)"
}

bundler() {
  local note="once, a few minutes; kept in $TOOLS"
  # Built outside the checkout's target folder, which may be deleted at any time.
  if [ "$(trunk --version 2>/dev/null)" != "trunk $TRUNK" ]; then
    say "Installing trunk $TRUNK ($note)"
    CARGO_TARGET_DIR=$CACHE/build cargo install --root "$TOOLS" --locked "trunk@$TRUNK"
  fi
  if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $WASM_BINDGEN" ]; then
    say "Installing wasm-bindgen $WASM_BINDGEN ($note)"
    # Its lock file names crates that no longer build together, hence without --locked.
    CARGO_TARGET_DIR=$CACHE/build cargo install --root "$TOOLS" "wasm-bindgen-cli@$WASM_BINDGEN"
  fi
  rm -rf "$CACHE/build"
}

components() {
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

# The counterparts of the tests: two browsers, a database, a name server, a book-keeper.
packages() {
  local missing=() command package
  while read -r command package; do
    have "$command" || [ -x "/usr/sbin/$command" ] || missing+=("$package")
  done <<'LIST'
chromium chromium
firefox-esr firefox-esr
psql postgresql
knotd knot
knsupdate knot-dnsutils
shellcheck shellcheck
faketime faketime
hledger hledger
xmllint libxml2-utils
LIST
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "Installing packages: ${missing[*]}"
  local apt=(apt-get)
  [ "$(id -u)" = 0 ] || apt=(sudo -n apt-get)
  if ! have apt-get || ! "${apt[@]}" --version >/dev/null 2>&1; then
    die "please install these packages and start again: ${missing[*]}"
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" update -qq
  "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" fonts-liberation
}

browser_tests() {
  have node || die "Node 20 or newer is missing"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node 20 or newer is needed, this is $(node --version)"
  local stamp=end2end/node_modules/.kontor-lock
  if cmp -s end2end/package-lock.json "$stamp"; then return; fi
  say "Installing the npm packages of the browser tests"
  # Nothing here needs install scripts: the browsers come from the system.
  (cd end2end && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp end2end/package-lock.json "$stamp"
}

# A Stripe of our own for server/tests/stripe.
stripe_server() {
  local home=$TOOLS/localstripe
  if cmp -s scripts/localstripe.txt "$home/.kontor-lock"; then return; fi
  say "Installing localstripe (once; kept in $home)"
  python3 -m venv --clear "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps -r scripts/localstripe.txt
  cp scripts/localstripe.txt "$home/.kontor-lock"
}

# A provider of single sign-on that others wrote, for server/tests/oidc.
identity_provider() {
  local home=$TOOLS/oidc-mock
  if cmp -s scripts/oidc-mock.txt "$home/.kontor-lock"; then return; fi
  say "Installing oidc-provider-mock (once; kept in $home)"
  python3 -m venv --clear "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check --no-deps -r scripts/oidc-mock.txt
  cp scripts/oidc-mock.txt "$home/.kontor-lock"
}

case $what in
  run) steps=(rust bundler) ;;
  lint) steps=(rust components browser_tests) ;;
  test) steps=(packages rust bundler components browser_tests stripe_server identity_provider) ;;
  *) die "setup.sh run|lint|test" ;;
esac
for step in "${steps[@]}"; do "$step"; done
