"""
Apply an edited roster or cohort file to the hubs' gradebooks: first the differences, then the deeds.

Cases R1 to R5 of the policies. Nothing is ever deleted: who leaves keeps their marks in the
gradebook, who moves takes a copy along.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import ledger, roster, turns
from grader.engine import addresses, gradebook, recorder, settings, standing
from grader.errors import CohortError
from grader.programme import Cohort, Hub, Participant, Programme

RECORD = "applied.json"


@dataclass(frozen=True)
class Change:
    """Say one difference between the files and what is in force, in words an instructor confirms."""

    what: str


def differences(cohort: Cohort, programme: Programme) -> tuple[Change, ...]:
    """
    List what `sync` would do; nothing is touched.

    Raises CohortError where a released week would get another address, MachineError where a
    gradebook is gone.
    """
    _require(cohort)
    known = _applied(cohort)
    return (
        *_hub_changes(cohort, known.get("hubs")),
        *_people_changes(cohort, known.get("people", {})),
        *_time_changes(cohort, programme),
        *_extension_changes(cohort, known.get("extensions", [])),
    )


def sync(cohort: Cohort, programme: Programme) -> None:
    """Bring every hub's course directory and gradebook in line with the files; safe to run again."""
    _require(cohort)
    with turns.taken(cohort, cohort.hubs, "grader cohort sync"):
        _bring_in_line(cohort, programme)


def _bring_in_line(cohort: Cohort, programme: Programme) -> None:
    cohort.exchange.mkdir(parents=True, exist_ok=True)
    cohort.exchange.chmod(0o777)  # nbgrader asks for it: participants' accounts hand in here
    for hub in cohort.hubs:
        home = cohort.home(hub)
        _make_closed(home)
        if addresses.is_outdated(cohort, hub):
            addresses.update(cohort, hub)
        settings.write_config(
            home, course_id=cohort.course_id(hub), course=cohort.course, exchange=cohort.exchange
        )
        settings.route(home)
        (home / "source").mkdir(exist_ok=True)
        gradebook.enter(home, cohort.at(hub))
        recorder.add_indexes(home)
    _make_closed(cohort.directory / "reports")
    _take_work_along(cohort)
    for hub in cohort.hubs:
        _set_times(cohort, programme, hub)
    _remember(cohort)


def _require(cohort: Cohort) -> None:
    standing.require_gradebooks(cohort, cohort.hubs)
    refusals = addresses.refusals(cohort)
    if refusals:
        raise CohortError(refusals)


def _homes(cohort: Cohort) -> list[Path]:
    """List every hub's course directory, also of hubs that cohort.toml no longer names."""
    found = sorted(cohort.directory.glob(f"*/{settings.CONFIG}"))
    return [file.parent for file in found if (file.parent / "gradebook.db").exists()]


def _make_closed(folder: Path) -> None:
    """Make a folder that participants cannot look into, though they pass by to the exchange."""
    if not folder.exists():
        folder.mkdir()
        folder.chmod(0o2770 if roster.is_shared(folder.parent) else 0o700)


def _hub_changes(cohort: Cohort, before: list[str] | None) -> Iterator[Change]:
    for name in (home.name for home in _homes(cohort)):
        if not cohort.hub(name) and (before is None or name in before):
            yield Change(f"{name} is no longer in cohort.toml: {name}/ and its marks stay")
    for hub in cohort.hubs:
        if addresses.is_outdated(cohort, hub):
            yield Change(
                f"{hub.name}/{settings.CONFIG} follows cohort.toml: "
                f"course id {cohort.course_id(hub)}, exchange {cohort.exchange}"
            )
        there = (cohort.home(hub) / settings.CONFIG).exists()
        if there and not settings.is_routed(cohort.home(hub)):
            yield Change(
                f"{hub.name}/{settings.CONFIG} leads nbgrader's Autograde and Generate feedback "
                "to the kit"
            )
        if not there:
            yield Change(
                f"{hub.title} is a new hub: {hub.name}/ gets an nbgrader course and a gradebook"
            )


def _people_changes(cohort: Cohort, before: dict[str, dict[str, Any]]) -> Iterator[Change]:
    now = _people(cohort)
    for person in sorted(now.keys() | before.keys()):
        new, old = now.get(person), before.get(person)
        if new and not old:
            where = " and ".join(new["hubs"]) or "every hub"
            yield Change(f"{person} joins {where} as {new['role']}")
        elif old and not new:
            yield Change(
                f"{person} ({old['role']}) leaves: marks are kept, pages no longer show them"
            )
        elif new and old:
            yield from (Change(words) for words in _differing(person, old, new))


def _differing(person: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["hubs"] != new["hubs"]:
        moved = f"{person} moves from {' and '.join(old['hubs'])} to {' and '.join(new['hubs'])}"
        yield moved + ("; marks are copied" if new["role"] == "participant" else "")
    if old["mentor"] != new["mentor"]:
        yield f"{person} has {new['mentor'] or 'no mentor'} instead of {old['mentor'] or 'no mentor'}"
    if old["role"] != new["role"]:
        yield f"{person} becomes {new['role']} instead of {old['role']}"
    if (old["name"], old["email"]) != (new["name"], new["email"]):
        yield f"{person} has another name or e-mail address"


def _time_changes(cohort: Cohort, programme: Programme) -> Iterator[Change]:
    for hub in cohort.hubs:
        for week, old, new in _moved_times(cohort, programme, hub):
            was = old.astimezone(new.tzinfo).strftime("%-d %B %Y %H:%M") if old else "never"
            yield Change(f"{week} at {hub.title} is due {new:%-d %B %Y %H:%M} instead of {was}")


def _moved_times(
    cohort: Cohort, programme: Programme, hub: Hub
) -> Iterator[tuple[str, datetime | None, datetime]]:
    if not (cohort.home(hub) / settings.CONFIG).exists():
        return
    for name, old in gradebook.due_times(cohort.home(hub)).items():
        week = programme.week(name)
        if week and old != cohort.due(week, hub).astimezone(UTC):
            yield name, old, cohort.due(week, hub)


def _set_times(cohort: Cohort, programme: Programme, hub: Hub) -> None:
    home = cohort.home(hub)
    for name, _, new in _moved_times(cohort, programme, hub):
        gradebook.set_due(home, name, new)
    for name, due in gradebook.due_times(home).items():
        week = programme.week(name)
        if week and due:
            found = {p.id: cohort.extension(week, p) for p in cohort.at(hub)}
            gradebook.set_extensions(home, name, {p: e.until for p, e in found.items() if e})


def _extension_changes(cohort: Cohort, before: list[list[str]]) -> Iterator[Change]:
    now = _extensions(cohort)
    for person, week, until in now:
        if [person, week, until] not in before:
            yield Change(f"{person} has until {until} for {week}")
    for person, week, until in before:
        if not any((person, week) == (p, w) for p, w, _ in now):
            yield Change(f"{person} no longer has an extension for {week} (was {until})")


def _take_work_along(cohort: Cohort) -> None:
    # Looked for afresh each time: a week that the new hub had not released yet is copied later.
    for home in _homes(cohort):
        for person, weeks in gradebook.handed_in(home).items():
            participant = cohort.participant(person)
            if participant and participant.hub != home.name:
                for week in weeks:
                    _copy_work(home, cohort.directory / participant.hub, participant, week)


def _copy_work(old: Path, new: Path, participant: Participant, week: str) -> None:
    if gradebook.copy_work(old, new, participant.id, week):
        _copy_folders(old, new, participant.id, week)
        _copy_ledger(old, new, participant, week)


def _copy_folders(old: Path, new: Path, person: str, week: str) -> None:
    for step in ("submitted", "autograded", "feedback"):
        source, target = old / step / person / week, new / step / person / week
        if source.is_dir() and not target.exists():
            shutil.copytree(source, target, symlinks=True)


def _copy_ledger(old: Path, new: Path, participant: Participant, week: str) -> None:
    entry = ledger.latest(old / "ledger.db").get((participant.id, week))
    if entry:
        ledger.append(new / "ledger.db", entry)


def _applied(cohort: Cohort) -> dict[str, Any]:
    file = cohort.directory / RECORD
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _remember(cohort: Cohort) -> None:
    known = {
        "hubs": [hub.name for hub in cohort.hubs],
        "people": _people(cohort),
        "extensions": [list(e) for e in _extensions(cohort)],
    }
    fresh = cohort.directory / f"{RECORD}.new"
    fresh.touch()
    fresh.chmod(0o660 if roster.is_shared(cohort.directory) else 0o600)
    fresh.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.replace(cohort.directory / RECORD)


def _extensions(cohort: Cohort) -> list[tuple[str, str, str]]:
    return [(e.participant, e.week, f"{e.until:%Y-%m-%d %H:%M}") for e in cohort.extensions]


def _people(cohort: Cohort) -> dict[str, dict[str, Any]]:
    everybody = (*cohort.participants, *cohort.mentors, *cohort.instructors, *cohort.leads)
    found = {}
    for person in everybody:
        facts = asdict(person)
        hubs = facts.get("hubs") or ([facts["hub"]] if facts.get("hub") else [])
        found[person.id] = {
            "role": type(person).__name__.lower(),
            "hubs": list(hubs),
            "mentor": facts.get("mentor", ""),
            "name": person.name,
            "email": person.email,
        }
    return found
