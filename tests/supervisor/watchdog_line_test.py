"""A line that toggles while there are beats, and only then."""
import os
import signal
import unittest

from experiment import Recording
from rig import PLUGINS, RigExperiment

LINE = 3  # the channel


class WatchdogLine(RigExperiment):
    def watched(self, keys="toggle: 5 ms, low: -1 V, high: 4 V"):
        return self.experiment(**{"report:": f"watchdog: {{output: rig.ao3, {keys}}}\nreport:"})

    def levels(self, first=0):
        return [note.value for note in self.rig.notes(first) if note.channel == LINE]

    def toggles(self, count=10):
        """Until it has changed that many times more."""
        first = self.rig.count()

        def changes():
            levels = self.levels(first)
            return sum(a != b for a, b in zip(levels, levels[1:]))
        self.wait(lambda: changes() >= count)

    def check_it_rests(self, run_is_there=True):
        """At its safe level, and nothing drives it any more, for as long as it takes others to be asked a few times."""
        self.wait(lambda: self.rig.outputs()[LINE] == -1)
        first = self.rig.count()
        if run_is_there:
            client = self.client("rig")
            for _ in range(50):
                client.ask("status")
        self.assertEqual(set(self.levels(first)) - {-1}, set())

    def test_it_changes_on_each_of_its_turns(self):
        self.tactus("run", self.watched(), "--clock", "virtual", "--arm", "--for", "100 beats", "--plugin-path", PLUGINS)
        recording = Recording(self.directory / "rig.h5")
        self.assertEqual(list(recording.beats["watchdog"]), list(range(0, 100, 5)))
        self.assertEqual(list(recording["watchdog.line"]), [4, -1] * 10)
        self.assertEqual(self.levels()[-1], -1, "safe at the end")
        driven = self.levels()[1:-1]  # the first one is the safe level before the first beat
        self.assertEqual(driven, ([4, -1] * 10)[:len(driven)])
        self.assertGreaterEqual(len(driven), 19)

    def test_it_stops_with_the_beat(self):
        run = self.start_rig(path=self.watched())
        client = self.client("rig")
        self.toggles()
        self.assertTrue(client.ask("pause")["ok"])
        self.check_it_rests()
        self.assertTrue(client.ask("resume")["ok"])
        self.toggles()
        self.assertTrue(client.ask("inhibit")["ok"])
        self.check_it_rests()
        self.assertTrue(client.ask("arm")["ok"])
        self.toggles()
        self.assertTrue(client.ask("trip")["ok"])
        self.wait_status("rig", lambda status: status["state"] == "fault")
        self.check_it_rests()
        self.assertTrue(client.ask("reset")["ok"])
        self.toggles()
        self.end(run)
        self.check_it_rests(run_is_there=False)

    def test_it_stops_with_the_process(self):
        for blow in signal.SIGKILL, signal.SIGSTOP:
            with self.subTest(blow=blow):
                run = self.start_rig(path=self.watched())
                self.toggles()
                run.send_signal(blow)
                self.crash_report()
                self.check_outputs(run.pid)
                self.assertEqual(self.rig.outputs()[LINE], -1)
            self.doCleanups()
            self.setUp()

    def test_it_comes_and_goes_with_a_swap(self):
        run = self.start_rig(path=self.experiment())
        with_line = self.watched("toggle: 3, low: -1 V, high: 4 V")
        self.assertTrue(self.client("rig").ask("swap", file=str(with_line))["ok"])
        self.toggles()
        without = self.experiment("without.yaml")
        self.assertTrue(self.client("rig").ask("swap", file=str(without))["ok"])
        self.check_it_rests()
        self.end(run)

    def test_check_tells_of_it(self):
        out = self.tactus("check", self.watched(), "--plugin-path", PLUGINS).stdout
        self.assertIn("watchdog.line toggles every 5 ms while there are beats", out)
        self.assertRegex(out, r"watchdog\.line +rig\.ao3 +safe: -1.0 V +needs watchdog, watchdog-toggle")


if __name__ == "__main__":
    unittest.main()
