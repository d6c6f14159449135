"""What happens to a run, and to what it leaves, when its recorder or the wall clock play tricks."""
import json
import os
import struct
import subprocess
import unittest

import h5py
import numpy

from experiment import EXAMPLES, TACTUS, Experiment, Recording

YEAR = 365 * 24 * 3600  # s


def can_mount():
    return subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


class NoRoom(Experiment):
    """The loop goes on, the user is told at once and by the exit status, what was recorded until then is readable."""

    def begin(self, *command):
        run = subprocess.Popen([*map(str, command)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=self.environment, cwd=self.directory)
        self.runs.append(run)
        self.wait(lambda: run.poll() is not None or self.is_served("motor"))
        self.assertIsNone(run.poll(), "the run has ended already")
        return run

    def check(self, run, told, path):
        problem = self.wait_status("motor", lambda status: status["recording_problem"])
        self.assertEqual((problem["state"], problem["faults"]), ("running", 0))
        self.wait_beats("motor", 300)
        self.assertTrue(self.client("motor").ask("stop")["ok"])
        out, err = run.communicate()
        self.assertEqual(run.returncode, 3, err)
        self.assertIn(told, err)
        self.assertIn("the run goes on", err)
        summary = json.loads(out)
        self.assertEqual(summary["outcome"], "done")
        self.assertEqual(summary["faults"], 0)
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], summary["beat"] + 1)
        self.assertGreaterEqual(summary["recorded"]["beats_unwritten"], 300)
        self.assertEqual(summary["recorded"]["beats"] + summary["drops"]["beats"], summary["beats_run"])
        subprocess.run(["h5dump", "-d", "/frames/drive/values", str(path)], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(path, "r") as file:
            self.assertFalse(file.attrs["complete"])
            rows = {name: len(group["beat"]) for name, group in file["frames"].items()}
            beats = file["frames/drive/beat"][:].astype(int)
            self.assertEqual(len(file["frames/drive/values"]), len(beats))
        self.assertGreater(min(rows.values()), 50)
        self.assertTrue((numpy.diff(beats) > 0).all())
        self.assertLess(beats[-1], summary["beat"] - 300)

    def test_disk_full(self):
        if not can_mount():
            self.skipTest("this user may not mount a small disk")
        disk = self.directory / "disk"
        disk.mkdir()
        # Nobody else sees the disk, so what is on it is fetched before it goes away.
        script = f'mount -t tmpfs -o size=400k none {disk} && "$@"; status=$?; cp {disk}/motor.h5 .; exit $status'
        run = self.begin("unshare", "-m", "sh", "-c", script, "sh", TACTUS, "run", EXAMPLES / "motor.yaml", "--name", "motor",
                         "--report", disk / "motor.h5", "--json")
        self.check(run, "No space left on device", self.directory / "motor.h5")

    def test_file_that_may_not_grow(self):
        run = self.begin("prlimit", "--fsize=400000", TACTUS, "run", EXAMPLES / "motor.yaml", "--name", "motor", "--report",
                         "motor.h5", "--json")
        self.check(run, "File too large", self.directory / "motor.h5")


@unittest.skipUnless("TACTUS_TEST_SLOW_DISK" in os.environ, "the sanitizers want to be loaded first")
class SlowDisk(Experiment):
    def test_the_loop_does_not_wait_and_nothing_is_lost(self):
        """Each write takes a tenth of a second, a hundred beats."""
        numbers = self.directory / "disk"
        numbers.write_bytes(struct.pack("<qq", 0, 0))
        self.environment |= {"SLOW_DISK": str(numbers), "LD_PRELOAD": os.environ["TACTUS_TEST_SLOW_DISK"]}
        run = self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", "--json", name="motor")

        def slow_writes():
            return struct.unpack("<qq", numbers.read_bytes())[1]

        with open(numbers, "r+b") as file:
            file.write(struct.pack("<q", 100))
        before = slow_writes()
        begun = self.client("motor").ask("status")["beats_run"]
        self.wait(lambda: slow_writes() >= before + 20)
        ran = self.client("motor").ask("status")["beats_run"] - begun
        with open(numbers, "r+b") as file:
            file.write(struct.pack("<q", 0))
        out, err = self.end(run)
        summary = json.loads(out)
        self.assertGreater(ran, 500, "beats in 2 s, on whatever machine")
        self.assertEqual((summary["faults"], summary["drops"]["beats"]), (0, 0))
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], summary["beat"] + 1)
        recording = Recording(self.directory / "motor.h5")
        self.assertTrue(recording.complete)
        self.assertEqual(len(recording.beats["drive"]), summary["beats_run"])


@unittest.skipUnless("TACTUS_TEST_CLOCK" in os.environ, "the sanitizers want to be loaded first")
class WallClock(Experiment):
    """It dates the recording, and nothing else depends on it."""

    def setUp(self):
        super().setUp()
        self.step_file = self.directory / "step"
        self.step(0)
        self.environment |= {"STEPPED_CLOCK": str(self.step_file), "LD_PRELOAD": os.environ["TACTUS_TEST_CLOCK"]}

    def step(self, seconds):
        with open(self.step_file, "r+b" if self.step_file.exists() else "wb") as file:
            file.write(struct.pack("<q", seconds))

    def test_steps_of_a_year(self):
        run = self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", "--json", name="motor")
        rows = 0
        for seconds in (0, YEAR, -YEAR):
            self.step(seconds)
            self.wait_beats("motor", 1000)  # two rows of /timing
        out, err = self.end(run)
        summary = json.loads(out)
        self.assertEqual(summary["faults"], 0)
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], summary["beat"] + 1)
        self.assertLess(summary["beat"], 3600_000, "an hour, on a very slow machine")
        with h5py.File(self.directory / "motor.h5", "r") as file:
            timing = file["timing"][:]
            beats = file["frames/drive/beat"][:].astype(int)
        self.assertTrue((numpy.diff(beats) > 0).all())
        self.assertTrue((timing["time"].astype(int) == timing["beat"].astype(int) * 1_000_000).all())
        self.assertTrue((numpy.diff(timing["monotonic"].astype(int)) > 0).all())
        offset = (timing["utc"].astype(int) - timing["monotonic"].astype(int)) * 1e-9
        years = numpy.round((offset - offset[0]) / YEAR)
        self.assertEqual(sorted(set(years)), [-1, 0, 1], "each row is dated by the clock of its moment")
        self.assertLess(numpy.abs(offset - offset[0] - years * YEAR).max(), 60)

    def test_virtual_time_knows_none(self):
        recordings = []
        for seconds in (0, 30 * YEAR):
            self.step(seconds)
            self.tactus("run", EXAMPLES / "tanks.yaml", "--for", "500 beats", "--report", f"{seconds}.h5")
            recordings.append(Recording(self.directory / f"{seconds}.h5"))
        self.assertEqual(recordings[0].raw, recordings[1].raw)


class Flood(Experiment):
    def test_more_interlocks_at_once_than_can_be_told(self):
        interlocks = "".join(f"  i{number}: {{trip: 'ramp.value > 5', latch: false}}\n" for number in range(100))
        path = self.write("flood.yaml", "tactus: 1\nheartbeat: {period: 1 ms, clock: virtual}\ngenerators:\n"
                          "  ramp: {plugin: waveform, shape: square, low: 0, high: 10, period: 20 ms}\n"
                          f"interlocks:\n{interlocks}report: {{file: flood.h5}}\n")
        done = self.tactus("run", path, "--for", "20 beats", "--json")
        summary = json.loads(done.stdout)
        recording = Recording(self.directory / "flood.h5")
        told, lost = len(recording.events_of("interlock")), sum(event["value"] for event in recording.events_of("gap"))
        moves = 2 if recording["i0.tripped"][0] else 1  # the first beat is one, if the wave begins high
        self.assertEqual((told, lost), (32 * moves, 68 * moves))
        self.assertEqual(summary["drops"]["events"], lost)
        self.assertEqual(sum(recording[f"i{number}.tripped"].sum() for number in range(100)), 1000)


if __name__ == "__main__":
    unittest.main()
