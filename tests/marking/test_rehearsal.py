"""Before anybody's work is marked the week is rehearsed: what that may do for them, and never to them."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from grader import processes
from grader.errors import MachineError
from grader.examination import Desk, Examined, HandedIn, Record
from grader.examination.parents import REHEARSAL, STACK, Parents
from grader.marking.judged import Cell, Role
from grader.marking.referee import mark
from grader.marks import Verdict
from grader.notebooks import Notebook
from grader.processes import Limits, Warm, watching

SECRET = "a3c1" * 8
PROCESS = "import subprocess, sys\nsubprocess.Popen([sys.executable])"


def cell(name: str, source: str, **own: object) -> Notebook:
    """Make a code cell of nbgrader's, or of anybody's where it has no name."""
    flags = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    made = nbformat.v4.new_code_cell(source, id=name)
    if own:
        made.metadata["nbgrader"] = {**flags, **own, "grade_id": name}
    return made


def set_up(source: str) -> Notebook:
    return cell("setup", source, locked=True)


def answer(source: str) -> Notebook:
    return cell("t1", source, solution=True)


def check(source: str) -> Notebook:
    return cell("t1_check", source, grade=True, locked=True, points=1)


def record(*cells: Notebook, modules: Mapping[str, bytes] | None = None) -> Record:
    """Be the record of a week of one notebook, released as it stands but for its checks."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    open_cells = tuple(c.source for c in cells if "nbgrader" not in c.metadata)
    released = {c["id"]: "" if c["id"] == "t1_check" else c.source for c in cells}
    return Record("w", {"w": notebook}, {"w": released}, {"w": open_cells}, modules=modules or {})


def marked(*records: Record) -> list[Examined]:
    """Mark, at one desk, work that says what the record's solution says."""
    with Desk(processes.tier()) as desk:
        jobs = [
            (number, lambda one=one: HandedIn(dict(one.notebooks)), one)
            for number, one in enumerate(records)
        ]
        found = {number: examined for number, _, examined in desk.examine(jobs)}
    return [found[number] for number in sorted(found)]


def verdicts(examined: Examined) -> list[Verdict]:
    return [mark.verdict for mark in examined.marks]


@pytest.fixture(autouse=True)
def _has_bubblewrap() -> None:
    if processes.tier().name != "bubblewrap":
        pytest.skip("without bubblewrap nothing is rehearsed")


class TestWhatIsKept:
    def test_what_the_checks_make_once_is_made_once_for_everybody(self) -> None:
        modules = {"w_checks.py": b"import uuid\nTOKEN = uuid.uuid4().hex\n"}
        week = record(
            answer("x = 1"),
            check("import w_checks\nraise AssertionError(w_checks.TOKEN)"),
            modules=modules,
        )
        first, second = marked(week, week)
        assert first.said["w", "t1_check"].text == second.said["w", "t1_check"].text

    def test_what_the_solution_imports_is_there_before_anybodys_work(self) -> None:
        look = cell("look", "import sys\nseen = 'colorsys' in sys.modules")
        week = record(look, answer("import colorsys"), check("assert seen"))
        assert [[Verdict.PASSED]] == [verdicts(examined) for examined in marked(week)]

    def test_hubs_with_different_checks_are_marked_by_their_own(self) -> None:
        work = (answer("x = 1"), check("import w_checks\nw_checks.judge(x)"))
        strict = record(*work, modules={"w_checks.py": b"def judge(x): assert x == 2\n"})
        mild = record(*work, modules={"w_checks.py": b"def judge(x): assert x == 1\n"})
        found = [verdicts(examined) for examined in marked(strict, mild, strict)]
        assert [[Verdict.FAILED], [Verdict.PASSED], [Verdict.FAILED]] == found


class TestWhatNobodyMeets:
    def test_the_candidates_parent_never_held_a_check(self) -> None:
        modules = {"w_checks.py": f"SECRET = '{SECRET}'\n".encode()}
        week = record(answer("x = 1"), check("import w_checks"), modules=modules)
        with Parents(week, processes.tier(), Limits()) as parents:
            holding = {
                role.rpartition(".")[2]: _holds(warm, SECRET) for role, warm in parents._now.items()
            }
        assert {"candidate:main": False, "examiner:main": True} == holding

    def test_a_candidate_that_a_hidden_check_asked_holds_nothing_of_it(self) -> None:
        """15: neither the check's source nor what it expects is in the candidate's memory."""
        hidden = f"### BEGIN HIDDEN TESTS\nassert f([1, 2]) == '{SECRET}'\n### END HIDDEN TESTS"
        work = Cell("t1", "def f(x): return sum(x)", Role.ANSWER)
        with (
            Warm(processes.tier(), imports=STACK) as ours,
            Warm(processes.tier(), imports=STACK) as theirs,
            ours.fork("grader.marking.candidate:main") as candidate,
            theirs.fork("grader.marking.examiner:main") as examiner,
        ):
            cells = [work, Cell("c", hidden, Role.CHECK, 1)]
            judged = mark(cells, candidate.channel, examiner.channel)
            holding = _holds(ours, SECRET), _holds(theirs, SECRET)
        assert (Verdict.FAILED, False, True) == (judged.checks["c"].verdict, *holding)

    def test_settings_of_a_set_up_cell_begin_with_the_cell(self) -> None:
        look = (
            "import os, random, sys, warnings\nimport numpy as np, pandas as pd\n"
            "seen = [pd.get_option('display.max_rows'), os.environ.get('OURS'), 'ours' in sys.path,"
            " np.get_printoptions()['precision'], random.random(), np.random.rand(),"
            " len(warnings.filters)]"
        )
        change = (
            "import os, random, sys, warnings\nimport numpy as np, pandas as pd\n"
            "pd.set_option('display.max_rows', 7)\nos.environ['OURS'] = '1'\nsys.path.append('ours')\n"
            "np.set_printoptions(precision=2)\nrandom.seed(1)\nnp.random.seed(1)\n"
            "warnings.simplefilter('ignore')\n"
        )
        told = check("raise AssertionError(repr(seen))")
        with_it, without = marked(
            record(cell("look", look), set_up(change), answer("x = 1"), told),
            record(cell("look", look), set_up("pass"), answer("x = 1"), told),
        )
        assert without.said["w", "t1_check"].text == with_it.said["w", "t1_check"].text

    def test_a_released_module_is_not_there_before_it_is_imported(self) -> None:
        week = record(
            cell("look", "import sys\nseen = 'ours' in sys.modules"),
            set_up("import ours"),
            answer("x = ours.X"),
            check("assert (seen, x) == (False, 1)"),
        )
        (examined,) = marked(Record(**{**vars(week), "files": {"ours.py": b"X = 1\n"}}))
        assert [Verdict.PASSED] == verdicts(examined)


class TestModulesBesideTheNotebook:
    def test_the_work_imports_its_own_and_the_check_the_released_ones(self) -> None:
        """What was released is put back for the check, and the participant's own file works."""
        week = record(
            answer("import mine, ours\nx = mine.X"),
            check("import ours\nassert (ours.X, x) == (1, 2)"),
        )
        week = Record(**{**vars(week), "files": {"ours.py": b"X = 1\n"}})
        own = {"mine.py": b"import ours\nours.X = 99\nX = 2\n"}
        with Desk(processes.tier()) as desk:
            jobs = [(0, lambda: HandedIn(dict(week.notebooks), own), week)]
            [examined] = [examined for _, _, examined in desk.examine(jobs)]
        assert [Verdict.PASSED] == verdicts(examined)


class TestWhenItGoesWrong:
    def test_work_is_marked_although_its_rehearsal_leaves_a_thread(self) -> None:
        thread = "import threading, time\nthreading.Thread(target=time.sleep, args=[60]).start()"
        (examined,) = marked(record(set_up(thread), answer("x = 1"), check("assert x == 1")))
        assert [Verdict.PASSED] == verdicts(examined)

    def test_a_solution_that_never_ends_holds_the_rehearsal_up_no_longer_than_its_limit(
        self,
    ) -> None:
        cells = json.dumps({"cells": ["while True: pass"], "prepared": [], "imports": []}).encode()
        with Warm(processes.tier(), imports=STACK) as warm:
            warm.rehearse(REHEARSAL, cells, files={}, modules={}, seconds=0.3)
            with warm.fork("grader.processes.tiers:greet") as child:
                assert b"here" == child.channel.receive(seconds=30)

    def test_a_worker_that_may_not_fork_any_more_says_why(self) -> None:
        cells = json.dumps({"cells": [PROCESS], "prepared": [], "imports": []}).encode()
        with (
            Warm(processes.tier(), imports=STACK) as warm,
            pytest.raises(MachineError, match="it left a process"),
        ):
            warm.rehearse(REHEARSAL, cells, files={}, modules={})


def _holds(warm: Warm, text: str) -> bool:
    """Look for *text* in the memory of a worker and of all it started."""
    process = warm._keeper._process
    assert process is not None
    return any(text.encode() in part for pid in watching.tree(process.pid) for part in _memory(pid))


def _memory(pid: int) -> Iterator[bytes]:
    with _opened(pid) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            place, powers = line.split()[:2]
            start, end = (int(part, 16) for part in place.split("-"))
            if powers.startswith("rw"):
                try:
                    yield os.pread(memory, end - start, start)
                except OSError:
                    continue  # a device, or it was given back meanwhile


@contextmanager
def _opened(pid: int) -> Iterator[int]:
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        yield memory
    finally:
        os.close(memory)
