"""Work that tries to live on after its marking, under a name that can be found."""

from grader.marks import Outcome
from tests.hostile.submission import ALL, LAST, Submission, but, right

SLEEP = (
    "import os, sys, time\nNAME = ['python', '-c', 'import time; time.sleep(3600)', '@MARKER@']\n"
)

SUBMISSIONS = (
    *(
        Submission(f"leaves {name}", right(after={"t1": SLEEP + source}), ALL)
        for name, source in {
            "a thread": "import threading\nthreading.Thread(target=time.sleep, args=[3600]).start()",
            "a daemon thread that never rests": (
                "import threading\ndef busy():\n    while True: time.sleep(0.001)\n"
                "threading.Thread(target=busy, daemon=True).start()"
            ),
            "a process": "import subprocess\nsubprocess.Popen([sys.executable, *NAME[1:]])",
            "a process in a session of its own": (
                "import subprocess\n"
                "subprocess.Popen([sys.executable, *NAME[1:]], start_new_session=True, stdin=-3, stdout=-3)"
            ),
            "a daemon, forked twice": (
                "if not os.fork():\n    os.setsid()\n    if not os.fork():\n"
                "        os.execv(sys.executable, NAME)\n    os._exit(0)"
            ),
            "a process that ignores every signal": (
                "import signal\nif not os.fork():\n"
                "    for number in range(1, 64):\n"
                "        try: signal.signal(number, signal.SIG_IGN)\n        except (OSError, ValueError): pass\n"
                "    open('/proc/self/comm', 'w').write('@MARKER@') if os.path.exists('/proc/self/comm') else 0\n"
                "    os.execv(sys.executable, NAME)"
            ),
            "something for the end": (
                "import atexit\n"
                "atexit.register(lambda: os.execv(sys.executable, NAME))\n"
                "class Last:\n    def __del__(self): time.sleep(3600)\nlast = Last()"
            ),
            "a shell job": "get_ipython().system('nohup sleep 3600 @MARKER@ >/dev/null 2>&1 &')",
            "a pool of workers": (
                "from concurrent.futures import ProcessPoolExecutor\n"
                "try:\n    pool = ProcessPoolExecutor(4)\n    jobs = [pool.submit(time.sleep, 3600) for _ in range(4)]\n"
                "except OSError: pass"
            ),
        }.items()
    ),
    Submission(
        "does nothing but breed when it is called",
        right(
            t4="import os, sys\ndef shout(text):\n    while True:\n        try:\n"
            "            if os.fork(): os._exit(0)\n            os.setsid()\n        except OSError: pass"
        ),
        but(ALL, t4_more=0.0),
        (Outcome.FINISHED, Outcome.STOPPED_ITSELF, Outcome.TIMED_OUT),
        loses=LAST,
    ),
)  # fmt: skip
