"""Real-time programs take all processors for a while. Outputs are as safe as ever."""
import os
import signal
import subprocess
import sys
import time
import unittest

from crash import CrashExperiment
from rig import has_real_time

ENGINE = 80  # the priority of its threads; the supervisor's is one more
BURST_MS = 400  # far less than what the system leaves to real-time programs before it stops them, 950 ms

# Everybody else stands still meanwhile, this test, too. So they get ready beforehand, and are told when to begin.
PREPARE = """
import os, sys, time
arguments = list(map(int, sys.argv[1:]))
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(90))
print(flush=True)
begin = int(sys.stdin.readline())
time.sleep(max(0, begin - time.monotonic_ns()) * 1e-9)
print(time.monotonic_ns())
"""
BURN = PREPARE + """
core, priority, length = arguments
os.sched_setaffinity(0, {core})
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
while time.monotonic_ns() < begin + length: pass
"""
KILL = PREPARE + """
os.kill(arguments[0], 9)
"""


class Urgent:
    """A program that begins at a given moment, whatever else runs."""

    def __init__(self, test, program, *arguments):
        self.process = subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        test.addCleanup(self.process.communicate)
        self.process.stdout.readline()  # it is ready

    def begin_at(self, time_ns):
        self.process.stdin.write(f"{time_ns}\n")
        self.process.stdin.flush()

    def begun_at(self):
        """Once it is over."""
        return int(self.process.stdout.read())


@unittest.skipUnless(has_real_time(), "this machine gives no real-time priorities")
class Starve(CrashExperiment):
    bound_ms = 250  # well within the burst: nobody waits for its end

    def burners(self, priority):
        """Who takes all processors."""
        return [Urgent(self, BURN, core, priority, BURST_MS * 1_000_000) for core in os.sched_getaffinity(0)]

    def soon(self):
        return time.monotonic_ns() + self.random.randrange(50_000_000, 150_000_000)

    def start_to_starve(self):
        run = self.start_rig()
        self.wait_beats("rig", 50)
        return run

    def test_ordinary_programs_starve(self):
        """The loop does not notice; what can't be recorded is counted."""
        def once():
            run = self.start_to_starve()
            supervisor = self.client("rig").ask("status")["supervisor"]["pid"]
            burners, begin = self.burners(ENGINE - 1), self.soon()
            for burner in burners:
                burner.begin_at(begin)
            for burner in burners:
                burner.begun_at()
            self.wait_beats("rig", 100)
            out, err = self.end(run)
            self.assertTrue(self.gone(supervisor))
            self.assertEqual(list(self.directory.glob("*crash*")), [])
            self.assertFalse(any(note.safe for note in self.rig.notes()), "the engine made its outputs safe itself")
            print(f"{self.id().split('.')[-1]}: {out.splitlines()[1].strip()}", flush=True)
        self.rounds(once)

    def test_the_engine_starves(self):
        """Others of its own priority leave it no processor."""
        def once():
            run = self.start_to_starve()
            burners, begin = self.burners(ENGINE), self.soon()
            for burner in burners:
                burner.begin_at(begin)
            report = self.conclude(run, max(burner.begun_at() for burner in burners))
            self.assertEqual(report["reason"]["kind"], "stalled")
        self.rounds(once)

    def test_killed_while_its_ordinary_threads_starve(self):
        """They need a processor to die, and outputs are not touched before."""
        def once():
            run = self.start_to_starve()
            burners, killer, begin = self.burners(ENGINE - 1), Urgent(self, KILL, run.pid), self.soon()
            for burner in burners:
                burner.begin_at(begin)
            killer.begin_at(begin + self.random.randrange(20, 100) * 1_000_000)
            report = self.conclude(run, killer.begun_at())
            self.assertEqual((report["reason"]["kind"], report["reason"]["signal"]), ("killed", signal.SIGKILL))
        self.rounds(once)


if __name__ == "__main__":
    unittest.main()
