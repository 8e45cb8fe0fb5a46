"""
Where a hub's nbgrader_config.py says that work is handed out and in, beside what cohort.toml says.

Only the two lines that the kit wrote are looked at; what somebody added below them is theirs.
"""

from __future__ import annotations

import os
import re

from grader.engine.settings import CONFIG, named_from, rewrite
from grader.engine.standing import released
from grader.errors import Complaint
from grader.programme import Cohort, Hub

_COURSE_ID = re.compile(r'^(c\.CourseDirectory\.course_id = ")(.*)(")$', re.MULTILINE)
_EXCHANGE = re.compile(
    r'^(c\.Exchange\.root = str\(\(here / ")(.*)("\)\.resolve\(\)\))$', re.MULTILINE
)


def is_outdated(cohort: Cohort, hub: Hub) -> bool:
    """Tell whether the course id or the exchange of cohort.toml is another one than the hub's."""
    return bool(_old_name(cohort, hub) or _old_exchange(cohort, hub))


def update(cohort: Cohort, hub: Hub) -> None:
    """Write the course id and the exchange of cohort.toml into the hub's configuration."""
    file = cohort.home(hub) / CONFIG
    text = file.read_text(encoding="utf-8")
    exchange = named_from(cohort.home(hub), cohort.exchange)
    text = _COURSE_ID.sub(lambda line: line[1] + cohort.course_id(hub) + line[3], text)
    text = _EXCHANGE.sub(lambda line: line[1] + exchange + line[3], text)
    rewrite(cohort.home(hub), text)


def refusals(cohort: Cohort) -> tuple[Complaint, ...]:
    """Complain where a released week would change its address; each reason once."""
    told = []
    for hub in cohort.hubs:
        weeks = ", ".join(released(cohort.home(hub)))
        name, exchange = _old_name(cohort, hub), _old_exchange(cohort, hub)
        if weeks and name:
            what = f"`name` of the cohort is {cohort.name} now, and {weeks} was released as {name}"
            do = f'Write `name = "{name}"` again: people fetch and hand in by it. `title` is free.'
            told.append(Complaint("cohort.toml", what, do))
        if weeks and exchange:
            what = f"`exchange` is {cohort.exchange} now, and {weeks} was released in {exchange}"
            do = (
                "Write the old path again; or move the folder yourself, and change the line "
                f"c.Exchange.root in the {CONFIG} of each hub."
            )
            told.append(Complaint("cohort.toml", what, do))
    return tuple(dict.fromkeys(told))


def _old_name(cohort: Cohort, hub: Hub) -> str:
    """Give the cohort's name in the hub's course id, if it is another one than now."""
    written = _written(cohort, hub, _COURSE_ID)
    changed = written and written != cohort.course_id(hub)
    return written.removeprefix(f"{hub.name}-") if changed else ""


def _old_exchange(cohort: Cohort, hub: Hub) -> str:
    written = _written(cohort, hub, _EXCHANGE)
    there = os.path.realpath(cohort.home(hub) / written)
    return there if written and there != os.path.realpath(cohort.exchange) else ""


def _written(cohort: Cohort, hub: Hub, line: re.Pattern[str]) -> str:
    file = cohort.home(hub) / CONFIG
    found = line.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found[2] if found else ""
