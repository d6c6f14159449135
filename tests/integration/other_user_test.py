"""Another user of the same computer: can neither see nor steer nor stop a run, nor put anything in its place."""
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import unittest
from pathlib import Path

from experiment import EXAMPLES, PATIENCE, TACTUS, Experiment

NOBODY = 65534
PLUGINS = Path(TACTUS).parent.parent / "plugins"


def as_nobody(action):
    """Calls it in a process of the user nobody; what it gave, or the class of what it raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            answer = ["gave", action()]
        except BaseException as error:  # whatever it is, this process must end here
            answer = ["raised", type(error).__name__]
        os.write(writer, json.dumps(answer, default=str).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        answer = json.loads(file.read())
    os.waitpid(child, 0)
    return answer


DENIED = ["raised", "PermissionError"]


@unittest.skipUnless(os.geteuid() == 0, "only root can be two users")
class OtherUser(Experiment):
    def setUp(self):
        super().setUp()
        self.directory.chmod(0o755)  # they may come as near as the run's own directory
        self.tools = self.directory / "tools"  # they have the command
        (self.tools / "plugins").mkdir(parents=True)
        shutil.copy(TACTUS, self.tools / "tactus")
        self.umask = os.umask(0o022)
        self.addCleanup(os.umask, self.umask)

    def start_motor(self, *arguments, **options):
        return self.start(EXAMPLES / "motor.yaml", "--report", "motor.h5", *arguments, name="motor", **options)

    def denied(self, action):
        self.assertEqual(as_nobody(action), DENIED)

    def theirs(self, *arguments):
        """The command as they would use it, aimed at this run."""
        def call():
            done = subprocess.run([str(self.tools / "tactus"), *arguments], capture_output=True, text=True,
                                  env=self.environment, cwd="/", timeout=PATIENCE)
            return done.returncode, done.stdout + done.stderr
        gave, (status, text) = as_nobody(call)
        self.assertEqual(gave, "gave")
        return status, text

    def test_the_run_is_not_theirs(self):
        run = self.start_motor()
        path = self.socket_path("motor")
        directory = path.parent

        def connect(to):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(to))
        self.denied(lambda: connect(path))
        for command in (["list"], ["status", "-n", "motor"], ["get", "-n", "motor"], ["stop", "-n", "motor"],
                        ["set", "-n", "motor", "loop.kp=1 V/rad"], ["trip", "-n", "motor"],
                        ["swap", "-n", "motor", str(EXAMPLES / "motor.yaml")]):
            with self.subTest(command=command[0]):
                status, text = self.theirs(*command)
                self.assertNotEqual(status, 0, text)
                self.assertIn("must be a directory of your own", text)
        for number in signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP:
            self.denied(lambda number=number: os.kill(run.pid, number))
        self.denied(lambda: os.listdir(directory))
        self.denied(lambda: os.unlink(path))
        self.denied(lambda: os.rename(directory, str(directory) + "-away"))
        self.denied(lambda: open(directory / "motor.lock", "w").close())
        self.denied(lambda: open(directory / "other.sock", "w").close())
        reply = self.client("motor").ask("status")
        self.assertEqual(reply["state"], "running")
        self.end(run)

    def test_a_door_left_open_is_guarded_all_the_same(self):
        """Even one who comes through to the socket is sent away: who calls is asked of the system."""
        run = self.start_motor()
        path = self.socket_path("motor")
        path.parent.chmod(0o755)
        path.chmod(0o666)

        def ask():
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(PATIENCE)
                client.connect(str(path))
                try:
                    client.sendall(b'{"tactus": 1, "command": "stop"}\n')
                    return len(client.recv(100))
                except (BrokenPipeError, ConnectionResetError):
                    return 0
        self.assertEqual(as_nobody(ask), ["gave", 0], "not a word")
        self.assertEqual(self.client("motor").ask("status")["state"], "running")
        self.end(run)

    def test_memory_is_not_theirs(self):
        """The page that run and supervisor share, and all else that is open."""
        run = self.start_motor("--supervisor", "on")
        supervisor = self.client("motor").ask("status")["supervisor"]["pid"]
        for process in run.pid, supervisor:
            links = {name: os.readlink(f"/proc/{process}/fd/{name}") for name in os.listdir(f"/proc/{process}/fd")}
            pulse = [name for name, target in links.items() if "tactus-pulse" in target]
            self.assertTrue(pulse, links)
            self.denied(lambda process=process, pulse=pulse: open(f"/proc/{process}/fd/{pulse[0]}", "r+b").close())
            self.denied(lambda process=process: open(f"/proc/{process}/mem", "r+b").close())
        self.end(run)

    def test_recordings_are_not_theirs_to_write(self):
        """Whatever the umask. Who may read them it does say."""
        for mask, readable in (0o000, True), (0o077, False):
            with self.subTest(umask=oct(mask)):
                os.umask(mask)
                run = self.start_motor("--set", "report.csv=motor.csv")
                os.umask(0o022)
                for name in "motor.h5", "motor.csv":
                    path = self.directory / name
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o022, 0)
                    self.denied(lambda path=path: open(path, "r+b").close())
                    self.denied(lambda path=path: os.unlink(path))
                    self.denied(lambda path=path: os.rename(path, "/tmp/tactus-stolen"))
                    reading = as_nobody(lambda path=path: open(path, "rb").close())
                    self.assertEqual(reading, ["gave", None] if readable else DENIED)
                self.end(run)
                for name in "motor.h5", "motor.csv":
                    (self.directory / name).unlink()

    def test_crash_reports_are_not_theirs_to_write(self):
        os.umask(0)
        run = self.start_motor("--supervisor", "on")
        os.umask(0o022)
        run.kill()
        reports = self.directory / "motor.crash.json", self.directory / "motor.crash.txt"
        self.wait(lambda: all(path.exists() for path in reports))
        for path in reports:
            self.denied(lambda path=path: open(path, "r+b").close())

    def test_links_that_they_laid_are_not_followed(self):
        """In a directory such as /tmp, where they may write but not replace."""
        common = self.directory / "common"
        common.mkdir()
        common.chmod(0o1777)
        victim = self.directory / "victim"
        victim.write_text("precious")
        for name in "motor.h5", "motor.csv":
            as_nobody(lambda name=name: os.symlink(victim, common / name))
        for report in "file", "csv":
            done = self.tactus("run", EXAMPLES / "motor.yaml", "--set", "report.file=there.h5", "--set",
                               f"report.{report}={common / 'motor'}.{'h5' if report == 'file' else 'csv'}", "--for",
                               "10 beats", status=2)
            self.assertIn("a recording is never overwritten", done.stderr)
            (self.directory / "there.h5").unlink(missing_ok=True)
        self.assertEqual(victim.read_text(), "precious")

    def test_places_that_they_prepared_are_refused(self):
        """The directory of control sockets, made by them before the first run."""
        common = self.directory / "common"
        common.mkdir()
        common.chmod(0o1777)
        os.mkdir(self.directory / "mine", 0o700)
        laid = {"a directory": lambda path: os.mkdir(path, 0o700),
                "a link": lambda path: os.symlink(self.directory / "mine", path),
                "an open directory": lambda path: (os.mkdir(path), os.chmod(path, 0o777))[0]}
        for name, lay in laid.items():
            with self.subTest(name):
                place = common / name.replace(" ", "-")
                os.mkdir(place)
                place.chmod(0o1777)
                self.assertEqual(as_nobody(lambda place=place, lay=lay: lay(place / "tactus")), ["gave", None])
                environment = {**self.environment, "XDG_RUNTIME_DIR": str(place)}
                done = self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", "--for", "10 beats", status=3,
                                   env=environment)
                self.assertIn("must be a directory of your own", done.stderr)
        place = common / "replaceable"
        place.mkdir()
        place.chmod(0o777)  # not sticky: they could exchange what stands in it
        done = self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", "--for", "10 beats", status=3,
                           env={**self.environment, "XDG_RUNTIME_DIR": str(place)})
        self.assertIn(f"{place} can be written by everybody", done.stderr)
        self.assertFalse((self.directory / "motor.h5").exists())

    def test_plugins_that_they_laid_are_not_loaded(self):
        """They would run with our rights."""
        theirs = self.directory / "theirs"
        theirs.mkdir()
        os.chown(theirs, NOBODY, NOBODY)
        copy = self.tools / "pid.so"
        shutil.copy(PLUGINS / "pid.so", copy)
        copy.chmod(0o755)
        as_nobody(lambda: shutil.copy(copy, theirs / "pid.so"))
        ours = self.directory / "ours"
        ours.mkdir()
        shutil.copy(PLUGINS / "pid.so", ours)
        ways = {"theirs": (theirs, "belongs to another user (65534)"), "ours": (ours, "can be written by everybody")}
        ours.chmod(0o777)
        for name, (path, text) in ways.items():
            with self.subTest(name):
                for arguments, environment in ((("--plugin-path", path), {}), ((), {"TACTUS_PLUGIN_PATH": str(path)})):
                    done = self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", "--for", "10 beats",
                                       *arguments, status=2, env={**self.environment, **environment})
                    self.assertIn(f"{path} {text}", done.stderr)
        os.chown(ours, 0, 0)
        ours.chmod(0o755)
        self.tactus("run", EXAMPLES / "motor.yaml", "--report", "motor.h5", "--for", "10 beats", "--plugin-path", ours)

    def threads_of(self, process):
        result = {}
        for thread in os.listdir(f"/proc/{process}/task"):
            about = Path(f"/proc/{process}/task/{thread}/status").read_text()
            fields = dict(line.split(":", 1) for line in about.splitlines())
            result[int(thread)] = (os.sched_getscheduler(int(thread)) & ~os.SCHED_RESET_ON_FORK,
                                   os.sched_getparam(int(thread)).sched_priority,
                                   int(fields["CapEff"], 16) | int(fields["CapPrm"], 16), fields["NoNewPrivs"].strip())
        return result

    def test_real_time_needs_no_root_and_its_rights_are_given_up(self):
        """The user nobody, with two capabilities: all threads have what they need, and then none has more."""
        home = self.directory / "home"
        home.mkdir(mode=0o700)
        os.chown(home, NOBODY, NOBODY)
        text = (EXAMPLES / "motor.yaml").read_text()
        text = text.replace("clock: real}", "clock: real, supervisor: on}")
        text += "chains:\n  slow: {core: 1, schedule: {every: 10}, components: [idle]}\n"
        text = text.replace("controllers:", "  idle: {plugin: waveform, shape: constant, value: 1}\ncontrollers:")
        file = self.write("motor.yaml", text.replace("motor-%Y%m%dT%H%M%SZ.h5", "motor.h5"))
        file.chmod(0o644)
        plugins = self.tools / "plugins"
        for name in "pid", "waveform", "simulator":
            shutil.copy(PLUGINS / f"{name}.so", plugins)
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=+sys_nice,+ipc_lock",
                   "--ambient-caps=+sys_nice,+ipc_lock", str(self.tools / "tactus"), "run", str(file), "--name", "motor",
                   "--plugin-path", str(plugins), "--quiet"]
        run = subprocess.Popen(command, env={**self.environment, "XDG_RUNTIME_DIR": str(home)}, cwd=home, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.runs.append(run)
        socket_path = home / "tactus" / "motor.sock"
        self.wait(lambda: run.poll() is not None or socket_path.exists())
        self.assertIsNone(run.poll())
        os.symlink(home / "tactus", self.directory / "tactus")
        status = self.wait_status("motor", lambda status: status["beats_run"] > 20)
        threads = self.threads_of(run.pid)
        granted = sorted(priority for policy, priority, _, _ in threads.values() if policy == os.SCHED_FIFO)
        self.assertEqual(granted, [79, 80], "the beat, and the chain's core")
        watchers = self.threads_of(status["supervisor"]["pid"])
        self.assertIn((os.SCHED_FIFO, 81), [each[:2] for each in watchers.values()])
        # The sanitizer of threads has one of its own, from before main, which gives up nothing.
        if "thread" not in os.environ["TACTUS_SANITIZE"]:
            sys_nice = 1 << 23
            for _, priority, capabilities, gains_none in [*threads.values(), *watchers.values()]:
                # The thread that watches lends its priority to a process that has to die.
                self.assertEqual(capabilities & sys_nice, sys_nice if priority == 81 else 0)
                self.assertEqual(gains_none, "1")
        run.kill()
        self.wait(lambda: (home / "motor.crash.txt").exists())  # the supervisor can do its work with what it has left
        self.assertIn("killed by SIGKILL", (home / "motor.crash.txt").read_text())


if __name__ == "__main__":
    unittest.main()
