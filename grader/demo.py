"""
A made-up cohort through a real week: three hubs, 24 participants, nbgrader's own exchange.

What people hand in is built from the week's specimens, so it is known what each must earn. The
clock is the story's own, so that every run tells the same story; a second run finds all done.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path

from grader import course, notebooks, roster
from grader.autograde import autograde
from grader.collect import collect
from grader.engine import exchange, gradebook
from grader.errors import CohortError, CourseError
from grader.feedback import feedback
from grader.notebooks import Task
from grader.processes import tier
from grader.programme import Cohort, Hub, Participant, Programme, Week
from grader.release import release
from grader.report import report
from grader.specimens import Specimen, read_specimens
from grader.sync import sync

NAME, MARKER = "demo", ".demo"
STARTS = date(2027, 1, 11)
HUBS = ("sheffield", "london", "newport")
# One of each at every hub; what a person with a misconception gets wrong differs from hub to hub.
STORIES = (
    "right", "misled", "misled", "misled", "half", "second_try", "late", "never",
    "right", "misled", "misled", "misled", "untouched", "second_try", "extended", "never",
    "right", "misled", "misled", "misled", "half", "right", "late", "untouched",
)  # fmt: skip
PROJECTS = (
    ("Which bus stops are skipped?", "Counts by route, and what somebody who waits there loses."),
    ("How long do permits take?", "The wait from application to answer, with what is left out."),
    ("Calls that come back", "How many callers ring again within a week, and about what."),
    ("Empty homes, twice counted", "Two registers joined, and what matched neither."),
    ("When do inspectors travel?", "Miles driven by day, and what a better order would save."),
    ("Letters nobody could read", ""),
)
EXTENDED_BY = timedelta(days=1)
LATE_BY = timedelta(hours=15)


@dataclass(frozen=True)
class HandIn:
    """Be one hand-in of a story: when, counted from the due time, and the answers by cell."""

    before_due: timedelta
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Story:
    """Say what one participant does in the week, and what the specimens say it must earn."""

    participant: str
    hub: str
    kind: str
    hand_ins: tuple[HandIn, ...] = ()
    earns: Mapping[str, float] = field(default_factory=dict)
    by_hand: float | None = None


def demo(
    directory: Path,
    root: Path,
    *,
    expect: Callable[[int], None] = lambda total: None,
    step: Callable[[str], None] = lambda words: None,
) -> Iterator[str]:
    """Make the cohort in *directory* and take it through the first week that has content."""
    programme = course.read_programme(root)
    week = next((w for w in programme.weeks if course.has_content(root, w.name)), None)
    if week is None:
        raise CourseError("no week has content yet", where="solutions", do="Write a week first.")
    _refuse_what_is_not_ours(directory)
    stories = plan(root, week)
    cohort = _cohort(directory, root, programme, week, stories)
    hints = course.all_hints(root, programme)
    due, hubs = cohort.timetable.due_for_all(week), cohort.hubs
    opened, taken_in = cohort.timetable.released(week), due + timedelta(hours=16)
    for done in release(cohort, week, course.solution(root, week.name), hubs, now=opened):
        yield f"{done.hub}: {done.week} {done.what}"
    handed_in = sum(_work(cohort, week, story, due) for story in stories)
    yield f"{handed_in} hand-ins through nbgrader's exchange"
    collected = list(collect(cohort, week, hubs, now=taken_in))
    yield f"{len(collected)} participants' work collected"
    fence = tier()
    for marked in autograde(cohort, week, hubs, tier=fence, now=lambda: taken_in, expect=expect):
        step(f"{marked.participant} {marked.outcome.value}")
    yield f"{_mark_by_hand(cohort, week, stories)} answers marked by a mentor"
    returned = list(feedback(cohort, week, hubs, hints, now=taken_in + timedelta(hours=1)))
    yield f"{len(returned)} participants have feedback"
    for story in stories:
        if story.hand_ins:
            place = _workplace(cohort, story)
            exchange.fetch_feedback(place, week.name, at=taken_in + timedelta(hours=2))
    report(cohort, programme, course.all_hints(root, programme), now=taken_in + timedelta(hours=2))


def plan(root: Path, week: Week) -> tuple[Story, ...]:
    """Give every participant a story, dealing the week's specimens round so that all are used."""
    tasks = notebooks.tasks(notebooks.read(course.notebook(root, week.name)))
    specimens = read_specimens(course.week_folder(root, week.name) / "specimens")
    deck = _Deck(tasks, specimens, STORIES.count("misled"))
    people = [(f"p{number:03}", hub) for hub in HUBS for number in _numbers(hub)]
    return tuple(
        deck.story(person, hub, kind, turn)
        for turn, ((person, hub), kind) in enumerate(zip(people, STORIES, strict=True))
    )


def _numbers(hub: str) -> range:
    first = HUBS.index(hub) * 100 + 101
    return range(first, first + len(STORIES) // len(HUBS))


class _Deck:
    """Deal specimens: right answers in turn, misconceptions so that none is left over."""

    def __init__(self, tasks: Sequence[Task], specimens: Sequence[Specimen], misled: int) -> None:
        self.tasks = tasks
        self.right = {t.name: [s for s in specimens if _earns_all(s, t)] for t in tasks}
        self.reflections = [s for s in specimens if s.task not in self.right]
        wrong = [s for t in tasks for s in specimens if s.task == t.name and not _earns_all(s, t)]
        # Neighbouring hands are alike, so they go to different hubs.
        order = sorted(range(misled), key=lambda start: start % len(HUBS))
        self.next_hand = cycle([_one_a_task(wrong, start, misled) for start in order])

    def story(self, person: str, hub: str, kind: str, turn: int) -> Story:
        """Write the story of *person*, the *turn*-th of the cohort."""
        if kind == "never":
            return Story(person, hub, kind, (), {t.name: 0.0 for t in self.tasks})
        if kind == "untouched":
            return Story(
                person,
                hub,
                kind,
                (HandIn(timedelta(hours=3), {}),),
                dict.fromkeys(self.right, 0.0),
                0,
            )
        chosen = self._right(turn)
        if kind == "misled":
            chosen |= next(self.next_hand)
        if kind == "half":
            chosen = dict(islice(chosen.items(), len(self.tasks) // 2))
        answers = {cell: text for s in chosen.values() for cell, text in s.cells.items()}
        earns = {
            t.name: chosen[t.name].earns[t.name].points if t.name in chosen else 0.0
            for t in self.tasks
        }
        reflection = self.reflections[turn % len(self.reflections)] if self.reflections else None
        by_hand = None
        if reflection and kind != "half":
            answers |= reflection.cells
            by_hand = next(iter(reflection.earns.values())).points
        return Story(person, hub, kind, _hand_ins(kind, answers, turn), earns, by_hand)

    def _right(self, turn: int) -> dict[str, Specimen]:
        return {name: found[turn % len(found)] for name, found in self.right.items()}


def _one_a_task(wrong: Sequence[Specimen], start: int, hands: int) -> dict[str, Specimen]:
    return {specimen.task: specimen for specimen in islice(wrong, start, None, hands)}


def _earns_all(specimen: Specimen, task: Task) -> bool:
    return task.name in specimen.earns and specimen.earns[task.name].points == task.points


def _hand_ins(kind: str, answers: Mapping[str, str], turn: int) -> tuple[HandIn, ...]:
    usual = timedelta(hours=2 + 5 * (turn % 9))
    if kind == "late":
        return (HandIn(-LATE_BY, answers),)
    if kind == "extended":
        return (HandIn(-EXTENDED_BY / 2, answers),)
    if kind == "second_try":
        first = dict(islice(answers.items(), 2))
        return (HandIn(usual + timedelta(days=2), first), HandIn(usual, answers))
    return (HandIn(usual, answers),)


def _cohort(
    directory: Path, root: Path, programme: Programme, week: Week, stories: Sequence[Story]
) -> Cohort:
    """Make what is not there yet: each step leaves a file, so that a stopped run can go on."""
    if not directory.exists():
        directory.mkdir(parents=True)
        directory.chmod(0o711)
    (directory / MARKER).touch()
    if not (directory / roster.COHORT).exists():
        _write_roster(directory / roster.ROSTER, stories)
        roster.new_cohort(
            directory, starts=STARTS, hubs=HUBS, name=NAME, title="Demonstration", course=root
        )
    if not (directory / roster.SHOWING).exists():
        _write_projects(directory / roster.SHOWING, stories, programme)
    if not roster.read_cohort(directory, programme).extensions:
        _write_extensions(directory, week, roster.read_cohort(directory, programme), stories)
    cohort = roster.read_cohort(directory, programme)
    sync(cohort, programme)
    return cohort


def _refuse_what_is_not_ours(directory: Path) -> None:
    """Refuse what the demonstration did not make: it would fill somebody's cohort with people."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    if (directory / MARKER).is_file() and roster.name_of(directory) in {NAME, ""}:
        return
    raise CohortError(
        f"{directory} has something in it that the demonstration did not make",
        do="Name a new or empty directory: `grader demo DIR`. Nothing was changed.",
    )


def _write_roster(file: Path, stories: Sequence[Story]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("id", "role", "hub", "mentor", "name", "email"))
        rows.writerow(("lead", "lead", "", "", "", ""))
        for number, hub in enumerate(HUBS):
            rows.writerow((f"i{number + 1}01", "instructor", hub, "", "", ""))
            rows.writerows((mentor, "mentor", hub, "", "", "") for mentor in _mentors(hub))
        for turn, story in enumerate(stories):
            mentor = _mentors(story.hub)[turn % 2]
            rows.writerow((story.participant, "participant", story.hub, mentor, "", ""))


def _write_projects(file: Path, stories: Sequence[Story], programme: Programme) -> None:
    """Announce made-up projects for the last hub day; the last of them has no slot yet."""
    begins = datetime.combine(STARTS + timedelta(weeks=len(programme.weeks) - 1), time(14))
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("participant", "project", "slot", "summary"))
        for turn, (project, summary) in enumerate(PROJECTS):
            slot = begins + timedelta(minutes=20 * turn)
            told = f"{slot:%Y-%m-%d %H:%M}" if turn + 1 < len(PROJECTS) else ""
            rows.writerow((stories[turn * 3].participant, project, told, summary))


def _mentors(hub: str) -> tuple[str, str]:
    first = HUBS.index(hub) * 100 + 101
    return f"m{first}", f"m{first + 1}"


def _write_extensions(
    directory: Path, week: Week, cohort: Cohort, stories: Sequence[Story]
) -> None:
    until = cohort.timetable.due_for_all(week) + EXTENDED_BY
    with (directory / "cohort.toml").open("a", encoding="utf-8") as file:
        for story in stories:
            if story.kind == "extended":
                file.write(f'\n[[extension]]\nparticipant = "{story.participant}"\n')
                file.write(f'week = "{week.name}"\nuntil = {until:%Y-%m-%dT%H:%M:%S}\n')


def _work(cohort: Cohort, week: Week, story: Story, due: datetime) -> int:
    hub = cohort.hub(story.hub)
    assert hub is not None, "the demonstration's own roster"
    done = {
        a.at
        for a in exchange.attempts(cohort.home(hub), week.name)
        if a.participant == story.participant
    }
    place = _workplace(cohort, story)
    for hand_in in story.hand_ins:
        at = due - hand_in.before_due
        if at in done:
            continue
        place.folder.mkdir(parents=True, exist_ok=True)
        folder = exchange.fetch(place, week.name, at=at)
        file = folder / f"{week.name}.ipynb"
        filled = notebooks.with_answers(notebooks.read(file), hand_in.answers)
        file.write_text(notebooks.text(filled), encoding="utf-8")
        exchange.submit(place, week.name, at=at)
    return len(story.hand_ins)


def _workplace(cohort: Cohort, story: Story) -> exchange.Workplace:
    hub = cohort.hub(story.hub)
    assert hub is not None, "the demonstration's own roster"
    folder = cohort.directory / "people" / story.participant
    return exchange.Workplace(story.participant, folder, cohort.course_id(hub), cohort.exchange)


def _mark_by_hand(cohort: Cohort, week: Week, stories: Sequence[Story]) -> int:
    """Let the first mentor of each hub mark their people's reflections; the second is not there yet."""
    marked = 0
    for hub in cohort.hubs:
        for person in cohort.at(hub):
            story = next(s for s in stories if s.participant == person.id)
            if person.mentor == _mentors(hub.name)[0] and story.by_hand:
                marked += _mark_reflection(cohort, hub, week, person, story.by_hand)
    return marked


def _mark_reflection(
    cohort: Cohort, hub: Hub, week: Week, person: Participant, points: float
) -> int:
    waiting = [
        m for m in gradebook.marks(cohort.home(hub), week.name, person.id) if m.points is None
    ]
    for mark in waiting:
        given = min(points, mark.out_of)
        gradebook.mark_by_hand(
            cohort.home(hub),
            week.name,
            person.id,
            mark.cell,
            given,
            "Thank you: say whom it would change.",
        )
    return len(waiting)
