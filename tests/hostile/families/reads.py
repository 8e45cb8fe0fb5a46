"""Work that looks for what it must not see; what it finds it prints, writes, and answers with."""

from grader.marks import Outcome
from tests.hostile.submission import NOTHING, Submission, wrong

ENDS = (Outcome.FINISHED, Outcome.TIMED_OUT)  # to walk through everything takes its time
# Whatever is found goes every way a submission has of saying something.
TELL = (
    "import os, re, glob\n"
    "def tell(found):\n"
    "    text = repr(found)[:20000]\n    print(text)\n"
    "    open('found.txt', 'a').write(text)\n"
    "    globals()['total'] = text\n    return found\n"
    "def hits(blob): return re.findall(rb'CANARY-[a-z]+-[0-9a-f]+|canary-hidden-[a-z]+', blob)\n"
)


def _reading(source: str) -> str:
    return TELL + source


SUBMISSIONS = tuple(
    Submission(f"reads {name}", wrong(after={"t1": _reading(source)}), NOTHING, ENDS)
    for name, source in {
        "every file there is": (
            "found = set()\n"
            "for top in ('/home', '/root', '/tmp', '/etc', '/srv', '/mnt', '/opt', '/work', '/var', '/run',"
            " '/dev/shm', '/old', '/course', os.getcwd(), '@HOME@'):\n"
            "    for folder, _, names in os.walk(top):\n"
            "        for name in names:\n            try:\n"
            "                blob = open(os.path.join(folder, name), 'rb').read(1 << 20)\n"
            "                if hits(blob): found.add((folder, name, *hits(blob)))\n"
            "            except OSError: pass\n"
            "tell(sorted(found))"
        ),
        "a secret by its path": "tell(open('@SECRET@').read())",
        "the instructor's source": (
            "tell([open(f).read() for f in glob.glob('@HOME@/source/**/*', recursive=True)])\n"
            "tell(open('@HOME@/source/week01/week01.ipynb').read())"
        ),
        "the gradebook": (
            "import sqlite3\n"
            "book = sqlite3.connect('file:@HOME@/gradebook.db?mode=ro', uri=True)\n"
            "tell(book.execute('select * from source_cell').fetchall())\n"
            "tell(book.execute('select * from student').fetchall())"
        ),
        "the ledger": "import sqlite3\ntell(sqlite3.connect('@HOME@/ledger.db').execute('select * from attempt').fetchall())",
        "other people's work": "tell([open(f).read() for f in glob.glob('@HOME@/submitted/*/week01/*')])",
        "the environment": (
            "tell(dict(os.environ))\n"
            "tell([hits(open(f, 'rb').read()) for f in glob.glob('/proc/*/environ')])"
        ),
        "its own memory": (
            "tell([line for line in open('/proc/self/maps') if 'CANARY' in line])\n"
            "import ctypes, gc\n"
            "tell([o for o in gc.get_objects() if isinstance(o, (str, bytes)) and 'idden-sourc' in str(o)])\n"
            "memory = open('/proc/self/mem', 'rb')"
        ),
        "the objects the parent left": (
            "import gc, sys\nseen = []\n"
            "for o in gc.get_objects():\n"
            "    if type(o) is dict:\n        for k, v in list(o.items()):\n"
            "            if isinstance(v, (str, bytes)) and ('canary-' + 'hidden' in str(v) or 'CANARY' + '-' in str(v)):"
            " seen.append((k, v))\n"
            "tell(seen[:50])"
        ),
        "other processes": (
            "tell([(f, open(f).read()) for f in glob.glob('/proc/*/cmdline')])\n"
            "for pid in range(1, 400):\n    for name in ('mem', 'maps', 'environ', 'cwd/secret.txt', 'root/etc/hostname'):\n"
            "        try: tell(hits(open(f'/proc/{pid}/{name}', 'rb').read(1 << 22)))\n"
            "        except OSError: pass"
        ),
        "the examiner by ptrace and process_vm_readv": (
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            "for pid in range(1, 300):\n"
            "    if libc.ptrace(16, pid, 0, 0) == 0: tell(f'attached to {pid}')\n"
            "    buffer = ctypes.create_string_buffer(4096)\n"
            "    local = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 4096)\n"
            "    for address in range(0x400000, 0x500000, 0x10000):\n"
            "        remote = (ctypes.c_size_t * 2)(address, 4096)\n"
            "        if libc.process_vm_readv(pid, local, 1, remote, 1, 0) > 0 and pid != os.getpid():"
            " tell(hits(buffer.raw))"
        ),
        "the checks' module": (
            "import sys, importlib\n"
            "for name in ('week01_checks', 'course.weeks.week01.week01_checks'):\n"
            "    try: tell(vars(importlib.import_module(name)))\n    except Exception: pass\n"
            "tell([p for p in sys.path])\n"
            "tell([m for m in sys.modules if 'week01' in m])"
        ),
        "what a check calls it with, and from where": (
            "import inspect, sys, traceback\nseen = []\n"
            "def double(number):\n"
            "    frame = sys._getframe()\n"
            "    while frame:\n"
            "        seen.append(repr(frame.f_locals)[:5000] + repr(frame.f_globals.keys()))\n"
            "        frame = frame.f_back\n"
            "    tell(hits(''.join(seen).encode()))\n    return number"
        ),
        "IPython's history": (
            "ip = get_ipython()\ntell(list(ip.history_manager.get_tail(100)) if ip.history_manager else '')\n"
            "tell(In)\ntell(ip.user_ns_hidden.keys())"
        ),
        "what is left in shared places": (
            "tell([open(f, 'rb').read(200) for f in glob.glob('/tmp/**/*', recursive=True) + "
            "glob.glob('/dev/shm/*') if os.path.isfile(f)])\n"
            "tell(glob.glob('/tmp/check-*') + glob.glob('/tmp/released-*') + glob.glob('/course/*'))"
        ),
        "open descriptors": (
            "import stat\nfound = []\n"
            "for fd in range(0, 300):\n    try:\n        kind = os.fstat(fd).st_mode\n"
            "        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):"
            " found.append((fd, os.readlink(f'/proc/self/fd/{fd}')))\n"
            "        if stat.S_ISDIR(kind): found.append(os.listdir(fd))\n"
            "    except OSError: pass\ntell(found)\n"
            "import array, socket\n"
            "for fd in range(3, 60):\n    try:\n"
            "        line = socket.socket(fileno=os.dup(fd)); line.settimeout(0.1)\n"
            "        tell(line.recvmsg(1 << 16, socket.CMSG_SPACE(64))[1])\n"
            "    except OSError: pass"
        ),
        "files by descriptor and by handle": (
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            "handle = ctypes.create_string_buffer(b'\\x80\\0\\0\\0' + b'\\0' * 200)\n"
            "mount = ctypes.c_int()\n"
            "tell(libc.name_to_handle_at(-100, b'/usr', handle, ctypes.byref(mount), 0))\n"
            "tell([libc.syscall(304, mount.value, handle, 0), libc.syscall(437, -100, b'@SECRET@', handle, 24)])"
        ),
    }.items()
)  # fmt: skip
