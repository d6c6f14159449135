"""Simulated hardware and experiments with it: what was written to the outputs, when and by whom."""
import json
import mmap
import os
import struct
import subprocess
import time
from collections import namedtuple

import h5py

from experiment import Experiment

PLUGINS = os.environ["TACTUS_TEST_PLUGINS"]
CARD = os.environ["TACTUS_TEST_CARD"]
# As tests/supervisor/rig_card.hpp has them:
HEAD = struct.Struct("<Qq4ddQ")  # notes taken, safe writes to be refused, the outputs, the last sync, whether it is ready
NOTE = struct.Struct("<qiHHd")
WRITE = struct.Struct("<iHHd")
FIRST_NOTE = 64
CLEAR, SYNC = 0xFFFF, 0xFFFE

Note = namedtuple("Note", "time_ns process channel safe value")

EXPERIMENT = """\
tactus: 1
name: rig
heartbeat: {period: 1 ms}
devices:
  rig: {driver: DRIVER, file: rig.memory}
scanners:
  sensor: {device: rig, channels: {back: {channel: ai0, unit: V}}}
generators:
  wave: {plugin: waveform, shape: sine, low: 4 V, high: 6 V, period: 100 ms}
controllers:
  trouble: {plugin: bench-rig/trouble, inputs: {in: wave.value}}
actuators:
  drive:
    device: rig
    channels:
      valve: {channel: ao0, unit: V, from: trouble.out, safe: 1 V}
      heater: {channel: ao1, unit: V, scale: 2, offset: 1 V, from: trouble.out, safe: -3 V}
      brake: {channel: ao2, unit: V, from: trouble.out, safe: hold}
report: {signals: all, file: rig.h5}
"""
SAFE = {0: 1.0, 1: -2.0}  # raw, by channel; the brake holds


def has_real_time():
    return subprocess.run(["chrt", "-f", "90", "true"], capture_output=True).returncode == 0


class Rig:
    """The hardware: a card that is a process of its own. A process may use it, as a card, one at a time."""

    def __init__(self, path, megabytes=8):
        with open(path, "wb") as file:
            file.truncate(megabytes << 20)
        pipe = f"{path}.pipe"
        os.mkfifo(pipe)
        self.card = subprocess.Popen([CARD, str(path)])
        self.pipe = os.open(pipe, os.O_RDWR)
        self.file = open(path, "r+b")
        self.memory = mmap.mmap(self.file.fileno(), 0)
        self.syncs = 0
        self.until(lambda: self.head()[-1] == 1)

    def close(self):
        self.memory.close()
        self.file.close()
        os.close(self.pipe)
        self.card.kill()
        self.card.wait()

    def until(self, condition):
        while not condition():
            if self.card.poll() is not None:
                raise RuntimeError("the card is dead")
            time.sleep(0.0002)  # between two looks

    def head(self):
        return HEAD.unpack_from(self.memory)

    def tell(self, what, value=0.0):
        os.write(self.pipe, WRITE.pack(os.getpid(), what, 0, value))

    def sync(self):
        """Until the card has taken all that was written before."""
        self.syncs += 1
        self.tell(SYNC, self.syncs)
        self.until(lambda: self.head()[-2] == self.syncs)

    def clear(self):
        self.tell(CLEAR)
        self.sync()

    def refuse_safe_writes(self, count):
        struct.pack_into("<q", self.memory, 8, count)

    def outputs(self):
        self.sync()
        return self.head()[2:6]

    def count(self):
        return self.head()[0]

    def notes(self, first=0):
        """All writes, in the order in which the card got them."""
        self.sync()
        for index in range(first, self.count()):
            time_ns, process, channel, safe, value = NOTE.unpack_from(self.memory, FIRST_NOTE + index * NOTE.size)
            yield Note(time_ns, process, channel, bool(safe), value)


class RigExperiment(Experiment):
    def setUp(self):
        super().setUp()
        self.rig = Rig(self.directory / "rig.memory")
        self.addCleanup(self.rig.close)

    def experiment(self, name="rig.yaml", driver="bench-rig", **replacements):
        text = EXPERIMENT.replace("DRIVER", driver)
        for old, new in replacements.items():
            text = text.replace(old, new)
        return self.write(name, text)

    def start_rig(self, *arguments, path=None, **options):
        return self.start(path or self.experiment(), "--arm", "--plugin-path", PLUGINS, *arguments, name="rig", **options)

    def start_trouble(self, kind, at):
        """Begins a run whose process will end by itself: it may have done so before it can be asked."""
        command = [os.environ["TACTUS"], "run", str(self.experiment()), "--arm", "--plugin-path", PLUGINS, "--name", "rig",
                   "--set", f"trouble.kind={kind}", "--set", f"trouble.at={at}"]
        run = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment,
                               cwd=self.directory)
        self.runs.append(run)
        return run

    def gone(self, process):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{process}/stat") as about:  # nobody may wait for orphans here
            return about.read().rsplit(")", 1)[1].split()[0] == "Z"

    def crash_report(self):
        """The report, once it is there. Until then nobody waits for the dead process: its parent is not in a hurry."""
        text = self.directory / "rig.crash.txt"
        self.wait(lambda: text.exists() and text.read_text().count("the last beats"))
        return json.loads((self.directory / "rig.crash.json").read_text())

    def check_outputs(self, engine, expected=None):
        """Safe in the end; from the first safe value on no other; and those written by the supervisor. Gives when the
        first and the last of them were written."""
        expected = expected or SAFE
        notes = list(self.rig.notes())
        safe = [index for index, note in enumerate(notes) if note.safe]
        self.assertTrue(safe, "safe values were written")
        self.assertTrue(all(note.safe for note in notes[safe[0]:]), "nothing but safe values after the first of them")
        self.assertTrue(all(note.process == engine for note in notes[:safe[0]]))
        self.assertTrue(all(note.process != engine for note in notes[safe[0]:]), "by another process")
        for channel, value in expected.items():
            self.assertEqual(self.rig.outputs()[channel], value, f"channel {channel}")
        driven = [note for note in notes if not note.safe and note.channel == 2]
        self.assertEqual(self.rig.outputs()[2], driven[-1].value, "the brake holds")
        self.assertTrue(any(note.value > 3.9 for note in driven), "it was driven before")
        return notes[safe[0]].time_ns, notes[-1].time_ns

    def check_recording(self, report):
        """Readable by those who know nothing of tactus, and complete up to the last second."""
        path = self.directory / "rig.h5"
        self.assertEqual([(file["file"], file["readable"]) for file in report["recordings"]], [("rig.h5", True)])
        subprocess.run(["h5dump", "-d", "/frames/drive/beat", str(path)], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(path, "r") as file:
            beats = file["frames/drive/beat"][:]
            self.assertEqual(len(file["frames/drive/values"]), len(beats))
            self.assertFalse(file.attrs["complete"])
        last = beats[-1] if len(beats) else -1
        self.assertLess(report["beat"] - last, 1000, "beats of the last second may be missing, no others")
        return int(report["beat"] - last)
