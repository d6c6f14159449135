"""The computer's own watchdog, a named pipe here (fake_watchdog.cpp): fed while there are beats, released when outputs
are safe, and else left to restart the computer."""
import os
import signal
import unittest

from rig import RigExperiment

FAKE = os.environ["TACTUS_FAKE_WATCHDOG"]


class Watchdog(RigExperiment):
    def setUp(self):
        super().setUp()
        self.environment["LD_PRELOAD"] = FAKE
        self.path = self.directory / "watchdog"
        os.mkfifo(self.path)
        self.driver = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, self.driver)
        self.asked = ""

    def look(self):
        try:
            self.asked += os.read(self.driver, 65536).decode()
        except BlockingIOError:
            pass  # nothing new
        return self.asked

    def closed(self):
        """Nobody has it open any more."""
        try:
            data = os.read(self.driver, 65536).decode()
        except BlockingIOError:
            return False
        self.asked += data
        return not data

    def watched(self, keys="timeout: 1 s", **replacements):
        return self.experiment(**{"report:": f"watchdog: {{device: {self.path}, {keys}}}\nreport:", **replacements})

    def test_it_is_fed_and_released_at_the_end(self):
        run = self.start_rig(path=self.watched())
        self.wait(lambda: self.look().count("K") >= 5)
        self.end(run)
        self.wait(self.closed)
        self.assertRegex(self.asked, "^T1;K+V$")

    def test_it_is_fed_on_a_pause_and_in_fault(self):
        run = self.start_rig(path=self.watched())
        for command in "pause", "resume", "trip":
            self.assertTrue(self.client("rig").ask(command)["ok"])
            before = self.look().count("K")
            self.wait(lambda: self.look().count("K") >= before + 3)
        self.end(run, status=1)
        self.wait(self.closed)
        self.assertRegex(self.asked, "^T1;K+V$")

    def test_it_is_released_when_the_supervisor_has_made_outputs_safe(self):
        for blow in signal.SIGKILL, signal.SIGSTOP:
            with self.subTest(blow=blow):
                run = self.start_rig(path=self.watched())
                self.wait(lambda: self.look().count("K") >= 2)
                run.send_signal(blow)
                self.crash_report()
                self.check_outputs(run.pid)
                self.wait(self.closed)
                self.assertRegex(self.asked, "^T1;K+V$")
            self.doCleanups()
            self.setUp()

    def test_it_is_left_to_restart_the_computer_when_outputs_are_not_safe(self):
        run = self.start_rig(path=self.watched(driver="bench-rig/unguarded"))
        self.wait(lambda: self.look().count("K") >= 2)
        run.kill()
        self.crash_report()
        self.wait(self.closed)
        self.assertRegex(self.asked, "^T1;K+$")

    def test_it_is_left_to_restart_the_computer_when_nobody_is_left(self):
        run = self.start_rig(path=self.watched())
        supervisor = self.client("rig").ask("status")["supervisor"]["pid"]
        self.wait(lambda: self.look().count("K") >= 2)
        os.kill(supervisor, signal.SIGKILL)
        run.kill()
        self.wait(self.closed)
        self.assertRegex(self.asked, "^T1;K+$")

    def test_it_is_not_opened_in_virtual_time(self):
        self.tactus("run", self.watched(), "--clock", "virtual", "--arm", "--for", "100 beats", "--plugin-path",
                    os.environ["TACTUS_TEST_PLUGINS"])
        self.assertEqual(self.look(), "")
        out = self.tactus("check", self.watched(), "--set", "heartbeat.clock=virtual", "--plugin-path",
                          os.environ["TACTUS_TEST_PLUGINS"]).stdout
        self.assertIn(f"{self.path} stays closed in virtual time", out)

    def test_it_may_have_a_time_of_its_own(self):
        self.environment["FAKE_WATCHDOG_TIMEOUT"] = "2"
        run = self.start_rig(path=self.watched("timeout: 30 s"))
        out, err = self.end(run)
        self.assertIn("its driver takes a time-out of 2 s in place of 30 s", err)

    def test_it_has_to_be_there(self):
        for device, text in ("/nowhere/watchdog", "No such file or directory"), ("/dev/null", "that is no watchdog"):
            path = self.experiment(**{"report:": f"watchdog: {{device: {device}}}\nreport:"})
            done = self.tactus("run", path, "--arm", "--plugin-path", os.environ["TACTUS_TEST_PLUGINS"], status=3)
            self.assertIn(f"watchdog {device}: {text}", done.stderr)
            self.assertEqual(self.rig.count(), 0, "no output was written")
            (self.directory / "rig.h5").unlink(missing_ok=True)

    def test_it_stays_for_a_run(self):
        run = self.start_rig(path=self.watched())
        other = self.watched("timeout: 5 s")
        done = self.tactus("swap", "-n", "rig", other, status=2)
        self.assertIn("`watchdog.device` would change while the experiment runs: stop it first", done.stderr)
        self.end(run)


if __name__ == "__main__":
    unittest.main()
