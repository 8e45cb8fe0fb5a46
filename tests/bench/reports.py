"""
Write all pages of a made-up cohort, and let `nbgrader export` write its table of the same gradebooks.

300 participants in three hubs, twelve weeks of 15 graded cells; the gradebooks are as plain nbgrader
makes them, without the kit's indexes. Then ten times as many participants, without the export.
Usage: python -m tests.bench.reports [PEOPLE ...]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.marking import BIN, timed
from tests.bench.worlds import World, make_world

SITE = (
    "import pickle, sys; from grader.report import report; "
    "world = pickle.load(open(sys.argv[1], 'rb')); "
    "report(world.cohort, world.programme, world.hints, now=world.now)"
)


def pages(world: World) -> float:
    """Write the site in a process of its own, as the command does, and give its seconds."""
    import pickle

    kept = world.cohort.directory / "world.pickle"
    kept.write_bytes(pickle.dumps(world))  # our own, made a line above
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", SITE, str(kept)], check=True)
    return time.perf_counter() - begun


def export(world: World) -> float:
    """Let plain nbgrader export each hub's gradebook, and give the seconds of all."""
    return sum(
        timed(str(BIN / "nbgrader"), "export", cwd=world.cohort.home(hub)).seconds
        for hub in world.cohort.hubs
    )


def main(sizes: list[int]) -> None:
    """Measure and print."""
    first: tuple[int, float] | None = None
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="grader-bench-") as scratch:
            world = make_world(Path(scratch, "cohort"), people)
            seconds = pages(world)
            folder = world.cohort.directory / "reports"
            files = sum(1 for file in folder.rglob("*") if file.is_file())
            print(f"{people} participants, 12 weeks, 15 graded cells, 3 hubs")
            print(f"  grader report       {seconds:8.1f} s  {files} files")
            if first is None:
                plain = export(world)
                print(f"  nbgrader export     {plain:8.1f} s")
                print(f"  ratio               {plain / seconds:8.1f}")
                first = people, seconds
            else:
                grown, slower = people / first[0], seconds / first[1]
                print(f"  {grown:.0f} times the people  {slower:8.1f} times the time")


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or [300, 3000])
