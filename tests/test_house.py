"""The floors of the house: imports go downwards, and each outside thing has one door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "grader"
FLOORS = (
    {"cli", "__main__"},  # the porch
    {"check", "demo", "regrade"},  # compositions
    {"build", "release", "collect", "autograde", "feedback", "report", "sync", "trial"},  # journeys
    {"sources"},  # which source marks stand on
    {"examination"},  # one submission, from its folder to its verdicts
    {
        "marking",
        "course",
        "roster",
        "notebooks",
        "specimens",
        "intake",
        "engine",
        "ledger",
        "pages",
    },  # doors
    {"processes", "toml", "digests", "turns"},  # below
    {
        "programme",
        "marks",
        "moves",
        "receipts",
        "storage",
        "errors",
        "progress",
        "attention",
        "thresholds",
        "findings",
    },  # ground
    {"claims"},  # travels alone to participants: knows nobody, and nobody knows it
)
DOORS = {
    "nbgrader": {"engine"},
    "nbclient": {"engine"},
    "nbconvert": {"engine"},
    "traitlets": {"engine", "marking"},
    "nbformat": {"engine", "notebooks"},
    "subprocess": {"processes"},
    "multiprocessing": {"processes"},
    "sqlalchemy": {"engine", "ledger"},
    "jinja2": {"pages"},
    "markupsafe": {"pages"},
    "nh3": {"pages"},
    "markdown_it": {"pages"},
    "icalendar": {"pages"},
    "pydantic": {"toml", "course", "roster"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pandas": {"claims", "marking"},
    "numpy": {"claims", "marking"},
    "sklearn": {"marking"},
    "matplotlib": {"marking"},
    "IPython": {"marking"},
    "cloudpickle": {"marking"},
    "pickle": {"marking"},  # writes towards the candidate; nothing is ever read by it on our side
}
OPEN = (FLOORS[0], FLOORS[-2])  # here neighbours may meet


def rooms() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for file in sorted(ROOT.rglob("*.py")):
        room = file.relative_to(ROOT).parts[0].removesuffix(".py")
        if room != "__init__":
            found.setdefault(room, []).append(file)
    return found


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor_of(room: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if room in floor)


@pytest.mark.parametrize("room", rooms())
class TestRoom:
    def test_it_has_a_place_in_the_house(self, room: str) -> None:
        """Every room stands on exactly one floor."""
        assert 1 == sum(room in floor for floor in FLOORS)

    def test_it_imports_downwards_only(self, room: str) -> None:
        """A room knows rooms on lower floors only; on the ground, neighbours may meet."""
        upwards = {
            other
            for file in rooms()[room]
            for module in imports(file)
            if module.startswith("grader.") and (other := module.split(".")[1]) != room
            if floor_of(other) < floor_of(room)
            or (floor_of(other) == floor_of(room) and not any({room, other} <= f for f in OPEN))
        }

        assert set() == upwards

    def test_it_uses_only_its_own_door_to_the_outside(self, room: str) -> None:
        """nbgrader, processes, notebooks, databases, templates and the terminal have one door each."""
        strangers = {
            library
            for file in rooms()[room]
            for module in imports(file)
            if (library := module.split(".")[0]) in DOORS and room not in DOORS[library]
        }

        assert set() == strangers

    def test_its_first_line_says_its_purpose(self, room: str) -> None:
        """Every module opens with a sentence."""
        silent = [
            file.name
            for file in rooms()[room]
            if not (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").strip()
        ]

        assert [] == silent


def calls(file: Path) -> set[str]:
    return {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize(
    ("deed", "allowed"),
    [
        ("print", {"claims"}),
        ("sys.exit", {"cli"}),
        ("datetime.now", {"cli"}),
        ("date.today", set()),
        ("eval", {"marking"}),  # the last line of an instructor's check
        ("exec", {"marking"}),  # inside the sandbox: the participant's cells and the checks
        ("pickle.loads", set()),
    ],
)
def test_deed_is_done_in_its_room_only(deed: str, allowed: set[str]) -> None:
    """Only the porch exits and asks for the time, and nobody evaluates text."""
    elsewhere = {
        room
        for room, files in rooms().items()
        if room not in allowed and any(deed in calls(file) for file in files)
    }

    assert set() == elsewhere


def test_the_kit_never_imports_the_course() -> None:
    """Another programme replaces course/ and keeps the rest."""
    named = {
        module
        for files in rooms().values()
        for file in files
        for module in imports(file)
        if module.split(".")[0] in {"course", "solutions", "exercises"} or module.startswith("week")
    }

    assert set() == named
