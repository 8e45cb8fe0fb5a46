"""The door to the course: programme.toml, hints, and where a week's files lie."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader import course
from grader.errors import CourseError
from grader.programme import LearningOutcome, Week

PROGRAMME = """\
format = 1

[programme]
name = "data-science-accelerator"
title = "Data Science Accelerator"

[[week]]
name = "week01"
title = "First honest numbers"
question = "How many people are hurt?"
data = "collisions"
hours = { notebook = 3.5, project = 2 }
outcomes = ["Count", "Compare"]
project = "Write your project on a page"
milestone = "Project on a page"

[[week]]
name = "week02"
title = "Clean it once"
question = "What share is missed?"
data = "appointments"
hours = { notebook = 3, project = 2.5 }
outcomes = ["Clean"]
project = "List your data's faults"
"""
HINTS = """\
[[hint]]
code = "W01.T3.M2"
title = "Rows, not people"
saw = "Your total is the number of rows."
cause = "A row is a collision."
try = "Sum the casualties."
talking_point = "What is one row of your data?"

[[hint]]
code = "NAME_MISSING"
title = "No such name"
saw = "The function is not there."
cause = "Its name was changed."
try = "Give it the name in the question."
talking_point = "Why do names matter?"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Lay out a small course."""
    week = tmp_path / "course" / "weeks" / "week01"
    week.mkdir(parents=True)
    (tmp_path / "course" / "programme.toml").write_text(PROGRAMME)
    (week / "hints.toml").write_text(HINTS)
    return tmp_path


def mistakes(home: Path, text: str) -> list[tuple[str, str]]:
    """List where and what is wrong with *text* as the programme of *home*."""
    (home / "course" / "programme.toml").write_text(text)
    with pytest.raises(CourseError) as caught:
        course.read_programme(home)
    assert all(complaint.do for complaint in caught.value.complaints)
    return [(complaint.where, complaint.what) for complaint in caught.value.complaints]


def hint_mistakes(home: Path, text: str) -> list[tuple[str, str]]:
    """List where and what is wrong with *text* as the hints of week01."""
    (home / "course" / "weeks" / "week01" / "hints.toml").write_text(text)
    with pytest.raises(CourseError) as caught:
        course.read_hints(home, "week01")
    return [(complaint.where, complaint.what) for complaint in caught.value.complaints]


class TestFind:
    def test_the_nearest_parent_is_found(self, home: Path) -> None:
        """From a folder deep in the course the course is found, and from itself too."""
        assert home == course.find(home / "course" / "weeks" / "week01")
        assert home == course.find(home)

    def test_a_folder_outside_has_no_course(self, tmp_path: Path) -> None:
        """Outside a course the error says what to do."""
        with pytest.raises(CourseError, match="--course DIR"):
            course.find(tmp_path)

    def test_a_folder_that_is_not_there_is_not_its_parent(self, home: Path) -> None:
        """A misspelt folder is an error, even inside a course."""
        with pytest.raises(CourseError, match="there is no folder"):
            course.find(home / "corse")


class TestReadProgramme:
    def test_weeks_are_numbered_in_their_order(self, home: Path) -> None:
        """A programme is its weeks in order, numbered from 1, with all that is said of them."""
        programme = course.read_programme(home)
        assert ("data-science-accelerator", 0.6) == (programme.name, programme.pass_at)
        assert [("week01", 1), ("week02", 2)] == [(w.name, w.number) for w in programme.weeks]
        assert programme.weeks[0] == Week(
            name="week01",
            number=1,
            title="First honest numbers",
            question="How many people are hurt?",
            data="collisions",
            notebook_hours=3.5,
            project_hours=2,
            outcomes=(LearningOutcome("W01.O1", "Count"), LearningOutcome("W01.O2", "Compare")),
            project="Write your project on a page",
            milestone="Project on a page",
        )

    def test_all_mistakes_are_told_at_once(self, home: Path) -> None:
        """Every mistake in the file is in one error, in order, each with its line."""
        text = PROGRAMME.replace("format = 1", "format = 2")
        text = text.replace('name = "data-', 'name = "Data-').replace("week02", "week01")
        text = text.replace("project = 2 }", "projects = 2 }").replace('["Clean"]', "[]")
        text = text.replace('"appointments"', '" "') + 'milestones = ""\n'
        assert [
            ("course/programme.toml:1", "`format` is 2, and this grader reads format 1"),
            (
                "course/programme.toml:4",
                '`name` is "Data-science-accelerator", which is not a name',
            ),
            ("course/programme.toml:12", "`project` is missing"),
            (
                "course/programme.toml:12",
                "unknown key `projects`; did you mean `project`?",
            ),
            ("course/programme.toml:18", '`name` is "week01", which line 8 has already'),
            ("course/programme.toml:21", "`data` is empty"),
            ("course/programme.toml:23", "`outcomes` is empty"),
            (
                "course/programme.toml:25",
                "unknown key `milestones`; did you mean `milestone`?",
            ),
        ] == mistakes(home, text)

    @pytest.mark.parametrize("key", ["title", "question", "data", "hours", "outcomes", "project"])
    def test_a_missing_key_is_named_at_its_week(self, home: Path, key: str) -> None:
        """A week that lacks a key is complained of at its heading."""
        head, week02 = PROGRAMME.rsplit("[[week]]", 1)
        text = head + "[[week]]" + re.sub(rf"\n{key} = .*", "", week02)
        assert [("course/programme.toml:17", f"`{key}` is missing")] == mistakes(home, text)

    def test_a_programme_has_a_week(self, home: Path) -> None:
        """A programme without weeks is complained of."""
        text = PROGRAMME.partition("[[week]]")[0]
        assert [("course/programme.toml:1", "`[[week]]` is missing")] == mistakes(home, text)

    def test_a_missing_file_is_a_course_error(self, tmp_path: Path) -> None:
        """Without a programme.toml the error is one of the course."""
        with pytest.raises(CourseError, match=r"there is no programme\.toml"):
            course.read_programme(tmp_path)


class TestReadHints:
    def test_hints_are_found_by_code(self, home: Path) -> None:
        """A week's hints are read by code, in order; `try` is what to do next."""
        hints = course.read_hints(home, "week01")
        assert ["W01.T3.M2", "NAME_MISSING"] == list(hints)
        assert "Sum the casualties." == hints["W01.T3.M2"].next

    def test_all_mistakes_are_told_at_once(self, home: Path) -> None:
        """Bad codes, doubles, empty, missing and unknown keys are in one error, with lines."""
        text = HINTS.replace("W01.T3.M2", "W1.T3").replace("try = ", "trys = ", 1)
        text = text.replace('"Why do names matter?"', '""') + HINTS.partition("\n\n")[2]
        file = "course/weeks/week01/hints.toml"
        assert [
            (f"{file}:1", "`try` is missing"),
            (f"{file}:2", '`code` is "W1.T3", which is not a code'),
            (f"{file}:6", "unknown key `trys`; did you mean `try`?"),
            (f"{file}:15", "`talking_point` is empty"),
            (f"{file}:17", '`code` is "NAME_MISSING", which line 10 has already'),
        ] == hint_mistakes(home, text)

    @pytest.mark.parametrize("code", ["W01.T10.M12", "TIME_OUT", "GENERAL.TIME_1", "WRONG_TYPE"])
    def test_good_codes(self, home: Path, code: str) -> None:
        """A code is that of a task's misconception, or capitals."""
        (home / "course/weeks/week01/hints.toml").write_text(HINTS.replace("W01.T3.M2", code))
        assert code in course.read_hints(home, "week01")

    @pytest.mark.parametrize("code", ["", "w01.t3.m2", "W01.T3", "W1.T3.M2", "W01.T3.M2.", "A B"])
    def test_bad_codes(self, home: Path, code: str) -> None:
        """A code that is nearly one of a task is no general code."""
        [(where, what)] = hint_mistakes(home, HINTS.replace("W01.T3.M2", code))
        assert where.endswith("hints.toml:2")
        assert "not a code" in what


class TestPaths:
    def test_a_week_has_its_places(self, home: Path) -> None:
        """Solution, exercise and the week's own folder follow from its name."""
        assert home / "solutions/week01" == course.solution(home, "week01")
        assert home / "solutions/week01/week01.ipynb" == course.notebook(home, "week01")
        assert home / "exercises/week01" == course.exercise(home, "week01")
        assert home / "course/weeks/week01" == course.week_folder(home, "week01")

    def test_a_week_has_content_once_its_notebook_is_there(self, home: Path) -> None:
        """A week without a notebook is planned, not written."""
        assert not course.has_content(home, "week01")
        course.solution(home, "week01").mkdir(parents=True)
        course.notebook(home, "week01").write_text("{}")
        assert course.has_content(home, "week01")
