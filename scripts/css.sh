#!/usr/bin/env bash
# Trunk's pre_build hook: style/main.css names the component files with plain @import rules, which a browser would
# follow one request each and which Trunk leaves as they are. This puts the files in their place.
source "$(dirname "$0")/lib.sh"
out=$ROOT/target/style/main.css
mkdir -p "$(dirname "$out")"
awk '
  /^@import "[^"]+";$/ {
    split($0, part, "\"")
    file = "style/" part[2]
    while ((got = (getline line < file)) > 0) print line
    if (got < 0) { print "style/main.css: cannot read " file > "/dev/stderr"; exit 1 }
    close(file)
    next
  }
  /^@import/ { print "style/main.css: only @import \"file.css\"; is understood, not: " $0 > "/dev/stderr"; exit 1 }
  { print }
' style/main.css >"$out.new"
mv "$out.new" "$out"
