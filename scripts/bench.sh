#!/usr/bin/env bash
# bench.sh: `make bench`. Loads 1,000,000 customers of 1,000 partners into SQLite and PostgreSQL once, measures every
# key of the budgets, prints a table and writes target/bench/report.json. The databases (some 34 GB, and for some minutes a
# copy of one of them, up to 21 GB) stay in $BENCH_DIR for the next run; BENCH_CUSTOMERS and BENCH_PARTNERS load fewer, for trying the
# script. BENCH_DATABASES=postgres measures one again and takes what was measured last of the other.
source "$(dirname "$0")/lib.sh"
customers=${BENCH_CUSTOMERS:-1000000}
partners=${BENCH_PARTNERS:-1000}
seconds=${BENCH_SECONDS:-10}
read -ra databases <<<"${BENCH_DATABASES:-sqlite postgres}"
dir=${BENCH_DIR:-${TMPDIR:-/tmp}/kontor-bench-$(id -u)}/$customers
out=$TARGET/bench
mkdir -p "$dir" "$out"
# A full disk stops more than this: counted with what is there already.
have_kb=$(($(df --output=avail -k "$dir" | tail -n 1) + $(du -sk "$dir" | cut -f1)))
[ "$have_kb" -ge $((customers * 60)) ] || die "$dir needs some $((customers * 60 / 1000000)) GB"

scripts/setup.sh run
scripts/bundle.sh "${BENCH_BUNDLE:-wasm}"
say "Building the server and the benchmark"
cargo build --locked --release -p kontor-server --features embed --bins
bench=$TARGET/release/bench
kontor=$TARGET/release/kontor

# --- PostgreSQL, with its data kept and fsync on: writes are measured too ---
bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || die "PostgreSQL is missing (Debian: apt-get install postgresql)"
as=()
[ "$(id -u)" = 0 ] && as=(runuser -u postgres --)
chmod 755 "$(dirname "$dir")" "$dir"
pg=$dir/postgres
if [ ! -e "$pg/PG_VERSION" ]; then
  mkdir -p "$pg"
  [ ${#as[@]} -eq 0 ] || chown postgres "$pg"
  (cd / && "${as[@]}" "$bin/initdb" -D "$pg" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null)
fi
servers=()
finish() {
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$pg" -m fast -w stop >/dev/null 2>&1) || true
}
trap finish EXIT
trap 'exit 130' INT TERM
port=$((20000 + RANDOM % 30000))
options="-p $port -k '' -c listen_addresses=127.0.0.1 -c shared_buffers=512MB -c max_wal_size=2GB"
options+=" -c maintenance_work_mem=256MB -c random_page_cost=1.1 -c jit=off"
(cd / && "${as[@]}" "$bin/pg_ctl" -D "$pg" -l "$pg/log" -o "$options" -w start >/dev/null)
server=postgres://postgres@127.0.0.1:$port
for name in big small audit; do
  psql -qAtX -h 127.0.0.1 -p "$port" -U postgres -c "SELECT 1 FROM pg_database WHERE datname = '$name'" postgres | grep -q 1 ||
    psql -qX -h 127.0.0.1 -p "$port" -U postgres -c "CREATE DATABASE $name" postgres
done

# --- what is measured, and how ---
database() { # sqlite|postgres big|small
  if [ "$1" = sqlite ]; then echo "sqlite://$dir/$2.db"; else echo "$server/$2"; fi
}
number() { # file key
  node -e 'const [file, key] = process.argv.slice(1); console.log(JSON.parse(require("fs").readFileSync(file))[key] ?? "null")' "$1" "$2"
}
# Starts a program that says "listening on http://…": its address is then in $url, its id in $server_pid.
start() {
  local log=$out/server.log
  "$@" >"$log" 2>&1 &
  server_pid=$!
  servers+=("$server_pid")
  for _ in $(seq 400); do
    url=$(sed -n 's/^listening on //p' "$log")
    [ -n "$url" ] && return
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.02
  done
  cat "$log" >&2
  die "$1 does not serve"
}
stop() {
  kill "$server_pid"
  wait "$server_pid" 2>/dev/null || true
}
serve() { # database-url
  start env -u KONTOR_CACHE KONTOR_DATABASE_URL="$1" KONTOR_LISTEN=127.0.0.1:0 KONTOR_RATE_LIMITS=off \
    KONTOR_LOG=warn KONTOR_SECRET_FILE="$dir/secret" KONTOR_MAIL_URL="file://$dir/mail" "$kontor" serve
}
# What is renewed or closed is so for good: that is measured on a copy, which goes away again.
copy() { # sqlite|postgres
  drop "$1"
  if [ "$1" = sqlite ]; then
    # What is still on its way to the disk would be measured with what comes next; PostgreSQL's copy waits for it by itself.
    for file in "$dir"/big.db*; do cp --reflink=auto "$file" "${file/big.db/copy.db}"; done && sync "$dir"/copy.db*
  else
    sql "CREATE DATABASE copy TEMPLATE big STRATEGY file_copy"
  fi
}
drop() { # sqlite|postgres
  if [ "$1" = sqlite ]; then rm -f "$dir"/copy.db*; else sql "DROP DATABASE IF EXISTS copy"; fi
}
sql() { psql -qX -h 127.0.0.1 -p "$port" -U postgres -c "$1" postgres; }
drive() { "$bench" drive --url "$1" --cookie "$cookie" --seconds "${2:-$seconds}" "${@:3}"; }

for kind in "${databases[@]}"; do
  big=$(database "$kind" big)
  small=$(database "$kind" small)
  say "$kind: $customers customers"
  "$bench" load --database "$big" --customers "$customers" --partners "$partners" | tee "$out/$kind-load.json"
  "$bench" load --database "$small" --customers 1000 --partners 10 >/dev/null
  say "$kind: lists and searches"
  "$bench" lists --database "$big" | tee "$out/$kind-big.json"
  "$bench" lists --database "$small" 2>/dev/null >"$out/$kind-small.json"
  say "$kind: the money"
  "$bench" money --database "$big" | tee "$out/$kind-money.json"
  copy "$kind"
  "$bench" close --database "$(database "$kind" copy)" | tee "$out/$kind-close.json"
  "$bench" renew --database "$(database "$kind" copy)" | tee "$out/$kind-renew.json"
  "$bench" prove --database "$(database "$kind" copy)" | tee "$out/$kind-prove.json"
  drop "$kind"

  say "$kind: permission checks under grants"
  "$bench" access --database "$big" | tee "$out/$kind-access.json"
  say "$kind: the audit trail"
  "$bench" audit --database "$(database "$kind" audit)" | tee "$out/$kind-audit.json"

  "$bench" session --database "$big" >"$out/session.json"
  cookie=$(number "$out/session.json" cookie)
  path=$(number "$out/session.json" path)
  partner=$(number "$out/session.json" partner)

  say "$kind: the console's first page"
  start "$bench" raw --database "$big" --listen "127.0.0.1:$((port + 1))"
  drive "$url$path" 2 >/dev/null
  drive "$url$path" | tee "$out/$kind-raw.json"
  stop
  serve "$big"
  # The first start of a day renews what has ended and announces what renews next: none of what is measured here.
  "$bench" idle --database "$big" >/dev/null
  drive "$url$path" 2 >/dev/null
  drive "$url$path" | tee "$out/$kind-console.json"
  half=$(($(number "$out/$kind-console.json" rps) / 2))
  drive "$url$path" "$seconds" --rate "$half" | tee "$out/$kind-paced.json"

  say "$kind: the dashboard"
  drive "$url/store/$partner/reports" 2 --connections 2 >/dev/null
  drive "$url/store/$partner/reports" "$seconds" --connections 2 --rate 10 | tee "$out/$kind-dashboard.json"

  say "$kind: writes"
  "$bench" write --database "$big" --url "$url" --cookie "$cookie" | tee "$out/$kind-write.json"
  if [ "$kind" = sqlite ]; then
    say "Bytes of the first load"
    "$bench" weigh --url "$url/apply" | tee "$out/weigh-apply.json"
    "$bench" weigh --url "$url$path" --cookie "$cookie" | tee "$out/weigh-console.json"
    say "Lighthouse"
    for page in apply console; do
      target=$url/apply headers='{}'
      [ $page = console ] && target=$url$path headers="{\"cookie\":\"$cookie\"}"
      # Not among the packages of this project: it brings a hundred of its own.
      CHROME_PATH=${CHROME_PATH:-$(command -v chromium || true)} npx --yes lighthouse@12 "$target" --quiet --output=json \
        --output-path="$out/lighthouse-$page.json" --extra-headers="$headers" \
        --chrome-flags="--headless=new --no-sandbox --disable-quic" >/dev/null 2>&1 ||
        echo "lighthouse did not run: its key will be missing"
    done
  fi
  stop
done

say "Start and rest"
begin=$(date +%s%N)
serve "$(database sqlite small)"
until curl -fsS -o /dev/null "$url/healthz" 2>/dev/null; do sleep 0.005; done
start_ms=$((($(date +%s%N) - begin) / 1000000))
sleep 2
rss_kb=$(awk '/^VmRSS/ { print $2 }' "/proc/$server_pid/status")
stop

START_MS=$start_ms RSS_KB=$rss_kb node scripts/bench-report.mjs "$out"
