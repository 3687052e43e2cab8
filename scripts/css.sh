#!/usr/bin/env bash
# Trunk's pre_build hook: style/main.css names the files and their layers with plain @import rules, which a
# browser would follow one request each and Trunk leaves as they are. This writes them as one file.
source "$(dirname "$0")/lib.sh"
out=$ROOT/target/style/main.css
mkdir -p "$(dirname "$out")"
awk '
  match($0, /^@import "[^"]+" layer\([a-z.-]+\);/) {
    split($0, part, /["()]/)
    file = "style/" part[2]
    print "@layer " part[4] " {"
    while ((got = (getline line < file)) > 0) print line
    if (got < 0) { print "cannot read " file > "/dev/stderr"; exit 1 }
    close(file)
    print "}"
    next
  }
  /^@import/ { print "main.css: write @import \"file.css\" layer(name); not: " $0 > "/dev/stderr"; exit 1 }
  { print }
' style/main.css >"$out.new"
mv "$out.new" "$out"
