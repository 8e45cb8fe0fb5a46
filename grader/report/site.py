"""How the pages hang together: their files, the links between them, what stands on each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import pages
from grader.pages.spreadsheet import Cell, csv_text
from grader.report.seen import Seen, file_of

Files = Mapping[str, str | bytes | Path]  # by path below the folder; a Path is linked or copied

HUB_PAGES = (
    ("index.html", "Who needs you"),
    ("everyone.html", "Everyone"),
    ("marking.html", "Waiting for you"),
    ("tasks.html", "Tasks"),
    ("calendar.html", "Calendar"),
    ("show-and-tell.html", "Show & Tell"),
)
PROGRAMME_PAGES = (
    ("index.html", "Hubs"),
    ("tasks.html", "Tasks"),
    ("calendar.html", "Calendar"),
    ("show-and-tell.html", "Show & Tell"),
)


def hub_page(seen: Seen, file: str, template: str, **values: Any) -> str:
    """Make a page of a hub's folder."""
    return _page(seen, file, template, seen.hub.title, HUB_PAGES, hub=seen.hub, **values)


def programme_page(seen: Sequence[Seen], file: str, template: str, **values: Any) -> str:
    """Make a page of the programme lead's folder; *seen* are all hubs."""
    return _page(seen[0], file, template, "All hubs", PROGRAMME_PAGES, hub=None, **values)


def participant_page(seen: Seen, file: str, template: str, **values: Any) -> str:
    """Make a page for one participant's own eyes: it leads to nobody else's."""
    return _page(seen, file, template, seen.hub.title, (), hub=seen.hub, up="../", **values)


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table as CSV."""
    return csv_text(columns, rows)


def _page(
    seen: Seen,
    file: str,
    template: str,
    place: str,
    navigation: Sequence[tuple[str, str]],
    *,
    up: str = "",
    **values: Any,
) -> str:
    return pages.render(
        f"report/{template}",
        seen.cohort.timetable.timezone,
        cohort=seen.cohort,
        programme=seen.programme,
        reporting=seen.cohort.reporting,
        now=seen.now,
        file=file,
        place=place,
        navigation=navigation,
        up=up,
        named=seen.named,
        link=lambda person: f"participants/{file_of(person.id)}",
        **values,
    )
