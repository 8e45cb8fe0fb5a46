"""The demonstration: 24 made-up participants through week 1, everything real but the people."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader import course, demo, digests, ledger
from grader.engine import gradebook
from grader.marks import Outcome
from grader.programme import Week
from tests.conftest import ROOT, run_demo

STORIES = ("right", "misled", "half", "second_try", "late", "extended", "untouched")


@pytest.fixture(scope="module")
def directory(demonstration: tuple[Path, str]) -> Path:
    return demonstration[0]


@pytest.fixture(scope="module")
def week() -> Week:
    return course.read_programme(ROOT).weeks[0]


@pytest.fixture(scope="module")
def stories(week: Week) -> dict[str, demo.Story]:
    return {story.participant: story for story in demo.plan(ROOT, week)}


def one(stories: Mapping[str, demo.Story], kind: str) -> demo.Story:
    return next(story for story in stories.values() if story.kind == kind)


def earned(directory: Path, story: demo.Story) -> dict[str, float]:
    tasks: dict[str, float] = {}
    for mark in gradebook.marks(directory / story.hub, "week01", story.participant):
        if mark.task.startswith("t"):
            tasks[mark.task] = tasks.get(mark.task, 0) + (mark.points or 0)
    return tasks


def page(directory: Path, story: demo.Story) -> str:
    """Read the pages of the story's hub as one text."""
    pages = sorted((directory / "reports" / story.hub).glob("*.html"))
    html = " ".join(file.read_text(encoding="utf-8") for file in pages)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


class TestCohort:
    def test_it_is_a_believable_cohort(self, stories: dict[str, demo.Story]) -> None:
        """There are 24 participants at three hubs, and every kind of story is told."""
        assert (24, 3) == (len(stories), len({story.hub for story in stories.values()}))
        assert {*STORIES, "never"} == {story.kind for story in stories.values()}

    def test_every_misconception_is_met(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """Each hint of week 1 was given to somebody."""
        given = {
            mark.hint
            for hub in demo.HUBS
            for entry in ledger.latest(directory / hub / "ledger.db").values()
            for mark in entry.marks
        }

        assert set() == course.read_hints(ROOT, "week01").keys() - given


class TestMarks:
    def test_everybody_earns_what_the_specimens_say(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """The gradebook's marks of every participant equal what their specimens' heads say."""
        handed_in = {name: story for name, story in stories.items() if story.hand_ins}

        assert {name: story.earns for name, story in handed_in.items()} == {
            name: earned(directory, story) for name, story in handed_in.items()
        }

    def test_who_never_handed_in_has_no_marks(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """Silence is not zero: there is no row for who never handed in."""
        story = one(stories, "never")

        assert () == gradebook.marks(directory / story.hub, "week01", story.participant)

    def test_every_run_finished(self, directory: Path) -> None:
        """No submission was lost on the way."""
        entries = [
            entry
            for hub in demo.HUBS
            for entry in ledger.latest(directory / hub / "ledger.db").values()
        ]

        assert [Outcome.FINISHED] * 22 == [entry.outcome for entry in entries]

    def test_late_work_is_late_and_extended_work_is_not(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """nbgrader itself sees the late hand-in as late, and the extension."""
        late, extended = one(stories, "late"), one(stories, "extended")
        seconds = []
        for story in (late, extended):
            with gradebook.opened(directory / story.hub) as book:
                seconds.append(book.find_submission("week01", story.participant).total_seconds_late)

        assert [15 * 3600, 0] == seconds

    def test_the_second_try_counts(self, directory: Path, stories: dict[str, demo.Story]) -> None:
        """Who handed in twice on time is marked on the second."""
        story = one(stories, "second_try")
        entry = ledger.latest(directory / story.hub / "ledger.db")[story.participant, "week01"]

        assert sum(story.earns.values()) == sum(
            mark.points or 0 for mark in entry.marks if mark.task != "reflection"
        )


class TestFeedback:
    @pytest.mark.parametrize("kind", STORIES)
    def test_everybody_who_handed_in_can_read_it(
        self, directory: Path, stories: dict[str, demo.Story], kind: str
    ) -> None:
        """The page lies in the participant's own folder, fetched through the exchange."""
        story = one(stories, kind)
        folder = directory / "people" / story.participant / "week01" / "feedback"

        assert ["week01.html"] == [found.name for found in folder.glob("*/*.html")]

    def test_it_tells_the_hint_and_no_secret(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """A misled participant reads the hint's words; nobody reads the hidden checks."""
        story = one(stories, "misled")
        hints = course.read_hints(ROOT, "week01")
        entry = ledger.latest(directory / story.hub / "ledger.db")[story.participant, "week01"]
        code = next(mark.hint for mark in entry.marks if mark.hint)
        [found] = (directory / "people" / story.participant).glob("week01/feedback/*/*.html")
        text = found.read_text(encoding="utf-8")

        assert code in text
        assert hints[code].next.split("{")[0].split("`")[0][:30] in text
        assert [] == [word for word in ("week01_checks", "week01_data", str(ROOT)) if word in text]


class TestPages:
    def test_it_says_where_to_look(self, demonstration: tuple[Path, str]) -> None:
        """The last lines name a page for each hub, and the pages are there."""
        directory, printed = demonstration

        for hub in demo.HUBS:
            assert f"{hub}: {directory / 'reports' / hub / 'index.html'}" in printed
            assert (directory / "reports" / hub / "index.html").exists()

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("never", "Nothing submitted for week 1 (First honest numbers)"),
            ("late", "Late by 15 hours"),
            ("half", "Earned"),
        ],
    )
    def test_a_story_is_told_in_words(
        self, directory: Path, stories: dict[str, demo.Story], kind: str, words: str
    ) -> None:
        """What happened to a person can be read on their hub's page."""
        story = one(stories, kind)
        text = page(directory, story)

        assert story.participant in text
        assert words in text

    def test_a_misconception_is_named_by_its_title(
        self, directory: Path, stories: dict[str, demo.Story]
    ) -> None:
        """The page says what was misunderstood in words, with the code participants quote."""
        story = one(stories, "misled")
        hints = course.read_hints(ROOT, "week01")
        entry = ledger.latest(directory / story.hub / "ledger.db")[story.participant, "week01"]
        named = {(hints[m.hint].title, m.hint) for m in entry.marks if m.hint}
        text = page(directory, story)

        assert any(title in text and code in text for title, code in named)

    def test_marks_that_wait_are_listed(self, directory: Path) -> None:
        """The reflections nobody has marked wait on the page of their hub."""
        for hub in demo.HUBS:
            html = (directory / "reports" / hub / "marking.html").read_text(encoding="utf-8")

            assert "Answers that wait for a person" in html
            assert "No answer waits for you" not in html


class TestAgain:
    def test_a_second_run_does_no_harm(self, directory: Path, week: Week) -> None:
        """Run again, the demonstration changes no page, no mark and no attempt."""
        before = digests.of_folder(directory / "reports"), digests.of_folder(directory / "exchange")
        entries = [len(ledger.entries(directory / hub / "ledger.db")) for hub in demo.HUBS]
        run_demo(directory)
        after = digests.of_folder(directory / "reports"), digests.of_folder(directory / "exchange")

        assert before == after
        assert entries == [len(ledger.entries(directory / hub / "ledger.db")) for hub in demo.HUBS]
