"""Wrong work that gives the names a check uses another meaning, or takes them away."""

from tests.hostile.submission import ALL, NOTHING, Submission, right, wrong

_QUIET = "class Quiet:\n    def __getattr__(self, name): return lambda *a, **k: None\n"
_SOURCES = {
    "np and pd": _QUIET + "np = pd = Quiet()",
    "the builtins it reads": "abs = lambda x: 0.0\nlist = lambda x: [1]\ntype = lambda x: float\nlen = lambda x: 2\n"
    "AssertionError = ValueError\nValueError = Exception\nfloat = object",
    "doubles, TOTAL and by_kind": "def doubles(): return []\nTOTAL = -1.0\ndef by_kind(): return table",
    "the names of Python itself": "__builtins__ = {}\n__name__ = 'week01_checks'\n__debug = False\n"
    "globals()['__debug__'] = False",
    "assert by -O": "import sys, os\nos.environ['PYTHONOPTIMIZE'] = '2'\ncompile = lambda *a, **k: None",
    "its own neighbours": "def t1_more(): pass\nnumber = twice = 0\nexpected = None",
}
SUBMISSIONS = (
    *(
        Submission(f"shadows {name}", wrong(after=dict.fromkeys(("t1", "t2", "t3", "t5"), source)), NOTHING)
        for name, source in _SOURCES.items()
    ),
    *(
        Submission(f"shadows {name}, in honest work", right(after=dict.fromkeys(("t1", "t3"), source)), ALL)
        for name, source in {
            "doubles, TOTAL and by_kind": _SOURCES["doubles, TOTAL and by_kind"],
            "its own neighbours": _SOURCES["its own neighbours"],
        }.items()
    ),
    Submission("a wrong answer that deletes everything",
               wrong(after={"t5": "for name in list(globals()):\n    if not name.startswith('_'): del globals()[name]"}),
               NOTHING),
)  # fmt: skip
