"""The supervisor itself dies: the run does not go on as if nothing had happened."""
import os
import signal
import unittest

from rig import SAFE, RigExperiment


class SupervisorLost(RigExperiment):
    def lose(self, run):
        supervisor = self.client("rig").ask("status")["supervisor"]
        self.assertEqual(supervisor, {"pid": supervisor["pid"], "alive": True, "unguarded": []})
        self.wait_beats("rig", 50)
        os.kill(supervisor["pid"], signal.SIGKILL)

    def test_outputs_go_safe_and_stay_so(self):
        run = self.start_rig()
        self.lose(run)
        status = self.wait_status("rig", lambda status: status["state"] == "fault" and status["last_fault"])
        self.assertFalse(status["supervisor"]["alive"])
        self.assertIn("supervisor", status["last_fault"]["reason"])
        for channel, value in SAFE.items():
            self.assertEqual(self.rig.outputs()[channel], value)
        reply = self.client("rig").ask("reset")
        self.assertFalse(reply["ok"])
        self.assertIn("the supervisor is gone", reply["error"])
        self.assertEqual(self.client("rig").ask("set", values={"wave.low": "4.5 V"})["refusal"], "state")
        written = self.rig.count()
        out, err = self.end(run, status=1)
        self.assertIn("the supervisor is gone", err)
        self.assertTrue(all(note.value == SAFE.get(note.channel, note.value) for note in self.rig.notes(written)))

    def test_a_run_of_a_given_length_fails(self):
        run = self.start_rig("--for", "1 h")
        self.lose(run)
        out, err = run.communicate()
        self.assertEqual(run.returncode, 1, err)

    def test_a_supervisor_that_stands_still_does_not_hold_up_the_end(self):
        run = self.start_rig()
        supervisor = self.client("rig").ask("status")["supervisor"]["pid"]
        os.kill(supervisor, signal.SIGSTOP)
        try:
            self.end_without_reading(run)
        finally:
            os.kill(supervisor, signal.SIGKILL)

    def end_without_reading(self, run):
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(), 0)


if __name__ == "__main__":
    unittest.main()
