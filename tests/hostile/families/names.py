"""Folders whose files have odd names, or whose notebook has another name."""

from grader.marks import Outcome
from tests.hostile.submission import ALL, NOTHING, Place, Submission, right
from tests.hostile.week import WEEK

_ODD = {
    "blanks and quotes": ["a b.txt", "'quoted'.txt", '"two".txt', "`date`.txt"],
    "words for a shell": [
        "$(touch @MARKER@).txt",
        "; rm -rf x",
        "| cat",
        "&& id",
        "-rf",
        "--help",
        "*",
    ],
    "letters of every kind": ["naïve.txt", "日本語.txt", "🙂.txt", "e\u0301.txt", "\u202etxt.exe"],
    "line ends and tabs": ["two\nlines.txt", "tab\t.txt", "bell\x07.txt", "esc\x1b[31m.txt"],
    "markup": [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a&amp;b",
        "{{ 7*7 }}",
        "%s%n",
    ],
    "great length": ["x" * 250],
    "backslashes and dots": ["..\\..\\x", "...", ". .", "C:\\x", "a\\"],
    "the names of modules": [
        "numpy.py",
        "pandas.py",
        "json.py",
        "sitecustomize.py",
        "week01_checks.py",
        "grader.py",
        "conftest.py",
        "usercustomize.py",
        "IPython.py",
        "sklearn/__init__.py",
    ],
    "the names of settings": [
        "nbgrader_config.py",
        "ipython_config.py",
        ".ipython/profile_default/startup/0.py",
        "matplotlibrc",
        "pyvenv.cfg",
        ".pdbrc",
        "pip.conf",
        "gradebook.db",
    ],
    "what the kit writes": [
        "marking-notes.json",
        "marks.sha256",
        f"{WEEK}.html",
        "submission_secret.txt",
        f".{WEEK}.new",
        "hints.toml",
    ],
}
_BYTES = b"raise SystemExit('imported')\nTOTAL = -1\nbackend: @MARKER@\n"


def _moved(to: str) -> object:
    def make(place: Place) -> None:
        right()(place)
        target = place.folder / to
        target.parent.mkdir(parents=True, exist_ok=True)
        place.file.rename(target)

    return make


def _not_utf_8(place: Place) -> None:
    right()(place)
    with open(bytes(place.folder) + b"/\xff\xfe\x80.txt", "wb") as file:
        file.write(b"x")


SUBMISSIONS = (
    *(
        Submission(f"files with {name}", right(files=dict.fromkeys(files, _BYTES)), ALL)
        for name, files in _ODD.items()
    ),
    Submission("a file whose name is not UTF-8", _not_utf_8, ALL),
    *(
        Submission(f"a notebook that is called {to}", _moved(to), NOTHING, (Outcome.MISSING,))  # type: ignore[arg-type]
        for to in (f"{WEEK}-Copy1.ipynb", f"{WEEK} (1).ipynb", f"{WEEK.upper()}.ipynb", f"{WEEK}.ipynb.txt",
                   f"work/{WEEK}.ipynb", "Untitled.ipynb")
    ),
)  # fmt: skip
