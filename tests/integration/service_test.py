"""A run as a service: what its manager hears, and the unit file."""
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest
from pathlib import Path

from experiment import EXAMPLES, TACTUS, Experiment

UNIT = Path(os.environ["TACTUS_UNIT"])
ALLOWED_US = 400_000  # of silence; it speaks four times as often


class Service(Experiment):
    def setUp(self):
        super().setUp()
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        address = self.directory / "notify"
        self.manager.bind(str(address))
        self.environment.update(NOTIFY_SOCKET=str(address), WATCHDOG_USEC=str(ALLOWED_US))
        self.manager.settimeout(60)

    def hear(self, wanted):
        """All messages up to the first that begins in this way."""
        messages = []
        while not messages or not messages[-1].startswith(wanted):
            messages.append(self.manager.recv(65536).decode())
        return messages

    def hear_the_rest(self):
        """What was sent already."""
        messages = []
        self.manager.setblocking(False)
        try:
            while True:
                messages.append(self.manager.recv(65536).decode())
        except BlockingIOError:
            return messages
        finally:
            self.manager.settimeout(60)

    def start_motor(self, *arguments, **options):
        return self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", *arguments, name="motor", **options)

    def check_silence(self, still_allowed=0):
        """Nothing more about life for five times as long as would be allowed."""
        self.manager.settimeout(5 * ALLOWED_US * 1e-6)
        count = 0
        try:
            while count <= still_allowed:
                count += self.manager.recv(65536) == b"WATCHDOG=1"
        except TimeoutError:
            pass
        finally:
            self.manager.settimeout(60)
        self.assertLessEqual(count, still_allowed)

    def test_a_whole_life(self):
        run = self.start_motor()
        self.assertEqual(self.hear("READY=1"), ["READY=1"], "before anything else")
        for _ in range(8):
            self.hear("WATCHDOG=1")
        self.assertIn("beat", self.hear("STATUS=")[-1])
        self.end(run, send=signal.SIGTERM)
        messages = self.hear_the_rest()
        self.assertEqual(messages.count("STOPPING=1"), 1)
        self.assertNotIn("READY=1", messages)

    def test_a_run_that_cannot_begin_is_never_ready(self):
        (self.directory / "motor.h5").touch()
        self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", status=2)
        self.assertEqual(self.hear_the_rest(), [])

    def test_a_process_that_is_stopped_is_silent(self):
        run = self.start_motor()
        self.hear("WATCHDOG=1")
        run.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, run.pid, os.WSTOPPED)
        self.hear_the_rest()
        self.check_silence()
        run.send_signal(signal.SIGCONT)
        self.hear("WATCHDOG=1")
        self.end(run)

    @unittest.skipUnless("TACTUS_BENCH_RIG" in os.environ, "the plug-in that hangs is not in this build")
    def test_a_beat_that_hangs_is_silence_though_the_process_answers(self):
        plugins = os.environ["TACTUS_BENCH_RIG"]
        file = self.write("hangs.yaml", """\
tactus: 1
heartbeat: {period: 1 ms}
generators:
  wave: {plugin: waveform, shape: sine, low: 4 V, high: 6 V, period: 100 ms}
controllers:
  trouble: {plugin: bench-rig/trouble, inputs: {in: wave.value}, kind: loop, at: 300}
""")
        run = self.start(file, "--plugin-path", plugins, name="hangs", state="")
        self.hear("READY=1")
        self.wait_status("hangs", lambda status: status["beat"] >= 299)
        self.hear_the_rest()
        self.check_silence(still_allowed=1)  # three periods, or 50 ms, are no silence yet
        self.assertTrue(self.client("hangs").ask("status")["ok"], "the ordinary thread is there")
        run.kill()

    def test_life_on_a_pause_and_in_fault(self):
        run = self.start_motor()
        for command in "pause", "resume", "trip":
            self.assertTrue(self.client("motor").ask(command)["ok"])
            self.hear_the_rest()
            for _ in range(5):
                self.hear("WATCHDOG=1")
        self.end(run, status=1)

    def test_only_those_who_are_asked_speak(self):
        self.environment["WATCHDOG_PID"] = "1"  # another process is to
        run = self.start_motor()
        self.hear("STATUS=")
        self.wait_beats("motor", 1000)
        self.end(run)
        self.assertNotIn("WATCHDOG=1", self.hear_the_rest())

    def test_addresses(self):
        name = f"tactus-test-{os.getpid()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract:
            abstract.bind(f"\0{name}")
            abstract.settimeout(60)
            self.environment["NOTIFY_SOCKET"] = f"@{name}"
            run = self.start_motor()
            self.assertEqual(abstract.recv(100), b"READY=1")
            self.end(run)
        for nobody in "/nowhere/notify", "vsock:2:1", "x" * 500, "":
            self.environment["NOTIFY_SOCKET"] = nobody
            self.tactus("run", EXAMPLES / "motor.yaml", "--report", f"{len(nobody)}.h5", "--for", "10 beats", "--quiet")

    def test_a_manager_that_does_not_read_holds_up_nobody(self):
        self.environment["WATCHDOG_USEC"] = "4000"
        run = self.start_motor()
        self.wait_beats("motor", 2000)  # more than fit into the socket
        self.end(run)

    def test_the_unit_file(self):
        analyze = shutil.which("systemd-analyze")
        if not analyze:
            self.skipTest("there is no systemd-analyze")
        text = UNIT.read_text()
        installed = re.search(r"^ExecStart=(\S+)", text, re.M)[1]
        self.assertEqual(Path(installed).name, "tactus")
        copy = self.directory / "tactus@tanks.service"
        copy.write_text(text.replace(installed, TACTUS))
        done = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True)
        about_it = [line for line in done.stderr.splitlines() if "tactus" in line]
        self.assertEqual((done.returncode, about_it), (0, []), done.stderr)


if __name__ == "__main__":
    unittest.main()
