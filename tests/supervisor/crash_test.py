"""The process of a run dies, or stalls, at any moment: its outputs are safe soon after, and stay so.

Each blow falls at 3 random moments, or as many as TACTUS_CRASH_ROUNDS says.
"""
import signal
import time
import unittest

from crash import DISTURBED, CrashExperiment


class Crash(CrashExperiment):
    def blow(self, number):
        """Sends a signal at a random moment of a run."""
        run = self.start_rig()
        moment = self.random.randrange(3 * 200, 3 * 1500)  # in writes: three outputs
        self.wait(lambda: self.rig.count() > moment)
        since_ns = time.monotonic_ns()
        run.send_signal(number)
        return run, since_ns

    def test_kill(self):
        def once():
            run, since_ns = self.blow(signal.SIGKILL)
            report = self.conclude(run, since_ns)
            self.assertEqual((report["reason"]["kind"], report["reason"]["signal"]), ("killed", signal.SIGKILL))
            self.assertEqual(run.returncode, -signal.SIGKILL)
        self.rounds(once)

    def test_stop(self):
        def once():
            run, since_ns = self.blow(signal.SIGSTOP)
            report = self.conclude(run, since_ns)
            self.assertEqual((report["reason"]["kind"], report["reason"]["process_state"]), ("stalled", "T"))
            self.assertGreaterEqual(report["reason"]["stalled_ms"], 49)
            self.assertEqual(run.returncode, -signal.SIGKILL)
        self.rounds(once)

    def harm(self, kind, number):
        def once():
            at = self.random.randrange(200, 1500)
            run = self.start_trouble(kind, at)
            report = self.conclude(run)
            if report["reason"]["kind"] == "stalled":
                return DISTURBED  # the machine stood still for 50 ms just then, and that is what the report says
            self.assertEqual((report["reason"]["kind"], report["reason"]["signal"]), ("killed", number), report["reason"])
            self.assertIn(f"killed by {number.name}", report["reason"]["text"])
            self.assertEqual(report["at_work"], [{"task": "beat", "at": "component trouble"}])
            self.assertGreaterEqual(report["beat"], at - 1)
            self.assertEqual(run.returncode, -number)
        self.rounds(once)

    def test_segmentation_fault(self):
        self.harm("segv", signal.SIGSEGV)

    def test_bus_error(self):
        self.harm("bus", signal.SIGBUS)

    def test_floating_point_exception(self):
        self.harm("fpe", signal.SIGFPE)

    def test_abort(self):
        self.harm("abort", signal.SIGABRT)

    def test_endless_loop(self):
        def once():
            run = self.start_trouble("loop", self.random.randrange(200, 1500))
            report = self.conclude(run)
            self.assertEqual(report["reason"]["kind"], "stalled")
            self.assertEqual(report["at_work"], [{"task": "beat", "at": "component trouble"}])
            self.assertEqual(run.returncode, -signal.SIGKILL)
        self.rounds(once)

    def test_exit(self):
        run = self.start_trouble("exit", 300)
        report = self.conclude(run)
        self.assertEqual((report["reason"]["kind"], report["reason"]["exit_status"]), ("exited", 7))
        self.assertEqual(run.returncode, 7)

    def test_hardware_that_refuses_at_first(self):
        self.rig.refuse_safe_writes(20)
        run = self.start_trouble("abort", 300)
        self.conclude(run)

    def test_parent_that_waits(self):
        """The system forgets how a process ended once its parent has asked."""
        run = self.start_rig()
        run.kill()
        self.assertEqual(run.wait(), -signal.SIGKILL)
        self.assertIn(self.crash_report()["reason"]["kind"], ("killed", "hidden"))

    def test_virtual_time(self):
        """No beat may come for as long as it likes, but death counts."""
        run = self.start_rig("--clock", "virtual", "--supervisor", "on", "--set", "heartbeat.period=1 s", "--set",
                             "wave.period=100 s", "--set", "trouble.kind=abort", "--set", "trouble.at=20000", state="")
        report = self.crash_report()
        run.communicate()
        self.check_outputs(run.pid)
        self.assertEqual(report["reason"]["signal"], signal.SIGABRT)
        self.assertEqual(report["beat"], 19999)


if __name__ == "__main__":
    unittest.main()
