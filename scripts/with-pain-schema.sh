#!/usr/bin/env bash
# with-pain-schema.sh COMMAND…: runs the command with KONTOR_TEST_PAIN_SCHEMA naming the public schema of pain.001.001.09.
# The schema is ISO 20022's, not ours to ship: it is taken once from the Python package sepaxml, which carries it.
source "$(dirname "$0")/lib.sh"
SEPAXML=2.7.0
have xmllint || die "xmllint is missing (Debian: apt-get install libxml2-utils)"
schema=$CACHE/sepaxml-$SEPAXML/sepaxml/schemas/pain.001.001.09.xsd
if [ ! -f "$schema" ]; then
  have python3 || die "python3 is missing (Debian: apt-get install python3 python3-venv)"
  dir=$(mktemp -d "${TMPDIR:-/tmp}/kontor-sepaxml.XXXXXX")
  trap 'rm -rf "$dir"' EXIT
  python3 -m venv "$dir/venv"
  "$dir/venv/bin/pip" install --quiet --no-deps --target "$CACHE/sepaxml-$SEPAXML" "sepaxml==$SEPAXML"
  [ -f "$schema" ] || die "sepaxml $SEPAXML holds no schema of pain.001.001.09"
fi
export KONTOR_TEST_PAIN_SCHEMA=$schema
"$@"
