"""Work that writes where it should not; the marker tells what it left."""

from tests.hostile.submission import ALL, Submission, right

SUBMISSIONS = tuple(
    Submission(f"writes {name}", right(after={"t1": source}), ALL)
    for name, source in {
        "into everybody's folders": (
            "import os\n"
            "for top in ('/tmp', '/var/tmp', '/dev/shm', '/dev', '/', '/usr', '/etc', '/home', os.path.expanduser('~'),"
            " '@HOME@', '@HOME@/..', '/root', '/proc', '/course'):\n"
            "    try: open(os.path.join(top, '@MARKER@.txt'), 'w').write('here')\n"
            "    except OSError: pass"
        ),
        "into the gradebook": (
            "import sqlite3\nbook = sqlite3.connect('@HOME@/gradebook.db')\n"
            "book.execute('update grade set manual_score = 99')\nbook.commit()"
        ),
        "its own mark and ledger": (
            "import os\nos.makedirs('@HOME@/autograded/@MARKER@', exist_ok=True)\n"
            "open('@HOME@/ledger.db', 'ab').write(b'x')"
        ),
        "start-up files of the instructor's": (
            "import os, pathlib\n"
            "for name in ('~/.ipython/profile_default/startup/00-@MARKER@.py', '~/.bashrc', '~/.jupyter/x.py',"
            " '@HOME@/nbgrader_config.py', '../../nbgrader_config.py', '~/.config/matplotlib/matplotlibrc'):\n"
            "    path = pathlib.Path(os.path.expanduser(name))\n"
            "    try:\n        path.parent.mkdir(parents=True, exist_ok=True)\n"
            "        path.write_text('import os; os.system(\"touch /tmp/@MARKER@\")')\n"
            "    except OSError: pass"
        ),
        "into the libraries": (
            "import numpy, os\n"
            "for path in (numpy.__file__, os.__file__, numpy.testing.__file__):\n"
            "    try: open(path, 'a').write('\\nimport os\\n')\n"
            "    except OSError: pass\n"
            "    try: os.remove(path)\n    except OSError: pass"
        ),
        "over the released data": (
            "open('numbers.csv', 'w').write('kind,n\\na,1\\n')\nimport os; os.chmod('.', 0)"
        ),
        "through links of its own": (
            "import os\nos.symlink('@HOME@', 'home')\nos.symlink('/tmp', 'tmp')\n"
            "for name in ('home/@MARKER@', 'tmp/@MARKER@', '../../../@MARKER@'):\n"
            "    try: open(name, 'w').write('x')\n    except OSError: pass\n"
            "os.symlink('/etc/passwd', 'numbers2.csv')"
        ),
        "files for the examiner to import": (
            "for name in ('numpy', 'pandas', 'week01_checks', 'grader', 'random', 'json', 'sklearn', 'sitecustomize',"
            " 'numexpr', 'bottleneck', 'pyarrow'):\n"
            "    open(f'{name}.py', 'w').write('TOTAL = -1\\ndef doubles(): return []\\nraise SystemExit')\n"
        ),
    }.items()
)  # fmt: skip
