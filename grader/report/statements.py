"""
Accessibility and privacy: templates that the deploying body fills in.

A file accessibility.md or privacy.md in the cohort's directory takes the template's place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from grader.pages import statement
from grader.report import site
from grader.report.seen import Seen

TITLES = {"accessibility": "Accessibility statement", "privacy": "Privacy notice"}


def files(seen: Seen) -> site.Files:
    """Make both pages of a hub."""
    return _files(seen, lambda *said, **values: site.hub_page(seen, *said, **values))


def programme_files(seen: Sequence[Seen]) -> site.Files:
    """Make both pages of the programme's folder."""
    return _files(seen[0], lambda *said, **values: site.programme_page(seen, *said, **values))


def _files(seen: Seen, page: Callable[..., str]) -> site.Files:
    made = {}
    for name, title in TITLES.items():
        own = _own(seen.cohort.directory / f"{name}.md")
        text = own or statement.template(name, seen.cohort.reporting, seen.cohort.title)
        made[f"{name}.html"] = page(
            f"{name}.html",
            "statement.html",
            name=name,
            title=title,
            text=statement.html(text),
            unfilled=not own,
        )
    return made


def _own(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
