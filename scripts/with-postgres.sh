#!/usr/bin/env bash
# with-postgres.sh COMMAND…: runs the command beside a PostgreSQL of its own and removes it afterwards. The command
# finds it in KONTOR_TEST_POSTGRES; every test makes a database of its own in there.
source "$(dirname "$0")/lib.sh"
bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || die "PostgreSQL is missing (Debian: apt-get install postgresql)"

# PostgreSQL refuses to run as root.
as=()
[ "$(id -u)" = 0 ] && as=(runuser -u postgres --)
dir=$(mktemp -d "${TMPDIR:-/tmp}/kontor-pg.XXXXXX")
[ ${#as[@]} -eq 0 ] || chown postgres "$dir"
finish() {
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ICU as the cluster's collation: an order by that forgets COLLATE "C" then sorts as it would at a customer's.
(cd / && "${as[@]}" "$bin/initdb" -D "$dir/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
  --icu-locale=en >/dev/null)
# fsync is off because nothing in here outlives the command.
options="-k $dir -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c full_page_writes=off"
for _ in 1 2 3 4 5 6 7 8; do
  port=$((20000 + RANDOM % 30000))
  if (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -o "$options -p $port" -w start >/dev/null); then
    export KONTOR_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
    "$@"
    exit
  fi
done
cat "$dir/log" >&2
die "PostgreSQL did not start"
