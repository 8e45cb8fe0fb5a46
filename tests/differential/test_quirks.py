"""
Where plain nbgrader's own ways decide a mark, the honest verdict counts: each one, by its name.

nbgrader reads a mark off what a check cell shows. The kit takes the check's verdict as data.
"""

import pytest

from tests.differential.twins import (
    Marks,
    Twins,
    answer,
    by_hand,
    check,
    differences,
    locked,
    notebook,
)

# cell: what is checked, points, plain nbgrader's mark, ours, and the quirk's name
QUIRKS: dict[str, tuple[str, float, float, float, str]] = {
    "warns": (
        "import warnings\nwarnings.warn('a library says something')\nassert x == 1",
        4,
        0,
        4,
        "any text on stderr is nought points",
    ),
    "prints_to_stderr": (
        "import sys\nprint('checking', file=sys.stderr)\nassert x == 1",
        4,
        0,
        4,
        "any text on stderr is nought points",
    ),
    "negative": ("assert x == 1\n-1", 4, 4, 4, "a last expression below nought is full points"),
    "words": ("assert x == 1\n'no'", 4, 4, 4, "a last expression in words is full points"),
    "half": ("assert x == 1\n0.5", 4, 0.5, 0.5, "a last expression is partial credit"),
    "none": ("assert x == 1\n0", 4, 0, 0, "a last expression is partial credit"),
    "whole": ("assert x == 1\n4", 4, 4, 4, "a last expression is partial credit"),
    "a_call": ("assert x == 1\nmin(2, 3)", 4, 2, 2, "a last expression is partial credit"),
    "kept_quiet": ("assert x == 1\n0.5;", 4, 4, 4, "a semicolon hides the last expression"),
    "true": ("assert x == 1\nx == 1", 4, 4, 4, "True is no number, so full points"),
    "false": ("assert x == 1\nx == 2", 4, 4, 4, "False is no number, so full points"),
    "text_number": ("assert x == 1\n'0.5'", 4, 4, 4, "a number in quotation marks is words"),
    "stdout": ("assert x == 1\nprint('0.5')", 4, 4, 4, "what is printed counts for nothing"),
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Marks, Marks]:
    """Mark one right answer with every quirk in a check of its own."""
    twins = Twins(tmp_path_factory.mktemp("quirks") / "course")
    checks = [check(name, points, source) for name, (source, points, *_) in QUIRKS.items()]
    twins.releases({"problem": notebook(answer("x", "x = 1"), *checks)})
    twins.hands_in("ada", {"x": None})
    theirs, ours = twins.marked()
    return theirs["ada"], ours["ada"]


@pytest.mark.parametrize("name", QUIRKS)
class TestQuirk:
    def test_plain_nbgrader(self, name: str, both: tuple[Marks, Marks]) -> None:
        """Plain nbgrader gives what the table says; another version may mend it."""
        assert QUIRKS[name][2] == both[0]["problem", name], QUIRKS[name][4]

    def test_ours(self, name: str, both: tuple[Marks, Marks]) -> None:
        """The kit gives the verdict of the check."""
        assert QUIRKS[name][3] == both[1]["problem", name], QUIRKS[name][4]


@pytest.fixture(scope="module")
def above(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Marks], dict[str, Marks]]:
    """Mark a check that ends in a number above its points."""
    twins = Twins(tmp_path_factory.mktemp("above") / "course")
    cells = (answer("x", "x = 1"), check("nine", 4, "assert x == 1\n9"), check("one", 1, "x"))
    twins.releases({"problem": notebook(*cells)})
    twins.hands_in("ada", {"x": None})
    return twins.marked()


class TestMoreThanThePoints:
    """Quirk: a last expression above the points stops plain nbgrader for the whole submission."""

    def test_plain_nbgrader(self, above: tuple[dict[str, Marks], dict[str, Marks]]) -> None:
        """Plain nbgrader leaves nobody's mark."""
        marked = [points for cells in above[0].values() for points in cells.values()]

        assert [] == [points for points in marked if points is not None]

    def test_ours(self, above: tuple[dict[str, Marks], dict[str, Marks]]) -> None:
        """The kit gives full points, and the other checks theirs."""
        assert {("problem", "nine"): 4, ("problem", "one"): 1} == above[1]["ada"]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Marks], dict[str, Marks]]:
    """Mark whole work, untouched work, an emptied answer, and a check that was deleted."""
    twins = Twins(tmp_path_factory.mktemp("people") / "course")
    cells = (
        locked("setup", "import math"),
        answer("x", "x = 1"),
        check("x_check", 2, "assert x == 1"),
        by_hand("why", 3, "Because."),
    )
    twins.releases({"problem": notebook(*cells)})
    twins.hands_in("whole", {"x": None, "why": "I think so."})
    twins.hands_in("emptied", {"x": None, "why": ""})
    twins.hands_in("blank", {})
    twins.hands_in("no_check", {"x": None}, change=lambda nb: nb.cells.pop(2))
    return twins.marked()


class TestWhatAParticipantLeaves:
    """Quirks of what a participant hands in, which are nobody's fault."""

    def test_where_they_agree(self, people: tuple[dict[str, Marks], dict[str, Marks]]) -> None:
        """Whole work and untouched work have the same marks from both."""
        found = differences(*people)

        assert set() == {person for person, _ in found} & {"whole", "blank"}

    def test_an_emptied_answer(self, people: tuple[dict[str, Marks], dict[str, Marks]]) -> None:
        """Quirk: nbgrader asks a person to mark an answer that was emptied; the kit gives nought."""
        cell = ("problem", "why")

        assert (None, 0) == (people[0]["emptied"][cell], people[1]["emptied"][cell])

    def test_a_deleted_check(self, people: tuple[dict[str, Marks], dict[str, Marks]]) -> None:
        """Quirk: nbgrader gives nothing for a deleted check; the kit puts it back (B1)."""
        cell = ("problem", "x_check")

        assert (None, 2) == (people[0]["no_check"][cell], people[1]["no_check"][cell])


def test_the_table_says_what_differs() -> None:
    """Only stderr makes honest work lose points in plain nbgrader, of all in the table."""
    differ = {name for name, (_, _, theirs, ours, _) in QUIRKS.items() if theirs != ours}

    assert {"warns", "prints_to_stderr"} == differ
