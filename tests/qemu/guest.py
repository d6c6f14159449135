"""A virtual machine with a PREEMPT_RT kernel that runs one shell script and brings out files:

    guest = Guest(rt_kernel(cache), with_libraries(("/usr/bin/tactus", here)))
    done = guest.run("tactus --version >/out/version")
    done.status, done.console, done.files["version"]

The processor is emulated (no KVM, no root), and by `-icount` its clock counts its own instructions, 8 ns each. So a guest
is a slow but undisturbed machine, whatever else the host does: it never misses a beat because of somebody else."""
import os
import re
import select
import subprocess
import tarfile
import tempfile
import time
from collections import namedtuple
from pathlib import Path

from initramfs import archive
from rt_kernel import tool

PATIENCE = 120  # seconds; only a broken guest takes that long
OUT_BYTES = 64 << 20
ENDED = re.compile(rb"guest: status (\d+)")

INIT = b"""#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin HOME=/root XDG_RUNTIME_DIR=/run
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mkdir -p /dev/shm /run /out /tmp
mount -t tmpfs none /dev/shm
while read module; do insmod /modules/$module; done </modules/order
# Hands all that is in /out to the host, now.
deliver() { tar -c -C /out -f /dev/vda . && sync; }
echo "guest: $(uname -v), realtime $(cat /sys/kernel/realtime)"
( . /script )
status=$?
deliver
echo "guest: status $status"
poweroff -f
"""

Done = namedtuple("Done", "status console files")


class Machine:
    """One that runs. Its first disk takes what is delivered."""

    def __init__(self, command, out):
        self.out = out
        self.console = b""
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut_power()

    def read(self, timeout):
        """What comes on its console; False at its end."""
        descriptor = self.process.stdout.fileno()
        if select.select([descriptor], [], [], max(0, timeout))[0]:
            data = os.read(descriptor, 1 << 16)
            self.console += data
            return bool(data)
        return True

    def wait_for(self, pattern, begin=0):
        """Until the console shows it behind the byte `begin`: the match."""
        deadline = time.monotonic() + PATIENCE
        while (found := re.compile(pattern).search(self.console, begin)) is None:
            if not self.read(deadline - time.monotonic()) or time.monotonic() > deadline:
                raise AssertionError(f"no {pattern} on the console:\n{self.text()}")
        return found

    def run_for(self, seconds):
        """Lets it run on, and takes what it says."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.read(deadline - time.monotonic()):
            pass

    def cut_power(self):
        """From one instruction to the next. What is on its way to a disk is lost. Nothing, if it is off already."""
        if self.process.stdout.closed:
            return
        self.process.kill()
        while self.read(PATIENCE):
            pass
        self.process.wait()
        self.process.stdout.close()

    def text(self):
        return self.console.decode(errors="replace")

    def delivered(self, into):
        """What the guest delivered last, as files below the folder `into`: name -> path."""
        with tarfile.open(self.out) as tar:
            tar.extractall(into)
        return {str(path.relative_to(into)): path for path in sorted(Path(into).rglob("*")) if path.is_file()}

    def finish(self, into):
        """Waits for the end of the script."""
        status = int(self.wait_for(ENDED)[1])
        self.process.wait(PATIENCE)
        return Done(status, self.text(), self.delivered(into))


class Guest:
    """`files`: see initramfs.archive(). `modules`: drivers beside those for disks. Whatever it does is gone afterwards,
    but for what is on `disks`, which are files with an image, /dev/vdb and so on. `skips_idle`: time in which it has
    nothing to do passes at once; then a disk seems slow, since to wait for it is to have nothing to do."""

    def __init__(self, kernel, files, modules=(), disks=(), memory_megabytes=512, skips_idle=True):
        self.work = tempfile.TemporaryDirectory(prefix="tactus-guest-")
        self.folder = Path(self.work.name)
        self.kernel = kernel
        self.disks = disks
        self.memory = memory_megabytes
        self.clock = f"shift=3,sleep={'off' if skips_idle else 'on'}"
        drivers = kernel.modules(["virtio_pci", "virtio_blk", "ext4", *modules])
        order = "".join(f"{driver.name}\n" for driver in drivers)
        self.base = archive({
            "/init": INIT,
            "/bin/busybox": tool("busybox"),
            "/modules/order": order.encode(),
            **{f"/modules/{driver.name}": driver for driver in drivers},
            **{f"/{mount_point}/.here": b"" for mount_point in ("proc", "sys", "dev", "root")},
            **files,
        })

    def start(self, script):
        initramfs = self.folder / "initramfs"
        initramfs.write_bytes(self.base + archive({"/script": script.encode()}))
        out = self.folder / "out"
        with open(out, "wb") as file:
            file.truncate(OUT_BYTES)
        # writethrough: what the guest was told is on the disk is out of QEMU's hands, as with a disk without a cache of
        # its own, or an honest one.
        disks = [argument for disk in (out, *self.disks)
                 for argument in ("-drive", f"file={disk},if=virtio,format=raw,cache=writethrough")]
        return Machine([tool("qemu-system-x86_64"), "-accel", "tcg,thread=single", "-icount", self.clock,
                        "-machine", "q35", "-bios", "qboot.rom", "-cpu", "max", "-smp", "1", "-m", str(self.memory),
                        "-nic", "none", "-rtc", "base=2026-01-01,clock=vm", "-no-reboot",
                        "-display", "none", "-monitor", "none", "-serial", "stdio", *disks,
                        "-kernel", str(self.kernel.image), "-initrd", str(initramfs),
                        "-append", "console=ttyS0 panic=-1 quiet tsc=reliable clocksource=tsc"], out)

    def run(self, script):
        """Starts it and waits for the script's end."""
        into = Path(tempfile.mkdtemp(dir=self.folder))
        with self.start(script) as machine:
            return machine.finish(into)
