"""Runs in virtual time: what they record, that they do so always in the same way, and what the measured data give."""
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
import unittest

import numpy

from experiment import EXAMPLES, TACTUS, Experiment, Recording, rms


class Determinism(Experiment):
    def record(self, file, name, *arguments):
        self.tactus("run", EXAMPLES / file, "--clock", "virtual", "--report", name, *arguments)
        return Recording(self.directory / name)

    def assert_same(self, file, *arguments):
        first = self.record(file, "first.h5", *arguments)
        second = self.record(file, "second.h5", *arguments)
        self.assertEqual(sorted(first.raw), sorted(second.raw))
        for name, data in first.raw.items():
            self.assertEqual(data, second.raw[name], name)
        self.assertEqual(first.events.tobytes(), second.events.tobytes())
        return first

    def test_tanks_with_noise(self):
        first = self.assert_same("tanks.yaml", "--for", "2 h")
        other = self.record("tanks.yaml", "other.h5", "--for", "2 h", "--set", "rig.seed=2")
        self.assertNotEqual(first.raw["sensor/values"], other.raw["sensor/values"], "there is noise")
        self.assertEqual(len(first["sensor.level"]), 1800)

    def test_motor(self):
        self.assert_same("motor.yaml", "--for", "3000 beats")

    def test_measured_record(self):
        self.assert_same("tanks-observer.yaml")


class Examples(Experiment):
    def test_tanks_follow_their_set_point(self):
        self.tactus("run", EXAMPLES / "tanks.yaml", "--for", "1h", "--report", "tanks.h5")
        recording = Recording(self.directory / "tanks.h5")
        setpoint, level, pump = recording["setpoint.value"], recording["sensor.level"], recording["drive.pump"]
        steps = numpy.flatnonzero(numpy.diff(setpoint)) + 1
        self.assertGreaterEqual(len(steps), 4)
        for begin, end in zip(steps, [*steps[1:], len(level)]):
            old, new = setpoint[begin - 1], setpoint[begin]
            progress = (level[begin:end] - old) / (new - old)
            self.assertLess(progress.max(), 1.1, "overshoot")
            self.assertLess(abs(numpy.mean(level[end - 20:end]) - new), 0.1, "steady error")
        self.assertGreater(pump[1:].min(), 0)
        self.assertLess(pump.max(), 10)
        error = recording["tanks.upper"] - recording["truth.upper"]
        self.assertLess(rms(error[10:]), 0.2, "the estimate of what is not measured")

    def test_observer_on_the_measured_record(self):
        self.tactus("run", EXAMPLES / "tanks-observer.yaml", "--report", "observer.h5")
        recording = Recording(self.directory / "observer.h5")
        level, upper = recording["record.level"], recording["tanks.upper"]
        self.assertEqual(len(level), 1024)
        persistence = rms(level[11:] - level[10:-1])
        self.assertGreater(persistence, 0.09, "the data are the measured ones")
        self.assertLessEqual(rms((recording["tanks.prediction"] - level)[10:]), 0.065)
        self.assertGreaterEqual(upper.min(), 0)
        self.assertLessEqual(upper.max(), 10)

    def test_motor_accounts_for_every_beat(self):
        done = self.tactus("run", EXAMPLES / "motor.yaml", "--clock", "virtual", "--for", "2 s", "--report", "motor.h5",
                           "--json")
        summary = json.loads(done.stdout)
        self.assertEqual(summary["beats_run"], 2000)
        self.assertEqual(summary["outcome"], "done")
        recording = Recording(self.directory / "motor.h5")
        for beats in recording.beats.values():
            self.assertEqual(beats.tolist(), list(range(2000)))
        before_the_step = recording["sensor.angle"][1090]
        self.assertLess(abs(before_the_step - recording["setpoint.value"][1090]), 0.05)

    def test_motor_in_real_time_accounts_for_every_beat(self):
        done = self.tactus("run", EXAMPLES / "motor.yaml", "--for", "2 s", "--report", "motor.h5", "--json")
        summary = json.loads(done.stdout)
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], 2000)
        self.assertEqual(summary["latency_ns"]["count"], summary["beats_run"])
        recording = Recording(self.directory / "motor.h5")
        self.assertTrue(recording.complete)
        rows = recording.beats["sensor"]
        self.assertTrue((numpy.diff(rows.astype(int)) > 0).all())
        self.assertEqual(len(rows) + summary["drops"]["beats"], summary["beats_run"])
        overruns = sum(event["value"] for event in recording.events_of("overrun"))
        self.assertEqual(overruns, summary["beats_missed"])


class Interlocks(Experiment):
    def test_trip_keeps_the_pump_off(self):
        self.tactus("run", EXAMPLES / "tanks.yaml", "--for", "1h", "--report", "calm.h5")
        calm = Recording(self.directory / "calm.h5")
        self.assertEqual(calm["overflow.tripped"].max(), 0)
        done = self.tactus("run", EXAMPLES / "tanks.yaml", "--for", "1h", "--report", "high.h5", "--set",
                           "overflow.trip=sensor.level > 5.5 V")
        self.assertRegex(done.stderr, r"interlock overflow tripped on beat \d+")
        recording = Recording(self.directory / "high.h5")
        level, pump, tripped = recording["sensor.level"], recording["drive.pump"], recording["overflow.tripped"]
        cause = numpy.flatnonzero(level > 5.5)[0]
        self.assertEqual(tripped[:cause].max(), 0)
        self.assertEqual(tripped[cause:].min(), 1, "it is latched")
        self.assertTrue((pump[cause:] == 0).all(), "from the very beat on")
        self.assertGreater(pump[cause - 1], 0)
        self.assertGreater(recording["drive.pump.requested"][cause:].max(), 0, "whatever the controller wants")
        event, = recording.events_of("interlock")
        self.assertEqual((event["beat"], event["value"]), (recording.beats["sensor"][cause], 1))


CHAINS = """
generators:
  slow: {plugin: waveform, shape: sine, low: -1 V, high: 1 V, period: 300 ms}
  slower: {plugin: waveform, shape: triangle, low: 0 V, high: 1 V, period: 700 ms}
chains:
  tens: {core: 1, schedule: {every: 10 ms}, components: [slow]}
  twenties: {schedule: {every: 20, offset: 3}, components: [slower]}
"""


class Chains(Experiment):
    """What is computed beside the beat, on its core and on another one."""

    def setUp(self):
        super().setUp()
        motor = (EXAMPLES / "motor.yaml").read_text().replace("generators:\n", CHAINS.split("chains:")[0].lstrip())
        self.file = self.directory / "chains.yaml"
        self.file.write_text(motor + "chains:" + CHAINS.split("chains:")[1])

    def record(self, clock):
        name = f"{clock}.h5"
        done = self.tactus("run", self.file, "--clock", clock, "--for", "1 s", "--report", name, "--json")
        return Recording(self.directory / name), json.loads(done.stdout)

    def test_virtual_time(self):
        first, summary = self.record("virtual")
        self.assertEqual(summary["chain_turns_missed"], 0)
        self.assertEqual(first.beats["slow"].tolist(), list(range(10, 1000, 10)))
        self.assertEqual(first.beats["slower"].tolist(), list(range(23, 1000, 20)))
        turn_before = 2 * numpy.pi * (first.beats["slow"] - 10) / 300
        numpy.testing.assert_allclose(first["slow.value"], numpy.sin(turn_before), atol=1e-9)

    def test_real_time_computes_the_same(self):
        virtual, _ = self.record("virtual")
        real, summary = self.record("real")
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], 1000)
        for component in ("slow", "slower"):
            for beat, value in zip(real.beats[component], real[component + ".value"]):
                at = numpy.flatnonzero(virtual.beats[component] == beat)
                if at.size and summary["beats_missed"] == 0 and summary["chain_turns_missed"] == 0:
                    self.assertEqual(value, virtual[component + ".value"][at[0]])
            self.assertGreater(len(real.beats[component]), 20)

    def test_check_shows_them(self):
        shown = self.tactus("check", self.file).stdout
        self.assertRegex(shown, r"slow +generator +waveform +every 10 beats from 0, chain tens")


class Screen(Experiment):
    def test_quiet_without_a_terminal(self):
        done = self.tactus("run", EXAMPLES / "tanks.yaml", "--for", "1000 beats", "--report", "tanks.h5")
        self.assertEqual(done.stderr, "")
        self.assertIn("tanks: done, beat 999", done.stdout)
        self.assertIn("recording: tanks.h5", done.stdout)

    def test_progress_on_a_terminal(self):
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))  # wide enough for any figure
        run = subprocess.Popen([TACTUS, "run", EXAMPLES / "motor.yaml", "--for", "500 ms", "--report", "motor.h5"],
                               stdout=subprocess.DEVNULL, stderr=terminal, env=self.environment, cwd=self.directory)
        os.close(terminal)
        seen = b""
        try:
            while data := os.read(controller, 4096):
                seen += data
        except OSError:  # the terminal is closed at the other end
            pass
        os.close(controller)
        self.assertEqual(run.wait(), 0)
        self.assertRegex(seen, rb"\rbeat \d+, \d+ ms left \| late p50/p99.9/max [\d.]+/[\d.]+/[\d.e+]+ us \| "
                               rb"overruns \d+, drops 0\x1b")
        self.assertTrue(seen.endswith(b"\r\x1b[K"), "the line is gone at the end")


if __name__ == "__main__":
    unittest.main()
