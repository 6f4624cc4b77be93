"""The C++ peer: `dial.cpp`, compiled here with -O3 where there is a g++."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("dial.cpp")


@cache
def compiled():
    """Compile once; None without a g++."""
    gxx = shutil.which("g++")
    if gxx is None:
        return None
    built = Path(tempfile.mkdtemp()) / "dial.so"
    options = ["-O3", "-march=native", "-shared", "-fPIC"]
    subprocess.run([gxx, *options, "-o", str(built), str(SOURCE)], check=True)
    made = ctypes.CDLL(str(built))
    made.each_of.restype = ctypes.c_void_p
    made.size_of.restype = ctypes.c_int64
    return made


def pointer(array):
    if array is None:
        return None
    assert array.dtype == np.int32
    assert array.flags.c_contiguous
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))


def nearest(graph, source, limit, *, linked):
    """Cost of every node to the nearest of some sources."""
    out = np.empty(graph.n, np.int32)
    compiled().nearest_of(
        int(linked), graph.n, pointer(graph.indptr), pointer(graph.heads), pointer(graph.costs),
        limit, len(source), pointer(source), pointer(out),
    )  # fmt: skip
    return out


def each(graph, source, limit, *, linked, readers=None, points=0):
    """What every source reaches: counts, then nodes (or the points that read them) and costs."""
    count = np.empty(len(source), np.int32)
    ptr, reader = readers or (None, None)
    found = ctypes.c_void_p(
        compiled().each_of(
            int(linked), graph.n, pointer(graph.indptr), pointer(graph.heads),
            pointer(graph.costs), limit, len(source), pointer(source), pointer(ptr),
            pointer(reader), points, pointer(count),
        )
    )  # fmt: skip
    size = compiled().size_of(found)
    point, cost = np.empty(size, np.int32), np.empty(size, np.int32)
    compiled().move_to(found, pointer(point), pointer(cost))
    return count, point, cost
