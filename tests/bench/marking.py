"""
Mark the same submissions of week 1 with plain nbgrader and with the kit, in one run on one machine.

Prints both times, their ratio, the peak memory of each (the proportional share of its whole tree of
processes), the time that the participants' cells alone need in a warm interpreter, and whether every
mark is the same. Then the kit alone on growing cohorts: the time for each must not grow.
Usage: python -m tests.bench.marking [NUMBER] [--grow SIZE ...]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from grader import course, demo, notebooks, roster
from grader.engine import gradebook
from grader.processes import watching
from grader.release import release
from grader.sync import sync
from tests.conftest import ROOT, leave_to_nbgrader

BIN = Path(sys.executable).parent
FLOOR = Path(__file__).with_name("floor.py")


@dataclass(frozen=True)
class Timed:
    """Hold one command's wall time (seconds) and the peak of its processes' memory (MiB)."""

    seconds: float
    peak_mib: float
    said: str


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
    """Run a command and measure it and all it starts."""
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    begun, peak, over = time.perf_counter(), 0.0, threading.Event()
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, cwd=cwd, env=env, stdout=said, stderr=said)
        ended = threading.Thread(target=lambda: (running.wait(), over.set()))
        ended.start()
        while not over.wait(0.5):
            peak = max(peak, watching.usage(running.pid).memory_mib)
        seconds = time.perf_counter() - begun
        ended.join()
        said.seek(0)
        return Timed(seconds, peak, said.read().decode(errors="replace"))


def marks(home: Path, number: int) -> dict[str, tuple[float | None, ...]]:
    """Read everybody's marks."""
    return {
        f"p{count:04}": tuple(m.points for m in gradebook.marks(home, "week01", f"p{count:04}"))
        for count in range(number)
    }


def kit(directory: Path) -> Timed:
    """Mark a cohort with the kit."""
    return timed(str(BIN / "grader"), "autograde", "week01", "--course", str(ROOT), cwd=directory)


def floor(home: Path) -> float:
    """Give the seconds that the participants' own cells take, one notebook after another."""
    names = sorted(str(file) for file in (home / "submitted").glob("*/week01/week01.ipynb"))
    said = timed(sys.executable, str(FLOOR), *names, cwd=home).said
    return float(json.loads(said.splitlines()[-1])["seconds"])


def compare(number: int, scratch: Path) -> None:
    """Print nbgrader's and the kit's figures for *number* submissions."""
    directory = scratch / "cohort"
    home = make_cohort(directory, number)
    twin = scratch / "twin"
    shutil.copytree(directory, twin)
    leave_to_nbgrader(twin / "hub")
    lowest = floor(home)
    ours = kit(directory)
    theirs = timed(str(BIN / "nbgrader"), "autograde", "week01", cwd=twin / "hub")
    same = marks(home, number) == marks(twin / "hub", number)
    print(f"{number} submissions of week 1 on {os.cpu_count()} cores")
    print(f"  nbgrader autograde        {theirs.seconds:8.1f} s  {theirs.peak_mib:6.0f} MiB")
    print(f"  grader autograde          {ours.seconds:8.1f} s  {ours.peak_mib:6.0f} MiB")
    print(f"  the participants' cells   {lowest:8.1f} s  (warm, alone, no checks: the floor)")
    print(f"  ratio                     {theirs.seconds / ours.seconds:8.1f}")
    print(f"  all marks equal           {'yes' if same else 'NO':>8}", flush=True)


def grow(sizes: list[int], scratch: Path) -> None:
    """Print the kit's time for each submission as the cohort grows."""
    print("grader autograde, by size of the cohort")
    first = 0.0
    for size in sizes:
        directory = scratch / f"grown{size}"
        make_cohort(directory, size)
        took = kit(directory)
        each = took.seconds / size
        first = first or each
        print(f"  {size:6} submissions {took.seconds:8.1f} s  {each:6.3f} s each, "
              f"{each / first:4.2f} of the first  {took.peak_mib:6.0f} MiB", flush=True)  # fmt: skip
        shutil.rmtree(directory)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("number", type=int, nargs="?", default=100)
    asked.add_argument("--grow", type=int, nargs="*", default=[10, 100, 1000])
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as place:
        compare(chosen.number, Path(place))
        grow(chosen.grow, Path(place))
