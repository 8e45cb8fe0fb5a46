"""Mix what is tried, where, and when, into submissions that nobody wrote down one by one."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from grader.marks import Outcome
from tests.hostile.submission import Submission, work
from tests.hostile.week import POINTS, RIGHT, WRONG

# What is tried: a statement or more, which may fail, loop a little, or end everything.
DEEDS: Mapping[str, str] = {
    "nothing": "pass",
    "a loop": "while True: pass",
    "a sleep": "import time; time.sleep(3600)",
    "an exit": "import os; os._exit(0)",
    "a polite exit": "import sys; sys.exit(0)",
    "an error": "raise RuntimeError('x')",
    "an error of the checks' kind": "raise AssertionError('x [W01.T1.M1]')",
    "an import error": "raise ImportError('x')",
    "no recursion": "import sys; sys.setrecursionlimit(60)",
    "memory": "hog = bytearray(1 << 40)",
    "output": "print('x' * 3_000_000)",
    "a fork": "import os\nif os.fork() == 0:\n    import time; time.sleep(3600)",
    "two of itself": "import os; os.fork()",
    "a thread": "import threading, time; threading.Thread(target=time.sleep, args=[3600]).start()",
    "a file": "open('@MARKER@.txt', 'w').write('x')",
    "a file of the checks'": "open('week01_checks.py', 'w').write('TOTAL = -1.0\\ndef doubles(): return []')",
    "no folder": "import os, shutil; shutil.rmtree('.', ignore_errors=True)",
    "a call home": "import socket; socket.create_connection(('127.0.0.1', @PORT@), timeout=1)",
    "a read": "print(open('@SECRET@').read())",
    "no numpy": "import numpy as np; np.testing.assert_allclose = np.allclose = lambda *a, **k: True",
    "no builtins": "import builtins; builtins.abs = lambda x: 0; builtins.list = lambda x: []",
    "no assert": "import ast; T = type('T', (ast.NodeTransformer,), {'visit_Assert': lambda s, n: ast.Pass()});"
    " get_ipython().ast_transformers.append(T())",
    "no alarm": "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)",
    "no signals": "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
    "no garbage": "import gc; gc.collect()",
    "no warnings": "import warnings; warnings.simplefilter('error'); warnings.warn('x')",
    "noise on the line": "import os, stat\nfor fd in range(3, 64):\n    try:\n"
    "        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, os.urandom(500))\n    except OSError: pass",
    "verdicts on the line": "import os, stat, struct\nfrom grader.marking import messages, plain, wire\n"
    "for n in range(1, 40):\n    f = messages.Message(b'RD'[n % 2:n % 2 + 1], n, wire.Codec(plain.ROWS).dumps("
    "{'verdict': 'passed', 'points': 2.0, 'found': True, 'value': 0})).packed()\n"
    "    for fd in range(3, 64):\n        try:\n"
    "            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, struct.pack('>I', len(f)) + f)\n"
    "        except OSError: pass",
    "no line": "import os\nfor fd in range(3, 64):\n    try: os.close(fd)\n    except OSError: pass",
}
# Where it stands: {deed} is put there; the answers beside it stay what they are.
PLACES = (
    "first cell",
    "after t1",
    "after t3",
    "last cell",
    "in the function",
    "when it is bound",
    "in a value",
)
HOOKS = ("__repr__", "__eq__", "__hash__", "__del__", "__array__", "__getattr__", "__reduce_ex__", "__len__",
         "__iter__", "__float__", "__sub__", "__rsub__", "__contains__", "__getitem__", "__class__", "__bool__",
         "__array_ufunc__", "__instancecheck__", "__call__", "__abs__", "__str__")  # fmt: skip
MOMENTS = ("now", "when it is called", "in a thread", "later in a thread", "at exit", "when it is collected",
           "before each cell")  # fmt: skip
_NAMES = ("t1", "t2", "t3", "t4", "t5")


@dataclass(frozen=True)
class Mixed:
    """Name a deed, its place, its moment, the hooks of a value, and which answers are right."""

    deed: str
    place: str
    moment: str
    hooks: tuple[str, ...]
    right: frozenset[str]

    @property
    def name(self) -> str:
        told = f"{self.deed}, {self.place}, {self.moment}, right: {' '.join(sorted(self.right))}"
        return f"{told}, hooks: {' '.join(self.hooks)}" if self.place == "in a value" else told

    def submission(self, number: int) -> Submission:
        """Make the submission; it deserves at most what its right answers are worth."""
        answers = {**WRONG, **{task: RIGHT[task] for task in self.right}}
        deed = self._moved()
        first, after = "", {}
        if self.place == "first cell":
            first = deed
        elif self.place.startswith("after"):
            after[self.place.removeprefix("after ")] = deed
        elif self.place == "last cell":
            after["t5"] = deed
        elif self.place == "in the function":
            answers["t1"] = answers["t1"].replace(":\n", f":\n{textwrap.indent(deed, '    ')}\n", 1)
        elif self.place == "when it is bound":
            answers["t1"] = f"{deed}\n{answers['t1']}"
        else:
            after["t2"] = self._value(deed)
        deserved = {
            check: points if check[:2] in self.right else 0.0 for check, points in POINTS.items()
        }
        return Submission(
            f"{number}: {self.name}",
            work(answers, first=first, after=after),
            deserved,
            tuple(Outcome),
        )

    def _moved(self) -> str:
        deed = DEEDS[self.deed]
        if self.moment == "now":
            return deed
        body = f"def _deed(*a, **k):\n{textwrap.indent(deed, '    ')}\n"
        return (
            body
            + {
                "when it is called": "_deed_later = _deed",
                "in a thread": "import threading; threading.Thread(target=_deed, daemon=True).start()",
                "later in a thread": "import threading; threading.Timer(0.4, _deed).start()",
                "at exit": "import atexit; atexit.register(_deed)",
                "when it is collected": "_held = type('Held', (), {'__del__': _deed})(); del _held",
                "before each cell": "get_ipython().events.register('pre_run_cell', _deed)",
            }[self.moment]
        )

    def _value(self, deed: str) -> str:
        """Replace the wrong answers by a value that does the deed at its hooks."""
        hooks = "".join(
            f"    def {hook}(self, *a, **k):\n{textwrap.indent(deed, '        ')}\n        return True\n"
            for hook in self.hooks
            if hook != "__class__"
        )
        give = {
            "t1": "def double(number): return Value()",
            "t2": "total = totals = Value()",
            "t3": "table = Value()",
            "t4": "def shout(text): return Value()",
            "t5": "model = Value()",
        }
        made = "\n".join(give[task] for task in _NAMES[:2] if task not in self.right)
        return f"class Value:\n    x = 1\n{hooks}{made}"


mixed = st.builds(
    Mixed,
    deed=st.sampled_from(sorted(DEEDS)),
    place=st.sampled_from(PLACES),
    moment=st.sampled_from(MOMENTS),
    hooks=st.lists(st.sampled_from(HOOKS), min_size=1, max_size=6, unique=True).map(tuple),
    right=st.frozensets(st.sampled_from(_NAMES)),
)
