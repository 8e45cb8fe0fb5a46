"""Every hostile submission, marked in one batch: its mark, how it ended, and what it did around it."""

from __future__ import annotations

import re

import nbformat
import pytest

from grader.marks import Outcome, Verdict
from tests.hostile.families import MODULES, SUBMISSIONS
from tests.hostile.marking import Batch, live_parts
from tests.hostile.submission import Submission
from tests.hostile.week import BY_HAND, EXPECTED, HIDDEN, POINTS, WEEK

UNREAD = {Outcome.NOT_A_NOTEBOOK, Outcome.REFUSED, Outcome.MISSING}
each = pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda s: s.name.replace(" ", "-"))


class TestEach:
    @each
    def test_it_earns_what_its_answers_deserve(self, batch: Batch, submission: Submission) -> None:
        """A trick adds nothing to a mark, and takes away only what it truly broke."""
        points = {mark.cell: mark.points for mark in batch.of(submission.name).marks}
        assert {} == submission.wrongly(points)

    @each
    def test_it_ends_in_an_outcome_that_is_true(self, batch: Batch, submission: Submission) -> None:
        """The record says how the run ended, with a reason wherever it was not the ordinary way."""
        marked = batch.of(submission.name)
        assert (True, True) == (
            marked.outcome in submission.ends,
            marked.outcome is Outcome.FINISHED or bool(marked.reason),
        ), f"{marked.outcome}: {marked.reason}"

    @each
    def test_answers_in_words_wait_for_a_person(self, batch: Batch, submission: Submission) -> None:
        """No trick marks a hand-marked answer, and none takes it from the mentor's list."""
        marked = batch.of(submission.name)
        if marked.outcome in UNREAD:
            pytest.skip("there is no answer to read")
        by_hand = {mark.cell: mark.verdict for mark in marked.marks if mark.cell in BY_HAND}
        assert dict.fromkeys(BY_HAND, Verdict.BY_HAND) == by_hand

    @each
    def test_nothing_secret_is_in_what_was_kept(self, batch: Batch, submission: Submission) -> None:
        """No canary of a file, home, environment, gradebook or neighbour comes out with the work."""
        canaries = {c for name, c in batch.canaries.items() if name != "marker"}
        kept = batch.kept(submission.name)
        assert [] == [(f, c) for f, text in kept.items() for c in canaries if c in text]

    @each
    def test_hidden_checks_stay_with_the_instructor(
        self, batch: Batch, submission: Submission
    ) -> None:
        """Neither the page nor any output or file of the work holds a hidden check or its value."""
        said = {name: text for name, text in batch.said(submission.name).items() if name != "own"}
        secrets = (HIDDEN, str(EXPECTED), "week01_checks", "by_kind")
        own = batch.said(submission.name)["own"]
        assert [] == [
            (name, secret)
            for name, text in said.items()
            for secret in secrets
            if secret in text and secret not in own
        ]

    @each
    def test_its_page_holds_nothing_that_runs(self, batch: Batch, submission: Submission) -> None:
        """The feedback page has no script, handler, frame, form or foreign address, and forbids them."""
        assert [] == live_parts(batch.page(submission.name))


class TestAround:
    def test_there_are_more_than_sixty_in_seventeen_families(self) -> None:
        """The list is as long as was promised, and no name is there twice."""
        names = {submission.name for submission in SUBMISSIONS}
        assert (True, len(SUBMISSIONS), 17) == (len(SUBMISSIONS) > 60, len(names), len(MODULES))

    def test_honest_work_among_them_earns_all(self, batch: Batch) -> None:
        """No neighbour costs an honest participant a point, before it or after it."""
        honest = batch.honest()
        full = {**POINTS, **dict.fromkeys(BY_HAND)}
        assert [(Outcome.FINISHED, full)] * len(honest) == [
            (m.outcome, {mark.cell: mark.points for mark in m.marks}) for m in honest
        ]

    def test_everybody_was_marked(self, batch: Batch) -> None:
        """No submission stops a batch."""
        assert set(batch.people.values()) == set(batch.marked)

    def test_nothing_around_changed(self, batch: Batch) -> None:
        """The course, the source, the release, the hand-ins, the home and the kit are as before."""
        before, after = batch.around
        assert [] == [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)]

    def test_nothing_was_left_in_shared_places(self, batch: Batch) -> None:
        """Nothing under a submission's own name lies in /tmp, /dev/shm, the home or here."""
        assert [] == batch.left_written

    def test_nothing_is_left_running(self, batch: Batch) -> None:
        """No process of a submission, and no worker, outlives the marking."""
        assert [] == batch.left_running

    def test_the_listener_heard_nothing(self, batch: Batch) -> None:
        """Nobody reached a port or a socket of this machine."""
        assert [] == batch.heard

    def test_hand_marks_and_penalties_are_nobodys_to_write(self, batch: Batch) -> None:
        """The gradebook holds no mark that a person would have had to give."""
        assert [] == batch.hand_marks()

    def test_each_marked_notebook_can_be_opened(self, batch: Batch) -> None:
        """nbgrader's own tools can read every marked notebook there is."""
        for file in sorted((batch.home / "autograded").glob(f"*/{WEEK}/{WEEK}.ipynb")):
            nbformat.validate(nbformat.read(file, as_version=4))


class TestTheWatch:
    """The watch itself sees what it is there to see."""

    @pytest.mark.parametrize(
        "html",
        [
            "<script>1</script>",
            "<p onclick='x'>",
            "<a href='JavaScript:x'>",
            "<iframe src='x'>",
            "<img src='http://x/y'>",
            "<svg onload=x>",
            "<meta http-equiv='refresh' content='0'>",
        ],
    )
    def test_a_page_with_something_live_is_seen(self, html: str) -> None:
        """A live part is named."""
        assert [] != live_parts(PAGE.replace("</body>", html + "</body>"))

    def test_a_page_without_is_passed(self) -> None:
        """A plain page with its policy has no live part."""
        assert [] == live_parts(PAGE)

    def test_a_page_without_its_policy_is_seen(self) -> None:
        """The policy that forbids scripts has to be there."""
        assert [] != live_parts(re.sub(r"<meta http-equiv=\"Content[^>]*>", "", PAGE))


PAGE = (
    '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:">'
    "</head><body><p>plain</p></body></html>"
)
