"""What the tests of this folder share: the real command, runs in the background, clients, and recordings."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy

TACTUS = os.environ["TACTUS"]
EXAMPLES = Path(os.environ["TACTUS_EXAMPLES"])
PATIENCE = 120  # seconds; only a broken program takes that long


class Client:
    """A connection to a run that sends requests, or bytes that are none, and takes replies."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        try:
            self.socket.connect(str(path))
        except OSError:
            self.socket.close()
            raise
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def ask(self, command, **fields):
        self.send(json.dumps({"tactus": 1, "command": command, **fields}).encode() + b"\n")
        return self.reply()

    def close(self):
        self.file.close()
        self.socket.close()


class Experiment(unittest.TestCase):
    """A test with a directory of its own, in which runs are found and recordings are written."""

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="tactus-"))
        self.addCleanup(shutil.rmtree, self.directory)
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(self.directory)}
        self.runs = []
        self.addCleanup(self.end_runs)

    def end_runs(self):
        for run in self.runs:
            if run.poll() is None:
                run.kill()
            run.communicate()

    def tactus(self, *arguments, status=0, **options):
        """Runs the command to its end."""
        options = {"env": self.environment, "cwd": self.directory, "timeout": PATIENCE, **options}
        done = subprocess.run([TACTUS, *map(str, arguments)], capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, status, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self, *arguments, name, state="running", **options):
        """Begins `tactus run` and comes back when it has reached that state, or, with none, when it can be asked."""
        command = [TACTUS, "run", *map(str, arguments), "--name", name]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": self.environment, "cwd": self.directory,
                   **options}
        run = subprocess.Popen(command, text=True, **options)
        self.runs.append(run)
        self.wait(lambda: run.poll() is not None or self.is_served(name))
        self.assertIsNone(run.poll(), "the run has ended already")
        self.wait_status(name, lambda status: status["state"] == (state or status["state"]))
        return run

    def is_served(self, name):
        try:
            Client(self.socket_path(name)).close()
            return True
        except (FileNotFoundError, ConnectionRefusedError):
            return False

    def socket_path(self, name):
        return self.directory / "tactus" / f"{name}.sock"

    def client(self, name):
        client = Client(self.socket_path(name))
        self.addCleanup(client.close)
        return client

    def wait(self, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, "it did not come true")
            time.sleep(0.001)  # between two looks

    def wait_status(self, name, condition):
        client = self.client(name)
        result = {}

        def look():
            result.update(client.ask("status"))
            return condition(result)

        self.wait(look)
        return result

    def wait_beats(self, name, count):
        """Until that many more beats have run."""
        first = self.client(name).ask("status")["beats_run"]
        self.wait_status(name, lambda status: status["beats_run"] >= first + count)

    def end(self, run, status=0, send=signal.SIGINT):
        """Ends a run as a user would, and gives what it said."""
        run.send_signal(send)
        out, err = run.communicate(timeout=PATIENCE)
        self.assertEqual(run.returncode, status, f"{out}\n{err}")
        return out, err

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path


class Recording:
    """A closed recording, read whole."""

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            self.complete = bool(file.attrs["complete"])
            self.events = file["events"][:]
            self.raw = {f"{component}/{name}": data[:].tobytes()
                        for component, group in file["frames"].items() for name, data in group.items()}
            self.beats = {component: group["beat"][:] for component, group in file["frames"].items()}
            self.values = {}
            self.status_of = {}
            for component, group in file["frames"].items():
                signals = group["values"].attrs["signals"]
                for index, signal_name in enumerate(signals):
                    name = signal_name.decode() if isinstance(signal_name, bytes) else signal_name
                    self.values[f"{component}.{name}"] = group["values"][:, index]
                    self.status_of[f"{component}.{name}"] = group["status"][:, index]

    def __getitem__(self, signal_name):
        return self.values[signal_name]

    def statuses(self, signal_name):
        return self.status_of[signal_name]

    def events_of(self, kind):
        return [event for event in self.events if event["kind"] == kind.encode()]


def rms(values):
    return float(numpy.sqrt(numpy.mean(numpy.square(values))))
