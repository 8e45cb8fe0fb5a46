"""The look: the committed stylesheet is what its source builds, and what it may not carry is not there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

BUILT = ROOT / "grader" / "pages" / "report.css"
LOOK = ROOT / "look"


def css() -> str:
    return BUILT.read_text(encoding="utf-8")


def test_it_is_what_the_source_builds(tmp_path: Path) -> None:
    """Where node and the pinned packages are, Sass builds the committed file to the byte."""
    if not shutil.which("npm"):
        pytest.skip("npm is not on this machine, so the stylesheet cannot be built to compare")
    shutil.copytree(LOOK, tmp_path / "look", ignore=shutil.ignore_patterns("node_modules"))
    if (LOOK / "node_modules").is_dir():
        (tmp_path / "look" / "node_modules").symlink_to(LOOK / "node_modules")
    else:
        command = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
        got = subprocess.run(command, cwd=tmp_path / "look", capture_output=True, check=False)
        if got.returncode:
            pytest.skip("the pinned packages of look/ cannot be fetched from here")
    built = subprocess.run(
        ["npm", "run", "--silent", "build"],
        cwd=tmp_path / "look",
        capture_output=True,
        text=True,
        check=True,
    )

    assert css() == built.stdout


def test_no_font_of_gov_uk() -> None:
    """GDS Transport is for GOV.UK alone: no rule names it, and none loads a font."""
    rules = re.sub(r"/\*.*?\*/", "", css(), flags=re.DOTALL)

    assert not re.search(r"GDS Transport|@font-face|url\(", rules)
    assert "Arial" in rules


def test_its_licence_is_told() -> None:
    """The built file names the source and its licence, which lies beside it."""
    assert "govuk-frontend" in css()[:500]
    assert "MIT" in (LOOK / "LICENCE-govuk-frontend").read_text(encoding="utf-8")


def test_it_is_light() -> None:
    """The stylesheet of all pages stays below 60 kB."""
    assert len(BUILT.read_bytes()) < 60_000


def test_the_lock_file_holds_no_address() -> None:
    """The packages are pinned by digest, wherever they come from."""
    lock = (LOOK / "package-lock.json").read_text(encoding="utf-8")

    assert "sha512-" in lock
    assert '"resolved"' not in lock
