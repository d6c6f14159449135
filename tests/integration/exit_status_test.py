"""What the command says to whoever started it: 0 done, 1 failed, 2 the input is wrong, 3 the machine can't."""
import json
import os
import signal
import subprocess
import unittest

from experiment import EXAMPLES, Experiment, Recording

LOW_LIMIT = ["--set", "drive.pump.limits=[0 V, 1 V]", "--set", "drive.pump.on_limit=fault"]


class ExitStatus(Experiment):
    def run_tanks(self, *arguments, status=0):
        return self.tactus("run", EXAMPLES / "tanks.yaml", "--report", "tanks.h5", *arguments, status=status)

    def test_done(self):
        self.run_tanks("--for", "10 beats")

    def test_fault(self):
        done = self.run_tanks("--for", "100 beats", *LOW_LIMIT, status=1)
        self.assertIn("fault at beat", done.stderr)
        self.assertIn("drive.pump", done.stderr)
        recording = Recording(self.directory / "tanks.h5")
        self.assertTrue(recording.complete)
        faults = recording.events_of("fault")
        self.assertEqual(len(faults), 1)
        for component, beats in recording.beats.items():
            self.assertEqual(beats[-1], faults[0]["beat"], f"{component} in the beat of the fault")
        self.assertEqual(recording["drive.pump"][-1], 0, "the safe value was applied")
        self.assertGreater(recording["drive.pump.requested"][-1], 1, "this was requested")

    def test_deadline_policy_stop(self):
        done = self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", "--for", "1 s", "--set",
                           "heartbeat.period=1 us", "--set", "heartbeat.overrun=stop", "--set", "setpoint.period=1 s",
                           status=1)
        self.assertIn("beats were missed", done.stderr)

    def test_wrong_value(self):
        done = self.run_tanks("--set", "loop.ki=5 V", status=2)
        self.assertIn("--set loop.ki=5 V: error:", done.stderr)
        self.assertFalse((self.directory / "tanks.h5").exists())

    def test_position_in_the_file(self):
        text = (EXAMPLES / "tanks.yaml").read_text()
        line = next(number for number, each in enumerate(text.splitlines(), 1) if "kp: 0.9" in each)
        path = self.write("wrong.yaml", text.replace("kp: 0.9", "kpp: 0.9"))
        done = self.tactus("run", path, status=2)
        self.assertIn(f"{path}:{line}:5: error: ", done.stderr)
        findings = json.loads(self.tactus("check", path, "--json", status=2).stdout)
        self.assertFalse(findings["ok"])
        self.assertIn(line, [finding["line"] for finding in findings["findings"]])

    def test_no_such_file(self):
        self.tactus("run", "nothing.yaml", status=2)

    def test_arguments(self):
        self.tactus("run", status=2)
        self.tactus("frobnicate", status=2)
        self.tactus("--help")
        self.run_tanks("--for", "ten", status=2)
        self.run_tanks("--name", "../else", status=2)
        self.run_tanks("--clock", "virtual", "--require-realtime", status=2)

    def test_recordings_are_not_overwritten(self):
        self.run_tanks("--for", "10 beats")
        before = (self.directory / "tanks.h5").read_bytes()
        self.assertIn("tanks.h5", self.run_tanks("--for", "10 beats", status=2).stderr)
        self.assertEqual((self.directory / "tanks.h5").read_bytes(), before)

    def test_device_that_cannot_be_opened(self):
        text = (EXAMPLES / "tanks-observer.yaml").read_text()
        text = text.replace("data/", f"{EXAMPLES}/data/").replace("csv, file:", "csv, outputs: out, output: none/out.csv, file:")
        done = self.tactus("run", self.write("device.yaml", text), status=3)
        self.assertIn("device file:", done.stderr)
        self.assertEqual(list(self.directory.glob("*.h5")), [], "nothing was begun")

    def test_real_time_that_is_not_to_be_had(self):
        command = ["prlimit", "--rtprio=0"]
        if os.geteuid() == 0:  # who would have it all the same
            command += ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"]
        motor = [os.environ["TACTUS"], "run", str(EXAMPLES / "motor.yaml"), "--for", "100 ms", "--report"]
        done = self.execute([*command, *motor, "refused.h5", "--require-realtime"])
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("SCHED_FIFO priority 80: refused", done.stderr)
        self.assertFalse((self.directory / "refused.h5").exists())
        done = self.execute([*command, *motor, "warned.h5"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("SCHED_FIFO priority 80: refused"), 1)

    def execute(self, command):
        return subprocess.run(command, capture_output=True, text=True, env=self.environment, cwd=self.directory, timeout=120)

    def test_check_and_describe(self):
        order = json.loads(self.tactus("check", EXAMPLES / "tanks.yaml", "--json").stdout)
        self.assertEqual([step["component"] for step in order["order"]],
                         ["sensor", "truth", "setpoint", "tanks", "loop", "overflow", "drive"])
        self.assertEqual(order["outputs"][0]["needs"], ["drive", "loop", "overflow", "sensor", "setpoint"])
        self.assertEqual(order["needed_by_no_output"], ["truth", "tanks"])
        names = [each["name"] for each in json.loads(self.tactus("plugins", "--json").stdout)["plugins"]]
        self.assertIn("simulator/dc-motor", names)
        self.assertEqual(json.loads(self.tactus("describe", "pid", "--json").stdout)["name"], "pid")
        self.assertIn("did you mean `pid`", self.tactus("describe", "pidd", status=2).stderr)


class EndBySignal(Experiment):
    def end_by(self, number):
        run = self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", name="motor")
        self.wait_beats("motor", 100)
        self.end(run, send=number)
        recording = Recording(self.directory / "motor.h5")
        self.assertTrue(recording.complete)
        self.assertGreaterEqual(len(recording.beats["drive"]), 100)
        self.assertEqual(recording.events[-1]["text"], b"ready")
        self.assertEqual(list((self.directory / "tactus").iterdir()), [], "no trace is left")

    def test_interrupt(self):
        self.end_by(signal.SIGINT)

    def test_terminate(self):
        self.end_by(signal.SIGTERM)

    def test_slow_beat_does_not_hold_up_the_end(self):
        experiment = self.write("slow.yaml", "tactus: 1\nheartbeat: {period: 1 h}\n"
                                             "generators: {one: {plugin: waveform, shape: constant, value: 1}}\n")
        run = self.start(experiment, name="slow", state="")
        self.end(run)

    def test_virtual_time(self):
        run = self.start(EXAMPLES / "tanks.yaml", "--report", "tanks.h5", name="tanks")
        self.wait_beats("tanks", 1000)
        self.end(run)
        self.assertTrue(Recording(self.directory / "tanks.h5").complete)


if __name__ == "__main__":
    unittest.main()
