"""
The door to HTML: templates of this folder become a folder of plain files that anybody can open.

The pages need no script and nothing from elsewhere, and carry no inline style: they live under the
strict content security policy that base.html states.
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
STYLESHEET = "style.css"


def render(template: str, timezone: ZoneInfo, **values: Any) -> str:
    """Fill in *template*; times are shown in *timezone*, everything is escaped."""
    return _environment(timezone).get_template(template).render(**values)


def publish(folder: Path, files: Mapping[str, str]) -> None:
    """
    Put *files* and the stylesheet into *folder*, in the place of what was there.

    All is written beside it first and then renamed, so that nobody ever reads half a page.
    """
    fresh = folder.with_name(f".{folder.name}.new")
    stale = folder.with_name(f".{folder.name}.old")
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, text in files.items():
        (fresh / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.copyfile(HERE / STYLESHEET, fresh / STYLESHEET)
    if folder.exists():
        folder.rename(stale)
    fresh.rename(folder)
    shutil.rmtree(stale, ignore_errors=True)


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
