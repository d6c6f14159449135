"""A run is killed, and `tactus resume` goes on from the last checkpoint in its recording."""
import signal
import unittest

import h5py

from experiment import EXAMPLES, Experiment, Recording

PLANT = """
tactus: 1
name: plant
heartbeat: {period: 3 Hz, clock: virtual}
devices:
  rig: {driver: simulator/cascaded-tanks, noise: 20 mV, seed: 7}
scanners:
  sensor:
    device: rig
    channels:
      level: {channel: ai0, unit: V, outlier: {jump: 5 V/s}, on_bad: {hold: 20 s, then: fault}}
generators:
  setpoint: {plugin: waveform, shape: square, low: 3 V, high: 6 V, period: 700 s}
observers:
  tanks: {plugin: cascaded-tanks-ekf, inputs: {level: sensor.level, pump: drive.pump}, schedule: {every: 5, offset: 2}}
controllers:
  loop:
    plugin: pid
    inputs: {setpoint: {signal: setpoint.value, delay: 7, initial: 3 V}, measurement: sensor.level, applied: drive.pump}
    kp: 0.9
    ki: 0.0058 1/s
    kd: 20 s
    filter: 12 s
interlocks:
  overflow: {trip: "sensor.level > 9.5 V or not good(sensor.level)", action: safe}
actuators:
  drive:
    device: rig
    channels:
      pump: {channel: ao0, unit: V, from: loop.output, limits: [0 V, 10 V], slew: 1 V/s, safe: 0 V}
modes:
  work:
    steady: {active: [loop], set: {loop.kp: 1.1}, timeout: {after: 130 s, go: gentle}}
    gentle: {active: [loop], go: {rest: sensor.level > 5 V}, timeout: {after: 170 s, go: rest}}
    rest: {outputs: {drive.pump: safe}, timeout: {after: 40 s, go: steady}}
report: {file: plant.h5, checkpoint: {every: 100}}
resume: {within: {sensor.level: 0.5 V}}
"""


def states(path):
    """The checkpoints: their beats, and each number by its name."""
    with h5py.File(path, "r") as file:
        group = file["states"]
        return group["beat"][:], {name: group["values"][:, index]
                                  for index, name in enumerate(group["values"].attrs["names"])}


class Resume(Experiment):
    def kill(self, run):
        run.send_signal(signal.SIGKILL)
        run.communicate()

    def rows(self, path):
        """Of a dataset of a recording that is being written; none before all of it has been made."""
        try:
            with h5py.File(self.directory / "plant.h5", "r", swmr=True) as file:
                return len(file[path])
        except (OSError, KeyError):
            return 0

    def killed(self, text=PLANT, look_at="states/values"):
        run = self.start(self.write("plant.yaml", text), name="plant")
        self.wait(lambda: self.rows(look_at) >= 3)
        self.kill(run)
        self.tactus("recover", "plant.h5")

    def test_in_virtual_time_nothing_tells_that_it_was_interrupted(self):
        self.killed()
        saved, _ = states(self.directory / "plant.h5")
        first = int(saved[-1]) + 1
        self.assertEqual(saved.tolist(), list(range(0, first, 100)))
        self.tactus("resume", "plant.h5", "--for", "950 beats")
        self.tactus("run", "plant.yaml", "--for", f"{first + 950} beats", "--report", "whole.h5")
        resumed, whole = Recording(self.directory / "plant-2.h5"), Recording(self.directory / "whole.h5")
        self.assertTrue(resumed.complete)
        self.assertEqual(resumed.beats["sensor"].tolist(), list(range(first, first + 950)))
        self.assertEqual(set(resumed["work.mode"]), {0, 1, 2}, "it went through all its modes")
        self.assertEqual(resumed.raw.keys(), whole.raw.keys())
        with h5py.File(self.directory / "whole.h5") as file, h5py.File(self.directory / "plant-2.h5") as other:
            for name in resumed.raw:
                component, data = name.split("/")
                rows = whole.beats[component] >= first
                self.assertEqual(file["frames"][component][data][:][rows].tobytes(), resumed.raw[name], name)
            rows = file["states/beat"][:] >= first
            for name in ("beat", "time", "values", "check"):
                self.assertEqual(file["states"][name][:][rows].tobytes(), other["states"][name][:].tobytes(), name)

    def test_a_resumed_run_is_resumed_again_and_nothing_is_overwritten(self):
        self.killed()
        before = (self.directory / "plant.h5").read_bytes()
        for name in ("plant-2.h5", "plant-3.h5"):
            self.tactus("resume", "plant.h5", "--for", "300 beats")
            self.assertTrue(Recording(self.directory / name).complete)
        self.assertEqual((self.directory / "plant.h5").read_bytes(), before)
        self.tactus("resume", "plant-3.h5", "--for", "300 beats")
        third, fourth = states(self.directory / "plant-3.h5")[0], Recording(self.directory / "plant-4.h5")
        self.assertEqual(fourth.beats["sensor"][0], third[-1] + 1)

    def test_in_real_time_the_loop_goes_on_without_a_bump(self):
        text = (EXAMPLES / "motor.yaml").read_text() + "resume: {within: {sensor.angle: 1 rad, sensor.current: 20 A}}\n"
        # The set-point steps at 100, 600, 1100 ms ...: no checkpoint while the output is at its limit.
        text = text.replace("name: motor", "name: plant").replace("file: motor-%Y%m%dT%H%M%SZ.h5",
                                                                  "file: plant.h5, checkpoint: {every: 50 ms, offset: 40 ms}")
        self.killed(text)
        before = Recording(self.directory / "plant.h5")
        self.tactus("resume", "plant.h5", "--for", "200 beats")
        after = Recording(self.directory / "plant-2.h5")
        beats, saved = states(self.directory / "plant.h5")
        self.assertEqual(after.beats["loop"][0], max(beat[-1] for beat in before.beats.values()) + 1)
        elapsed = (int(after.beats["loop"][0]) - int(beats[-1])) * 1e-3
        state = {name: saved[f"loop.{name}"][-1] for name in ("integral", "error", "unlimited", "kp", "b")}
        self.assertEqual(state["unlimited"], saved["loop.limited"][-1], "it was not at a limit, for the formula's sake")
        self.assertNotEqual(state["integral"], 0)
        integral = state["integral"] + 40 * state["error"] * elapsed
        self.assertAlmostEqual(after["loop.integral"][0], integral, 9)
        proportional = state["kp"] * (state["b"] * after["setpoint.value"][0] - after["sensor.angle"][0])
        self.assertAlmostEqual(after["loop.proportional"][0], proportional, 9)
        self.assertAlmostEqual(after["loop.output"][0], proportional + integral + after["loop.derivative"][0], 9)

    def test_it_has_the_parameters_that_were_set(self):
        run = self.start(self.write("plant.yaml", PLANT), name="plant")
        self.tactus("set", "loop.kp=0.5", "-n", "plant")
        rows = self.rows("states/values")
        self.wait(lambda: self.rows("states/values") > rows)
        self.kill(run)
        self.tactus("resume", "plant.h5", "--for", "200 beats")  # which recovers the recording first
        _, saved = states(self.directory / "plant-2.h5")
        self.assertEqual(set(saved["loop.kp"]), {0.5})

    def test_without_bounds_it_says_what_to_give(self):
        self.killed(PLANT.replace("resume: {within: {sensor.level: 0.5 V}}", ""))
        said = self.tactus("resume", "plant.h5", status=2).stderr
        self.assertIn('--within "sensor.level=0.5 V"', said)
        self.assertIn("resume: {within: {sensor.level: 0.5 V}}", said)
        self.assertFalse((self.directory / "plant-2.h5").exists())
        self.tactus("resume", "plant.h5", "--within", "sensor.level=0.5 V", "--for", "10 beats")

    def test_check_tells_what_is_saved(self):
        file = self.write("plant.yaml", PLANT)
        self.assertRegex(self.tactus("check", file).stdout, r"state is saved every 100 beats from 0: \d\d+ numbers")
        said = self.tactus("check", file, "--set", "report.checkpoint={every: 1.1 s}", status=2).stderr
        self.assertIn("`every` is 1.1 s, which is no whole multiple of the period", said)

    def test_what_cannot_be_resumed(self):
        self.killed(PLANT.replace(", checkpoint: {every: 100}", ""), look_at="frames/loop/values")
        self.assertIn("it has no checkpoint", self.tactus("resume", "plant.h5", status=2).stderr)
        self.assertIn("RECORDING", self.tactus("resume", "--for", "10s", status=2).stderr)
        self.assertIn("had been closed properly", self.tactus("recover", "plant.h5").stdout)
        self.assertIn("not an HDF5 file", self.tactus("recover", "plant.yaml", status=2).stderr)
        self.assertIn("not an HDF5 file", self.tactus("resume", "plant.yaml", status=2).stderr)
        self.assertIn("No such file", self.tactus("resume", "nothing.h5", status=2).stderr)

    def test_one_that_still_runs_is_left_alone(self):
        self.start(self.write("plant.yaml", PLANT), name="plant")
        self.wait_beats("plant", 1000)
        self.assertIn("a running process writes it", self.tactus("resume", "plant.h5", status=2).stderr)
        self.wait_beats("plant", 1000)


if __name__ == "__main__":
    unittest.main()
