"""Work that wants more than there is: memory, processes, output, disk, depth, files."""

import json
import zlib

from grader.marks import Outcome
from tests.hostile.submission import (
    ALL,
    LAST,
    NOTHING,
    Json,
    Submission,
    before,
    but,
    raw,
    right,
    work,
)
from tests.hostile.week import RIGHT

FULL = (Outcome.OUT_OF_MEMORY, Outcome.STOPPED_ITSELF)
LOUD = (Outcome.TOO_MUCH_OUTPUT,)
T4 = but(ALL, t4_more=0.0)


def _many_cells(notebook: Json) -> None:
    own = {"cell_type": "markdown", "source": "x", "metadata": {}}
    notebook["cells"] += [dict(own) for _ in range(30_000)]


def _large_files(notebook: Json) -> None:
    for number in range(3):
        write = f"open('large{number}', 'wb').write(b'x' * (7 << 20))"
        own = {"cell_type": "code", "source": write, "metadata": {}, "outputs": []}
        notebook["cells"].insert(3, own | {"execution_count": None})


SUBMISSIONS = (
    Submission("one huge array", right(t4="hog = bytearray(1 << 40)"), T4),
    Submission(
        "memory a little at a time",
        right(t4="hog = []\nwhile True: hog.append(bytearray(1 << 20))"),
        T4,
        (Outcome.FINISHED, *FULL, Outcome.TIMED_OUT),
        loses=LAST,
    ),
    Submission(
        "memory shared among children",
        right(
            t4="import os, time\nfor _ in range(8):\n    if not os.fork():\n"
            "        hog = bytearray(os.urandom(1)) * (200 << 20)\n        time.sleep(60)\n        os._exit(0)\n"
            "time.sleep(3)"
        ),
        but(ALL, t4_more=0.0),
        FULL,
        loses=LAST,
    ),
    Submission(
        "a fork bomb",
        right(t4="import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
        but(ALL, t4_more=0.0),
        (Outcome.TIMED_OUT, Outcome.STOPPED_ITSELF),
        loses=LAST,
    ),
    Submission(
        "a thousand threads",
        right(
            t4="import threading, time\n"
            "for _ in range(1000): threading.Thread(target=time.sleep, args=[60], daemon=True).start()"
        ),
        T4,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
        loses=LAST,
    ),
    Submission("prints for ever", right(t4="while True: print('x' * 10_000)"), T4,
               (*LOUD, Outcome.TIMED_OUT)),
    Submission("prints two hundred megabytes", right(after={"t4": "print('x' * (200 << 20))"}), ALL, LOUD),
    Submission(
        "a hundred thousand displays",
        right(after={"t4": "from IPython.display import display, HTML\n"
                           "for n in range(100_000): display(HTML('<b>x</b>'))"}),
        ALL,
        (*LOUD, Outcome.TIMED_OUT, Outcome.FINISHED),
    ),
    Submission(
        "fills the disk",
        right(after={"t4": "for n in range(1000):\n    open(f'full{n}', 'wb').write(b'x' * (4 << 20))"}),
        ALL,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
    ),
    Submission(
        "one large file",
        right(after={"t4": "f = open('large', 'wb')\nwhile True: f.write(b'x' * (1 << 20))"}),
        ALL,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
    ),
    Submission(
        "a hundred thousand small files",
        right(after={"t4": "for n in range(100_000): open(f'f{n}', 'w').close()"}),
        ALL,
        (Outcome.FINISHED, Outcome.TIMED_OUT),
    ),
    Submission("recursion without end", right(t4="def shout(text): return shout(text)"), T4),
    Submission(
        "recursion with the limit lifted",
        right(t4="import sys\nsys.setrecursionlimit(10**9)\n"
              "def deep(n): return [deep(n + 1)]\ndef shout(text): return deep(0)"),
        T4,
        (Outcome.FINISHED, *FULL, Outcome.TIMED_OUT),
        loses=LAST,
    ),
    Submission(
        "a list inside itself a million times",
        right(t4="def shout(text):\n    deep = []\n    for _ in range(1_000_000): deep = [deep]\n    return deep"),
        T4,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
        loses=LAST,
        leaves=frozenset({"t4_more"}),
    ),
    Submission(
        "a value of two gigabytes",
        right(t4="import numpy as np\ndef shout(text): return np.zeros(1 << 28, dtype=bool)"),
        T4,
        (Outcome.FINISHED, *FULL),
        loses=LAST,
        leaves=frozenset({"t4_more"}),
    ),
    Submission(
        "a small value that grows when it is read",
        right(t2="import pandas as pd\ntotal = range(10**12)\ntotals = range(10**12)"),
        but(ALL, t2_same=0.0, t2_close=0.0, t2_near=0.0, t2_in=0.0),
        (Outcome.FINISHED, Outcome.TIMED_OUT),
        leaves=frozenset({"t2_close"}),
    ),
    Submission(
        "a compressed bomb beside the notebook, opened",
        right(files={"bomb.z": zlib.compress(b"0" * (1 << 24))},
              after={"t4": "import zlib\ndata = zlib.decompress(open('bomb.z', 'rb').read()) * 1000"}),
        ALL,
    ),
    Submission("thirty thousand cells", right(change=_many_cells), ALL),
    Submission(
        "three large files between two checks",
        right(change=_large_files),
        ALL,
    ),
    Submission(
        "one cell of twenty megabytes",
        right(after={"t4": "s = '" + "é" * 3_400_000 + "'"}),
        before("t4"),
        (Outcome.STOPPED_ITSELF,),
    ),
    Submission(
        "fifty megabytes of answer",
        right(change=lambda nb: nb["cells"].append(
            {"cell_type": "raw", "source": "x" * (50 << 20), "metadata": {}})),
        NOTHING,
        (Outcome.REFUSED,),
    ),
    Submission(
        "half a million brackets in the file", raw(b"[" * 500_000), NOTHING, (Outcome.NOT_A_NOTEBOOK,)
    ),
    Submission(
        "a number of ten million digits in the file",
        raw(b'{"nbformat": ' + b"4" * 10_000_000 + b', "cells": []}'),
        NOTHING,
        (Outcome.NOT_A_NOTEBOOK,),
    ),
    Submission(
        "code nested so deeply that the compiler gives up",
        right(t4="shout = " + "(" * 5000 + ")" * 5000),
        T4,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
        loses=LAST,
    ),
    Submission(
        "many files",
        right(files={f"notes/{n}.txt": b"x" for n in range(1500)}),
        ALL,
    ),
    Submission(
        "metadata nested a thousand deep",
        work(RIGHT, change=lambda nb: nb["metadata"].update(json.loads('{"a":' * 900 + "1" + "}" * 900))),
        ALL,
    ),
)  # fmt: skip
