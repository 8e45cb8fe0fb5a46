"""
The door to HTML: templates of this folder become a folder of plain files that anybody can open.

The pages work without any script, need nothing from elsewhere and carry no inline style: they live
under the strict content security policy that report/layout.html states. A small script of our own adds
sorting and filtering to tables.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.progress import counted, how_long

HERE = Path(__file__).parent
BESIDE = ("report.css", "tables.js")  # what the pages of a report are shown with


def render(template: str, timezone: ZoneInfo, **values: Any) -> str:
    """Fill in *template*; times are shown in *timezone*, everything is escaped."""
    return _environment(timezone).get_template(template).render(**values)


def publish(folder: Path, files: Mapping[str, str | bytes | Path]) -> None:
    """
    Put *files* and what they are shown with into *folder*, in the place of what was there.

    A Path is a file to be shown as it is. All is written beside the folder first and then renamed,
    so that nobody ever reads half a page.
    """
    fresh = folder.with_name(f".{folder.name}.new")
    stale = folder.with_name(f".{folder.name}.old")
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    for parent in {(fresh / name).parent for name in files} | {fresh}:
        parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _put(fresh / name, content)
    for name in BESIDE:
        shutil.copyfile(HERE / name, fresh / name)
    if folder.exists():
        folder.rename(stale)
    fresh.rename(folder)
    shutil.rmtree(stale, ignore_errors=True)


def _put(file: Path, content: str | bytes | Path) -> None:
    if isinstance(content, Path):
        shutil.copyfile(content, file)
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def number(points: float) -> str:
    """Write points as people do: 3, 1.5, 0.25."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def coded(sentence: str) -> Markup:
    """Set what stands between backticks in *sentence* as code; all else is text."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return escape(sentence)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


@cache
def _environment(timezone: ZoneInfo) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = lambda at: _day(at.astimezone(timezone))
    environment.filters["moment"] = lambda at: _moment(at.astimezone(timezone))
    environment.filters["iso"] = lambda at: at.astimezone(timezone).isoformat(timespec="minutes")
    environment.filters["how_long"] = how_long
    environment.filters["points"] = number
    environment.filters["coded"] = coded
    environment.globals["counted"] = counted
    return environment


def _day(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y}"


def _moment(at: datetime) -> str:
    if at.minute == 0 and at.hour in (0, 12):
        return f"{_day(at)}, {'midday' if at.hour else 'midnight'}"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{_day(at)}, {at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
