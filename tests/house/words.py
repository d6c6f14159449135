#!/usr/bin/python3
"""What real-time code does without: locks, hidden allocation, printing, and atomics that are none.

Usage: words.py ROOT
"""
import re
import sys
from pathlib import Path

ROOMS = ["kernel", "mediator", "event", "plugin", "device", "components", "heartbeat", "engine"]
FORBIDDEN = {
    r"std::(recursive_|shared_|timed_)*mutex": "a lock",
    r"std::(lock_guard|unique_lock|scoped_lock|condition_variable)": "a lock",
    r"std::function": "may allocate; event/delegate.hpp does not",
    r"<(iostream|fstream|sstream)>": "printing",
    r"\b(cout|cerr|printf|fprintf|puts)\b": "printing",
    r"(?<!asm )\bvolatile\b": "no means of synchronisation: use std::atomic",
    r"atomic_(thread|signal)_fence": "ThreadSanitizer does not see it: use an ordered operation",
    r"system_clock|gettimeofday": "the wall clock jumps",
}

COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def code_of(path):
    """The text without comments and strings, its lines where they were."""
    return COMMENT_OR_STRING.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), path.read_text())


def main(root):
    complaints = []
    seen = 0
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[hc]pp")):
            seen += 1
            name = str(path.relative_to(root))
            for number, line in enumerate(code_of(path).splitlines(), 1):
                for pattern, why in FORBIDDEN.items():
                    if found := re.search(pattern, line):
                        complaints.append(f"{name}:{number}: {found[0]}: {why}")
    print("\n".join(complaints) or f"{seen} files, none of the words")
    return 1 if complaints or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
