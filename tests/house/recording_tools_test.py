#!/usr/bin/python3
"""scripts/plot and scripts/step-response on a recording whose answers are known: a first-order loop.

Usage: recording_tools_test.py ROOT
"""
import json
import math
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

ROOT = Path(sys.argv.pop(1))
PERIOD_NS = 100_000_000  # of the beat
STEP_AT = 100  # beats
TAU = 2.0  # s, of the loop


def frame(session, component, signals, units, values, statuses=None):
    group = session.create_group(component)
    beats = len(values)
    group["beat"] = numpy.arange(beats, dtype="u8")
    group["time"] = numpy.arange(beats, dtype="i8") * PERIOD_NS
    group["values"] = numpy.asarray(values, dtype="f8").reshape(beats, len(signals))
    group["status"] = numpy.zeros(group["values"].shape, "u1") if statuses is None else statuses
    for dataset in group["values"], group["status"]:
        dataset.attrs["signals"] = signals
        dataset.attrs["units"] = units


def first_order(n):
    """2 V, then a step to 4 V at STEP_AT that the loop follows with TAU and an offset of 0.1 V."""
    t = (n - STEP_AT) * PERIOD_NS * 1e-9
    return 2 if t < 0 else 2 + 1.9 * (1 - math.exp(-t / TAU))


class RecordingTools(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / "loop.h5"

    def write(self, measurement, setpoint=lambda n: 2 if n < STEP_AT else 4, beats=400, statuses=None):
        with h5py.File(self.path, "w") as file:
            frames = file.create_group("frames")
            frame(frames, "setpoint", ["value"], ["V"], [setpoint(n) for n in range(beats)])
            frame(frames, "sensor", ["level"], ["V"], [measurement(n) for n in range(beats)], statuses)
            frame(frames, "drive", ["pump", "pump.requested"], ["V", "V"], [(n % 10, n % 10) for n in range(beats)])

    def run_tool(self, tool, *arguments):
        return subprocess.run([sys.executable, "-B", ROOT / "scripts" / tool, self.path, *arguments],
                              capture_output=True, text=True)

    def steps(self):
        done = self.run_tool("step-response", "--setpoint", "setpoint.value", "--measurement", "sensor.level", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_first_order(self):
        self.write(first_order)
        (step,) = self.steps()
        self.assertEqual((step["time"], step["from"], step["to"]), (10.0, 2.0, 4.0))
        # It passes 10 percent of the step, 2.2 V, at -TAU ln(1 - 0.2/1.9), and 90 percent at -TAU ln(1 - 1.8/1.9).
        expected = TAU * (math.log(1 - 0.2 / 1.9) - math.log(1 - 1.8 / 1.9))
        self.assertAlmostEqual(step["rise"], expected, delta=0.1)
        self.assertEqual(step["overshoot"], 0)
        self.assertAlmostEqual(step["error"], 0.1, places=3)
        self.assertFalse(step["cut"])

    def test_overshoot_downwards(self):
        self.write(lambda n: 4 if n < STEP_AT else 1.5 if n < STEP_AT + 20 else 2,
                   setpoint=lambda n: 4 if n < STEP_AT else 2)
        (step,) = self.steps()
        self.assertAlmostEqual(step["overshoot"], 25)
        self.assertEqual((step["rise"], step["error"]), (0, 0))

    def test_a_step_that_is_not_reached(self):
        self.write(lambda n: 2 if n < STEP_AT else 3)
        (step,) = self.steps()
        self.assertIsNone(step["rise"])
        self.assertEqual(step["error"], 1)

    def test_a_plateau_that_the_recording_cuts(self):
        self.write(first_order, beats=150)
        (step,) = self.steps()
        self.assertTrue(step["cut"])

    def test_a_curve_is_no_step(self):
        self.write(first_order, setpoint=lambda n: math.sin(n / 50))
        self.assertEqual(self.steps(), [])

    def test_bad_samples_do_not_count(self):
        statuses = numpy.zeros((400, 1), "u1")
        statuses[150] = 3
        self.write(lambda n: 99 if n == 150 else first_order(n), statuses=statuses)
        (step,) = self.steps()
        self.assertEqual(step["overshoot"], 0)

    def test_plot(self):
        self.write(first_order)
        picture = self.folder / "loop.png"
        done = self.run_tool("plot", "--panel", "setpoint.value,sensor.level", "--panel", "drive.pump", "--label",
                             "sensor.level=level, measured",
                             "--limit", "drive.pump=0:10", "--steps", "setpoint.value", "-o", picture)
        self.assertEqual(done.returncode, 0, done.stderr)
        head = picture.read_bytes()[:24]
        self.assertEqual(head[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", head[16:])
        self.assertGreater(width, 1000)
        self.assertGreater(height, 600)

    def test_plot_takes_any_recording(self):
        self.write(first_order)
        done = self.run_tool("plot", "-o", self.folder / "all.png")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_unknown_signal_is_named(self):
        self.write(first_order)
        done = self.run_tool("plot", "--panel", "sensor.leve", "-o", self.folder / "x.png")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no signal 'sensor.leve'; there is sensor.level", done.stderr)

    def test_epochs_are_joined(self):
        self.write(first_order)
        with h5py.File(self.path, "r+") as file:
            epoch = file.create_group("epochs/1/frames")
            frame(epoch, "sensor", ["level"], ["V"], [7.0] * 5)
        sys.path.insert(0, str(ROOT / "scripts"))
        from recording import Recording
        level = Recording(self.path)["sensor.level"]
        self.assertEqual(len(level.values), 405)
        self.assertEqual(list(level.values[-5:]), [7.0] * 5)


if __name__ == "__main__":
    unittest.main()
