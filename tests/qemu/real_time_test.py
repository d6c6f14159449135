"""The real command on a real PREEMPT_RT kernel."""
import json
import tempfile
import unittest
from pathlib import Path

import h5py

from tactus_guest import EXAMPLES, frames, here, main, tactus_guest

SCRIPT = """
cd /out
tactus run /examples/motor.yaml --clock virtual --for 2s --report virtual.h5 --quiet || exit 10
tactus run /examples/motor.yaml --for 2s --require-realtime --report real.h5 --json >real.json || exit 11
"""


class RealTime(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.guest = tactus_guest()  # whose files live as long
        cls.done = cls.guest.run(SCRIPT)

    def test_kernel_is_a_real_time_one(self):
        self.assertRegex(self.done.console, r"guest: .*PREEMPT_RT.*realtime 1")
        self.assertEqual(self.done.status, 0, self.done.console)

    def test_virtual_time_is_the_same_on_every_machine(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "virtual.h5"
            here("run", EXAMPLES / "motor.yaml", "--clock", "virtual", "--for", "2s", "--report", path,
                 directory=directory)
            ours, theirs = frames(path), frames(self.done.files["virtual.h5"])
        self.assertEqual(ours.keys(), theirs.keys())
        for name, values in ours.items():
            self.assertEqual(values.tobytes(), theirs[name].tobytes(), name)

    def test_real_time_is_granted_and_kept(self):
        summary = json.loads(self.done.files["real.json"].read_text())
        self.assertEqual((summary["outcome"], summary["beats_run"], summary["beats_missed"]), ("done", 2000, 0), summary)
        with h5py.File(self.done.files["real.h5"], "r") as file:
            self.assertIn("-rt-", file.attrs["machine_system"])
            self.assertTrue(file.attrs["complete"])
            self.assertEqual(file.attrs["drops"], 0)
        for name, values in frames(self.done.files["real.h5"]).items():
            self.assertEqual(len(values), 2000, name)


if __name__ == "__main__":
    main()
