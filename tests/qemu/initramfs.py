"""Archives that Linux takes as its first file system: cpio in the format `newc`, written without root and without an
archiver. Several of them one after the other are one, too; it stays uncompressed, since an emulated machine reads faster
than it unpacks."""
import stat
import subprocess
from pathlib import Path


def padded(data):
    return data + bytes(-len(data) % 4)


def entry(number, name, mode, data=b""):
    links, owner, group, time, device = 1, 0, 0, 0, 0
    encoded = name.encode() + b"\0"
    fields = [number, mode, owner, group, links, time, len(data), device, device, device, device, len(encoded), 0]
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    return padded(header + encoded) + padded(data)


def archive(files):
    """`files`: absolute path in the guest -> bytes, or the path of a file here. Folders come by themselves."""
    parts = []
    folders = set()
    for name, content in files.items():
        path = Path(name).relative_to("/")
        for folder in reversed(path.parents[:-1]):
            if folder not in folders:
                folders.add(folder)
                parts.append(entry(len(parts) + 1, str(folder), stat.S_IFDIR | 0o755))
        data = content if isinstance(content, bytes) else Path(content).read_bytes()
        parts.append(entry(len(parts) + 1, str(path), stat.S_IFREG | 0o755, data))
    return b"".join(parts) + entry(0, "TRAILER!!!", 0)


def with_libraries(*programs):
    """The files of programs and shared objects that stand at these paths in the guest, and all that they link to."""
    files = {}
    for inside, here in programs:
        files[str(inside)] = Path(here)
        linked = subprocess.run(["ldd", str(here)], check=True, capture_output=True, text=True).stdout
        for word in linked.split():
            if word.startswith("/"):
                files[word] = Path(word)
    return files


def folder(path):
    """All files below a folder, at the same place."""
    return {str(file): file for file in sorted(Path(path).rglob("*")) if file.is_file()}
