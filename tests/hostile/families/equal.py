"""Wrong work whose values try to equal, contain, or come near to anything they are compared with."""

from tests.hostile.submission import NOTHING, Submission, wrong

_ALL = (
    "import numpy as np, pandas as pd\n"
    "class All@BASE@:\n"
    "    def __eq__(self, o): return True\n    def __ne__(self, o): return False\n"
    "    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__\n"
    "    def __hash__(self): return hash(31337)\n    def __bool__(self): return True\n"
    "    def __array__(self, *a, **k): return np.array(0.0)\n"
    "    def __array_ufunc__(self, *a, **k): return True\n"
    "    def __array_function__(self, *a, **k): return True\n"
    "    def __sub__(self, o): return 0.0\n    __rsub__ = __add__ = __radd__ = __mod__ = __mul__ = __sub__\n"
    "    def __abs__(self): return 0.0\n    def __float__(self): return 0.0\n    def __round__(self, *a): return self\n"
    "    def __instancecheck__(self, o): return True\n"
    "    def __getattr__(self, name):\n        if name.startswith('__'): raise AttributeError(name)\n        return self\n"
    "    def __call__(self, *a, **k): return self\n"
    "    def equals(self, o): return True\n    def all(self, *a, **k): return True\n"
    "    def __reduce__(self): return (eval, ('1',))\n"
    "    def to_numpy(self): return self\n"
    "    @property\n    def __class__(self): return float\n"
)
_GIVE = "\ntotal = @ONE@\ntotals = table = total\ndef double(number): return @ONE@\ndef shout(text): return @ONE@\nmodel = @ONE@"


def _everywhere(base: str, one: str) -> str:
    return _ALL.replace("@BASE@", base) + _GIVE.replace("@ONE@", one)


_DATA = {
    "a masked array": "np.ma.masked_all(2)",
    "a masked number": "np.ma.masked_all(())",
    "masked itself": "np.ma.masked",
    "an empty array": "np.array([])",
    "an empty list": "[]",
    "nothing but NaN": "np.array([np.nan, np.nan])",
    "NaN": "float('nan')",
    "NA": "pd.NA",
    "infinity": "float('inf')",
    "an array of objects": "np.array([All(), All()], dtype=object)",
    "a table of objects": "pd.DataFrame({'kind': [All(), All()], 'n': [All(), All()]})",
    "a column of objects": "pd.Series([All(), All()], dtype=object)",
    "NotImplemented": "NotImplemented",
    "the class object": "object",
    "a class of a library": "np.ma.MaskedArray",
    "a module": "np.ma",
    "an array with no shape of objects": "np.array(All(), dtype=object)",
    "a table without rows": "pd.DataFrame({'kind': [], 'n': []})",
    "a record": "np.zeros(2, dtype=[('a', float)])",
}


def _make() -> tuple[Submission, ...]:
    found = []
    bases = {
        "an object": ("", "All()"),
        "a float": ("(float)", "All(3)"),
        "an int": ("(int)", "All(3)"),
        "a string": ("(str)", "All('x')"),
        "a list": ("(list)", "All([1])"),
        "a dict": ("(dict)", "All()"),
        "an array": ("(np.ndarray)", "np.zeros(2).view(All)"),
        "a table": ("(pd.DataFrame)", "All({'kind': [1], 'n': [1]})"),
        "a series": ("(pd.Series)", "All([1])"),
        "a mock": ("", "__import__('unittest.mock').mock.ANY"),
        "a magic mock": (
            "",
            "__import__('unittest.mock').mock.MagicMock(**{'__eq__': lambda s, o: True,"
            " '__rsub__': lambda s, o: 0.0, '__sub__': lambda s, o: 0.0, '__contains__': lambda s, o: True})",
        ),
    } | {name: ("", one) for name, one in _DATA.items()}
    for name, (base, one) in bases.items():
        source = _everywhere(base, one)
        found.append(
            Submission(
                f"{name} that equals everything",
                wrong(first=source, **_tasks(source)),
                NOTHING,
                # What an operator of it would be shown is for a person, never full marks.
                leaves=frozenset({"t2_close", "t2_in", "t2_near", "t5_predict"}),
            )
        )
    return tuple(found)


def _tasks(source: str) -> dict[str, str]:
    """Answer every task with the same source."""
    return dict.fromkeys(("t1", "t2", "t3", "t4", "t5"), source)


SUBMISSIONS = _make()
