"""
Mark the same submissions of week 1 with plain nbgrader and with the kit, in one run on one machine.

Prints both times, their ratio, the peak memory of each, and whether every mark is the same.
Usage: python -m tests.bench.marking [NUMBER]
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from grader import course, demo, notebooks, roster
from grader.engine import gradebook
from grader.release import release
from grader.sync import sync
from tests.conftest import ROOT

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Timed:
    """Hold one command's wall time (seconds) and the peak memory of its largest process (MiB)."""

    seconds: float
    peak_mib: float


def make_cohort(directory: Path, number: int) -> Path:
    """Make a hub with *number* collected submissions, dealt from the week's specimens."""
    programme = course.read_programme(ROOT)
    week = programme.weeks[0]
    roster.new_cohort(directory, starts=demo.STARTS, hubs=["hub"], name="bench", course=ROOT)
    people = [f"p{count:04}" for count in range(number)]
    rows = "".join(f"{person},participant,hub,,,\n" for person in people)
    (directory / "roster.csv").write_text("id,role,hub,mentor,name,email\n" + rows)
    cohort = roster.read_cohort(directory, programme)
    sync(cohort, programme)
    opened = cohort.timetable.released(week)
    list(release(cohort, week, course.solution(ROOT, week.name), cohort.hubs, now=opened))
    home = directory / "hub"
    blank = notebooks.read(home / "release/week01/week01.ipynb")
    stories = [story for story in demo.plan(ROOT, week) if story.hand_ins]
    for person, story in islice(zip(people, cycle(stories)), number):
        folder = home / "submitted" / person / "week01"
        shutil.copytree(home / "release/week01", folder)
        filled = notebooks.with_answers(blank, story.hand_ins[-1].answers)
        (folder / "week01.ipynb").write_text(notebooks.text(filled), encoding="utf-8")
        stamp = (opened + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        (folder / "timestamp.txt").write_text(stamp)
    return home


def timed(*command: str, cwd: Path) -> Timed:
    """Run a command and measure it."""
    begun = time.perf_counter()
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True)
    seconds = time.perf_counter() - begun
    return Timed(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def marks(home: Path, number: int) -> dict[str, tuple[float | None, ...]]:
    """Read everybody's marks."""
    return {
        f"p{count:04}": tuple(m.points for m in gradebook.marks(home, "week01", f"p{count:04}"))
        for count in range(number)
    }


def main(number: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as scratch:
        directory = Path(scratch, "cohort")
        home = make_cohort(directory, number)
        twin = Path(scratch, "twin")
        shutil.copytree(directory, twin)
        kit = timed(
            str(BIN / "grader"), "autograde", "week01", "--course", str(ROOT), cwd=directory
        )
        plain = timed(str(BIN / "nbgrader"), "autograde", "week01", cwd=twin / "hub")
        same = marks(home, number) == marks(twin / "hub", number)
    print(f"{number} submissions of week 1 on {os.cpu_count()} cores")
    print(f"  nbgrader autograde  {plain.seconds:8.1f} s  {plain.peak_mib:6.0f} MiB")
    print(f"  grader autograde    {kit.seconds:8.1f} s  {kit.peak_mib:6.0f} MiB")
    print(f"  ratio               {plain.seconds / kit.seconds:8.1f}")
    print(f"  all marks equal     {'yes' if same else 'NO':>8}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
