"""A run that goes on without the process that began it."""
import json
import os
import signal
import unittest

from experiment import EXAMPLES, Recording
from rig import PLUGINS, RigExperiment


class Detach(RigExperiment):
    def detach(self, *arguments, status=0):
        return self.tactus("run", *arguments, "--detach", status=status)

    def test_it_comes_back_when_the_run_has_started(self):
        done = self.detach(EXAMPLES / "motor.yaml", "--report", "motor.h5", "--name", "motor")
        status = self.wait_status("motor", lambda status: status["state"] == "running")
        self.assertIn(f"process {status['pid']} runs detached", done.stdout)
        self.assertEqual(os.getsid(status["pid"]), status["pid"], "a session of its own")
        os.kill(status["pid"], signal.SIGHUP)
        self.wait_beats("motor", 50)
        summary = json.loads(self.tactus("stop", "-n", "motor", "--json").stdout)
        self.assertEqual(summary["outcome"], "done")
        self.wait(lambda: self.gone(status["pid"]))
        self.assertTrue(Recording(self.directory / "motor.h5").complete)
        self.assertIn("motor: done", (self.directory / "tactus" / "motor.log").read_text())

    def test_it_comes_back_with_the_error(self):
        self.detach(EXAMPLES / "motor.yaml", "--set", "loop.kp=1 A", status=2)
        (self.directory / "motor.h5").touch()
        done = self.detach(EXAMPLES / "motor.yaml", "--report", "motor.h5", status=2)
        self.assertIn("a recording is never overwritten", done.stderr)
        self.assertEqual(done.stdout, "")
        missing = self.experiment(**{"rig.memory": "nothing"})
        done = self.detach(missing, "--plugin-path", PLUGINS, status=3)
        self.assertIn("the rig is not there", done.stderr)
        first = self.start(EXAMPLES / "motor.yaml", "--report", "first.h5", name="motor")
        done = self.detach(EXAMPLES / "motor.yaml", "--report", "second.h5", "--name", "motor", status=2)
        self.assertIn("a run named `motor` is there already", done.stderr)
        self.end(first)

    def test_a_crash_is_told_in_the_log(self):
        self.detach(self.experiment(), "--arm", "--plugin-path", PLUGINS, "--name", "rig")
        status = self.wait_status("rig", lambda status: status["beats_run"] > 20)
        os.kill(status["pid"], signal.SIGKILL)
        report = self.crash_report()
        self.check_outputs(status["pid"])
        self.assertEqual(report["pid"], status["pid"])
        log = self.directory / "tactus" / "rig.log"
        self.wait(lambda: "rig.crash.txt" in log.read_text())
        self.assertIn("its outputs are safe", log.read_text())


if __name__ == "__main__":
    unittest.main()
