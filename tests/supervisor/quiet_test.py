"""Where nothing is wrong the supervisor does nothing."""
import json
import os
import signal
import subprocess
import sys
import unittest

from experiment import EXAMPLES, Recording
from rig import PLUGINS, SAFE, RigExperiment, has_real_time

# One of the threads has to take the signal before all of them stand still: on a busy machine that takes a moment.
STOP = """
import os, signal, sys, time
process = int(sys.argv[1])
def state(thread):
    return open(f"/proc/{process}/task/{thread}/stat").read().rsplit(")", 1)[1].split()[0]
os.kill(process, signal.SIGSTOP)
while any(state(thread) != "T" for thread in os.listdir(f"/proc/{process}/task")): time.sleep(0.0002)
time.sleep(0.01)
os.kill(process, signal.SIGCONT)
"""


class Quiet(RigExperiment):
    def supervisor(self):
        return self.client("rig").ask("status")["supervisor"]["pid"]

    def quiet(self, supervisor):
        """It has left, and has neither written nor told anything."""
        self.assertTrue(self.gone(supervisor))
        self.assertEqual(list(self.directory.glob("*crash*")), [])
        self.assertFalse(any(note.safe for note in self.rig.notes()), "the engine made them safe itself")
        for channel, value in SAFE.items():
            self.assertEqual(self.rig.outputs()[channel], value)
        self.assertTrue(Recording(self.directory / "rig.h5").complete)

    def test_deliberate_ends(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            run = self.start_rig()
            supervisor = self.supervisor()
            self.wait_beats("rig", 50)
            out, err = self.end(run, send=number)
            self.assertNotIn("supervisor", err)
            self.quiet(supervisor)
            (self.directory / "rig.h5").unlink()

    def test_stop(self):
        run = self.start_rig()
        supervisor = self.supervisor()
        self.tactus("stop", "-n", "rig")
        run.communicate()
        self.quiet(supervisor)

    def test_length(self):
        self.tactus("run", self.experiment(), "--arm", "--plugin-path", PLUGINS, "--for", "200 beats")
        self.assertEqual(list(self.directory.glob("*crash*")), [])

    def test_fed_while_paused_and_in_fault(self):
        """Another run is the clock: it counts several times what the supervisor would stand."""
        clock = self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", name="clock")
        run = self.start_rig()
        supervisor = self.supervisor()
        client = self.client("rig")
        self.assertTrue(client.ask("pause")["ok"])
        self.wait_beats("clock", 300)
        self.assertTrue(client.ask("resume")["ok"])
        fault = {"drive.valve.limits": "[0 V, 2 V]", "drive.valve.on_limit": "fault"}
        self.assertTrue(client.ask("set", values=fault)["ok"])
        self.wait_status("rig", lambda status: status["state"] == "fault" and status["last_fault"])
        self.wait_beats("clock", 300)
        self.assertTrue(client.ask("set", values={"drive.valve.on_limit": "clamp"})["ok"])
        self.assertTrue(client.ask("reset")["ok"])
        self.wait_beats("rig", 20)
        self.end(run)
        self.quiet(supervisor)
        self.end(clock)

    @unittest.skipUnless(has_real_time(), "on a machine without real-time priorities a moment may take any time")
    def test_stopped_for_a_moment(self):
        """10 ms are no stall: the beats that were missed are counted, and that is all."""
        run = self.start_rig("--json")
        supervisor = self.supervisor()
        self.wait_beats("rig", 50)
        for _ in range(5):
            before = self.client("rig").ask("status")
            subprocess.run(["chrt", "-f", "90", sys.executable, "-c", STOP, str(run.pid)], check=True)
            self.wait_beats("rig", 20)
            after = self.client("rig").ask("status")
            self.assertGreaterEqual(after["beats_missed"] - before["beats_missed"], 8)
            self.assertGreater(after["overruns"], before["overruns"])
        out, err = self.end(run)
        summary = json.loads(out)
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], summary["beat"] + 1)
        self.assertEqual(summary["faults"], 0)
        self.quiet(supervisor)
        overruns = Recording(self.directory / "rig.h5").events_of("overrun")
        self.assertEqual(sum(event["value"] for event in overruns), summary["beats_missed"])

    def test_killed_after_the_end(self):
        """What the engine has made safe itself is left alone, whatever becomes of its process."""
        run = self.start_rig()
        supervisor = self.supervisor()
        self.wait_beats("rig", 50)
        os.kill(supervisor, signal.SIGSTOP)  # so that the run can't take its leave
        run.send_signal(signal.SIGINT)
        self.wait(self.recording_is_complete)
        run.kill()
        self.assertEqual(run.wait(), -signal.SIGKILL)
        os.kill(supervisor, signal.SIGCONT)
        run.communicate()
        self.wait(lambda: self.gone(supervisor))
        self.assertEqual(list(self.directory.glob("*crash*")), [])
        self.assertFalse(any(note.safe for note in self.rig.notes()))

    def recording_is_complete(self):
        try:
            return Recording(self.directory / "rig.h5").complete
        except OSError:  # it is still being written
            return False

    def test_slow_beats(self):
        slow = self.experiment(**{"period: 1 ms": "period: 1 s", "period: 100 ms": "period: 10 s"})
        run = self.start_rig(path=slow)
        supervisor = self.supervisor()
        self.wait_beats("rig", 2)
        self.end(run)
        self.quiet(supervisor)


class Choice(RigExperiment):
    def check(self, *arguments, **options):
        path = self.experiment(**options)
        return json.loads(self.tactus("check", path, "--plugin-path", PLUGINS, "--json", *arguments).stdout)

    def test_check_names_what_nothing_makes_safe(self):
        self.assertEqual(self.check()["unguarded"], [])
        names = ["drive.valve", "drive.heater"]  # the brake is to be left alone
        unguarded = self.check(driver="bench-rig/unguarded")["unguarded"]
        self.assertEqual([each["output"] for each in unguarded], names)
        self.assertIn("no safe writer", unguarded[0]["reason"])
        unguarded = self.check("--set", "heartbeat.supervisor=off")["unguarded"]
        self.assertEqual([each["output"] for each in unguarded], names)
        self.assertIn("no supervisor", unguarded[0]["reason"])
        text = self.tactus("check", self.experiment(driver="bench-rig/unguarded"), "--plugin-path", PLUGINS).stdout
        self.assertIn("nothing makes drive.valve safe if the run's process dies", text)

    def test_unguarded_outputs_are_told(self):
        run = self.start_rig(path=self.experiment(driver="bench-rig/unguarded"))
        self.assertEqual(self.client("rig").ask("status")["supervisor"]["unguarded"], ["drive.valve", "drive.heater"])
        run.kill()
        report = self.crash_report()
        out, err = run.communicate()
        self.assertIn("drive.valve: nothing makes it safe", err)
        self.assertIn("2 of its outputs are NOT SAFE", err)
        self.assertEqual([output["result"] for output in report["outputs"]], ["unguarded", "unguarded", "held"])
        self.assertFalse(any(note.safe for note in self.rig.notes()))

    def test_off(self):
        run = self.start_rig("--supervisor", "off")
        self.assertIsNone(self.client("rig").ask("status")["supervisor"])
        out, err = self.end(run)
        self.assertIn("there is no supervisor", err)

    def test_simulation_needs_none_and_may_have_one(self):
        for use, present in (("auto", False), ("on", True)):
            run = self.start(EXAMPLES / "motor.yaml", "--report", f"{use}.h5", "--set", f"heartbeat.supervisor={use}", name="motor")
            self.assertEqual(self.client("motor").ask("status")["supervisor"] is not None, present)
            self.end(run)

    def test_it_is_not_for_people(self):
        done = subprocess.run([os.environ["TACTUS"], "supervise", "me"], capture_output=True, text=True, close_fds=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("tactus run", done.stderr)
        self.assertNotIn("supervise", self.tactus("--help").stdout)


if __name__ == "__main__":
    unittest.main()
