"""A batch of submissions through collect's folder, `autograde` and `feedback`, watched from outside."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

from grader import course, roster
from grader.autograde import autograde
from grader.examination import Desk
from grader.feedback import feedback
from grader.marking import judged
from grader.marks import Marked
from grader.processes import Limits, tier
from grader.programme import Cohort, Programme, Week
from grader.release import release
from grader.sync import sync
from tests.hostile.submission import ALL, Place, Submission, right
from tests.hostile.week import WEEK, write_course

LIMITS = Limits(
    memory_mib=512, address_mib=1536, cpu_seconds=30, processes=40, file_mib=8, disk_mib=64
)
TIMES = judged.Limits(
    cell_seconds=4, notebook_seconds=25, call_seconds=4, check_seconds=10, grace_seconds=1.5,
    output_kib=256,
)  # fmt: skip
HUB = "hub"
EVERY = 8  # after so many hostile ones comes an honest one
OURS = ("autograded", "feedback", "gradebook.db", "ledger.db", "submitted", ".grader.lock")


@dataclass
class Batch:
    """Hold what came of a batch, and what the watch saw."""

    directory: Path
    cohort: Cohort
    week: Week
    canaries: dict[str, str]
    marked: dict[str, Marked] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)  # submission to participant
    heard: list[bytes] = field(default_factory=list)
    around: tuple[dict[str, str], dict[str, str]] = ({}, {})
    left_running: list[str] = field(default_factory=list)
    left_written: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def home(self) -> Path:
        return self.cohort.home(self.cohort.hubs[0])

    def of(self, name: str) -> Marked:
        return self.marked[self.people[name]]

    def honest(self) -> list[Marked]:
        return [self.marked[p] for name, p in self.people.items() if name.startswith("honest")]

    def page(self, name: str) -> str:
        file = self.home / "feedback" / self.people[name] / WEEK / f"{WEEK}.html"
        return file.read_text(encoding="utf-8")

    def kept(self, name: str) -> dict[str, str]:
        """Give every text the run kept of a submission: its folders, its ledger lines."""
        person = self.people[name]
        found = {}
        for step in ("autograded", "feedback"):
            for file in sorted((self.home / step / person).rglob("*")):
                if file.is_file():
                    found[str(file)] = file.read_bytes().decode("utf-8", "replace")
        with sqlite3.connect(self.home / "ledger.db") as books:
            lines = books.execute("select * from attempt where participant = ?", [person])
            found["ledger"] = repr(lines.fetchall())
        found["marked"] = repr(self.marked[person])
        return found

    def said(self, name: str) -> dict[str, str]:
        """
        Give what a participant may come to see: the page, and what their cells showed.

        Under "own" is what they themselves handed in: that they may see again.
        """
        person = self.people[name]
        folder = self.home / "submitted" / person / WEEK
        own = [f for f in folder.rglob("*") if f.is_file() and not f.is_symlink()]
        small = [f for f in own if os.access(f, os.R_OK) and f.stat().st_size < 1 << 23]
        found = {
            "own": "".join(f.read_bytes().decode("utf-8", "replace") for f in small),
            "page": self.page(name),
        }
        marked = self.home / "autograded" / person / WEEK / f"{WEEK}.ipynb"
        if marked.exists():
            cells = json.loads(marked.read_text(encoding="utf-8"))["cells"]
            found["outputs"] = json.dumps([c.get("outputs") for c in cells if not _is_check(c)])
        return found

    def hand_marks(self) -> list[Any]:
        """Give every mark in the gradebook that only a person could have given."""
        with sqlite3.connect(self.home / "gradebook.db") as book:
            return book.execute(
                "select * from grade where manual_score is not null or extra_credit > 0"
            ).fetchall()


def _is_check(cell: Any) -> bool:
    own = cell["metadata"].get("nbgrader", {})
    return bool(own.get("grade") and not own.get("solution"))


def live_parts(html: str) -> list[str]:
    """Name what in a page could run, or fetch something, or is missing of its policy."""
    seen = _Page()
    seen.feed(html)
    policy = [] if seen.policies == 1 else [f"{seen.policies} policies"]
    return seen.found + policy


class _Page(HTMLParser):
    """Look at every tag and attribute of a page."""

    DEAD: ClassVar = {"script", "iframe", "frame", "object", "embed", "applet", "form", "button", "input",
            "base", "link", "svg", "math", "template", "noscript", "portal", "video", "audio"}  # fmt: skip
    ADDRESSES: ClassVar = {"href", "src", "srcset", "action", "formaction", "data", "poster", "background",
                 "xlink:href", "ping", "srcdoc"}  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.policies = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in self.DEAD:
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.found += [
            f"{tag} {n}={v[:60]}" for n, v in given.items() if self._leads_out(tag, n, v)
        ]
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies += "default-src 'none'" in given.get("content", "")
        elif tag == "meta" and "http-equiv" in given:
            self.found.append("meta http-equiv")

    def _leads_out(self, tag: str, name: str, value: str) -> bool:
        if name == "style":
            return True
        if name not in self.ADDRESSES or value.startswith("#"):
            return False
        fine = ("http://", "https://", "mailto:") if tag == "a" else ("data:image/",)
        return not value.lower().startswith(fine)


class School:
    """Be a cohort of one hub with the hostile week released; copies of it are marked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root = write_course(directory / "course")
        self.programme: Programme = course.read_programme(self.root)
        self.week = self.programme.weeks[0]

    def batch(self, submissions: Sequence[Submission], *, name: str, workers: int = 3) -> Batch:
        """Hand in *submissions* with honest ones between them, mark them, and hand back."""
        directory = self.directory / name
        dealt = list(_with_honest(submissions))
        people = {s.name: f"p{number:03}" for number, s in enumerate(dealt)}
        self._new_cohort(directory / "cohort", list(people.values()))
        cohort = roster.read_cohort(directory / "cohort", self.programme)
        batch = Batch(directory, cohort, self.week, _canaries(directory), people=people)
        with _listener(batch.heard) as port:
            for submission in dealt:
                _hand_in(batch, submission, port)
            _plant(batch)
            before = _around(batch)
            begun = time.monotonic()
            batch.marked = self._mark(batch, workers)
            batch.seconds = time.monotonic() - begun
            batch.left_running = _running(batch.canaries["marker"])
            self._hand_back(batch)
            batch.around = (before, _around(batch))
            batch.left_written = _written(batch)
        return batch

    def _new_cohort(self, directory: Path, people: list[str]) -> None:
        starts = datetime.fromisoformat("2027-01-11").date()
        roster.new_cohort(directory, starts=starts, hubs=[HUB], name="hostile", course=self.root)
        rows = "".join(f"{person},participant,{HUB},,,\n" for person in people)
        (directory / "roster.csv").write_text(f"id,role,hub,mentor,name,email\n{rows}")
        cohort = roster.read_cohort(directory, self.programme)
        sync(cohort, self.programme)
        opened = cohort.timetable.released(self.week)
        solution = course.solution(self.root, WEEK)
        list(release(cohort, self.week, solution, cohort.hubs, now=opened))

    def _mark(self, batch: Batch, workers: int) -> dict[str, Marked]:
        now = batch.cohort.timetable.due_for_all(self.week) + timedelta(days=2)
        marked = autograde(
            batch.cohort,
            self.week,
            batch.cohort.hubs,
            tier=tier(),
            now=lambda: now,
            workers=workers,
            desk=partial(Desk, limits=LIMITS, times=TIMES),
        )
        return {each.participant: each for each in marked}

    def _hand_back(self, batch: Batch) -> None:
        now = batch.cohort.timetable.due_for_all(self.week) + timedelta(days=3)
        hints = course.all_hints(self.root, self.programme)
        list(feedback(batch.cohort, self.week, batch.cohort.hubs, hints, now=now))


def _with_honest(submissions: Sequence[Submission]) -> Iterator[Submission]:
    for number, submission in enumerate(submissions):
        if number % EVERY == 0:
            yield Submission(f"honest {number}", right(), ALL)
        yield submission
    yield Submission("honest at the end", right(), ALL)


def _canaries(directory: Path) -> dict[str, str]:
    word = secrets.token_hex(6)
    names = ("file", "home", "environment", "gradebook", "neighbour", "temporary", "roster")
    return {name: f"CANARY-{name}-{word}" for name in names} | {"marker": f"marker-{word}"}


def _hand_in(batch: Batch, submission: Submission, port: int) -> None:
    person, home = batch.people[submission.name], batch.home
    folder = home / "submitted" / person / WEEK
    shutil.copytree(home / "release" / WEEK, folder)
    (folder / "timestamp.txt").write_text("2027-01-12 10:00:00.000000 UTC")
    secret = batch.directory / "instructors" / "secret.txt"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text(batch.canaries["file"])
    marker = batch.canaries["marker"]
    submission.make(Place(folder, marker, port, secret, home, batch.cohort.exchange))


def _plant(batch: Batch) -> None:
    """Put secrets where a submission might look: files, home, environment, gradebook, a neighbour."""
    said, home = batch.canaries, batch.directory / "person"
    home.mkdir()
    (home / ".netrc").write_text(said["home"])
    os.environ["HOME"] = str(home)
    os.environ["INSTRUCTOR_TOKEN"] = said["environment"]
    (batch.home / "neighbours.txt").write_text(said["neighbour"])
    (batch.home / "submitted" / batch.people["honest 0"] / WEEK / "mine.txt").write_text(
        said["neighbour"]
    )
    temporary = Path("/tmp") / f"{said['marker']}-temporary.txt"
    temporary.write_text(said["temporary"])
    with sqlite3.connect(batch.home / "gradebook.db") as book:
        book.execute("update student set last_name = ?", [said["gradebook"]])


def _around(batch: Batch) -> dict[str, str]:
    """Digest what no submission may change: the course, the cohort, a home, the kit's own code."""
    tops = [batch.directory, batch.cohort.course, Path(judged.__file__).parents[1]]
    found = {}
    for top in tops:
        for file in sorted(top.rglob("*")):
            within = file.relative_to(top).parts
            mine = top == batch.directory and any(part in OURS for part in within)
            if mine or "__pycache__" in within or "exchange" in within or not file.is_file():
                continue
            found[str(file)] = hashlib.sha256(file.read_bytes()).hexdigest()
    for file in sorted((batch.home / "submitted").rglob("*")):
        found[str(file)] = str(file.lstat().st_mtime_ns)
    return found


def _written(batch: Batch) -> list[str]:
    """List what has the marker in its name and was left where everybody writes."""
    marker = batch.canaries["marker"]
    Path("/tmp", f"{marker}-temporary.txt").unlink()
    tops = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", str(Path.cwd()), str(Path.home())]
    own = {str(batch.directory)}
    return [
        str(file)
        for top in tops
        for file in Path(top).glob(f"*{marker}*")
        if not any(str(file).startswith(each) for each in own)
    ]


def _running(marker: str) -> list[str]:
    """List processes that carry the marker, and workers of this environment, once all had time to end."""
    until = time.monotonic() + 10
    while (left := _left(marker)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def _left(marker: str) -> list[str]:
    left = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace")
            called = (folder / "comm").read_text().strip()
        except OSError:
            continue
        ours = sys.executable in words and "grader.processes.worker" in words
        if marker in words or called == marker[:15] or ours:
            left.append(f"{folder.name} {called} {words[:200]}")
    return left


@contextmanager
def _listener(heard: list[bytes]) -> Iterator[int]:
    """Listen on the loopback, over TCP and UDP on one port, and note whatever comes."""
    tcp = socket.create_server(("127.0.0.1", 0))
    port = tcp.getsockname()[1]
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", port))
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    unix.bind(f"\0hostile-{port}")
    unix.listen()
    stop = threading.Event()

    def note(wait: Callable[[], bytes]) -> None:
        while not stop.is_set():
            try:
                heard.append(wait())
            except OSError:
                continue

    waits = (lambda: repr(tcp.accept()[1]).encode(), lambda: udp.recv(100), lambda: _taken(unix))
    for line in (tcp, udp, unix):
        line.settimeout(0.5)
    threads = [threading.Thread(target=note, args=[wait], daemon=True) for wait in waits]
    for thread in threads:
        thread.start()
    try:
        yield port
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for line in (tcp, udp, unix):
            line.close()


def _taken(unix: socket.socket) -> bytes:
    unix.accept()[0].close()
    return b"a connection to the unix socket"
