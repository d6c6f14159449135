"""What is safe changes with the program."""
import random
import unittest

from rig import PLUGINS, RigExperiment


class Swap(RigExperiment):
    def kill(self, run):
        run.kill()
        report = self.crash_report()
        run.communicate()
        return report

    def test_the_safe_values_are_those_of_the_running_program(self):
        run = self.start_rig()
        self.wait_beats("rig", 20)
        client = self.client("rig")
        self.assertTrue(client.ask("set", values={"drive.valve.safe": "2 V", "drive.brake.safe": "3 V"})["ok"])
        self.wait_beats("rig", 20)
        report = self.kill(run)
        self.assertEqual(self.rig.outputs()[:3], (2.0, -2.0, 3.0))
        self.assertEqual(report["program"], 2)

    def test_an_output_that_nothing_writes_any_more_is_left_alone(self):
        run = self.start_rig()
        self.wait_beats("rig", 20)
        less = self.experiment("less.yaml", **{"      heater:": "      spare:", "channel: ao1": "channel: ao3",
                                               "safe: -3 V": "safe: -1 V"})
        self.assertTrue(self.client("rig").ask("swap", file=str(less))["ok"])
        self.wait_beats("rig", 20)
        before = [note for note in self.rig.notes() if note.channel == 1]
        report = self.kill(run)
        self.assertEqual(self.rig.outputs()[3], -1.0)
        after = [note for note in self.rig.notes() if note.channel == 1]
        self.assertEqual(len(before), len(after))
        self.assertEqual([output["output"] for output in report["outputs"]], ["drive.valve", "drive.spare", "drive.brake"])

    def test_killed_in_the_middle_of_a_swap(self):
        """Whichever program runs by then, its outputs are safe."""
        source = random.Random(7)
        for number in range(5):
            run = self.start_rig()
            self.wait_beats("rig", 20)
            client = self.client("rig")
            client.send(b'{"tactus": 1, "command": "set", "values": {"drive.valve.safe": "2 V"}}\n')
            written = self.rig.count() + source.randrange(30)
            self.wait(lambda: self.rig.count() >= written)
            report = self.kill(run)
            self.assertEqual(self.rig.outputs()[0], {1: 1.0, 2: 2.0}[report["program"]])
            self.assertEqual(self.rig.outputs()[1], -2.0)
            notes = list(self.rig.notes())
            first = next(index for index, note in enumerate(notes) if note.safe)
            self.assertTrue(all(note.safe for note in notes[first:]))
            for path in [*self.directory.glob("rig.h5"), *self.directory.glob("rig.crash.*")]:
                path.unlink()
            self.rig.clear()

    def test_a_run_without_a_supervisor_gets_no_hardware(self):
        simulated = self.experiment("simulated.yaml")
        text = simulated.read_text()
        head, tail = text.split("actuators:")
        report = tail[tail.index("report:"):]
        simulated.write_text(head + report)
        run = self.start(simulated, "--plugin-path", PLUGINS, name="rig")
        self.assertIsNone(self.client("rig").ask("status")["supervisor"])
        reply = self.client("rig").ask("swap", file=str(self.experiment()))
        self.assertFalse(reply["ok"])
        self.assertIn("needs a supervisor", reply["error"])
        self.end(run)


if __name__ == "__main__":
    unittest.main()
