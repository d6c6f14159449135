"""`tactus run --guard`: it finds what must not be done on the beat, and finds nothing in what comes with tactus."""
import ctypes
import errno
import json
import os
import re
import struct
import unittest
from pathlib import Path

from experiment import EXAMPLES, PATIENCE, Experiment

OFFENDER = Path(os.environ["TACTUS_OFFENDER"]) if "TACTUS_OFFENDER" in os.environ else None
BEATS = 100_000
PR_SET_SYSCALL_USER_DISPATCH = 59
CAN_STOP_SYSTEM_CALLS = ctypes.CDLL(None).prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0) == 0


def refuse_dispatch():
    """In a child: Linux refuses PR_SET_SYSCALL_USER_DISPATCH from now on, as an old one does."""
    prctl, load, equal, give = 157, 0x20, 0x15, 0x06  # the call's number on x86-64, and what filters are made of
    allow, refuse = 0x7FFF0000, 0x00050000 + errno.EINVAL
    steps = [(load, 0, 0, 0), (equal, 0, 3, prctl), (load, 0, 0, 16), (equal, 0, 1, PR_SET_SYSCALL_USER_DISPATCH),
             (give, 0, 0, refuse), (give, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None)
    no_new_privileges, set_seccomp, with_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0 or libc.prctl(set_seccomp, with_filter, filter_) != 0:
        os._exit(99)

# Each plug-in that comes with tactus, and what no example has: delays, slow components, a chain.
ALL_PLUGINS = """
tactus: 1
name: everything
heartbeat: {period: 1 ms, clock: virtual}
devices:
  tanks: {driver: simulator/cascaded-tanks, noise: 20 mV, seed: 1}
  motor: {driver: simulator/dc-motor, counts: 2000, supply: 24 V, seed: 1}
  table: {driver: csv, outputs: "copy [V]", output: out.csv}
scanners:
  level: {device: tanks, channels: {now: {channel: ai0, unit: V, outlier: {jump: 1000 V/s}, on_bad: {hold: 1 s, then: fault}}}}
  axis: {device: motor, schedule: {every: 7}, channels: {current: {channel: current, unit: A}}}
generators:
  square: {plugin: waveform, shape: square, low: 3 V, high: 6 V, period: 1 s}
  sine: {plugin: waveform, shape: sine, low: 3 V, high: 6 V, period: 700 ms, schedule: {every: 10, offset: 3}}
  triangle: {plugin: waveform, shape: triangle, low: 3 V, high: 6 V, period: 300 ms}
observers:
  tanks-state: {plugin: cascaded-tanks-ekf, inputs: {level: level.now, pump: pump.drive}}
controllers:
  loop: {plugin: pid, inputs: {setpoint: square.value, measurement: level.now, applied: pump.drive}, kp: 0.9, ki: 0.006 1/s, kd: 1 s}
  other:
    plugin: pid
    inputs: {setpoint: sine.value, measurement: {signal: level.now, delay: 3, initial: 0 V}}
    kp: 4
    ki: 1 1/s
    anti_windup: clamping
interlocks:
  high: {trip: "sine.value > 5.5 V", action: safe, latch: false}
actuators:
  pump: {device: tanks, channels: {drive: {channel: ao0, unit: V, from: loop.output, limits: [0 V, 10 V], safe: 0 V}}}
  amplifier:
    device: motor
    channels: {voltage: {channel: voltage, unit: V, from: other.output, limits: [-24 V, 24 V], slew: 1000 V/s, safe: 0 V}}
  copy: {device: table, channels: {copy: {channel: copy, unit: V, from: triangle.value, limits: [0 V, 10 V], safe: 0 V}}}
chains:
  slow: {core: 1, schedule: {every: 50}, components: [triangle]}
modes:
  phases:
    one: {active: [sine, other], timeout: {after: 3, go: two}}
    two:
      active: [other]
      set: {other.kp: 5}
      connect: {pump.drive: square.value}
      outputs: {amplifier.voltage: safe}
      timeout: {after: 4, go: three}
    three: {outputs: {amplifier.voltage: safe}, go: {one: "level.now >= 0 V or phases.elapsed > 2 ms"}}
report: {signals: all, file: everything.h5}
"""


class Guard(Experiment):
    def assert_clean(self, guard):
        self.assertIsNotNone(guard)
        self.assertEqual(guard["missing"] == [], CAN_STOP_SYSTEM_CALLS)
        # Where memory can't be locked, late page faults are nobody's fault.
        findings = [finding["text"] for finding in guard["findings"]
                    if guard["memory_locked"] or finding["kind"] != "page fault"]
        self.assertEqual(findings, [])
        self.assertEqual(guard["untold"], 0)

    def run_changing(self, file, name, changes, *arguments, beats=BEATS):
        """Runs it for so many beats and meanwhile changes it again and again: how many changes, and the summary."""
        run = self.start(file, "--guard", "--json", "--for", f"{beats} beats", "--report", f"{name}.h5", *arguments, name=name)
        client = self.client(name)
        made = 0
        try:
            while run.poll() is None:
                reply = client.ask(**changes[made % len(changes)])
                if reply is None or not reply["ok"]:
                    self.assertIn("ended", (reply or {"refusal": "ended"})["refusal"], reply)
                    break
                made += 1
        except ConnectionError:
            pass  # the run has ended
        out, err = run.communicate(timeout=PATIENCE)
        summary = json.loads(out)
        self.assert_clean(summary["guard"])
        if not summary["guard"]["findings"]:
            self.assertEqual(run.returncode, 0, err)
            self.assertNotIn("on the beat", err)
        self.assertEqual(summary["beats_run"] + summary["beats_missed"], beats)
        self.assertGreater(made, 3)
        self.assertGreater(summary["swaps"], 0)
        return summary

    def other(self, file, old, new, name):
        """The same experiment but for one thing, beside it, with the same recording."""
        text = file.read_text().replace(old, new)
        text = re.sub(r"(?m)^report:.*", f"report: {{signals: all, file: {name}.h5}}", text)
        return str(self.write(f"other-{file.name}", text.replace("data/", f"{EXAMPLES}/data/")))

    def test_tanks(self):
        file = EXAMPLES / "tanks.yaml"
        self.run_changing(file, "tanks", [
            {"command": "set", "values": {"loop.kp": "0.5", "rig.noise": "20 mV"}},
            {"command": "swap", "file": self.other(file, "plugin: cascaded-tanks-ekf, inputs",
                                                   "plugin: cascaded-tanks-ekf, schedule: {every: 2}, inputs", "tanks")},
            {"command": "set", "values": {"loop.kd": "10 s"}},
            {"command": "pause"}, {"command": "resume"}])

    def test_tanks_with_modes(self):
        file = EXAMPLES / "tanks-modes.yaml"
        self.run_changing(file, "tanks-modes", [
            {"command": "command", "name": "start"}, {"command": "mode", "name": "filling.run"},
            {"command": "swap", "file": self.other(file, "kp: 0.9", "kp: 0.8", "tanks-modes")},
            {"command": "command", "name": "stop"}, {"command": "mode", "name": "filling.gentle"}])

    def test_motor_in_virtual_time(self):
        file = EXAMPLES / "motor.yaml"
        self.run_changing(file, "motor", [
            {"command": "set", "values": {"loop.kp": "6 V/rad"}},
            {"command": "swap", "file": self.other(file, "low: -1 rad", "low: -2 rad", "motor")},
            {"command": "inhibit"}, {"command": "arm"}], "--clock", "virtual", "--set", "report.checkpoint={every: 3}")

    def test_motor_in_real_time(self):
        file = EXAMPLES / "motor.yaml"
        self.run_changing(file, "motor", [{"command": "set", "values": {"loop.kp": "6 V/rad"}},
                                          {"command": "set", "values": {"loop.kp": "8 V/rad"}}], beats=3000)

    def test_observer_on_a_long_table(self):
        lines = (EXAMPLES / "data" / "cascaded-tanks.csv").read_text().splitlines()
        header, rows = lines[0], [line.split(",") for line in lines[1:]]
        step = float(rows[1][0]) - float(rows[0][0])
        with (self.directory / "long.csv").open("w") as file:
            file.write(header + "\n")
            for number in range(BEATS):
                file.write(",".join([repr(number * step), *rows[number % len(rows)][1:]]) + "\n")
        text = (EXAMPLES / "tanks-observer.yaml").read_text().replace("data/cascaded-tanks.csv", "long.csv")
        done = self.tactus("run", self.write("observer.yaml", text), "--guard", "--json", "--report", "observer.h5")
        summary = json.loads(done.stdout)
        self.assertEqual(summary["beats_run"], BEATS)
        self.assert_clean(summary["guard"])

    def test_every_plugin_and_a_chain(self):
        file = self.write("everything.yaml", ALL_PLUGINS)
        used = set(re.findall(r"(?:plugin|driver): ([\w/-]+)", ALL_PLUGINS))
        there = {each["name"] for each in json.loads(self.tactus("plugins", "--json").stdout)["plugins"]}
        self.assertEqual(used, there, "each plug-in is run")
        summary = self.run_changing(file, "everything", [
            {"command": "set", "values": {"loop.kp": "0.5"}},
            {"command": "set", "values": {"other.ki": "2 1/s", "sine.period": "500 ms"}}])
        self.assertEqual(summary["chain_turns_missed"], 0)

    def test_a_chain_on_another_core(self):
        text = ALL_PLUGINS.replace("clock: virtual", "clock: real, core: 0")
        self.run_changing(self.write("everything.yaml", text), "everything",
                          [{"command": "set", "values": {"loop.kp": "0.5"}}], beats=2000)


@unittest.skipIf(OFFENDER is None, "the guards are not in a build with a sanitizer")
class Offender(Experiment):
    """A plug-in that does what must not be done, on beat 30."""

    def run_offender(self, deed, *arguments, status, **options):
        file = self.write(f"{deed}.yaml", "tactus: 1\nname: crime\nheartbeat: {period: 1 ms, clock: virtual}\n"
                                          f"generators: {{culprit: {{plugin: offender, deed: {deed}}}}}\n")
        return self.tactus("run", file, "--for", "100 beats", "--plugin-path", OFFENDER, *arguments, status=status, **options)

    def test_each_deed(self):
        for deed, kind, what in (("malloc", "allocation", "malloc"), ("free", "allocation", "free"),
                                 ("new", "allocation", "malloc"), ("realloc", "allocation", "realloc"),
                                 ("std_mutex", "lock", "pthread_mutex_lock"), ("semaphore", "lock", "sem_wait"),
                                 ("write", "system call", "write"), ("raw", "system call", "getppid"),
                                 ("futex", "system call", "futex"), ("fresh_page", "page fault", "minor")):
            with self.subTest(deed):
                summary = json.loads(self.run_offender(deed, "--guard", "--json", status=1).stdout)
                self.assertEqual((summary["outcome"], summary["exit_status"]), ("done", 1))
                found = summary["guard"]["findings"]
                self.assertIn((kind, what, "culprit", 30), [(each["kind"], each["what"], each["component"], each["beat"])
                                                            for each in found], found)
                if kind != "page fault":
                    self.assertIn("(offender.so)", found[0]["caller"])

    def test_the_user_is_told(self):
        done = self.run_offender("write", "--guard", status=1)
        self.assertIn("on the beat: culprit: system call, write, once, first on beat 30, by ", done.stderr)
        self.assertIn("on the beat: culprit: system call, write, once, first on beat 30, by ", done.stdout)

    def test_innocence(self):
        self.assertIn("guard: nothing found", self.run_offender("none", "--guard", status=0).stdout)

    def test_without_guards_nobody_looks(self):
        summary = json.loads(self.run_offender("write", "--json", status=0).stdout)
        self.assertIsNone(summary["guard"])


    @unittest.skipUnless(os.uname().machine == "x86_64", "the filter is for x86-64")
    def test_a_guard_that_is_missing_is_named(self):
        done = self.run_offender("write", "--guard", status=0, preexec_fn=refuse_dispatch)
        self.assertIn("not guarded: system calls: ", done.stderr)
        self.assertIn("not guarded: system calls: ", done.stdout)
        self.run_offender("malloc", "--guard", status=1, preexec_fn=refuse_dispatch)

    def test_a_library_that_is_not_loaded(self):
        environment = {**self.environment, "LD_PRELOAD": "/none/libtactus_guard.so"}
        done = self.run_offender("none", "--guard", status=3, env=environment)
        self.assertIn("--guard: the system did not load ", done.stderr)


@unittest.skipIf(OFFENDER is not None, "for builds with a sanitizer")
class NoGuards(Experiment):
    def test_that_there_are_none_is_said(self):
        done = self.tactus("run", EXAMPLES / "tanks.yaml", "--guard", "--report", "tanks.h5", "--for", "10 beats", status=3)
        self.assertIn("--guard: a build with a sanitizer has none", done.stderr)
        self.assertFalse((self.directory / "tanks.h5").exists())


if OFFENDER is None:
    del Guard

if __name__ == "__main__":
    unittest.main()
