#!/bin/bash
# The kernel's wake-up latency beside cyclictest's: interleaved runs on the same core, at the same priority and rate,
# first on an idle machine, then under `stress-ng --cpu 2`; the medians over the rounds, in microseconds.
# Needs root (or rtprio and memlock limits), cyclictest (rt-tests), stress-ng, python3.
#
#   wakeup_vs_cyclictest.sh PATH/TO/wakeup_latency [ROUNDS] [SECONDS] [CORE] [SPIN_US]
set -euo pipefail
program=${1:?path to wakeup_latency}
rounds=${2:-5} seconds=${3:-10} core=${4:-1} spin=${5:-50}
priority=80
work=$(mktemp -d)
load=
cleanup() {
  if [[ -n $load ]]; then kill "$load" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

# cyclictest's histogram in nanoseconds would be too large; microseconds, rounded down, as it prints them.
cyclictest_run() {
  cyclictest --quiet --mlockall --priority=$priority --affinity="$core" --threads=1 --interval=1000 \
    --loops=$((seconds * 1000)) --histogram=10000 --histfile="$work/histogram" >/dev/null
  python3 - "$work/histogram" <<'PY'
import json, re, sys
bins, maximum = [], 0
for line in open(sys.argv[1]):
    if line.startswith("# Max Latencies:"):
        maximum = int(line.split()[3])
    elif found := re.match(r"(\d+)\s+(\d+)", line):
        bins.append((int(found[1]), int(found[2])))
total = sum(n for _, n in bins)
def quantile(fraction):
    seen = 0
    for value, n in bins:
        before, seen = seen, seen + n
        if seen >= fraction * total:  # spread evenly over the bin, which is [value, value + 1)
            return round(value + (fraction * total - before) / n, 2)
    return maximum
print(json.dumps({"p50": quantile(0.5), "p99": quantile(0.99), "p99.9": quantile(0.999), "max": maximum}))
PY
}

measure() {
  local condition=$1
  for ((round = 0; round < rounds; ++round)); do
    echo "{\"who\": \"cyclictest\", \"run\": $(cyclictest_run)}"
    echo "{\"who\": \"tactus\", \"run\": $("$program" --json --seconds "$seconds" --priority $priority --core "$core")}"
    echo "{\"who\": \"tactus, spin\", \"run\": $("$program" --json --seconds "$seconds" --priority $priority --core "$core" --spin "$spin")}"
  done >"$work/runs" 2>>"$work/notes"
  python3 - "$condition" "$work/runs" <<'PY'
import json, statistics, sys
condition, path = sys.argv[1:]
runs = [json.loads(line) for line in open(path)]
columns = ["p50", "p99", "p99.9", "max"]
median = {}
for who in dict.fromkeys(run["who"] for run in runs):
    mine = [run["run"] for run in runs if run["who"] == who]
    median[who] = {c: statistics.median(r[c] for r in mine) for c in columns}
    cells = "  ".join(f"{c} {median[who][c]:8.2f} ({min(r[c] for r in mine):.2f}..{max(r[c] for r in mine):.2f})" for c in columns)
    print(f"{condition:8} {who:13} {cells}")
ratio = "  ".join(f"{c} {median['tactus'][c] / median['cyclictest'][c]:.2f}" for c in columns)
print(f"{condition:8} tactus / cyclictest: {ratio}", flush=True)
PY
}

echo "core $core, SCHED_FIFO $priority, 1 kHz, $rounds rounds of $seconds s, spin ${spin} us; microseconds, median (least..most)"
measure idle
stress-ng --quiet --cpu 2 &
load=$!
measure loaded
sort -u "$work/notes" # what the machine refused
