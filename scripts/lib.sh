# What the scripts share. To be sourced from a script in this folder; the working directory becomes the project's root.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
root=$PWD
jobs=$(nproc)

# So that ccache, where there is one, knows a source again in another clone.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# configure PRESET FOLDER [OPTION...]: makes build/FOLDER ready; after the first time this takes a second.
configure() {
  local preset=$1 folder=$2
  shift 2
  cmake --preset "$preset" -B "build/$folder" "$@" >"build/$folder.configure.log" 2>&1 || {
    cat "build/$folder.configure.log" >&2
    return 1
  }
}

# build FOLDER [TARGET...]: what changed since the last time.
build() {
  local folder=$1
  shift
  cmake --build "build/$folder" -j "$jobs" ${1:+--target "$@"} -- -k 0
}

mkdir -p build
