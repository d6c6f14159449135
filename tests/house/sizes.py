#!/usr/bin/python3
"""A file has one concept: past 400 lines it is listed, past 450 (a test, past 500) it is an error.

Usage: sizes.py ROOT
"""
import sys
from pathlib import Path

FOLDERS = ("kernel mediator event plugin device components heartbeat engine interpreter reporter guard supervisor plugins app "
           "tests bench examples scripts cmake").split()
SUFFIXES = {".hpp", ".cpp", ".py", ".sh", ".cmake", ".txt", ".pml", ""}
LISTED = 400


def limit(path):
    return 500 if path.parts[0] == "tests" else 450


def main(root):
    sizes = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in path.parts:
                sizes[path.relative_to(root)] = len(path.read_bytes().splitlines())
    too_long = False
    for path, lines in sizes.items():
        if lines > LISTED:
            error = lines > limit(path)
            too_long |= error
            print(f"{path}: {lines} lines, {'the limit is ' + str(limit(path)) if error else 'is that one concept?'}")
    print(f"{len(sizes)} files, the longest has {max(sizes.values(), default=0)} lines")
    return 1 if too_long or not sizes else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
