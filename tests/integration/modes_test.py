"""Modes of a run, from the file to the recording: procedure, commands, precedence, swaps."""
import json
import shutil
import subprocess
import unittest

import numpy

from experiment import EXAMPLES, Experiment, Recording

TANKS = EXAMPLES / "tanks-modes.yaml"
NAMES = ("idle", "fill", "gentle", "run")


class Modes(Experiment):
    def start_tanks(self, *arguments):
        """In real time, a hundred beats in a second."""
        text = TANKS.read_text().replace("{period: 4 s, clock: virtual}", "{period: 10 ms}")
        text = text.replace("timeout: {after: 2 min, go: fill}", "")
        lines = [line for line in text.splitlines() if not line.startswith("report:")]
        self.file = self.write("tanks.yaml", "\n".join(lines) + "\nreport: {signals: all, file: tanks.h5}\n")
        return self.start(self.file, *arguments, name="tanks")

    def mode(self):
        """Of the newest beat; nothing before the first one."""
        modes = self.client("tanks").ask("mode")["modes"]
        return modes[0]["mode"] if modes else None

    def test_a_procedure_runs_by_itself_and_every_beat_is_of_its_mode(self):
        self.tactus("run", TANKS, "--for", "2h", "--report", "tanks.h5", "--quiet")
        recording = Recording(self.directory / "tanks.h5")
        modes = recording["filling.mode"].astype(int)
        beats = recording.beats["filling"]
        self.assertEqual(set(modes), {0, 1, 2, 3}, "all modes were reached")
        self.assertEqual([int(modes[0]), int(modes[29]), int(modes[30])], [0, 0, 1], "2 min are 30 beats")
        events = recording.events_of("mode")
        changes = [int(beat) for beat, before, now in zip(beats[1:], modes, modes[1:]) if before != now]
        self.assertEqual([int(event["beat"]) for event in events], [0] + changes, "each change is an event")
        pump = dict(zip(recording.beats["drive"].tolist(), recording["drive.pump"]))
        loop = dict(zip(recording.beats["loop"].tolist(), recording["loop.output"]))
        self.assertEqual(set(loop), {int(b) for b, m in zip(beats, modes) if NAMES[m] in ("gentle", "run")},
                         "the loop has a row for each beat on which it was active")
        for beat, mode in zip(beats.tolist(), modes):
            expected = {"idle": 0.0, "fill": 4.0}.get(NAMES[mode])
            if expected is None:
                expected = min(max(loop[beat], 0.0), 10.0)
            self.assertEqual(pump[beat], expected, f"beat {beat}, {NAMES[mode]}")
        taken = [int(beat) for beat, mode in zip(beats[1:], modes[1:]) if NAMES[mode] == "gentle"][0]
        self.assertAlmostEqual(pump[taken], 4.0, delta=1e-9, msg="the loop takes over where the pump stood")

    def test_runs_are_equal_byte_by_byte(self):
        for name in ("a.csv", "b.csv"):
            self.write("modes.yaml", TANKS.read_text().replace("file: tanks-modes-%Y%m%dT%H%M%SZ.h5", f"csv: {name}"))
            self.tactus("run", "modes.yaml", "--for", "2h", "--quiet")
        self.assertEqual((self.directory / "a.csv").read_bytes(), (self.directory / "b.csv").read_bytes())

    def test_commands_steer_and_are_answered(self):
        run = self.start_tanks()
        self.wait(lambda: self.mode() == "idle")
        out = self.tactus("command", "start").stdout
        self.assertRegex(out, r"took effect at beat \d+")
        self.wait(lambda: self.mode() == "fill")
        self.assertIn("mode filling.fill", self.tactus("status").stdout)
        self.assertIn("filling.mode", self.tactus("get", "filling").stdout)
        self.assertEqual(self.client("tanks").ask("get", names=["filling.mode"])["signals"][0]["value"], "fill")
        wrong = self.tactus("command", "strat", status=2).stderr
        self.assertIn("there is no command `strat`; did you mean `start`?", wrong)
        self.tactus("mode", "filling.run")
        self.wait(lambda: self.mode() == "run")
        wrong = self.tactus("mode", "filling.rum", status=2).stderr
        self.assertIn("did you mean `filling.run`?", wrong)
        self.tactus("pause")
        refused = self.tactus("command", "stop", status=2).stderr
        self.assertIn("`command` is for the state running", refused)
        self.tactus("resume")
        self.tactus("command", "stop")
        self.wait(lambda: self.mode() == "idle")
        self.end(run)
        events = Recording(self.directory / "tanks.h5").events_of("command")
        self.assertIn(("command", "start"), [(e["text"].decode(), e["signal"].decode()) for e in events])

    def test_the_user_goes_before_the_mode_and_the_mode_before_the_file(self):
        run = self.start_tanks()
        self.wait(lambda: self.mode() == "idle")

        def gain():
            return [(p["value"], p["from"]) for p in self.client("tanks").ask("get", names=["loop.kp"])["parameters"]]

        self.assertEqual(gain(), [(0.9, "file")])
        self.tactus("mode", "filling.gentle")
        self.wait(lambda: self.mode() == "gentle")
        self.assertEqual(gain(), [(0.6, "mode")])
        self.tactus("set", "loop.kp=0.7")
        self.assertEqual(gain(), [(0.7, "set")])
        self.assertEqual(self.mode(), "gentle", "a new program goes on in the same mode")
        self.end(run)

    def test_check_tells_the_modes_and_draws_them(self):
        out = self.tactus("check", TANKS).stdout
        self.assertRegex(out, r"filling\.idle +initial +safe drive\.pump +goes to fill: command start; fill: after 2 min")
        self.assertRegex(out, r"drive\.pump +reads full\.value +in the mode filling\.fill")
        told = json.loads(self.tactus("check", TANKS, "--json").stdout)
        self.assertEqual([mode["mode"] for mode in told["modes"][0]["modes"]], list(NAMES))
        for graph in ("modes", "wiring"):
            dot = self.tactus("check", TANKS, "--graph", graph).stdout
            self.assertTrue(dot.startswith("digraph"))
            if shutil.which("dot"):
                subprocess.run(["dot", "-Tsvg"], input=dot, text=True, check=True, capture_output=True)


if __name__ == "__main__":
    unittest.main()
