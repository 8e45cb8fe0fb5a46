"""Submissions that try for marks they do not deserve: safe-marking's tricks and others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.marking.judged import Cell, CellResult, Judged, Role
from grader.marks import Outcome, Verdict

Checked = Callable[..., CellResult]
Judge = Callable[..., Judged]

WRONG = "def double(x): return x\ntotal = 4\n"
CHECK = (
    "import numpy as np\nimport pandas as pd\nassert double(3) == 6\nassert total == 10\n"
    "np.testing.assert_allclose(double(np.array([1.0, 2.0])), [2.0, 4.0])\n"
    "pd.testing.assert_series_equal(double(pd.Series([1])), pd.Series([2]))"
)
LINES = (
    "import os, stat, struct\n"
    "lines = [fd for fd in range(3, 64) if os.path.exists(f'/proc/self/fd/{fd}')\n"
    "         and stat.S_ISSOCK(os.fstat(fd).st_mode)]\n"
)
REPLY = LINES + (
    "from grader.marking import candidate, messages, plain, wire\n"
    "codec = wire.Codec(plain.ROWS)\n"
    "def say(letter, number, value):\n"
    "    frame = messages.Message(letter, number, codec.dumps(value)).packed()\n"
    "    for fd in lines: os.write(fd, struct.pack('>I', len(frame)) + frame)\n"
    "full = {'verdict': 'passed', 'points': 2.0, 'hint': '', 'text': '', 'reason': '',\n"
    "        'outputs': [], 'seconds': 0.1, 'cut': False, 'late': False, 'count': 1,\n"
    "        'bound': [], 'files': {}}\n"
)

TRICKS = {
    "201 patches numpy.testing and pandas.testing": (
        "import numpy as np, pandas as pd\n"
        "for m in (np.testing, pd.testing):\n"
        "    for n in dir(m):\n"
        "        if n.startswith('assert'): setattr(m, n, lambda *a, **k: None)"
    ),
    "202 redefines builtins": (
        "import builtins\nbuiltins.AssertionError = ZeroDivisionError\n"
        "builtins.print = lambda *a, **k: None"
    ),
    "203 equals everything": (
        "class All:\n"
        "    def __eq__(self, o): return True\n"
        "    def __ne__(self, o): return False\n"
        "    def __array__(self, *a, **k):\n        import numpy as np\n        return np.array([2., 4.])\n"
        "    def __bool__(self): return True\n"
        "    def __rsub__(self, o): return 0\n"
        "    def __len__(self): return 1\n"
        "double = lambda x: All()\ntotal = All()"
    ),
    "203 an int that equals everything": (
        "class One(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\n"
        "double = lambda x: One()\ntotal = One(10)"
    ),
    "203 a table that equals everything": (
        "import pandas as pd\nclass T(pd.Series):\n    def equals(self, o): return True\n"
        "    def __eq__(self, o): return True\n"
        "double = lambda x: T([2])\ntotal = T([1])"
    ),
    "204 shadows names": "np = pd = None\nassert_ = len = lambda *a: True\ndouble_ = 1",
    "205 strips asserts with an AST transformer": (
        "import ast\nclass Strip(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Strip())"
    ),
    "206 overrides run_cell": (
        "ip = get_ipython()\nip.run_cell = lambda *a, **k: None\n"
        "type(ip).run_cell_async = lambda *a, **k: None"
    ),
    "207 overrides compile and exec": (
        "import builtins\nbuiltins.compile = lambda *a, **k: (lambda: 0).__code__"
    ),
    "208 shows a fake result": "from IPython.display import display\ndisplay(2.0)\n2.0",
    "211 takes over exceptions": (
        "ip = get_ipython()\nip.set_custom_exc((Exception,), lambda *a, **k: None)\n"
        "import sys\nsys.excepthook = lambda *a: None"
    ),
    "212 looks for the checks": (
        "import gc, sys\nseen = []\n"
        "get_ipython().events.register('pre_run_cell', lambda info: seen.append(info.raw_cell))\n"
        "def double(x):\n"
        "    for text in seen:\n        if 'double(' in text and '== 6' in text: return 6\n"
        "    return x"
    ),
    "213 wraps the deeds": (
        "from grader.marking import deeds, candidate\n"
        "deeds.DEEDS['call'] = lambda *a, **k: True"
    ),
    "214 claims to be done": REPLY + "say(b'D', 1, full); say(b'D', 2, full); say(b'D', 3, full)",
    "215 writes verdicts in answer to every ask": (
        REPLY + "for n in range(50):\n    for letter in b'DRAX':\n"
        "        say(bytes([letter]), n, full)"
    ),
    "216 replies before it is asked": (
        REPLY + "for n in range(1, 30): say(b'R', n, {'found': True, 'value': True, 'files': {}})"
    ),
    "217 writes rubbish": (
        LINES + "for fd in lines: os.write(fd, os.urandom(4000))"
    ),
    "218 leaves when it is called": (
        "import os\ndef double(x): os._exit(0)\ntotal = 10"
    ),
    "219 raises what the check might swallow": (
        "def double(x): raise StopIteration\nclass Any(Exception): pass\ntotal = 10"
    ),
    "220 pretends to be a carried estimator": (
        "from grader.marking import kept, carriers\n"
        "import dataclasses\nforged = dataclasses.replace(carriers.CARRIERS[0], to_data=lambda v: "
        "{'class': ['os', 'system'], 'state': {}, 'methods': []})\n"
        "kept.carrier_of = lambda v: forged if type(v) is type(double) else None"
    ),
    "221 hands over a module of the examiner's": (
        "from grader.marking import kept\n"
        "kept.Kept._data_of = lambda s, v, p: ['module', 'grader.marking.examiner']"
    ),
    "223 calls what it was lent": (
        "from grader.marking import kept, messages, candidate\n"
        "def double(x):\n    here = candidate_here()\n    return here._call_back(0, (), {})\n"
        "def candidate_here():\n    import gc\n"
        "    return next(o for o in gc.get_objects() if type(o) is candidate.Candidate)"
    ),
    "224 restores a class of a library's": (
        "from grader.marking import kept\nimport pandas as pd\n"
        "real = kept.Kept._data_of\n"
        "kept.Kept._data_of = lambda s, v, p: ['lent', 0, p.node({}), p.node({'ndim': 7})]\n"
        "total = object()"
    ),
    "222 hands over a pickle": (
        "from grader.marking import kept\n"
        "kept.Kept._data_of = lambda s, v, p: ['pickled', 0, p.buffer(b'cos\\nsystem\\n(S\"id\"\\ntR.')]"
    ),
}  # fmt: skip


class TestForging:
    @pytest.mark.parametrize("trick", TRICKS)
    def test_it_earns_nothing(self, checked: Checked, trick: str) -> None:
        """No trick earns a mark for wrong work."""
        assert 0 == checked(WRONG + TRICKS[trick], CHECK, replace=True).points

    @pytest.mark.parametrize("trick", ["201", "204", "205", "208", "211", "212"])
    def test_right_work_beside_it_earns_all(self, checked: Checked, trick: str) -> None:
        """Where the work is right, a trick that breaks nothing costs nothing."""
        source = next(text for name, text in TRICKS.items() if name.startswith(trick))
        right = "\ndef double(x): return 2 * x\ntotal = 10"
        assert Verdict.PASSED is checked(source + right, CHECK).verdict

    def test_a_check_that_expects_an_exception(self, checked: Checked) -> None:
        """Leaving, dying or hanging is not the exception that a bare `except` expects."""
        check = "try:\n    double(-1)\nexcept:\n    pass\nelse:\n    assert False"
        assert 0 == checked("import os\ndef double(x): os._exit(0)", check).points

    def test_a_file_for_the_examiner(self, checked: Checked) -> None:
        """A module that the participant wrote beside the notebook is not the course's."""
        made = (
            "open('week01_checks.py', 'w').write('def right(): return 0')\n"
            "open('random.py', 'w').write('boom')\nx = 0"
        )
        check = "from week01_checks import right\nassert x == right()"
        assert 0 == (checked(made, check).points or 0)

    def test_a_module_that_waits_to_be_imported(self, checked: Checked) -> None:
        """A file of the candidate's is data for the examiner and never imported by it."""
        made = "open('numexpr_like.py', 'w').write('import builtins; builtins.sabotage = 1')\nx = 0"
        check = (
            "try:\n    import numexpr_like\nexcept ImportError:\n    pass\n"
            "else:\n    import builtins; assert False, 'it ran'\n"
            "assert open('numexpr_like.py').read()"
        )
        assert ("", Verdict.PASSED) == (lambda r: (r.text, r.verdict))(checked(made, check))

    @pytest.mark.parametrize(
        "name", ["data.csv", "./data.csv", ".//data.csv", "data.csv/", "a/../data.csv"]
    )
    def test_the_instructors_data_under_another_spelling(
        self, judge: Judge, tmp_path: Path, name: str
    ) -> None:
        """However the candidate spells its name, a released file is what was released."""
        (tmp_path / "released").mkdir()
        (tmp_path / "released" / "data.csv").write_text("10")
        made = (
            "from grader.marking import candidate\n"
            f"candidate.Candidate._news = lambda self: {{'.': {{{name!r}: b'0'}}}}\ntotal = 0"
        )
        check = "assert total == int(open('data.csv').read())"
        cells = [Cell("t1", made, Role.ANSWER), Cell("c1", check, Role.CHECK, 1)]
        judged = judge(cells, released=tmp_path / "released")
        assert [0] == [cell.points for cell in judged.checks.values()]

    def test_death_leaves_what_was_reached(self, judge: Judge) -> None:
        """Checks before the end are marked, the others say why they did not run."""
        cells = [
            Cell("t1", "x = 1", Role.ANSWER),
            Cell("c1", "assert x == 1", Role.CHECK, 1),
            Cell("t2", "import os; os._exit(0)", Role.ANSWER),
            Cell("c2", "assert x == 1", Role.CHECK, 1),
        ]
        judged = judge(cells)
        assert Outcome.STOPPED_ITSELF is judged.outcome
        assert [(1, Verdict.PASSED), (0, Verdict.NOT_REACHED)] == [
            (cell.points, cell.verdict) for cell in judged.checks.values()
        ]
        assert "ended its own Python" in judged.checks["c2"].reason
