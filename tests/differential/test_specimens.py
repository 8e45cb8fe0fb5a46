"""Every specimen of week 1 earns from the kit what it earns from plain `nbgrader autograde`."""

import os
import shutil
import subprocess
from itertools import cycle
from pathlib import Path

import pytest

from grader import course, demo, notebooks, roster
from grader.release import release
from grader.specimens import read_specimens
from grader.sync import sync
from tests.conftest import ROOT
from tests.differential.twins import BIN, ENV, PLAIN, Marks, kit, marks

WEEK = ROOT / "course" / "weeks" / "week01"


def combined() -> dict[str, dict[str, str]]:
    """Deal the specimens into as few notebooks as can be, one of each task in each."""
    by_task: dict[str, list[dict[str, str]]] = {}
    for specimen in read_specimens(WEEK / "specimens"):
        by_task.setdefault(specimen.task, []).append(specimen.cells)
    most = max(map(len, by_task.values()))
    dealt = {task: cycle(cells) for task, cells in by_task.items()}
    return {
        f"p{number:02}": {
            name: text for task in dealt.values() for name, text in next(task).items()
        }
        for number in range(most)
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Marks], dict[str, Marks]]:
    """Mark the combined notebooks in a hub's course, and in a twin of it by plain nbgrader."""
    directory = tmp_path_factory.mktemp("specimens") / "cohort"
    home = _cohort(directory)
    twin = directory.with_name("twin")
    shutil.copytree(home, twin)
    (twin / "nbgrader_config.py").write_text(PLAIN.replace("any", "hub-specimens"))
    path = os.pathsep.join([str(WEEK), ENV.get("PYTHONPATH", "")])
    subprocess.run(
        [BIN / "nbgrader", "autograde", "week01"],
        cwd=twin,
        env={**ENV, "PYTHONPATH": path},
        check=False,
        capture_output=True,
    )
    kit("autograde", "week01", "--json", "--course", str(ROOT), cohort=directory)
    return marks(twin, "week01"), marks(home, "week01")


def _cohort(directory: Path) -> Path:
    programme = course.read_programme(ROOT)
    week = programme.weeks[0]
    roster.new_cohort(directory, starts=demo.STARTS, hubs=["hub"], name="specimens", course=ROOT)
    rows = "".join(f"{person},participant,hub,,,\n" for person in combined())
    (directory / "roster.csv").write_text("id,role,hub,mentor,name,email\n" + rows)
    cohort = roster.read_cohort(directory, programme)
    sync(cohort, programme)
    opened = cohort.timetable.released(week)
    list(release(cohort, week, course.solution(ROOT, week.name), cohort.hubs, now=opened))
    home = directory / "hub"
    blank = notebooks.read(home / "release/week01/week01.ipynb")
    for person, answers in combined().items():
        folder = home / "submitted" / person / "week01"
        shutil.copytree(home / "release/week01", folder)
        filled = notebooks.with_answers(blank, answers)
        (folder / "week01.ipynb").write_text(notebooks.text(filled), encoding="utf-8")
        (folder / "timestamp.txt").write_text(f"{opened:%Y-%m-%d %H:%M:%S} UTC")
    return home


def test_every_specimen_is_there() -> None:
    """Each specimen's answer is in at least one of the notebooks."""
    handed_in = [text for answers in combined().values() for text in answers.values()]
    specimens = read_specimens(WEEK / "specimens")

    assert set() == {s.name for s in specimens if not set(s.cells.values()) <= set(handed_in)}
    assert len(specimens) == len(list((WEEK / "specimens").glob("*.py")))


@pytest.mark.parametrize("person", combined())
def test_the_marks_are_plain_nbgraders(
    person: str, both: tuple[dict[str, Marks], dict[str, Marks]]
) -> None:
    """Cell by cell, and with the same answers waiting for a mentor."""
    assert both[0][person] == both[1][person]
