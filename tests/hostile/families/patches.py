"""Wrong work that changes Python, its libraries, IPython or the kit under the checks' feet."""

from grader.marks import Outcome
from tests.hostile.submission import NOTHING, Submission, wrong
from tests.marking.test_forging import TRICKS as OLDER

ENDS = (Outcome.FINISHED, Outcome.STOPPED_ITSELF)
SUBMISSIONS = tuple(
    Submission(f"patches {name}", wrong(after={"t3": source, "t5": source}, first=source), NOTHING, ENDS)
    for name, source in {
        "numpy.testing and pandas.testing": (
            "import numpy as np, pandas as pd\nfor m in (np.testing, pd.testing):\n"
            "    for n in dir(m):\n        if n.startswith('assert'): setattr(m, n, lambda *a, **k: None)"
        ),
        "builtins": (
            "import builtins\nbuiltins.AssertionError = ZeroDivisionError\nbuiltins.abs = lambda x: 0\n"
            "builtins.list = lambda x: [31000.5, 337.0]\nbuiltins.type = lambda x: float"
        ),
        "json and struct": (
            "import json, struct\njson.loads = lambda *a, **k: {'verdict': 'passed', 'points': 2.0}\n"
            "json.dumps = lambda *a, **k: '[true, []]'"
        ),
        "sys.modules": (
            "import sys, types\nfor name in ('numpy.testing', 'pandas.testing', 'week01_checks', 'unittest'):\n"
            "    sys.modules[name] = types.ModuleType(name)\n"
            "    sys.modules[name].doubles = lambda: []\n    sys.modules[name].TOTAL = -1.0"
        ),
        "the import machinery": (
            "import sys, importlib.abc, types\nclass Finder(importlib.abc.MetaPathFinder):\n"
            "    def find_spec(self, name, path, target=None): return None\n"
            "sys.meta_path.insert(0, Finder())\nsys.path[:] = ['/tmp']"
        ),
        "every class it can find": (
            "import gc\nfor o in gc.get_objects():\n"
            "    if isinstance(o, type) and o.__module__.startswith('grader'):\n"
            "        for n in list(vars(o)):\n            if n in ('verdict', 'points'): setattr(o, n, 'passed')"
        ),
        "small numbers with ctypes": (
            "import ctypes\nfor n in (-4, 20, 31337):\n"
            "    ctypes.c_long.from_address(id(n) + 24).value = ctypes.c_long.from_address(id(n) + 24).value"
        ),
        "IPython's AST transformers": (
            "import ast\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
            "get_ipython().ast_transformers.append(Strip())"
        ),
        "IPython's input transformers": (
            "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"
        ),
        "IPython's way of running": (
            "ip = get_ipython()\nip.run_cell = lambda *a, **k: None\nip.run_code = lambda *a, **k: 0\n"
            "type(ip).run_cell_async = lambda *a, **k: None\nip.ast_node_interactivity = 'none'"
        ),
        "IPython's exceptions": (
            "ip = get_ipython()\nip.set_custom_exc((BaseException,), lambda *a, **k: None)\n"
            "ip.showtraceback = lambda *a, **k: None\nip._showtraceback = lambda *a, **k: None\n"
            "import sys\nsys.excepthook = lambda *a: None\nsys.unraisablehook = lambda *a: None"
        ),
        "IPython's events": (
            "ip = get_ipython()\nfor event in ('pre_run_cell', 'post_run_cell', 'pre_execute', 'post_execute'):\n"
            "    ip.events.register(event, lambda *a: ip.user_ns.update(total=31337.5 * 0))"
        ),
        "the display hook": (
            "import sys\nsys.displayhook = lambda value: None\nget_ipython().displayhook = lambda v=None: None\n"
            "2.0"
        ),
        "tracing": (
            "import sys, threading\nseen = []\nsys.settrace(lambda f, e, a: seen.append(f.f_locals.get('expected')))\n"
            "sys.setprofile(lambda *a: None)\nthreading.setprofile(lambda *a: None)\n"
            "sys.addaudithook(lambda *a: None)"
        ),
        "time": (
            "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\ntime.sleep = lambda s: None"
        ),
        "equality of numbers": (
            "import ctypes\nclass Always(int):\n    def __eq__(self, other): return True\n"
            "    __hash__ = int.__hash__\ntotal = Always(3)"
        ),
        "numpy's comparison": (
            "import numpy as np\nnp.equal = np.isclose = lambda *a, **k: np.bool_(True)\n"
            "np.ndarray.__array_ufunc__ if hasattr(np.ndarray, '__array_ufunc__') else 0\n"
            "np.set_printoptions(threshold=0)"
        ),
        "scikit-learn's scores": (
            "from sklearn.linear_model import LinearRegression\nfrom sklearn.base import RegressorMixin\n"
            "RegressorMixin.score = LinearRegression.score = lambda *a, **k: 1.0\n"
            "model = LinearRegression().fit([[0.0], [1.0]], [7.0, 8.0])"
        ),
        "cloudpickle and pickle": (
            "import pickle, cloudpickle\npickle.loads = cloudpickle.loads = lambda *a, **k: None\n"
            "pickle.Unpickler.load = None if False else pickle.Unpickler.load"
        ),
        "the codec's tables": (
            "from grader.marking import plain, arrays, tables, wire\n"
            "wire.Packing.node = lambda self, value: ['masked', ['array', '<f8', [], False, 0], True, None]"
        ),
        "warnings": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn = lambda *a, **k: None",
        "operators and abs by an object": (
            "class Zero:\n    def __sub__(self, o): return 0.0\n    __rsub__ = __abs__ = __add__ = __sub__\n"
            "    def __contains__(self, o): return True\n    def __len__(self): return 1\n"
            "total = totals = table = Zero()"
        ),
    }.items()
) + tuple(
    Submission(
        f"{name} (beside all tasks)", wrong(after={"t5": source.replace("double_", "double")}), NOTHING
    )
    for name, source in OLDER.items()
    if name[:3] in ("201", "205", "206", "211")
)  # fmt: skip
