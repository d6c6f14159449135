"""What the tests of this folder share: a guest with tactus in it, or a plain word why there is none."""
import os
import subprocess
import sys
import unittest
from pathlib import Path

import h5py

from guest import Guest
from initramfs import folder, with_libraries
from rt_kernel import Unavailable, rt_kernel, tool

TACTUS = Path(os.environ["TACTUS"])
PLUGINS = Path(os.environ["TACTUS_PLUGINS"])
EXAMPLES = Path(os.environ["TACTUS_EXAMPLES"])
CACHE = Path(os.environ["TACTUS_QEMU_CACHE"])
SKIPPED = 77  # by convention with CTest


def tactus_guest(files=None, **options):
    """A guest with the command, its plug-ins and the examples. Throws Unavailable."""
    tool("qemu-system-x86_64")
    plugins = [(f"/usr/lib/tactus/plugins/{plugin.name}", plugin) for plugin in sorted(PLUGINS.glob("*.so"))]
    return Guest(rt_kernel(CACHE), {
        **with_libraries(("/usr/bin/tactus", TACTUS), *plugins),
        **folder("/usr/share/xml/udunits"),
        **{f"/examples/{example.name}": example for example in EXAMPLES.glob("*.yaml")},
        **(files or {}),
    }, **options)


def here(*arguments, directory):
    """Runs the command on this machine."""
    subprocess.run([TACTUS, *map(str, arguments)], check=True, capture_output=True, text=True, cwd=directory)


def frames(path):
    """component/dataset -> its values, of a recording that everybody can read."""
    with h5py.File(path, "r") as file:
        return {f"{component}/{name}": data[:] for component, group in file["frames"].items()
                for name, data in group.items()}


def main():
    """Runs the tests of the calling file; ends with SKIPPED if this machine has no guests."""
    try:
        unittest.main()
    except Unavailable as reason:
        print(f"SKIPPED, nothing was tested: {reason}", file=sys.stderr)
        sys.exit(SKIPPED)
