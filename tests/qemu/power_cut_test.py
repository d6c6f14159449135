"""The computer dies while it records: all but the last second is there when it starts again.

A guest with a disk of its own (ext4) records at 1 kHz and shows its beats on the console; then it is killed from one
instruction to the next. It is started again, as often as TACTUS_POWER_CUTS says (2): the file system replays its journal,
`tactus recover` does its work, the recording is brought out, and the next one begins.

A row is right if it is the row of that beat in virtual time, where the same components put out the same bits."""
import os
import random
import re
import statistics
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy

from rt_kernel import tool
from tactus_guest import frames, here, main, tactus_guest

CUTS = int(os.environ.get("TACTUS_POWER_CUTS", "2"))
SEED = int(os.environ.get("TACTUS_POWER_CUT_SEED", "1"))
DISK_BYTES = 64 << 20
BEATS = (500, 4000)  # between them the power is cut
BEAT = re.compile(rb"beat (\d+) ")
PERIOD = 0.001
SHOWN_EVERY = 0.2  # seconds: the console may be so far behind
MAY_BE_LOST = 1.0

EXPERIMENT = """
tactus: 1
name: cut
heartbeat: {period: 1 kHz, clock: real}
generators:
  sine: {plugin: waveform, shape: sine, low: -1, high: 1, period: 777 ms}
  ramp: {plugin: waveform, shape: ramp, low: 1, high: 2, rise: 20 s}
  slow: {plugin: waveform, shape: triangle, low: 3, high: 4, period: 1 s%s}
report: {signals: all, file: cut.h5}
"""
SLOW = ", schedule: {every: 10 ms}"  # in the guest, where a turn that was missed is taken on any beat

SCRIPT = """
mount -t ext4 /dev/vdb /disk || exit 10
cd /disk
if [ -e cut.h5 ]; then
  tactus recover cut.h5 || exit 11
  mv cut.h5 /out
fi
deliver
rm -f /out/*
sync
echo "guest: delivered"
tactus run /cut.yaml
"""


def last_beat(console, begin):
    return max((int(beat) for beat in BEAT.findall(console, begin)), default=0)


class PowerCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        work = tempfile.TemporaryDirectory(prefix="tactus-cut-")
        cls.addClassCleanup(work.cleanup)
        cls.directory = Path(work.name)
        (cls.directory / "cut.yaml").write_text(EXPERIMENT % "")
        disk = cls.directory / "disk"
        with open(disk, "wb") as file:
            file.truncate(DISK_BYTES)
        subprocess.run([tool("mkfs.ext4"), "-q", "-F", disk], check=True)
        cls.guest = tactus_guest({"/cut.yaml": (EXPERIMENT % SLOW).encode(), "/disk/.here": b""}, disks=[disk], skips_idle=False)
        here("run", cls.directory / "cut.yaml", "--clock", "virtual", "--for", "20s", "--quiet", directory=cls.directory)
        cls.right = frames(cls.directory / "cut.h5")

    def record_and_cut(self, machine, moments):
        """Cuts the power at a moment drawn by lot; the last beat that was seen."""
        begun = machine.wait_for(rb"guest: delivered").end()
        wanted = moments.randrange(*BEATS)
        while last_beat(machine.console, begun) < wanted:
            machine.wait_for(BEAT, len(machine.console))
        machine.run_for(moments.uniform(0, 0.5))  # so that it is no moment in which the console was written
        machine.cut_power()
        return last_beat(machine.console, begun)

    def lost(self, recovered, last_seen):
        """Seconds missing at the end, at most; the rows that are there are right."""
        found = frames(recovered)
        self.assertEqual(found.keys(), self.right.keys())
        last = -1
        for component in ("sine", "ramp", "slow"):
            beats = found[f"{component}/beat"]
            self.assertTrue(numpy.all(numpy.diff(beats.astype(numpy.int64)) > 0), "each beat once, in order")
            rows = numpy.searchsorted(self.right[f"{component}/beat"], beats)
            for name in ("beat", "time", "values", "status"):
                self.assertEqual(found[f"{component}/{name}"].tobytes(), self.right[f"{component}/{name}"][rows].tobytes(),
                                 f"{component}/{name}")
            last = max(last, int(beats[-1]) if len(beats) else -1)
        return (last_seen - last) * PERIOD + SHOWN_EVERY

    def test_all_but_the_last_second_is_there(self):
        moments = random.Random(SEED)
        last_seen, all_lost = None, []
        for number in range(CUTS + 1):
            with self.guest.start(SCRIPT) as machine:
                machine.wait_for(rb"guest: delivered|guest: status")
                self.assertNotIn("guest: status", machine.text(), machine.text())
                if last_seen is not None:
                    with tempfile.TemporaryDirectory(dir=self.directory) as into:
                        all_lost.append(self.lost(machine.delivered(into)["cut.h5"], last_seen))
                    print(f"cut {number}: after beat {last_seen}, at most {all_lost[-1]:.3f} s lost", flush=True)
                    self.assertLess(all_lost[-1], MAY_BE_LOST)
                if number < CUTS:
                    last_seen = self.record_and_cut(machine, moments)
        print(f"{CUTS} cuts, lost at most: median {statistics.median(all_lost):.3f} s, worst {max(all_lost):.3f} s")


if __name__ == "__main__":
    main()
