#!/usr/bin/env bash
# Trunk's post_build hook.
source "$(dirname "$0")/lib.sh"
# Trunk's own page: the server renders every page itself.
rm -f "$TRUNK_STAGING_DIR/index.html"
