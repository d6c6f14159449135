"""What a crash looks like from outside, and how it is measured."""
import os
import random
import statistics

from rig import RigExperiment

SEED = 20
ROUNDS = int(os.environ.get("TACTUS_CRASH_ROUNDS", 3))
PROMISED_MS = 150
DISTURBED = "disturbed"


class CrashExperiment(RigExperiment):
    bound_ms = 1000  # of the assertion: whoever shares this machine may hold up the supervisor

    def setUp(self):
        super().setUp()
        self.measured = getattr(self, "measured", [])  # of all rounds: ms until outputs were safe, beats not recorded

    def conclude(self, run, since_ns=None):
        """Waits for the report and checks all but the reason. `since_ns`: of the blow; without it, the last write."""
        report = self.crash_report()
        out, err = run.communicate()
        first_ns, last_ns = self.check_outputs(run.pid)
        driven_ns = max(note.time_ns for note in self.rig.notes() if not note.safe)
        took_ms = (last_ns - (since_ns or driven_ns)) * 1e-6
        self.measured.append((took_ms, self.check_recording(report)))
        self.assertLess(took_ms, self.bound_ms)
        self.assertEqual({each["output"]: each["result"] for each in report["outputs"]},
                         {"drive.valve": "safe", "drive.heater": "safe", "drive.brake": "held"})
        self.assertEqual((report["run"], report["pid"], report["state"]), ("rig", run.pid, "running"))
        self.assertGreater(len(report["last_beats"]), 1)
        beats = [beat["beat"] for beat in report["last_beats"]]
        self.assertEqual(beats, sorted(set(beats)))
        self.assertEqual(beats[-1], report["beat"])
        self.assertIn("its outputs are safe", err)
        self.assertIn(report["reason"]["text"], err)
        return report

    def renew(self):
        self.doCleanups()
        self.setUp()

    def rounds(self, once):
        """`once` at several moments; again if it says that it was disturbed."""
        for number in range(ROUNDS):
            with self.subTest(round=number):
                for attempt in range(3):
                    self.random = random.Random(f"{SEED} {self.id()} {number} {attempt}")
                    if once() != DISTURBED:
                        break
                    self.renew()
                else:  # once may be the machine; a report that is always wrong is not
                    self.fail("each attempt was disturbed")
            self.renew()
        took = [ms for ms, _ in self.measured]
        if took:
            print(f"{self.id().split('.')[-1]}: {len(took)} times safe after {statistics.median(took):.1f} ms, at most "
                  f"{max(took):.1f} ms, {sum(ms > PROMISED_MS for ms in took)} times more than {PROMISED_MS} ms; at most "
                  f"{max(missing for _, missing in self.measured)} beats not recorded", flush=True)
