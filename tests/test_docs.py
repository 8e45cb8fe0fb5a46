"""The documentation is kept true: its links, its commands, its policies."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from typer.main import get_command

from grader.cli import app
from tests.conftest import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("course/handbook/*.md"), *ROOT.glob("course/weeks/*/README.md")]
)
PLANNED = {
    "backup",
    "codes",
    "doctor",
    "erase",
    "mutants",
    "receive",
    "today",
    "publish",
}


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def known_commands() -> set[str]:
    found = set()
    for name, command in get_command(app).commands.items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {other}" for other in below} if below else {name}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
class TestPage:
    def test_its_links_lead_somewhere(self, page: Path) -> None:
        """Every link to a file of ours names one that is there."""
        targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text(page))

        assert [] == [target for target in targets if not (page.parent / target).exists()]

    def test_its_headings_skip_no_level(self, page: Path) -> None:
        """One first heading, and no level is left out below it."""
        prose = re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)
        levels = [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]

        assert 1 == levels.count(1)
        assert [] == [(a, b) for a, b in pairwise(levels) if b > a + 1]

    def test_its_commands_exist(self, page: Path) -> None:
        """A command in a block to be typed is one of the kit's."""
        blocks = "\n".join(re.findall(r"^```.*?\n(.*?)^```", text(page), re.MULTILINE | re.DOTALL))
        typed = re.findall(r"^(?:\$ )?grader (\w+(?: (?:new|sync)\b)?)", blocks, flags=re.MULTILINE)

        assert set() == set(typed) - known_commands()


@pytest.mark.parametrize("command", sorted(known_commands()))
def test_every_command_is_in_the_handbook(command: str) -> None:
    """Somebody's page of the handbook, or the README, tells of each command."""
    assert any(
        f"grader {command}" in text(page) or f"make {command}" in text(page) for page in PAGES
    )


def cases() -> list[str]:
    policies = text(ROOT / "course/handbook/policies.md")
    return re.findall(r"^### ([A-Z]\d+):", policies, flags=re.MULTILINE)


@pytest.mark.parametrize("case", cases())
def test_every_policy_is_named_by_a_test(case: str) -> None:
    """A numbered case of the policies is held to account by a test that names it."""
    tests = "".join(text(file) for file in ROOT.glob("tests/**/test_*.py"))

    assert re.search(rf'"""{case}: ', tests)
