"""A run and its clients: what they may ask, what they are told, and that they can't do harm."""
import json
import random
import signal
import stat
import threading
import unittest

import numpy

from experiment import EXAMPLES, Experiment, Recording

MOTOR = EXAMPLES / "motor.yaml"


class Control(Experiment):
    def start_motor(self, *arguments, name="motor"):
        return self.start(MOTOR, "--report", f"{name}.h5", *arguments, name=name)

    def refused(self, reply, refusal):
        self.assertFalse(reply["ok"], reply)
        self.assertEqual(reply["refusal"], refusal, reply)

    def test_set_takes_effect_at_the_beat_it_says(self):
        run = self.start_motor()
        client = self.client("motor")
        self.wait_beats("motor", 150)
        first = client.ask("set", values={"loop.kp": "6 V/rad"})
        self.assertTrue(first["ok"], first)
        self.wait_beats("motor", 150)
        second = client.ask("set", values={"loop.kp": "9 V/rad", "loop.ki": "30 V/rad/s"})
        self.assertTrue(second["ok"], second)
        self.wait_beats("motor", 150)
        values = client.ask("get", names=["loop.kp", "loop.ki", "loop.kd", "loop.b"])["parameters"]
        self.assertEqual([(each["name"], each["value"], each["unit"], each["from"]) for each in values],
                         [("loop.kp", 9, "V/rad", "set"), ("loop.ki", 30, "V/rad/s", "set"),
                          ("loop.kd", 0.045, "V s/rad", "file"), ("loop.b", 1, "1", "default")])
        self.end(run)

        recording = Recording(self.directory / "motor.h5")
        swaps = [int(event["beat"]) for event in recording.events_of("swap")]
        self.assertEqual(swaps, [0, first["beat"], second["beat"]])
        beats = recording.beats["loop"]
        self.assertEqual(beats.tolist(), recording.beats["sensor"].tolist(), "one recording, without a seam")
        gain = numpy.where(beats < first["beat"], 8.0, numpy.where(beats < second["beat"], 6.0, 9.0))
        expected = gain * (recording["setpoint.value"] - recording["sensor.angle"])
        self.assertTrue((recording["loop.proportional"] == expected).all(), "each beat is wholly of one program")
        self.assertLess(numpy.abs(numpy.diff(recording["sensor.angle"])).max(), 0.3, "the motor's state is kept")
        at = [numpy.searchsorted(beats, swap) for swap in swaps[1:]]
        jumps = [abs(recording["loop.output"][i] - recording["loop.output"][i - 1]) for i in at
                 if recording["setpoint.value"][i] == recording["setpoint.value"][i - 1]]
        self.assertTrue(all(jump < 1.0 for jump in jumps), f"bumpless: {jumps}")

    def test_bad_values_are_refused_whole(self):
        run = self.start_motor()
        client = self.client("motor")
        for values in ({"loop.kp": "7 V/rad", "loop.ki": "3 A"}, {"loop.kp": "7 V/rad", "loop.kx": "1"},
                       {"loop.kp": "7 V/rad", "nobody.kp": "1"}, {"loop.kp": "7 V/rad", "motor.supply": "12 V"},
                       {"loop.kp": "7 V/rad", "heartbeat.clock": "virtual"}, {"loop.kp": "7 V/rad", "loop.ki": "]["}):
            reply = client.ask("set", values=values)
            self.refused(reply, "input")
            self.assertGreater(len(reply["findings"]), 0)
        parameters = client.ask("get", names=["loop.kp"])["parameters"]
        self.assertEqual((parameters[0]["value"], parameters[0]["from"]), (8, "file"))
        self.assertEqual(client.ask("status")["swaps"], 0)
        out = self.tactus("set", "-n", "motor", "loop.kp=7 V/rad", "loop.ki=3 A", status=2)
        self.assertIn("--set loop.ki=3 A: error: ", out.stderr)
        self.end(run)

    def test_swap_of_the_whole_experiment(self):
        run = self.start_motor()
        client = self.client("motor")
        text = MOTOR.read_text()
        other = self.write("other.yaml", text.replace("low: -1 rad, high: 1 rad", "low: 2 rad, high: 3 rad"))
        report = f"report: {{signals: all, file: {json.dumps('motor.h5')}}}"
        other.write_text("\n".join(line if not line.startswith("report:") else report
                                   for line in other.read_text().splitlines()))
        self.wait_beats("motor", 50)
        reply = client.ask("swap", file=str(other))
        self.assertTrue(reply["ok"], reply)
        self.wait_beats("motor", 50)
        wrong = self.write("wrong.yaml", text.replace("plugin: pid", "plugin: pdi"))
        self.refused(client.ask("swap", file=str(wrong)), "input")
        self.refused(client.ask("swap", file="/nothing.yaml"), "input")
        self.refused(client.ask("swap", file=str(EXAMPLES / "tanks.yaml")), "input")
        self.wait_beats("motor", 50)
        self.end(run)
        recording = Recording(self.directory / "motor.h5")
        old = recording.beats["setpoint"] < reply["beat"]
        self.assertTrue(set(recording["setpoint.value"][old]) <= {-1.0, 1.0})
        self.assertGreater(old.sum(), 0)
        self.assertTrue(set(recording["setpoint.value"][~old]) <= {2.0, 3.0})
        self.assertGreater((~old).sum(), 0)

    def test_interlocks_change_only_if_that_is_said(self):
        text = (EXAMPLES / "motor.yaml").read_text()
        guarded = text.replace("actuators:", "interlocks:\n  far: {trip: abs(sensor.angle) > 0.5 rad}\nactuators:")
        file = self.directory / "guarded.yaml"
        file.write_text(guarded)
        run = self.start(file, "--report", "guarded.h5", name="guarded")
        client = self.client("guarded")
        self.refused(client.ask("set", values={"far.trip": "abs(sensor.angle) > 0.6 rad"}), "input")
        self.refused(client.ask("swap", file=str(EXAMPLES / "motor.yaml")), "input")
        self.assertTrue(client.ask("set", values={"loop.kp": "7 V/rad"})["ok"], "what is no interlock may change")
        while not (status := client.ask("status"))["last_interlock"]:
            pass
        self.assertEqual(status["last_interlock"]["interlock"], "far")
        self.assertTrue(status["last_interlock"]["tripped"])
        self.assertTrue(client.ask("set", values={"far.trip": "abs(sensor.angle) > 10 rad"},
                                   allow_interlock_change=True)["ok"])
        self.assertTrue(client.ask("ack")["ok"])
        while client.ask("status")["last_interlock"]["tripped"]:
            pass
        self.refused(client.ask("swap", file=str(EXAMPLES / "motor.yaml"), allow_interlock_change=1), "request")
        self.assertTrue(client.ask("swap", file=str(EXAMPLES / "motor.yaml"), allow_interlock_change=True)["ok"])
        self.end(run)

    def test_pause_resume_inhibit_arm(self):
        run = self.start_motor()
        client = self.client("motor")
        self.wait_beats("motor", 20)
        paused = client.ask("pause")
        self.assertTrue(paused["ok"])
        self.refused(client.ask("pause"), "state")
        self.assertEqual(client.ask("status")["state"], "paused")
        inhibited = client.ask("inhibit")
        self.assertTrue(client.ask("resume")["ok"])
        self.wait_beats("motor", 20)
        self.assertTrue(client.ask("status")["inhibited"])
        armed = client.ask("arm")
        self.refused(client.ask("reset"), "state")
        self.wait_beats("motor", 20)
        self.end(run)
        recording = Recording(self.directory / "motor.h5")
        commands = [event["text"].decode() for event in recording.events_of("command")]
        self.assertEqual(commands, ["start", "pause", "inhibit", "resume", "arm"])
        beats = recording.beats["drive"]
        while_inhibited = (beats > inhibited["beat"]) & (beats < armed["beat"])
        self.assertGreater(while_inhibited.sum(), 15)
        self.assertTrue((recording["drive.voltage"][while_inhibited] == 0).all())

    def test_trip_and_reset(self):
        run = self.start_motor()
        client = self.client("motor")
        self.wait_beats("motor", 20)
        self.assertTrue(client.ask("trip")["ok"])
        status = self.wait_status("motor", lambda status: status["state"] == "fault" and status["last_fault"])
        self.assertEqual(status["last_fault"]["reason"], "tripped by command")
        self.refused(client.ask("trip"), "state")
        self.wait(lambda: client.ask("get")["beat"] == status["last_fault"]["beat"])
        voltage = client.ask("get", names=["drive.voltage"])["signals"][0]
        self.assertEqual((voltage["value"], voltage["status"]), (0, "substituted"))
        self.assertTrue(client.ask("reset")["ok"])
        self.wait_beats("motor", 20)
        self.assertTrue(client.ask("pause")["ok"])
        self.assertIn("took effect at beat", self.tactus("trip", "-n", "motor").stdout)
        again = self.wait_status("motor", lambda status: status["state"] == "fault" and status["last_fault"])
        self.assertEqual(again["faults"], 2)
        self.end(run, status=1)
        recording = Recording(self.directory / "motor.h5")
        self.assertEqual([event["text"] for event in recording.events_of("fault")], [b"tripped by command"] * 2)
        self.assertEqual([int(event["beat"]) for event in recording.events_of("fault")],
                         [status["last_fault"]["beat"], again["last_fault"]["beat"]])
        safe = recording.statuses("drive.voltage") != 0
        self.assertEqual(recording.beats["drive"][safe].tolist(), [status["last_fault"]["beat"]], "else it was good")
        self.assertEqual(recording["drive.voltage"][safe].tolist(), [0])

    def test_counts_of_inputs_and_outputs(self):
        run = self.start_motor("--set", "drive.voltage.limits=[-1 V, 1 V]")
        status = self.wait_status("motor", lambda status: status["outputs"][0]["limited"] > 10)
        self.assertEqual([output["signal"] for output in status["outputs"]], ["drive.voltage"])
        self.assertEqual([entry["signal"] for entry in status["inputs"]], ["sensor.angle", "sensor.current"])
        self.assertEqual({name: count for name, count in status["inputs"][0].items() if name != "signal"},
                         {"outliers": 0, "stuck": 0, "held": 0, "substituted": 0, "bad": 0})
        self.assertTrue(self.client("motor").ask("set", values={"sensor.angle.stuck": "1 ns"})["ok"])
        status = self.wait_status("motor", lambda status: status["inputs"][0]["stuck"] > 10)
        self.assertGreater(status["inputs"][0]["bad"], 0)
        self.wait_status("motor", lambda status: status["outputs"][0]["made_safe"] > 0)
        self.assertIn("sensor.angle: bad ", self.tactus("status", "-n", "motor").stdout)
        self.end(run)

    def test_an_output_takes_its_time_to_the_end(self):
        run = self.start_motor("--set", "drive.voltage.safe_slew=200 V/s", "--set", "drive.voltage.slew=1 kV/s",
                               "--set", "setpoint.start=0 s")
        client = self.client("motor")
        self.wait_beats("motor", 20)
        self.assertTrue(client.ask("inhibit")["ok"])
        self.wait(lambda: client.ask("get", names=["drive.voltage"])["signals"][0]["value"] == 0)
        armed = client.ask("arm")
        self.wait_status("motor", lambda status: status["beat"] > armed["beat"] + 20)
        self.end(run)
        recording = Recording(self.directory / "motor.h5")
        voltage, status = recording["drive.voltage"], recording.statuses("drive.voltage")
        safe = numpy.flatnonzero(status == 1)
        changes = numpy.abs(numpy.diff(voltage))[safe - 1]
        missed = numpy.diff(recording.beats["drive"].astype(numpy.int64))[safe - 1]
        self.assertGreater(len(safe), 1)
        self.assertLess((changes - 0.2 * missed).max(), 1e-9, "200 mV in a beat")

    def test_fault_and_reset(self):
        run = self.start_motor()
        client = self.client("motor")
        fault = {"drive.voltage.limits": "[-1 mV, 1 mV]", "drive.voltage.on_limit": "fault"}
        self.assertTrue(client.ask("set", values=fault)["ok"])
        status = self.wait_status("motor", lambda status: status["last_fault"] is not None)
        self.assertEqual((status["state"], status["faults"]), ("fault", 1))
        self.assertEqual(status["last_fault"]["component"], "drive")
        self.assertTrue(client.ask("set", values={"drive.voltage.on_limit": "clamp"})["ok"], "in the state fault, too")
        self.assertTrue(client.ask("reset")["ok"])
        self.wait_status("motor", lambda status: status["state"] == "running")
        self.assertTrue(client.ask("set", values=fault)["ok"])
        self.wait_status("motor", lambda status: status["state"] == "fault" and status["last_fault"])
        self.end(run, status=1)

    def test_get_shows_parameters_and_newest_signals(self):
        run = self.start_motor()
        client = self.client("motor")
        self.wait(lambda: (client.ask("get")["beat"] or 0) > 10)
        reply = client.ask("get")
        signals = {each["name"]: each for each in reply["signals"]}
        self.assertEqual(signals["sensor.angle"]["unit"], "rad")
        self.assertEqual(signals["sensor.angle"]["status"], "good")
        self.assertEqual({each["name"].split(".")[0] for each in reply["parameters"]}, {"setpoint", "loop", "drive", "motor"})
        self.refused(client.ask("get", names=["loop.kp", "nobody"]), "input")
        self.assertIn("loop.kp", self.tactus("get", "loop").stdout)
        self.end(run)

    def test_every_beat_explains_itself(self):
        run = self.start_motor()
        self.wait_beats("motor", 100)
        status = self.client("motor").ask("status")
        self.assertEqual([step["component"] for step in status["steps_ns"]], ["sensor", "setpoint", "loop", "drive"])
        self.assertTrue(all(step["count"] >= 90 for step in status["steps_ns"]))
        worst = status["worst_beats_ns"]
        self.assertEqual(len(worst), 10)
        totals = [beat["latency"] + beat["duration"] for beat in worst]
        self.assertEqual(totals, sorted(totals, reverse=True))
        self.end(run)

    def test_stop_answers_when_all_is_written(self):
        run = self.start_motor()
        self.wait_beats("motor", 20)
        summary = json.loads(self.tactus("stop", "-n", "motor", "--json").stdout)
        self.assertEqual(summary["outcome"], "done")
        self.assertEqual(len(Recording(self.directory / "motor.h5").beats["drive"]), summary["beats_run"])
        self.assertEqual(run.wait(), 0)

    def test_two_clients_at_once(self):
        run = self.start_motor()
        rounds = 20
        replies = {"loop.kp": [], "loop.kd": []}

        def work(name, unit):
            client = self.client("motor")
            for number in range(rounds):
                replies[name].append(client.ask("set", values={name: f"{number + 1}e-2 {unit}"}))
                client.ask("status")

        threads = [threading.Thread(target=work, args=each) for each in (("loop.kp", "V/rad"), ("loop.kd", "V.s/rad"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        programs = [reply["program"] for each in replies.values() for reply in each]
        self.assertEqual(sorted(programs), list(range(2, 2 * rounds + 2)), "each change is a program of its own")
        parameters = self.client("motor").ask("get", names=["loop.kp", "loop.kd"])["parameters"]
        self.assertEqual([each["value"] for each in parameters], [0.2, 0.2], "none undoes another one's")
        self.end(run)
        recording = Recording(self.directory / "motor.h5")
        self.assertEqual(len(recording.events_of("swap")), 2 * rounds + 1)

    def test_garbage(self):
        run = self.start_motor()
        noise = random.Random(1)
        for data in (b"hello\n", b"[]\n", b"{}\n", b'{"tactus": 2, "command": "status"}\n', b'{"tactus": 1}\n', b"\xff\xfe\n",
                     b'{"tactus": 1, "command": 5}\n', b'{"tactus": 1, "command": "fly"}\n',
                     b'{"tactus": 1, "command": "set", "values": [1]}\n', b'{"tactus": 1, "command": "swap"}\n',
                     b'{"tactus": 1, "command": "set", "values": {"loop.kp": {}}}\n',
                     b'{"tactus": 1, "command": "get", "names": "loop"}\n', b"[" * 100000 + b"\n",
                     noise.randbytes(1000).replace(b"\n", b"") + b"\n"):
            client = self.client("motor")
            client.send(data)
            self.refused(client.reply(), "request")
            self.assertTrue(client.ask("status")["ok"], "the client may go on")
        endless = self.client("motor")
        try:
            for _ in range(20):
                endless.send(b"x" * 100000)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it is not read to its end
        else:
            self.refused(endless.reply(), "request")
        silent = [self.client("motor") for _ in range(40)]
        silent[0].send(b'{"tactus": 1, "comm')
        silent[1].send(b'{"tactus": 1, "command": "set", "values": {"loop.kp": "5 V/rad"}}\n')
        silent[1].close()
        many = self.client("motor")
        many.send(b'{"tactus": 1, "command": "status"}\n' * 50)
        self.assertTrue(all(many.reply()["ok"] for _ in range(50)), "requests may be sent ahead")
        self.assertTrue(self.client("motor").ask("status")["ok"])
        self.end(run)
        self.assertTrue(Recording(self.directory / "motor.h5").complete)

    def test_virtual_time(self):
        run = self.start(EXAMPLES / "tanks.yaml", "--report", "tanks.h5", name="tanks")
        client = self.client("tanks")
        reply = client.ask("set", values={"loop.kp": "0.5"})
        self.assertTrue(reply["ok"], reply)
        self.wait_beats("tanks", 100)
        self.end(run)
        recording = Recording(self.directory / "tanks.h5")
        self.assertEqual([int(event["beat"]) for event in recording.events_of("swap")], [0, reply["beat"]])


class Names(Experiment):
    def test_the_socket_is_the_user_s_alone(self):
        run = self.start(MOTOR, "--report", "motor.h5", name="motor")
        path = self.socket_path("motor")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        self.end(run)

    def test_a_directory_that_is_open_to_others_is_refused(self):
        (self.directory / "tactus").mkdir()
        (self.directory / "tactus").chmod(0o755)
        done = self.tactus("run", MOTOR, "--for", "10 beats", "--report", "motor.h5", status=3)
        self.assertIn("closed to others", done.stderr)

    def test_two_runs_of_one_name(self):
        first = self.start(MOTOR, "--report", "first.h5", name="motor")
        done = self.tactus("run", MOTOR, "--report", "second.h5", status=2)
        self.assertIn("a run named `motor` is there already", done.stderr)
        self.assertFalse((self.directory / "second.h5").exists())
        second = self.start(MOTOR, "--report", "second.h5", name="other")
        names = [run["name"] for run in json.loads(self.tactus("list", "--json").stdout)]
        self.assertEqual(names, ["motor", "other"])
        self.assertIn("-n with one of motor, other", self.tactus("status", status=2).stderr)
        self.end(second)
        self.assertIn("motor: running", self.tactus("status").stdout)
        self.end(first)
        self.assertIn("nothing runs", self.tactus("status", status=2).stderr)

    def test_a_killed_run_leaves_its_name_free(self):
        run = self.start(MOTOR, "--report", "killed.h5", name="motor")
        run.send_signal(signal.SIGKILL)
        run.communicate()
        self.assertTrue(self.socket_path("motor").exists())
        again = self.start(MOTOR, "--report", "again.h5", name="motor")
        again.send_signal(signal.SIGKILL)
        again.communicate()
        self.assertEqual(self.tactus("list").stdout, "")
        self.assertEqual(list((self.directory / "tactus").iterdir()), [], "what the dead left is removed")


if __name__ == "__main__":
    unittest.main()
