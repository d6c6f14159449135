#!/usr/bin/env bash
# Installs tactus to a prefix of its own, builds a copy of an example plug-in against that, and loads it.
# Usage: plugin_outside_the_tree.sh BUILD EXAMPLE MANIFEST_READER COMPILER
set -euo pipefail
build=$1 example=$2 manifest_reader=$3 compiler=$4

there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT

cmake --install "$build" --prefix "$there/prefix" >"$there/install.log" || { cat "$there/install.log"; exit 1; }
cp -r "$example" "$there/source"
cmake -S "$there/source" -B "$there/build" -G Ninja -DCMAKE_PREFIX_PATH="$there/prefix" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror"
cmake --build "$there/build"

expect() {
  grep -qxF -- "$1" "$there/seen" || { echo "expected: $1"; echo "seen:"; cat "$there/seen"; exit 1; }
}
"$manifest_reader" "$there/build/relay.so" >"$there/seen"
expect "controller relay: two-point controller"
expect "  amplitude [U]: switching level"

# The plug-ins of the project itself were installed, whole.
"$manifest_reader" "$(find "$there/prefix" -name pid.so)" >"$there/seen"
grep -q "^controller pid: " "$there/seen"

# The installed command finds both.
if [ -x "$there/prefix/bin/tactus" ]; then
  export TACTUS_PLUGIN_PATH=$there/build
  "$there/prefix/bin/tactus" describe relay | grep "two-point controller"
  "$there/prefix/bin/tactus" describe pid | grep "two degrees of freedom"
fi
