"""A run of hardware is killed and resumed: only if the hardware is as it was, and with safe outputs until it is armed."""
import signal
import struct
import subprocess
import unittest

from experiment import TACTUS

from rig import EXPERIMENT, PLUGINS, SAFE, RigExperiment

VALVE = 0  # whose output the scanner reads back
VALVE_PLACE = 16  # in the rig's memory


class Resume(RigExperiment):
    def killed(self):
        text = EXPERIMENT.replace("DRIVER", "bench-rig").replace("low: 4 V, high: 6 V", "low: 5 V, high: 5.01 V")
        text = text.replace("file: rig.h5}", "file: rig.h5, checkpoint: {every: 20 ms}}\n"
                                             "resume: {within: {sensor.back: 0.1 V}}")
        run = self.start_rig(path=self.write("rig.yaml", text))
        self.wait_beats("rig", 1000)
        run.send_signal(signal.SIGKILL)
        self.crash_report()
        run.communicate()
        self.assertEqual(self.rig.outputs()[VALVE], SAFE[VALVE])

    def test_another_measurement_is_no_basis(self):
        self.killed()
        said = self.tactus("resume", "rig.h5", "--plugin-path", PLUGINS, status=1).stderr
        self.assertRegex(said, r"not resumed: sensor\.back is 1 V, and was 5\.?\d* V at the checkpoint, beat \d+: "
                               r"allowed are 0\.1 V between them")
        self.assertFalse((self.directory / "rig-2.h5").exists())

    def test_outputs_stay_safe_until_armed(self):
        self.killed()
        struct.pack_into("<d", self.rig.memory, VALVE_PLACE, 5.005)  # somebody puts the valve back by hand
        before = self.rig.count()
        run = subprocess.Popen([TACTUS, "resume", "rig.h5", "--plugin-path", PLUGINS, "--name", "rig"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment, cwd=self.directory)
        self.runs.append(run)
        self.wait(lambda: run.poll() is not None or self.is_served("rig"))
        self.assertIsNone(run.poll(), "the run has ended already")
        self.assertTrue(self.wait_status("rig", lambda status: status["state"] == "running")["inhibited"])
        self.wait_beats("rig", 100)
        values = {note.value for note in self.rig.notes(before) if note.channel == VALVE}
        self.assertEqual(values, {SAFE[VALVE]})
        self.tactus("arm", "-n", "rig")
        self.wait(lambda: 4.9 < self.rig.outputs()[VALVE] < 5.1)
        self.end(run)


if __name__ == "__main__":
    unittest.main()
