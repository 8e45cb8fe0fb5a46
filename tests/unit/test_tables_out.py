"""Tables and calendars that leave the kit: nothing in them does anything, and missing is not nought."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from grader.pages import statement
from grader.pages.calendars import Event, calendar_text
from grader.pages.spreadsheet import csv_text
from grader.thresholds import Reporting

NOW = datetime(2027, 1, 20, 9, 30, tzinfo=ZoneInfo("Europe/London"))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


class TestCsv:
    @pytest.mark.parametrize(
        "sly", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1+1", "\n=1"]
    )
    def test_a_formula_stays_text(self, sly: str) -> None:
        """A text that a spreadsheet would run gets an apostrophe before it."""
        assert [["a"], [f"'{sly}"]] == read(csv_text(["a"], [[sly]]))

    def test_numbers_stay_numbers(self) -> None:
        """A number below nought is no formula, and keeps its sign."""
        assert "a\r\n-1.5\r\n" == csv_text(["a"], [[-1.5]])

    def test_missing_is_not_nought(self) -> None:
        """What is not known is an empty cell; nought is a nought."""
        assert [["a", "b"], ["", "0"]] == read(csv_text(["a", "b"], [[None, 0.0]]))

    @pytest.mark.parametrize("text", ['say "yes", twice', "two\nlines", "semi;colon", "naïve 統計"])
    def test_quoting(self, text: str) -> None:
        """Commas, quotes and line ends in a text come back as they were."""
        assert [["a"], [text]] == read(csv_text(["a"], [[text]]))

    def test_times(self) -> None:
        """Times are written in UTC, with their offset."""
        summer = datetime(2027, 7, 1, 12, tzinfo=ZoneInfo("Europe/London"))

        assert [["at"], ["2027-07-01T11:00:00+00:00"]] == read(csv_text(["at"], [[summer]]))


class TestCalendar:
    EVENT = Event("a.due", NOW, "Due: week 1, of 2; done", "Line\nbreak", "Sheffield")

    def test_it_can_be_read(self) -> None:
        """A calendar program finds the event with its time, place and words."""
        calendar = icalendar.Calendar.from_ical(calendar_text("Sheffield", [self.EVENT], NOW))
        [event] = calendar.walk("VEVENT")

        assert NOW == event.decoded("dtstart")
        assert ("Due: week 1, of 2; done", "Sheffield") == (event["summary"], event["location"])

    def test_the_same_bytes(self) -> None:
        """The same dates give the same bytes, so that nothing looks changed that is not."""
        assert calendar_text("S", [self.EVENT], NOW) == calendar_text("S", [self.EVENT], NOW)

    def test_a_moved_date_is_the_same_event(self) -> None:
        """When a due time moves the event keeps its id, so that calendars move it too."""
        moved = Event("a.due", NOW + timedelta(days=1), "Due")
        one, other = (
            icalendar.Calendar.from_ical(calendar_text("S", [event], NOW)).walk("VEVENT")[0]["uid"]
            for event in (self.EVENT, moved)
        )

        assert one == other

    def test_utc(self) -> None:
        """Times stand in UTC, so that no time zone has to be explained."""
        text = calendar_text("S", [self.EVENT], NOW).decode()

        assert f"DTSTART:{NOW.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text


class TestStatements:
    @pytest.mark.parametrize("name", ["accessibility", "privacy"])
    def test_gaps_are_filled(self, name: str) -> None:
        """What cohort.toml says of the deploying body is filled in; the rest stays a gap to see."""
        said = Reporting(organisation="Dept of X", contact="x@example.org")
        text = statement.template(name, said, "Spring 2027")

        assert "Dept of X" in text
        assert "x@example.org" in text
        assert "[date]" in text
        assert "[name of organisation]" not in text

    def test_markup_stays_text(self) -> None:
        """HTML in a statement does nothing, nor does a link that would run a script."""
        html = statement.html("<script>x</script> [a](javascript:alert(1))")

        assert "<script>" not in html
        assert "href" not in html
