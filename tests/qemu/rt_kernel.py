"""Debian's PREEMPT_RT kernel: downloaded by apt and unpacked, never installed. It is kept, so that only the first test
on a machine needs the network."""
import fcntl
import lzma
import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

METAPACKAGE = "linux-image-rt-amd64"
SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])  # depmod is no command of users


class Unavailable(Exception):
    """What this machine lacks to run a guest, for the one who wonders why a test was skipped."""


def tool(name):
    path = shutil.which(name, path=SEARCHED)
    if path is None:
        raise Unavailable(f"{name} is not installed (scripts/install-dependencies test)")
    return path


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, **options).stdout


def package():
    """The name of the package with the kernel itself."""
    for line in run(tool("apt-cache"), "depends", METAPACKAGE).splitlines():
        if "Depends: linux-image-" in line:
            return line.split()[-1]
    raise Unavailable(f"apt knows no package {METAPACKAGE} (apt-get update)")


def uncompressed(boot_image):
    """The ELF file in a bzImage, which a machine can start at once: unpacking takes an emulated one seconds. Its place is
    in the header that Linux describes in Documentation/arch/x86/boot.rst."""
    data = boot_image.read_bytes()
    setup_sectors = data[0x1F1] or 4
    offset, length = struct.unpack_from("<II", data, 0x248)
    begin = 512 * (setup_sectors + 1) + offset
    return lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(data[begin:begin + length])


def unpack(name, folder):
    """Makes `folder` whole or not at all."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        made = Path(work) / "made"
        try:
            run(tool("apt-get"), "download", name, cwd=work)
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"{name} cannot be downloaded: {error.stderr.strip().splitlines()[-1]}") from error
        [archive] = Path(work).glob("*.deb")
        run(tool("dpkg-deb"), "-x", archive, made)
        [version] = [path.name for path in (made / "lib/modules").iterdir()]
        run(tool("depmod"), "-b", made, version)  # an installed package would have done so
        (made / "vmlinux").write_bytes(uncompressed(made / f"boot/vmlinuz-{version}"))
        made.rename(folder)


class Kernel:
    def __init__(self, folder):
        self.image = folder / "vmlinux"
        self.folder = folder
        self.version = next((folder / "lib/modules").iterdir()).name

    def modules(self, names):
        """The files of these modules and of those that they need, in the order in which they have to be loaded."""
        files = []
        for name in names:
            shown = run(tool("modprobe"), "-S", self.version, "-d", self.folder, "--show-depends", name)
            files += [Path(line.split()[1]) for line in shown.splitlines() if line.startswith("insmod ")]
        return list(dict.fromkeys(files))


def rt_kernel(cache):
    """The kernel, from `cache` if it is there. Throws Unavailable."""
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests of several builds share the folder
        try:
            folder = cache / package()
            if not folder.exists():
                unpack(folder.name, folder)
        except (Unavailable, subprocess.CalledProcessError):
            kept = sorted(path.parent for path in cache.glob("*/vmlinux"))
            if not kept:
                raise
            folder = kept[-1]
    return Kernel(folder)
