"""Reads a recording with h5py and says whether statements about it are true.

usage: check_recording.py FILE EXPRESSION...        each expression must be true
       check_recording.py --same FILE FILE NAME...  these groups and datasets must be equal byte for byte
       check_recording.py --follow FILE ROWS...     reads along: says each number of rows as it is reached
"""

import sys
import time

import h5py
import numpy as np


def value_at(beat, signal):
    """What the tests' producer puts into a signal."""
    return np.asarray(beat, float) + 0.1 * signal


def status_at(beat, signal):
    return np.where((np.asarray(beat, np.int64) + signal) % 7 == 3, 2, 0)


def right(frame, beats, signals):
    """Whether a component's frames are those of these beats, with these of the program's signals."""
    beats = np.asarray(beats)
    values = np.stack([value_at(beats, s) for s in signals], axis=1)
    status = np.stack([status_at(beats, s) for s in signals], axis=1)
    return (
        np.array_equal(frame["beat"][:], beats)
        and np.array_equal(frame["time"][:], beats * 1_000_000)
        and np.array_equal(frame["values"][:], values)
        and np.array_equal(frame["status"][:], status)
    )


def texts(rows, field):
    return [row.decode() for row in rows[field]]


def datasets(file, name):
    """All datasets below a name, shared ones under each of their names."""
    if isinstance(file[name], h5py.Dataset):
        return {name: file[name]}
    return {k: d for key in file[name] for k, d in datasets(file, f"{name}/{key}").items()}


def same(first, second, names):
    with h5py.File(first) as a, h5py.File(second) as b:
        for name in names:
            x, y = datasets(a, name), datasets(b, name)
            if not x or list(x) != list(y):
                return f"{name}: {list(x)} and {list(y)}"
            for key in x:
                if x[key].shape != y[key].shape or x[key][...].tobytes() != y[key][...].tobytes():
                    return f"{name} {key} differ"
    return None


def follow(path, rows):
    end = time.monotonic() + 60
    names = ("values", "status", "time", "beat")
    with h5py.File(path, swmr=True) as file:
        frame = file["frames/sensor"]
        for wanted in rows:
            while min(frame[name].shape[0] for name in names) < wanted:
                if time.monotonic() > end:
                    return f"{frame['beat'].shape[0]} rows instead of {wanted}"
                time.sleep(0.001)
                for name in names:
                    frame[name].refresh()
            print(wanted, flush=True)
    return None


def check(path, expressions):
    with h5py.File(path) as f:
        wrong = [text for text in expressions if not eval(text, dict(globals(), f=f))]
    return "not true: " + "; ".join(wrong) if wrong else None


if sys.argv[1] == "--same":
    answer = same(sys.argv[2], sys.argv[3], sys.argv[4:])
elif sys.argv[1] == "--follow":
    answer = follow(sys.argv[2], [int(text) for text in sys.argv[3:]])
else:
    answer = check(sys.argv[1], sys.argv[2:])
sys.exit(answer)
