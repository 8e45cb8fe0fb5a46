"""Whatever course is here is fit to teach: `grader check` on each of its weeks."""

import pytest

from grader import course
from grader.check import check
from grader.processes import tier
from grader.programme import Week
from tests.conftest import ROOT

PROGRAMME = course.read_programme(ROOT)
WRITTEN = [week for week in PROGRAMME.weeks if course.has_content(ROOT, week.name)]


@pytest.mark.parametrize("week", WRITTEN, ids=lambda week: week.name)
def test_a_week_is_fit_to_teach(week: Week) -> None:
    """Nobody has anything to complain of."""
    [report] = check(ROOT, [week], tier())

    assert [] == [str(complaint) for complaint in report.complaints]


def test_the_programme_has_twelve_weeks() -> None:
    """All twelve weeks have a title, a question and outcomes."""
    assert [f"week{number:02}" for number in range(1, 13)] == [
        week.name for week in PROGRAMME.weeks
    ]
    assert all(week.title and week.question and week.outcomes for week in PROGRAMME.weeks)
