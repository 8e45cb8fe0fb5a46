"""Work that does not end: in a cell, in a call of a check, in whatever a value does when touched."""

from grader.marks import Outcome
from tests.hostile.submission import ALL, LAST, Submission, before, but, only, right

LATE = (Outcome.TIMED_OUT,)
CALLED = (Outcome.FINISHED, Outcome.TIMED_OUT)
GONE = (Outcome.TIMED_OUT, Outcome.STOPPED_ITSELF)

SUBMISSIONS = (
    Submission("a loop without end", right(t4="while True: pass"), but(ALL, t4_more=0.0), LATE),
    Submission(
        "a loop that catches everything",
        right(t4="while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
        loses=LAST,
    ),
    Submission(
        "a sleep of a day",
        right(t4="import time\ntime.sleep(86400)"),
        but(ALL, t4_more=0.0),
        LATE,
    ),
    Submission(
        "a function that never returns",
        right(t4="def shout(text):\n    while True: pass"),
        but(ALL, t4_more=0.0),
        CALLED,
    ),
    Submission(
        "a number with a billion digits",
        right(t4="def shout(text): return str(9 ** 10 ** 9)"),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
        loses=LAST,
    ),
    Submission(
        "a pattern that backtracks for ever",
        right(t4="import re\ndef shout(text): return re.match(r'(a|aa)+$', 'a' * 80 + 'b')"),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
    ),
    Submission("waits for input", right(t4="name = input('Who? ')"), but(ALL, t4_more=0.0)),
    Submission(
        "waits for its own lock",
        right(t4="import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()"),
        but(ALL, t4_more=0.0),
        LATE,
    ),
    Submission(
        "reads a pipe nobody writes to",
        right(t4="import os\nos.mkfifo('pipe')\nopen('pipe').read()"),
        but(ALL, t4_more=0.0),
        (*LATE, *GONE),
        loses=LAST,
    ),
    Submission(
        "a list without end where a list is asked for",
        right(
            t3="import itertools\nclass Table:\n    def __getitem__(self, key):"
            " return itertools.count()\ntable = Table()"
        ),
        but(ALL, t3_frame=0.0, t3_list=0.0),
        CALLED,
    ),
    Submission(
        "loops when it is shown, hashed or thrown away",
        right(
            t4="class Loop:\n    def __repr__(self):\n        while True: pass\n"
            "    __hash__ = __str__ = __del__ = __repr__\nLoop()"
        ),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
    ),
    Submission(
        "answers the examiner a little at a time",
        right(
            t4="import os, stat, struct, time\n"
            "def lines():\n    for fd in range(3, 64):\n        try:\n"
            "            if stat.S_ISSOCK(os.fstat(fd).st_mode): yield fd\n"
            "        except OSError: pass\n"
            "def shout(text):\n    import signal\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "    while True:\n        for fd in lines():\n"
            "            os.write(fd, struct.pack('>I', 5) + struct.pack('>cI', b'R', 0))\n"
            "        time.sleep(0.5)"
        ),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
        loses=LAST,
    ),
    Submission(
        "says it is done with something else, for ever",
        right(
            t4="import os, stat, struct, time, signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "fds = [fd for fd in range(3, 64) if os.path.exists(f'/dev/fd/{fd}') or True]\n"
            "while True:\n    for fd in fds:\n        try:\n"
            "            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n"
            "                os.write(fd, struct.pack('>I', 5) + struct.pack('>cI', b'D', 99))\n"
            "        except OSError: pass\n    time.sleep(0.5)"
        ),
        before("t4"),
        GONE,
    ),
    Submission(
        "keeps the examiner busy with calls back after each check",
        right(
            t1="import os, stat, struct, threading, time\n"
            "from grader.marking import candidate\n"
            "def double(number):\n    return number * 2\n"
            "real = candidate.Candidate._answer\n"
            "def answer(self, message):\n"
            "    request = self.codec.loads(message.content)\n"
            "    if request['ask'] != 'end': return real(self, message)\n"
            "    while True:\n        try: self._call_back(0, (), {})\n        except Exception: pass\n"
            "candidate.Candidate._answer = answer"
        ),
        only("t1_check", "t1_more"),
        (*GONE, *CALLED),
    ),
    Submission(
        "announces a long frame and sends a byte a second",
        right(
            t4="import os, stat, struct, time\ndef shout(text):\n"
            "    import signal\n    signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
            "    for fd in range(3, 64):\n        try:\n"
            "            if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue\n"
            "        except OSError: continue\n"
            "        os.write(fd, struct.pack('>I', 1 << 20))\n"
            "        while True:\n            os.write(fd, b'x')\n            time.sleep(0.5)"
        ),
        but(ALL, t4_more=0.0),
        (*CALLED, *GONE),
        loses=LAST,
    ),
)
