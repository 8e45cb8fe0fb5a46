"""The record of a week at a hub: the kit's own, or that of an nbgrader course it never made."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader import intake, notebooks
from grader.engine.masters import Master, Masters, masters
from grader.errors import CohortError, CourseError
from grader.examination.kept import Kept
from grader.examination.record import Record, record_from
from grader.notebooks import Notebook, grade_id
from grader.programme import Cohort, Hub, Week

MOST_MIB = 200  # of what lies beside an assignment's notebooks: each process gets a copy


def record_of(cohort: Cohort, week: Week, hub: Hub) -> Record:
    """Read the record of *week* at *hub*; of a course that the kit never made, nbgrader's own."""
    home = cohort.home(hub)
    if not cohort.is_ordinary:
        return Kept(home, week.name).record(may_be_forged=cohort.lets_forge)
    source = cohort.folder(hub, "source") / week.name
    release = cohort.folder(hub, "release") / week.name
    return read_ordinary(week.name, source, release, masters(home, week.name))


def read_ordinary(week: str, source: Path, released: Path, known: Masters) -> Record:
    """
    Read an assignment as plain nbgrader marks it: cells as the gradebook has them.

    Raises CohortError where it was never generated.
    """
    if not known.notebooks:
        raise CohortError(
            f"{week} was never generated: the gradebook does not know its cells",
            do=f"Run `nbgrader generate_assignment {week}` in the course's directory.",
        )
    handed_out = {
        name: _handed_out(name, cells, source, released) for name, cells in known.notebooks.items()
    }
    originals = {
        name: _original(notebook, known.notebooks[name], known.hidden)
        for name, notebook in handed_out.items()
    }
    return record_from(week, originals, handed_out, _instructors_files(source))


def _handed_out(name: str, cells: Mapping[str, Master], source: Path, released: Path) -> Notebook:
    """Read the released notebook; where it is gone, take the source with the answers out."""
    file = released / f"{name}.ipynb"
    if file.is_file():
        return notebooks.read(file)
    try:
        notebook = notebooks.read(source / f"{name}.ipynb")
    except CourseError as error:
        do = f"Run `nbgrader generate_assignment {source.name}` again, or put the file back."
        raise CohortError(f"{name}.ipynb is neither released nor there as source", do=do) from error
    for cell in notebook.cells:
        if grade_id(cell) in cells and notebooks.is_answer(cell):
            cell.source = cells[grade_id(cell)].text
    return notebook


def _original(
    handed_out: Notebook, cells: Mapping[str, Master], hidden: tuple[str, str]
) -> Notebook:
    original = copy.deepcopy(handed_out)
    for cell in original.cells:
        own = cells.get(grade_id(cell))
        if own is None:
            cell.metadata.pop("nbgrader", None)
            continue
        cell.source = notebooks.with_known_marks(own.text, hidden)
        if own.points is not None:
            cell.metadata["nbgrader"]["points"] = own.points
    return original


def _instructors_files(folder: Path) -> dict[str, bytes]:
    """
    Read what lies beside the instructor's notebooks; a link of theirs is followed.

    Raises CohortError where there is more than each process can be given.
    """
    found: dict[str, bytes] = {}
    size = 0
    for name, path in _beside(folder):
        size += path.stat().st_size
        if size > MOST_MIB << 20:
            what = f"the files beside the notebooks of {folder.name} hold more than {MOST_MIB} MiB"
            do = "Put large data into a file that the notebooks need only a part of."
            raise CohortError(what, where=str(folder), do=do)
        found[name] = path.read_bytes()
    return found


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(set(inner) - intake.IGNORED_FOLDERS)
        for name in sorted(names):
            path = Path(place, name)
            if not name.endswith((".ipynb", ".pyc")) and path.is_file():
                yield path.relative_to(folder).as_posix(), path
