"""
A made-up cohort of any size, as a term would leave it: gradebooks as plain nbgrader makes them, ledgers,
handed-in folders. Who did what is drawn from a seed, so that every run makes the same world.
"""

import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from grader import ledger
from grader.marks import Mark, Outcome, Verdict
from grader.programme import (
    Cohort,
    Hub,
    LearningOutcome,
    Mentor,
    Participant,
    Programme,
    Timetable,
    Week,
)

HUBS = ("sheffield", "london", "newport")
CHECKS = tuple(f"t{task}_{part}" for task in range(1, 8) for part in ("check", "more"))
REFLECTION = "reflection"
POINTS = {cell: 1.0 if cell.endswith("check") else 3.0 for cell in CHECKS} | {REFLECTION: 6.0}
ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Hint:
    """Stand in for a hint of the course."""

    title: str
    talking_point: str


@dataclass(frozen=True)
class World:
    """Hold all that `grader.report.report` asks for."""

    cohort: Cohort
    programme: Programme
    hints: Mapping[str, Hint]
    now: datetime


@dataclass(frozen=True)
class Work:
    """Hold one person's week: the points by cell, None where a person is to mark."""

    person: str
    week: Week
    at: datetime
    points: Mapping[str, float | None]


def make_world(directory: Path, people: int, weeks: int = 12, seed: int = 1) -> World:
    """Make *people* participants in three hubs, who were taught so many weeks of 15 graded cells."""
    programme = Programme("bench", "Bench", tuple(_week(number) for number in range(1, weeks + 1)))
    cohort = Cohort(
        name="bench",
        title="Bench",
        directory=directory,
        course=directory,
        exchange=directory / "exchange",
        timetable=Timetable(date(2027, 1, 11), ZONE),
        hubs=tuple(Hub(name, name.capitalize()) for name in HUBS),
        participants=tuple(_people(people)),
        mentors=tuple(
            Mentor(f"m{hub[0]}{number:03}", hubs=(hub,))
            for hub in HUBS
            for number in range(_mentors(people))
        ),
    )
    hints = {
        f"W{week.number:02}.T{task}.M{which}": Hint(
            f"Misreads part {which} of task {task}", f"Ask about part {which}."
        )
        for week in programme.weeks
        for task in range(1, 8)
        for which in (1, 2)
    }
    for number, hub in enumerate(cohort.hubs):
        works = tuple(_works(cohort, hub, programme, random.Random(seed * 1000 + number)))
        _fill(cohort, hub, programme, works)
        _leave_folders(cohort, hub, programme, works)
        _leave_ledger(cohort, hub, works, random.Random(seed * 1000 + number))
    now = cohort.timetable.due_for_all(programme.weeks[-1]) + timedelta(days=1)
    return World(cohort, programme, hints, now)


def _week(number: int) -> Week:
    outcomes = tuple(
        LearningOutcome(
            f"W{number:02}.O{which}", f"Outcome {which}", (f"t{which}", f"t{which + 1}")
        )
        for which in range(1, 6)
    )
    return Week(f"week{number:02}", number, f"Title {number}", outcomes=outcomes)


def _mentors(people: int) -> int:
    return max(1, people // len(HUBS) // 6)


def _people(people: int) -> Iterator[Participant]:
    for number in range(people):
        hub = HUBS[number % len(HUBS)]
        mentor = f"m{hub[0]}{(number // len(HUBS)) % _mentors(people):03}"
        yield Participant(f"p{number:05}", hub=hub, mentor=mentor)


def _works(cohort: Cohort, hub: Hub, programme: Programme, dice: random.Random) -> Iterator[Work]:
    """Draw who handed in what: some are gone from a week on, some are late, one in ten waits."""
    for person in cohort.at(hub):
        able, gone_from = dice.uniform(0.3, 1), dice.choice((5, 99, 99, 99, 99, 99, 99, 99, 99, 99))
        for week in programme.weeks[: gone_from - 1]:
            if dice.random() < 0.03:
                continue
            due = cohort.timetable.due_for_all(week)
            at = due + timedelta(minutes=dice.choice((-4000, -900, -60, -5, 0, 90, 1500)))
            points: dict[str, float | None] = {
                cell: POINTS[cell] if dice.random() < able else dice.choice((0.0, 0.0, 1.0))
                for cell in CHECKS
            }
            points[REFLECTION] = None if dice.random() < 0.1 else float(dice.randrange(7))
            yield Work(person.id, week, at.astimezone(UTC), points)


def _fill(cohort: Cohort, hub: Hub, programme: Programme, works: tuple[Work, ...]) -> None:
    """Let nbgrader make the gradebook and its assignments, and add the submissions in bulk."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    from nbgrader.api import Gradebook

    home = cohort.home(hub)
    home.mkdir(parents=True)
    course = cohort.course_id(hub)
    (home / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = {course!r}\n", encoding="utf-8"
    )
    with Gradebook(f"sqlite:///{home / 'gradebook.db'}", course) as gradebook:
        for week in programme.weeks:
            due = cohort.timetable.due_for_all(week).astimezone(UTC).replace(tzinfo=None)
            gradebook.add_assignment(week.name, duedate=due)
            gradebook.add_notebook(week.name, week.name)
            place = week.name, week.name
            for cell, worth in POINTS.items():
                kind = "code" if cell in CHECKS else "markdown"
                gradebook.add_grade_cell(cell, *place, max_score=worth, cell_type=kind)
            gradebook.add_solution_cell(REFLECTION, *place)
    with sqlite3.connect(home / "gradebook.db") as database:
        _add_submissions(database, [person.id for person in cohort.at(hub)], works)


def _add_submissions(
    database: sqlite3.Connection, people: list[str], works: tuple[Work, ...]
) -> None:
    columns = [row[1] for row in database.execute("PRAGMA table_info(student)")]
    blanks = ",".join("NULL" for _ in columns[1:])
    database.executemany(f"INSERT INTO student VALUES (?,{blanks})", [(p,) for p in people])
    assignments = dict(database.execute("SELECT name, id FROM assignment"))
    notebooks = dict(database.execute("SELECT assignment_id, id FROM notebook"))
    cells = {
        (notebook, name, kind): id
        for id, notebook, name, kind in database.execute(
            "SELECT id, notebook_id, name, type FROM base_cell"
        )
    }
    submitted, books, grades, comments = [], [], [], []
    for number, work in enumerate(works):
        assignment = assignments[work.week.name]
        notebook = notebooks[assignment]
        mine, book = f"s{number:031}", f"b{number:031}"
        at = work.at.replace(tzinfo=None).isoformat(" ", "microseconds")
        submitted.append((mine, assignment, work.person, at))
        books.append((book, mine, notebook))
        for place, (cell, points) in enumerate(work.points.items()):
            by_hand = cell == REFLECTION
            auto, manual = (None, points) if by_hand else (points, None)
            key = cells[notebook, cell, "GradeCell"]
            grades.append(
                (f"g{number:025}{place:06}", key, book, auto, manual, by_hand and points is None)
            )
        key = cells[notebook, REFLECTION, "SolutionCell"]
        comments.append((f"c{number:031}", key, book, "Well argued." if number % 5 == 0 else None))
    database.executemany(
        "INSERT INTO submitted_assignment (id, assignment_id, student_id, timestamp) VALUES (?,?,?,?)",
        submitted,
    )
    database.executemany(
        "INSERT INTO submitted_notebook (id, assignment_id, notebook_id, flagged) VALUES (?,?,?,0)",
        books,
    )
    database.executemany(
        "INSERT INTO grade (id, cell_id, notebook_id, auto_score, manual_score, needs_manual_grade)"
        " VALUES (?,?,?,?,?,?)",
        grades,
    )
    database.executemany(
        "INSERT INTO comment (id, cell_id, notebook_id, manual_comment) VALUES (?,?,?,?)", comments
    )


def _leave_folders(cohort: Cohort, hub: Hub, programme: Programme, works: tuple[Work, ...]) -> None:
    home = cohort.home(hub)
    for week in programme.weeks:
        (home / "release" / week.name).mkdir(parents=True)
    for work in works:
        folder = home / "submitted" / work.person / work.week.name
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(f"{work.at:%Y-%m-%d %H:%M:%S.%f} UTC")


def _leave_ledger(cohort: Cohort, hub: Hub, works: tuple[Work, ...], dice: random.Random) -> None:
    """Write one entry a submission, and for each fifth an earlier one that earned nothing."""
    path = cohort.home(hub) / "ledger.db"
    rows = []
    for number, work in enumerate(works):
        marks = tuple(_marks(work, dice))
        if number % 5 == 0:
            nothing = tuple(
                Mark(m.notebook, m.cell, 0.0, m.out_of, m.verdict, m.hint) for m in marks
            )
            rows.append(_entry(hub, work, work.at - timedelta(hours=3), nothing))
        rows.append(_entry(hub, work, work.at, marks))
    ledger.append(path, rows[0])
    with sqlite3.connect(path) as database:
        known = [row[1] for row in database.execute("PRAGMA table_info(attempt)")][1:]
        database.executemany(
            f"INSERT INTO attempt ({','.join(known)}) VALUES ({','.join('?' * len(known))})",
            [[_plain(ledger._columns(entry)[name]) for name in known] for entry in rows[1:]],
        )


def _plain(value: object) -> object:
    return json.dumps(value) if isinstance(value, (list, dict)) else value


def _entry(hub: Hub, work: Work, at: datetime, marks: tuple[Mark, ...]) -> ledger.Entry:
    return ledger.Entry(
        recorded_at=at + timedelta(hours=1),
        hub=hub.name,
        participant=work.person,
        week=work.week.name,
        handed_in=at,
        digest="0" * 64,
        outcome=Outcome.FINISHED,
        marks=marks,
        versions={"nbgrader": "0.9.6"},
        sandbox="bubblewrap",
    )


def _marks(work: Work, dice: random.Random) -> Iterator[Mark]:
    for cell, points in work.points.items():
        short = points is not None and points < POINTS[cell] and cell != REFLECTION
        code = f"W{work.week.number:02}.{cell[:2].upper()}.M{dice.choice((1, 1, 2))}"
        verdict = Verdict.FAILED if short else Verdict.PASSED
        hint = code if short and dice.random() < 0.7 else None
        if cell == REFLECTION:
            points, verdict = None, Verdict.BY_HAND
        yield Mark(work.week.name, cell, points, POINTS[cell], verdict, hint)
