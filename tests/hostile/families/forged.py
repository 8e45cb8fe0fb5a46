"""Wrong work that speaks to the referee and the examiner in the candidate's name."""

from grader.marks import Outcome
from tests.hostile.submission import NOTHING, Submission, wrong
from tests.hostile.week import POINTS

_LINES = (
    "import os, stat, struct\n"
    "def lines():\n    found = []\n    for fd in range(0, 256):\n        try:\n"
    "            if stat.S_ISSOCK(os.fstat(fd).st_mode): found.append(fd)\n"
    "        except OSError: pass\n    return found\n"
    "from grader.marking import candidate, messages, plain, wire\n"
    "codec = wire.Codec(plain.ROWS)\n"
    "FULL = {'verdict': 'passed', 'points': 2.0, 'hint': '', 'text': '', 'reason': '', 'outputs': [],\n"
    "        'seconds': 0.1, 'cut': False, 'late': False, 'count': 1, 'bound': [], 'files': {}}\n"
    "def say(letter, number, value):\n"
    "    frame = messages.Message(letter, number, codec.dumps(value)).packed()\n"
    "    for fd in lines():\n        try: os.write(fd, struct.pack('>I', len(frame)) + frame)\n        except OSError: pass\n"
)
ENDS = (
    Outcome.FINISHED,
    Outcome.STOPPED_ITSELF,
    Outcome.TIMED_OUT,
    Outcome.TOO_MUCH_OUTPUT,
)
REPLY = "import gc\nme = next(o for o in gc.get_objects() if type(o) is candidate.Candidate)\n"


def _reply(value: str) -> str:
    """Answer every question of the examiner's with *value*."""
    return (
        "candidate.Candidate._fetch = lambda self, request: " + value + "\n"
        "candidate.Candidate._perform = lambda self, request: " + value + "\n"
    )


def _outputs(shown: str, *, count: str = "1", files: str = "{}", bound: str = "[]") -> str:
    """Answer the referee, whatever cell it runs, that it showed *shown*."""
    return (
        "knot, deep = ['x'], b''\nfor _ in range(55): knot, deep = [knot, knot], [deep]\n"
        "for o in __import__('gc').get_objects():\n    if type(o) is candidate.Candidate:\n"
        f"        o._work['run'] = lambda w: {{'outputs': {shown}, 'count': {count}, 'cut': False,"
        f" 'late': False, 'bound': {bound}, 'files': {{'.': {files}}}}}"
    )


_SOURCES = {
    "a verdict for every number": "for n in range(1, 60): say(b'D', n, FULL)",
    "verdicts while it is asked": (
        "def double(number):\n    for n in range(1, 60):\n        say(b'D', n, FULL); say(b'R', n, FULL)\n    return number"
    ),
    "replies before they are asked": "for n in range(1, 200): say(b'R', n, {'found': True, 'value': 31337.5 * 0})",
    "questions to the referee": "for n in range(1, 50): say(b'A', n, {'ask': 'end'})\nfor n in range(9): say(b'X', n, FULL)",
    "calls back that nobody lent": "for n in range(1, 50): say(b'C', n, [0, [], {}])",
    "noise": "for fd in lines():\n    try: os.write(fd, os.urandom(5000))\n    except OSError: pass",
    "an endless frame": "for fd in lines(): os.write(fd, b'\\xff\\xff\\xff\\xff')",
    "nothing, having closed its line": "for fd in lines(): os.close(fd)",
    "verdicts on standard output": (
        "import json\nfor fd in (0, 1, 2):\n"
        "    try: os.write(fd, json.dumps(FULL).encode())\n    except OSError: pass\nprint(json.dumps(FULL))"
    ),
    "values of every tag": _reply(
        "{'found': True, 'value': 0, 'printed': 7, 'warned': [[1]], 'after': b'x', 'files': {'.': {'../x': b'1'}}}"
    ),
    "words that are no reply": _reply("[1, 2, 3]"),
    "exceptions of odd kinds": _reply(
        "{'raised': {'names': [['numpy.f2py.__main__', 'X'], ['builtins', 'SystemExit']], 'text': 'x', 'arguments': [0]}}"
    ),
    "exceptions that end a process": _reply(
        "{'raised': {'names': [['builtins', 'GeneratorExit']], 'text': '', 'arguments': []}}"
    ),
    "the exception a check expects": _reply(
        "{'raised': {'names': [['builtins', 'ValueError']], 'text': '', 'arguments': []}}"
    ),
    "an import error, so that a person must decide": _reply(
        "{'raised': {'names': [['builtins', 'ImportError']], 'text': '', 'arguments': []}}"
    ),
    "warnings of a kind that is none": _reply(
        "{'found': True, 'value': 3, 'warned': [['builtins', 'int', 'x']] * 1000}"
    ),
    "changes to what it was given": (
        "real = candidate.Candidate._perform\n"
        "def perform(self, request):\n"
        "    reply = real(self, request)\n"
        "    reply['after'] = self.codec.dumps([[[]] * 3, [[], {}]])\n    return reply\n"
        "candidate.Candidate._perform = perform"
    ),
    "endings that are none": (
        "candidate.Candidate._end = lambda self, request: {'files': {'.': {'numpy.py': b'raise SystemExit'}}}"
    ),
    "an ending with an exit in it": (
        "from grader.marking import kept\n"
        "def exit_data(self, value, packing): return ['class', 'numpy.f2py.__main__', 'X']\n"
        "kept.Kept._data_of = exit_data\n"
        "candidate.Candidate._end = lambda self, request: {'odd': object()}\n"
    ),
    "a module that leaves when it is imported": (
        "from grader.marking import kept\n"
        "kept.Kept._data_of = lambda s, v, p: ['module', 'numpy.f2py.__main__']\ntotal = object()\ntotals = total\n"
        "table = total\nmodel = total"
    ),
    "files under the names of the course": (
        "candidate.Candidate._news = lambda self: {'.': {n: b'TOTAL = -1.0' for n in "
        "('week01_checks.py', 'numbers.csv', 'numpy.py', 'a/b/c.py', '/tmp/x', '..', '', 'x' * 300, 'numbers.csv/x', 'a\\0b')}}"
    ),
    "names to forget": (
        "real_run = candidate.Candidate._run\n"
        "def run(self, wanted):\n    done = real_run(self, wanted)\n"
        "    done['bound'] = ['__builtins__', '__name__', 'np', 'pd', 'TOTAL', 'doubles', 'abs', 'x' * 10**6]\n    return done\n"
        "gc_ = __import__('gc')\n"
        "for o in gc_.get_objects():\n    if type(o) is candidate.Candidate: o._work['run'] = lambda w, o=o: run(o, w)"
    ),
    "outputs that are none": (
        "for o in __import__('gc').get_objects():\n    if type(o) is candidate.Candidate:\n"
        "        o._work['run'] = lambda w: {'outputs': [{'output_type': 'error', 'traceback': 5}, 7, {'output_type':"
        " 'stream', 'name': 'stdout', 'text': {}}], 'bound': 9, 'files': [], 'count': 'x', 'late': 1}"
    ),
    "outputs that double each time they are written out": _outputs(
        "[{'output_type': 'stream', 'name': 'stdout', 'text': knot},"
        " {'output_type': 'error', 'ename': knot, 'evalue': knot, 'traceback': knot},"
        " {'output_type': 'display_data', 'data': {'application/json': knot}}]"
    ),
    "numbers too long to be written": _outputs(
        "[{'output_type': 'stream', 'name': 'stdout', 'text': 10**9000},"
        " {'output_type': 'execute_result', 'execution_count': 10**9000, 'data': {}},"
        " {'output_type': 'display_data', 'data': {'application/json': [10**9000, 10**4000]}}]"
    ),
    "a cell's number too long to be written": _outputs("[]", count="10**9000"),
    "a set of numbers that all collide": (
        "from grader.marking import kept\n"
        "numbers = [['int', hex(n * (2**61 - 1))] for n in range(5, 200_000)]\n"
        "kept.Kept._data_of = lambda self, value, packing: ['set', numbers]\n"
        + _outputs("[]", files="object()")
    ),
    "files nested as deep as may be": _outputs("[]", files="deep"),
    "a name longer than a frame": _outputs("[]", bound="['x' * (18 << 20)]"),
    "files without end": (
        "candidate.Candidate._news = lambda self: {'.': {f'{n}.bin': b'x' * 60_000 for n in range(200)}}"
    ),
    "itself, in circles": _reply("(lambda d: (d.update(value=d, found=True), d)[1])({})"),
    "a carried model with a score of its own": (
        "from sklearn.linear_model import LinearRegression\nfrom grader.marking import carriers\n"
        "LinearRegression.score = lambda self, X, y: 1.0\nLinearRegression.predict = lambda self, X: [0.0, 0.0]\n"
        "model = LinearRegression()\nmodel.coef_, model.intercept_ = 1, 1"
    ),
    "a chart where a number is asked for": (
        "import matplotlib.pyplot as plt\ntotal = plt.gca()\ntotals = table = model = plt.gcf()\n"
        "double = plt.gca().set_title"
    ),
}
SUBMISSIONS = tuple(
    Submission(
        f"forges {name}",
        wrong(after={"t1": _LINES + source, "t5": _LINES + source}),
        NOTHING,
        ENDS,
        leaves=frozenset(POINTS),
    )
    for name, source in _SOURCES.items()
)
