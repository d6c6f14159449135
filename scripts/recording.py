"""Reads signals by name from a recording of tactus (HDF5)."""
import difflib
from dataclasses import dataclass

import h5py
import numpy

BAD = 3  # of the status: no use can be made of the value


@dataclass
class Signal:
    """One signal over the whole run. `time` in s of virtual system time; values of bad samples are NaN."""
    name: str
    unit: str
    time: numpy.ndarray
    values: numpy.ndarray


class Recording:
    """A recording, opened for reading; `recording["sensor.level"]` is a Signal.

    A swap that changed the signals opened a new epoch: the parts of a signal are joined here."""

    def __init__(self, path):
        self.file = h5py.File(path, "r")
        epochs = self.file.get("epochs", {})
        sessions = [self.file["frames"]] + [epochs[number]["frames"] for number in sorted(epochs, key=int)]
        self.places = {}  # name -> [(group, column)]
        for session in sessions:
            for component, group in session.items():
                for column, signal in enumerate(texts(group["values"], "signals")):
                    self.places.setdefault(f"{component}.{signal}", []).append((group, column))

    def names(self):
        return list(self.places)

    def __getitem__(self, name):
        if name not in self.places:
            near = difflib.get_close_matches(name, self.places, 3) or self.names()
            raise KeyError(f"{self.file.filename} has no signal '{name}'; there is {', '.join(near)}")
        times, values = [], []
        for group, column in self.places[name]:
            part = group["values"][:, column]
            part[group["status"][:, column] == BAD] = numpy.nan
            values.append(part)
            times.append(group["time"][:] * 1e-9)
        group, column = self.places[name][0]
        return Signal(name, texts(group["values"], "units")[column], numpy.concatenate(times), numpy.concatenate(values))


def texts(dataset, attribute):
    return [text.decode() if isinstance(text, bytes) else str(text) for text in dataset.attrs[attribute]]
