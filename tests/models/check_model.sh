#!/bin/sh
# check_model.sh SPIN CC MODEL holds|fails [VARIANT]
# Searches every state of a model. `holds`: the search is complete, finds no error, and leaves no line unreached.
# `fails`: it finds an assertion that is violated (a model that does not compile, or gets stuck, has not failed in the
# way that is meant).
set -eu
spin=$1 cc=$2 model=$3 expected=$4 variant=${5:-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$spin" ${variant:+-D$variant} -a "$model"
"$cc" -O2 -w -DSAFETY -DMEMLIM=1024 -o pan pan.c
./pan -m1000000 | tee report

if grep -q -e 'Search not completed' -e 'max search depth too small' -e 'out of memory' \
  -e '([1-9][0-9]* of [0-9]* states)' report; then
  complete=no
else
  complete=yes
fi
case $expected in
  holds) grep -q 'errors: 0' report && [ $complete = yes ] ;;
  fails) grep -q 'assertion violated' report ;;
  *) echo "expected must be 'holds' or 'fails', not '$expected'" >&2; exit 2 ;;
esac
