"""Work that stops itself, or sends and mishandles signals."""

from grader.marks import Outcome
from tests.hostile.submission import ALL, LAST, Submission, before, but, right

DEAD = (Outcome.STOPPED_ITSELF,)

_LEAVES = {
    "os._exit": "import os\nos._exit(0)",
    "os.abort": "import os\nos.abort()",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "execv": "import os, sys\nos.execv('/bin/true', ['true'])",
    "a smashed stack": "import ctypes\nf = ctypes.CFUNCTYPE(None)(0xdead)\nf()",
    "a fatal error of Python's": "import ctypes\nctypes.pythonapi.Py_FatalError(b'gone')",
}
_RAISES = {
    "sys.exit": "import sys\nsys.exit(0)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "exit()": "exit()",
    "a BaseException of its own": "class Mine(BaseException): pass\nraise Mine",
}
_QUIET = {
    "SIGINT ignored": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
    "every signal ignored": "import signal\nfor n in range(1, 65):\n"
    "    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass",
    "every signal blocked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
    "an alarm of its own": "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.alarm(1)",
    "a kill of everybody it may": "import os, signal\nfor n in (0, 15):\n    try: os.kill(-1, 0)\n    except OSError: pass",
    "signals to its neighbours": "import os, signal\nfor pid in range(2, 400):\n    if pid != os.getpid():\n"
    "        try: os.kill(pid, signal.SIGKILL)\n        except OSError: pass",
    "a faulthandler": "import faulthandler, os\nfaulthandler.dump_traceback_later(0.5, exit=False, file=open(os.devnull, 'w'))",
}
SUBMISSIONS = (
    *(
        Submission(f"ends in a cell by {name}", right(after={"t3": source}), before("t3"), DEAD)
        for name, source in _LEAVES.items()
    ),
    *(
        Submission(
            f"ends when it is called by {name}",
            right(t4="def shout(text):\n    " + source.replace("\n", "\n    ")),
            but(ALL, t4_more=0.0),
            (Outcome.FINISHED, *DEAD),
        )
        for name, source in _LEAVES.items()
        if name in ("os._exit", "a segmentation fault", "execv")
    ),
    *(
        Submission(f"raises {name} in a cell", right(after={"t3": source}), ALL)
        for name, source in _RAISES.items()
    ),
    *(
        Submission(
            f"raises {name} when it is called",
            right(t4="def shout(text):\n    " + source.replace("\n", "\n    ")),
            but(ALL, t4_more=0.0),
        )
        for name, source in _RAISES.items()
    ),
    *(Submission(name, right(after={"t3": source}), ALL) for name, source in _QUIET.items()),
    Submission(
        "SIGALRM ignored, and then a loop",
        right(t4="import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"),
        before("t4"),
        (Outcome.TIMED_OUT, Outcome.STOPPED_ITSELF),
    ),
    Submission(
        "stops itself with SIGSTOP",
        right(t4="import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
        but(ALL, t4_more=0.0),
        (Outcome.FINISHED, Outcome.TIMED_OUT, Outcome.STOPPED_ITSELF),
        loses=LAST,
    ),
    # Process 1 of its own world is deaf to both signals; elsewhere it ends.
    Submission(
        "kills itself",
        right(after={"t4": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"}),
        ALL,
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF),
        loses=LAST,
    ),
    Submission(
        "kills everybody it can see",
        right(t4="import os, signal\nos.kill(-1, signal.SIGKILL)\nos.kill(1, signal.SIGKILL)"),
        but(ALL, t4_more=0.0),
        (Outcome.FINISHED, *DEAD),
    ),
)
