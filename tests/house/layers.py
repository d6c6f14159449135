#!/usr/bin/python3
"""Who includes whom: a lower room never includes a higher one, and a plug-in sees only the plug-in interface.

Usage: layers.py ROOT
"""
import re
import sys
from pathlib import Path

# Lowest first; rooms on one level do not know each other.
LEVELS = [
    ["kernel"],
    ["mediator", "event"],
    ["plugin"],
    ["device"],
    ["components"],
    ["heartbeat"],
    ["engine"],
    ["interpreter", "reporter", "guard"],
    ["supervisor"],
    ["app"],
]
LEVEL = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}
PLUGIN_INTERFACE = {"tactus.hpp", "mediator", "plugin", "device", "components"}
PLUGIN_LIBRARIES = {"Eigen", "sys", "linux"}  # beside the standard library

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if found := INCLUDE.match(line):
            yield number, found[1] == '"', found[2]


def complaint_about_room(room, target):
    first = target.split("/")[0]
    if first == "tactus.hpp":
        first = "components"  # the highest room it opens
    if first not in LEVEL:
        return f'"{target}" is not a path from the root of the repository to a room'
    if first != room and LEVEL[first] >= LEVEL[room]:
        return f"{room}/ must not know {first}/"
    return None


def complaint_about_plugin(plugin, quoted, target):
    first = target.split("/")[0]
    if not quoted:
        if "/" in target and first not in PLUGIN_LIBRARIES:
            return f"a plug-in does not use <{target}>"
        return None
    own = target.startswith(f"plugins/{plugin}/")
    shared = re.fullmatch(r"plugins/[^/]+\.hpp", target)
    if own or shared or first in PLUGIN_INTERFACE:
        return None
    return f'a plug-in sees only the plug-in interface and itself, not "{target}"'


def main(root):
    complaints = []
    seen = 0
    for folder in [*LEVEL, "plugins"]:
        for path in sorted((root / folder).rglob("*.[hc]pp")):
            seen += 1
            inside = path.relative_to(root).parts
            for number, quoted, target in includes(path):
                if folder == "plugins":
                    text = complaint_about_plugin(inside[1], quoted, target)
                else:
                    text = complaint_about_room(folder, target) if quoted else None
                if text:
                    complaints.append(f"{path.relative_to(root)}:{number}: {text}")
    print("\n".join(complaints) or f"{seen} files, each includes only what it may")
    return 1 if complaints or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
