"""The door to a cohort's directory: cohort.toml and roster.csv."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import CohortError
from grader.programme import (
    Cohort,
    Extension,
    Hub,
    Instructor,
    Lead,
    Leave,
    Mentor,
    Participant,
    Programme,
    Week,
)
from grader.roster import course_of, new_cohort, read_cohort
from grader.thresholds import Limit, Limits, Reporting

LONDON = ZoneInfo("Europe/London")
PROGRAMME = Programme(
    "accelerator", "Accelerator", tuple(Week(f"week{n:02}", n, "") for n in range(1, 13))
)
COHORT = """\
format = 1

[cohort]
name = "2027-spring"
title = "Spring 2027"
starts = 2027-01-11
timezone = "Europe/London"
course = "../accelerator"
exchange = "exchange"
feedback = "when a mentor has looked"
shows = "name"

[weeks]
release_at = 10:00:00
due_after_days = 5
due_at = 17:00:00

[due]
week05 = 2027-02-15T18:00:00

[[hub]]
name = "sheffield"
due = { week02 = 2027-01-26T18:00:00 }

[[hub]]
name = "newcastle-upon-tyne"

[[extension]]
participant = "p001"
week = "week01"
until = 2027-01-20T18:00:00

[[leave]]
participant = "p002"
from = 2027-02-01
until = 2027-02-14
"""
ROSTER = """\
id,role,hub,mentor,name,email
p001,participant,sheffield,m01,Ann Example,ann@example.gov.uk
p002,participant,newcastle-upon-tyne,,,
m01,mentor,sheffield;newcastle-upon-tyne,,,
i01,instructor,sheffield,,,
l01,lead,,,,
"""
SMALL = """\
format = 1
[cohort]
name = "2027-spring"
starts = 2027-01-11
[[hub]]
name = "sheffield"
[[hub]]
name = "london"
"""
HEADER = "id,role,hub,mentor\n"

EXTENSION = '[[extension]]\nparticipant = "p1"\nweek = "week01"\nuntil = {until}\n'

Mistakes = Callable[..., list[tuple[str, str]]]


def write(directory: Path, cohort: str | bytes, roster: str | bytes) -> Path:
    for name, content in (("cohort.toml", cohort), ("roster.csv", roster)):
        as_bytes = content if isinstance(content, bytes) else content.encode()
        (directory / name).write_bytes(as_bytes)
    return directory


@pytest.fixture
def mistakes(tmp_path: Path) -> Mistakes:
    """List where and what is wrong with two files, and check that each has a remedy."""

    def mistakes(
        cohort: str | bytes = SMALL, roster: str | bytes = HEADER
    ) -> list[tuple[str, str]]:
        write(tmp_path, cohort, roster)
        with pytest.raises(CohortError) as caught:
            read_cohort(tmp_path, PROGRAMME)
        assert all(complaint.do for complaint in caught.value.complaints)
        return [(complaint.where, complaint.what) for complaint in caught.value.complaints]

    return mistakes


class TestReadCohort:
    def test_everything_written_is_read(self, tmp_path: Path) -> None:
        """A cohort is what its two files say, with local times in its time zone."""
        cohort = read_cohort(write(tmp_path, COHORT, ROSTER), PROGRAMME)
        hubs = ("sheffield", "newcastle-upon-tyne")
        assert ("2027-spring", "Spring 2027") == (cohort.name, cohort.title)
        assert ("when a mentor has looked", "name") == (cohort.feedback, cohort.shows)
        assert tmp_path == cohort.directory
        assert tmp_path.parent / "accelerator" == cohort.course
        assert tmp_path / "exchange" == cohort.exchange
        assert (
            Participant("p001", "Ann Example", "ann@example.gov.uk", "sheffield", "m01"),
            Participant("p002", hub="newcastle-upon-tyne"),
        ) == cohort.participants
        assert (Mentor("m01", hubs=hubs),) == cohort.mentors
        assert (Instructor("i01", hubs=("sheffield",)),) == cohort.instructors
        assert (Lead("l01"),) == cohort.leads
        until = datetime(2027, 1, 20, 18, tzinfo=LONDON)
        assert (Extension("p001", "week01", until),) == cohort.extensions
        assert (Leave("p002", date(2027, 2, 1), date(2027, 2, 14)),) == cohort.leaves

    def test_times_are_read(self, tmp_path: Path) -> None:
        """The timetable and both kinds of moved date are read."""
        cohort = read_cohort(write(tmp_path, COHORT, ROSTER), PROGRAMME)
        timetable = cohort.timetable
        assert (date(2027, 1, 11), LONDON) == (timetable.starts, timetable.timezone)
        assert (time(10), 5, time(17)) == (
            timetable.release_at,
            timetable.due_after_days,
            timetable.due_at,
        )
        assert {"week05": datetime(2027, 2, 15, 18, tzinfo=LONDON)} == timetable.due
        moved = {"week02": datetime(2027, 1, 26, 18, tzinfo=LONDON)}
        assert Hub("sheffield", "Sheffield", moved) == cohort.hubs[0]
        assert Hub("newcastle-upon-tyne", "Newcastle upon tyne") == cohort.hubs[1]

    def test_little_is_required(self, tmp_path: Path) -> None:
        """A name, a start and a hub are enough, and a roster may be empty."""
        cohort = read_cohort(write(tmp_path, SMALL, HEADER), PROGRAMME)
        assert ("2027-spring", "at once", "id") == (cohort.title, cohort.feedback, cohort.shows)
        assert () == cohort.participants
        assert tmp_path == cohort.course

    def test_a_spreadsheet_s_file_is_read(self, tmp_path: Path) -> None:
        """A byte order mark, CRLF, blank lines, spaces and short lines do no harm."""
        roster = "\ufeff" + HEADER.replace("mentor", "mentor,name,email")
        roster += "p001 , participant,sheffield\n,,,,\n\nm01,mentor, sheffield ; london,,,\n"
        cohort = read_cohort(
            write(tmp_path, "\ufeff" + SMALL.replace("\n", "\r\n"), roster.replace("\n", "\r\n"))
        )
        assert (Participant("p001", hub="sheffield"),) == cohort.participants
        assert (Mentor("m01", hubs=("sheffield", "london")),) == cohort.mentors

    def test_an_offset_is_accepted(self, tmp_path: Path) -> None:
        """A time with an offset is the same moment, shown in the cohort's time zone."""
        text = SMALL + "[hub.due]\nweek01 = 2027-07-20T17:00:00Z\n"
        due = read_cohort(write(tmp_path, text, HEADER)).hubs[1].due["week01"]
        assert datetime(2027, 7, 20, 17, tzinfo=UTC) == due
        assert timedelta(hours=1) == due.utcoffset()

    def test_weeks_are_not_checked_without_a_programme(self, tmp_path: Path) -> None:
        """Where the programme is not known, any week may have a due time."""
        write(tmp_path, SMALL + "[due]\nlater = 2027-02-15T18:00:00\n", HEADER)
        assert ["later"] == list(read_cohort(tmp_path).timetable.due)

    def test_a_directory_without_a_cohort(self, tmp_path: Path) -> None:
        """Where there is no cohort.toml the error says how to make one."""
        with pytest.raises(CohortError, match="grader cohort new"):
            read_cohort(tmp_path)

    def test_a_missing_roster_is_one_mistake_among_others(self, tmp_path: Path) -> None:
        """Without a roster the other file is still checked, but not whom it names."""
        write(tmp_path, COHORT.replace("2027-01-20T", "2027-01-32T"), ROSTER)
        (tmp_path / "roster.csv").unlink()
        with pytest.raises(CohortError) as caught:
            read_cohort(tmp_path)
        assert ["cohort.toml:31", "roster.csv"] == [c.where for c in caught.value.complaints]


class TestAtOnce:
    def test_ten_mistakes_are_ten_complaints(self, mistakes: Mistakes, tmp_path: Path) -> None:
        """Ten mistakes in two files are told at once, each with its line, and nothing changes."""
        cohort = """\
format = 1
[cohort]
name = "2027-spring"
star = 2027-01-11
starts = 2027-02-30
timezone = "Europe/Londn"
[due]
week5 = 2027-02-15T18:00:00
[[hub]]
name = "sheffield"
due = { week02 = 2027-01-26 }
[[hub]]
name = "london"
[[extension]]
participant = "p009"
week = "week01"
until = 2027-01-20T18:00:00
"""
        roster = """\
id,role,hub,mentor
p001,participant,sheffield,m01
p001,participant,london,
m01,mentor,,
P2,participant,sheffield,
m02,mentor,leeds,
"""
        assert [
            ("cohort.toml:4", "unknown key `star`; did you mean `starts`?"),
            ("cohort.toml:5", "the value of `starts` cannot be read: 2027-02-30"),
            (
                "cohort.toml:6",
                '`timezone` is "Europe/Londn", a time zone nobody knows; '
                "did you mean `Europe/London`?",
            ),
            ("cohort.toml:8", "`week5` is no week of the programme; did you mean `week05`?"),
            (
                "cohort.toml:11",
                "`week02` should be a date and a time, and is a date without a time, 2027-01-26",
            ),
            (
                "cohort.toml:15",
                '`participant` is "p009", and roster.csv has no participant of that id',
            ),
            (
                "roster.csv:3",
                "`p001` is in two hubs: sheffield on line 2, london on line 3",
            ),
            ("roster.csv:4", "the mentor `m01` has no hub"),
            ("roster.csv:5", '"P2" is not an id'),
            ("roster.csv:6", "cohort.toml has no hub `leeds`"),
        ] == mistakes(cohort, roster)
        assert (cohort, roster) == tuple(
            (tmp_path / name).read_text() for name in ("cohort.toml", "roster.csv")
        )


class TestCohortToml:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("format = 1", "format = 2", (1, "`format` is 2, and this grader reads format 1")),
            ("format = 1", "", (1, "`format` is missing")),
            (
                'name = "2027-spring"',
                'name = "Spring 2027"',
                (4, '`name` is "Spring 2027", which cannot name folders'),
            ),
            (
                'name = "2027-spring"',
                'name = "-"',
                (4, '`name` is "-", which cannot name folders'),
            ),
            ("starts = 2027-01-11", "", (3, "`starts` is missing")),
            (
                "starts = 2027-01-11",
                "starts = 11/01/2027",
                (6, "the value of `starts` cannot be read: 11/01/2027"),
            ),
            ("2027-01-11", "0207-01-11", (6, "`starts` is in the year 207")),
            (
                "Europe/London",
                "../etc/passwd",
                (7, '`timezone` is "../etc/passwd", a time zone nobody knows'),
            ),
            ('"exchange"', '"a\\u0000b"', (9, "`exchange` is not a path")),
            ("when a mentor has looked", "later", (10, '`feedback` is "later"')),
            ('shows = "name"', 'shows = "email"', (11, '`shows` is "email"')),
            ("10:00:00", "10:00", (14, "the value of `release_at` cannot be read: 10:00")),
            (
                "due_after_days = 5",
                "due_after_days = -1",
                (15, "`due_after_days` should be greater than or equal to 0"),
            ),
            (
                "week05 = 2027-02-15T18:00:00",
                "week05 = 2027-03-28T01:30:00",
                (
                    19,
                    "`week05` is 2027-03-28 01:30:00, a time the clocks skip in Europe/London",
                ),
            ),
            (
                '"sheffield"',
                '"reports"',
                (22, '`name` is "reports", a folder the cohort needs for something else'),
            ),
            (
                '"sheffield"',
                '"exchange"',
                (22, '`name` is "exchange", a folder the cohort needs for something else'),
            ),
            ('"sheffield"', '"S 1"', (22, '`name` is "S 1", which is not a name')),
            (
                '"newcastle-upon-tyne"',
                '"sheffield"',
                (26, '`name` is "sheffield", which line 22 has already'),
            ),
            ('participant = "p001"\n', "", (28, "`participant` is missing")),
            (
                '"p001"',
                '"m01"',
                (
                    29,
                    '`participant` is "m01", and roster.csv has no participant of that id',
                ),
            ),
            (
                '"week01"',
                '"week13"',
                (
                    30,
                    '`week` is "week13", which is no week of the programme; did you mean `week01`?',
                ),
            ),
            (
                "until = 2027-02-14",
                "until = 2027-01-14",
                (36, "`until` is 2027-01-14, before the leave begins on 2027-02-01"),
            ),
            ("[[leave]]", "[[leaves]]", (33, "unknown key `leaves`; did you mean `leave`?")),
            (
                "[[leave]]",
                "[[leave]",
                (33, "this is not TOML: expected ']]' at the end of an array declaration"),
            ),
        ],
    )
    def test_each_mistake_has_its_complaint(
        self, mistakes: Mistakes, old: str, new: str, expected: tuple[int, str]
    ) -> None:
        """A single mistake in cohort.toml gives a complaint with its line."""
        assert old in COHORT
        line, what = expected
        found = mistakes(COHORT.replace(old, new, 1), ROSTER)
        assert (f"cohort.toml:{line}", what) in found

    def test_a_hub_may_not_be_the_exchange(self, mistakes: Mistakes) -> None:
        """A hub is not called like the exchange, whatever that is called."""
        text = SMALL.replace("starts", 'exchange = "london/x"\nstarts')
        what = '`name` is "london", a folder the cohort needs for something else'
        assert [("cohort.toml:9", what)] == mistakes(text)

    def test_an_ordinary_due_time_may_be_skipped_by_the_clocks(self, mistakes: Mistakes) -> None:
        """A due time that one of the weeks does not have is complained of where it is set."""
        text = SMALL + "[weeks]\ndue_at = 01:30:00\n"
        what = "`due_at` puts week11 at 28 March 01:30, when clocks skip"
        assert [("cohort.toml:10", what)] == mistakes(text)

    def test_a_hub_written_twice(self, tmp_path: Path) -> None:
        """Who writes a second table for a hub, as for snow, is sent to the first."""
        text = SMALL + '[[hub]]\nname = "london"\ndue = { week01 = 2027-01-19T18:00:00 }\n'
        with pytest.raises(CohortError) as caught:
            read_cohort(write(tmp_path, text, HEADER), PROGRAMME)
        [complaint] = caught.value.complaints
        assert "Put `due` and the rest into the table on line 8" in complaint.do

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            (
                EXTENSION.format(until="2027-01-16T18:00:00"),
                (
                    12,
                    "`until` is 16 January 2027 18:00, and p1 has until 17 January 2027 18:00 "
                    "for week01 anyway",
                ),
            ),
            (
                "due = { week01 = 2027-01-20T18:00:00 }\n"
                + EXTENSION.format(until="2027-01-19T18:00:00"),
                (
                    13,
                    "`until` is 19 January 2027 18:00, and p1 has until 20 January 2027 18:00 "
                    "for week01 anyway",
                ),
            ),
            (
                "due = { week01 = 2026-01-20T18:00:00 }\n",
                (
                    9,
                    "`week01` is due 20 January 2026 18:00, before it opens on "
                    "11 January 2027 09:00",
                ),
            ),
            (
                "[due]\nweek02 = 2027-01-17T18:00:00\n",
                (
                    10,
                    "`week02` is due 17 January 2027 18:00, before it opens on "
                    "18 January 2027 09:00",
                ),
            ),
            (
                "[weeks]\ndue_after_days = 0\ndue_at = 08:00:00\n",
                (11, "`due_at` is 08:00:00, and weeks open at 09:00:00 that day"),
            ),
        ],
    )
    def test_times_that_cannot_be_meant(
        self, mistakes: Mistakes, more: str, expected: tuple[int, str]
    ) -> None:
        """An extension takes no time away, and nothing is due before it opens."""
        line, what = expected
        found = mistakes(SMALL + more, HEADER + "p1,participant,london,\n")
        assert [(f"cohort.toml:{line}", what)] == found

    def test_a_cohort_has_a_hub(self, mistakes: Mistakes) -> None:
        """A cohort without a hub is complained of."""
        text = SMALL.partition("[[hub]]")[0]
        assert [("cohort.toml:1", "`[[hub]]` is missing")] == mistakes(text)

    def test_a_file_that_is_not_utf8(self, mistakes: Mistakes) -> None:
        """A file in another encoding is complained of, and the roster is still checked."""
        cohort = SMALL.replace("spring", "früh").encode("latin-1")
        assert [
            ("cohort.toml:3", "the file is not UTF-8 text"),
            ("roster.csv:2", "the mentor `m01` has no hub"),
        ] == mistakes(cohort, HEADER + "m01,mentor,,\n")

    def test_an_unreadable_hub_accuses_nobody(self, mistakes: Mistakes) -> None:
        """Where a hub's name cannot be read, people are not said to be in an unknown hub."""
        found = mistakes(SMALL.replace('"london"', "london"), HEADER + "p1,participant,london,\n")
        assert [("cohort.toml:8", "the value of `name` cannot be read: london")] == found


class TestRosterCsv:
    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("P1,participant,london,", (2, '"P1" is not an id')),
            ("a+b,participant,london,", (2, '"a+b" is not an id')),
            ("a*,participant,london,", (2, '"a*" is not an id')),
            (f"{'a' * 33},participant,london,", (2, f'"{"a" * 33}" is not an id')),
            (",participant,london,", (2, "the id is empty")),
            (
                "p1,partcipant,london,",
                (2, 'the role of `p1` is "partcipant"; did you mean `participant`?'),
            ),
            ("p1,,london,", (2, 'the role of `p1` is ""')),
            ("p1,participant,,", (2, "the participant `p1` has no hub")),
            ("m1,mentor,,", (2, "the mentor `m1` has no hub")),
            ("i1,instructor,,", (2, "the instructor `i1` has no hub")),
            ("l1,lead,london,", (2, "the lead `l1` has a hub")),
            ("m1,mentor,london,m1", (2, "the mentor `m1` has a mentor")),
            (
                "p1,participant,lundon,",
                (2, "cohort.toml has no hub `lundon`; did you mean `london`?"),
            ),
            (
                "p1,participant,london;sheffield,",
                (2, "`p1` is in two hubs: london and sheffield, on line 2"),
            ),
            (
                "p1,participant,london,\n\np1,participant,sheffield,",
                (4, "`p1` is in two hubs: london on line 2, sheffield on line 4"),
            ),
            ("p1,participant,london,\np1,participant,london,", (3, "`p1` is on line 2 already")),
            ("p1,participant,london,\np1,mentor,sheffield,", (3, "`p1` is on line 2 already")),
            (
                "p1,participant,london,m1",
                (2, "`m1`, the mentor of `p1`, is not in the roster"),
            ),
            (
                "p1,participant,london,i1\ni1,instructor,london,",
                (2, "`i1`, the mentor of `p1`, is an instructor (line 3)"),
            ),
            (
                "p1,participant,london,m1\nm1,mentor,sheffield,",
                (
                    2,
                    "the mentor `m1` is not at london, where `p1` is, but at sheffield (line 3)",
                ),
            ),
            ("p1,participant,london,,Ann,x", (2, "this line has 6 cells, and the header 4")),
            (
                'p1,"participant,london,\n',
                (2, "the line that begins here is not CSV: unexpected end of data"),
            ),
        ],
    )
    def test_each_mistake_is_one_complaint(
        self, mistakes: Mistakes, rows: str, expected: tuple[int, str]
    ) -> None:
        """A single mistake in roster.csv gives one complaint, with its line."""
        line, what = expected
        assert [(f"roster.csv:{line}", what)] == mistakes(SMALL, HEADER + rows + "\n")

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            (
                "",
                [
                    "the column `id` is missing",
                    "the column `role` is missing",
                    "the column `hub` is missing",
                    "the column `mentor` is missing",
                ],
            ),
            ("id,role,hub", ["the column `mentor` is missing"]),
            (
                "id,role,hub,mentor,emial",
                ["unknown column `emial`; did you mean `email`?"],
            ),
            ("id,role,hub,mentor,hub", ["the column `hub` is there twice"]),
            ("id;role;hub;mentor", ["the cells are parted by semicolons"]),
        ],
    )
    def test_the_header(self, mistakes: Mistakes, header: str, expected: list[str]) -> None:
        """A column that is missing, unknown or doubled is complained of on the first line."""
        assert [("roster.csv:1", what) for what in expected] == mistakes(SMALL, header + "\n")

    def test_a_missing_column_does_not_hide_the_rest(self, mistakes: Mistakes) -> None:
        """The columns that are there are checked, and the missing one only once."""
        assert [
            ("roster.csv:1", "the column `hub` is missing"),
            ("roster.csv:3", '"P2" is not an id'),
        ] == mistakes(SMALL, "id,role,mentor\np1,participant,\nP2,participant,\n")

    def test_one_mistake_is_not_told_twice(self, mistakes: Mistakes) -> None:
        """A mentor without a hub is one complaint, not one more for each participant."""
        rows = "p1,participant,london,m1\np2,participant,london,m1\nm1,mentor,,\n"
        assert [("roster.csv:4", "the mentor `m1` has no hub")] == mistakes(SMALL, HEADER + rows)

    def test_a_file_that_is_not_utf8(self, mistakes: Mistakes) -> None:
        """A roster in another encoding is complained of at its first bad line."""
        roster = "id,role,hub,mentor,name\np1,participant,london,,Zoë\n".encode("latin-1")
        assert [("roster.csv:2", "the file is not UTF-8 text")] == mistakes(SMALL, roster)

    def test_names_and_addresses_stay_private(self, tmp_path: Path) -> None:
        """No complaint repeats anybody's name or address."""
        roster = "id,role,hub,mentor,name,email\nP1,prticipant,lndon,m9,Ann,ann@x.uk,more\n"
        with pytest.raises(CohortError) as caught:
            read_cohort(write(tmp_path, SMALL, roster))
        assert "Ann" not in str(caught.value)
        assert "ann@" not in str(caught.value)


def damaged(seed: int, text: str) -> bytes:
    """Spoil a good file in a few places."""
    chance = random.Random(seed)
    content = bytearray(text.encode())
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(content))
        content[at : at + chance.randrange(4)] = chance.choice(
            [b'"', b"\n", b"[", b"]", b"=", b",", b";", b"\0", b"\xff", b"9", b"'''", b"{", b"\r"]
        )
    return bytes(content)


def answer(directory: Path, programme: Programme | None = None) -> Cohort | CohortError:
    """Read a cohort, or give the error that says why not."""
    try:
        return read_cohort(directory, programme)
    except CohortError as error:
        return error


class TestAnyBytes:
    @settings(deadline=None)
    @given(
        cohort=st.binary() | st.integers().map(lambda seed: damaged(seed, COHORT)),
        roster=st.binary() | st.integers().map(lambda seed: damaged(seed, ROSTER)),
    )
    @example(b"", b"")
    @example(COHORT.encode(), ROSTER.encode())
    @example(SMALL.encode(), b'id,role,hub,mentor\n"' + b"x" * 200_000)
    @example(b"a = " + b"9" * 5000, b"\xff\xfei\0d\0")
    @example(b"a." * 500 + b"a = 1", b"\0")
    @example(b"[cohort]\ncourse = '\\x00'\ntimezone = 'Europe'\nhub = 1", b"id\n\n")
    def test_they_are_a_cohort_or_a_cohort_error(self, cohort: bytes, roster: bytes) -> None:
        """Whatever bytes the two files hold, the answer is a Cohort or a CohortError."""
        with TemporaryDirectory() as folder:
            directory = write(Path(folder), cohort, roster)
            course_of(directory)
            assert isinstance(answer(directory, PROGRAMME), Cohort | CohortError)

    @settings(deadline=None)
    @given(st.integers())
    def test_a_damaged_roster_beside_a_good_cohort(self, seed: int) -> None:
        """With a good cohort.toml every damage to the roster is read or complained of."""
        with TemporaryDirectory() as folder:
            directory = write(Path(folder), SMALL, damaged(seed, ROSTER))
            assert isinstance(answer(directory), Cohort | CohortError)


class TestCourseOf:
    def test_it_is_read_from_a_file_with_mistakes(self, tmp_path: Path) -> None:
        """Where the course is can be told although something else is wrong."""
        write(tmp_path, COHORT.replace("2027-01-11", "soon"), ROSTER)
        assert tmp_path.parent / "accelerator" == course_of(tmp_path)

    def test_without_a_word_it_is_the_directory(self, tmp_path: Path) -> None:
        """A cohort that names no course is itself where to look from."""
        assert tmp_path == course_of(write(tmp_path, SMALL, HEADER))
        assert tmp_path / "none" == course_of(tmp_path / "none")


class TestNewCohort:
    def test_what_it_writes_can_be_read(self, tmp_path: Path) -> None:
        """A new cohort reads as what was asked for, with nobody in it."""
        directory, course = tmp_path / "cohorts" / "a", tmp_path / "accelerator"
        new_cohort(directory, starts=date(2027, 1, 11), hubs=["sheffield", "london"], course=course)
        cohort = read_cohort(directory, PROGRAMME)
        assert ("2027-spring", "Spring 2027") == (cohort.name, cohort.title)
        assert ["sheffield", "london"] == [hub.name for hub in cohort.hubs]
        assert (date(2027, 1, 11), LONDON) == (cohort.timetable.starts, cohort.timetable.timezone)
        assert (course, ()) == (cohort.course, cohort.participants)

    def test_people_stay_out_of_git(self, tmp_path: Path) -> None:
        """The directory tells git to ignore all of it, and nothing else is left behind."""
        new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["london"])
        assert "*\n" == (tmp_path / ".gitignore").read_text()
        names = sorted(path.name for path in tmp_path.iterdir())
        assert [".gitignore", "cohort.toml", "roster.csv"] == names

    @pytest.mark.parametrize(
        ("month", "season"), [(1, "spring"), (4, "summer"), (9, "autumn"), (12, "winter")]
    )
    def test_it_is_named_for_its_season(self, tmp_path: Path, month: int, season: str) -> None:
        """A cohort without a name is called by the year and the season it starts in."""
        new_cohort(tmp_path, starts=date(2027, month, 4), hubs=["london"])
        assert f"2027-{season}" == read_cohort(tmp_path).name

    def test_what_was_asked_for_is_kept(self, tmp_path: Path) -> None:
        """A name and a time zone that are given are used."""
        new_cohort(
            tmp_path, starts=date(2027, 1, 4), hubs=["a"], name="pilot", timezone="Europe/Paris"
        )
        cohort = read_cohort(tmp_path)
        assert ("pilot", "pilot") == (cohort.name, cohort.title)
        assert "Europe/Paris" == cohort.timetable.timezone.key

    @pytest.mark.parametrize(
        ("hubs", "more", "what"),
        [
            (["Sheffield"], {}, '`name` is "Sheffield", which is not a name'),
            (["a", "a"], {}, "the hub `a` is named twice\n  Name each hub once"),
            (["reports"], {}, "a folder the cohort needs"),
            ([], {}, "`[[hub]]` is missing"),
            (['x"\nname = "y'], {}, "which is not a name"),
            (["a"], {"name": "../x"}, "which cannot name folders"),
            (["a"], {"timezone": "Mars"}, "a time zone nobody knows"),
        ],
    )
    def test_what_is_wrong_writes_nothing(
        self, tmp_path: Path, hubs: list[str], more: dict[str, str], what: str
    ) -> None:
        """With a bad name nothing is made, not even the directory."""
        with pytest.raises(CohortError) as caught:
            new_cohort(tmp_path / "a", starts=date(2027, 1, 11), hubs=hubs, **more)  # type: ignore[arg-type]
        assert what in str(caught.value)
        assert [] == list(tmp_path.iterdir())

    def test_a_cohort_is_never_overwritten(self, tmp_path: Path) -> None:
        """Where there is a cohort.toml nothing is changed."""
        write(tmp_path, COHORT, ROSTER)
        with pytest.raises(CohortError, match="already"):
            new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["london"])
        assert COHORT == (tmp_path / "cohort.toml").read_text()
        assert not (tmp_path / ".gitignore").exists()

    def test_a_roster_that_is_there_is_kept(self, tmp_path: Path) -> None:
        """People entered before the cohort was made are not lost."""
        (tmp_path / "roster.csv").write_text(ROSTER)
        new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["london"])
        assert ROSTER == (tmp_path / "roster.csv").read_text()

    def test_only_its_owner_reads_it_and_everybody_may_pass(self, tmp_path: Path) -> None:
        """Participants pass through the directory to the exchange, and read neither file."""
        new_cohort(tmp_path / "a", starts=date(2027, 1, 11), hubs=["london"])
        files = ("", "cohort.toml", "roster.csv")
        modes = [f"{(tmp_path / 'a' / file).stat().st_mode & 0o7777:o}" for file in files]
        assert ["711", "600", "600"] == modes

    def test_a_directory_of_a_group_stays_the_group_s(self, tmp_path: Path) -> None:
        """Where instructors share a directory through its group, they share the files in it."""
        tmp_path.chmod(0o2770)
        new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["london"])
        modes = [f"{(tmp_path / f).stat().st_mode & 0o7777:o}" for f in ("", "roster.csv")]
        assert ["2770", "660"] == modes

    def test_a_title_of_its_own(self, tmp_path: Path) -> None:
        """A title that is given is used beside the name."""
        new_cohort(tmp_path, starts=date(2027, 1, 4), hubs=["a"], name="demo", title="A try")
        cohort = read_cohort(tmp_path)
        assert ("demo", "A try") == (cohort.name, cohort.title)

    def test_its_samples_make_sense(self, tmp_path: Path) -> None:
        """Uncommented, the samples give later times and a leave, and no complaint."""
        new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["a"])
        text = (tmp_path / "cohort.toml").read_text()
        for sample in ("[due]", "week05", "[[ext", "part", "week =", "until", "[[leave", "from"):
            text = text.replace(f"# {sample}", sample)
        people = "p003,participant,a,\np004,participant,a,\n"
        cohort = read_cohort(write(tmp_path, text, HEADER + people), PROGRAMME)
        assert datetime(2027, 2, 21, 18, tzinfo=LONDON) == cohort.timetable.due["week05"]
        assert datetime(2027, 1, 24, 18, tzinfo=LONDON) == cohort.extensions[0].until
        assert date(2027, 2, 1) == cohort.leaves[0].first

    def test_its_notes_stand_in_one_column(self, tmp_path: Path) -> None:
        """The notes beside the values of a new cohort.toml begin in one column."""
        new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["a"], course=tmp_path.parent / "b")
        lines = (tmp_path / "cohort.toml").read_text().splitlines()
        assert {31} == {line.index("# ", 1) for line in lines if " # " in line}

    def test_a_project_s_own_folder_is_refused(self, tmp_path: Path) -> None:
        """A directory with a .gitignore that lets people's data through is refused."""
        (tmp_path / ".gitignore").write_text("*.pyc\n")
        with pytest.raises(CohortError, match="gitignore"):
            new_cohort(tmp_path, starts=date(2027, 1, 11), hubs=["london"])
        assert not (tmp_path / "cohort.toml").exists()


class TestWhatThePagesSay:
    """The tables [attention] and [report] of cohort.toml."""

    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        new_cohort(tmp_path / "c", starts=date(2027, 1, 11), hubs=["a"], course=tmp_path)
        return tmp_path / "c"

    def written(self, directory: Path, text: str) -> Cohort:
        with (directory / "cohort.toml").open("a", encoding="utf-8") as file:
            file.write(text)
        return read_cohort(directory)

    def test_the_samples_are_the_defaults(self, directory: Path) -> None:
        """Taking the comment signs off the samples of a new cohort.toml changes no rule."""
        file = directory / "cohort.toml"
        head, _, samples = file.read_text(encoding="utf-8").partition("# [attention]")
        rules = re.sub(r"^# ", "", f"# [attention]{samples}", flags=re.MULTILINE)
        file.write_text(head + rules.partition("formgrader")[0], encoding="utf-8")
        cohort = read_cohort(directory)

        assert (Limits(), Reporting()) == (cohort.limits, cohort.reporting)
        assert {field.name for field in fields(Limits)} <= set(
            re.findall(r"^\w+", rules, re.MULTILINE)
        )

    def test_one_value_alone(self, directory: Path) -> None:
        """A rule of which only one value is written keeps the other."""
        text = "\n[attention]\nsilent = { days = 21 }\noften_late = { urgency = 0 }\n"
        limits = self.written(directory, text).limits

        assert (Limit(4, 21), Limit(0, 2)) == (limits.silent, limits.often_late)
        assert Limits().low_mark == limits.low_mark

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("[attention]\nsilnt = { days = 3 }", "silnt"),
            ("[attention]\nsilent = { urgency = 12 }", "urgency"),
            ("[attention]\nlow_mark = { share = 50 }", "share"),
            ("[report]\nfew = 1", "few"),
            ('[report]\nformgrader = "javascript:alert(1)"', "which is not an address"),
        ],
    )
    def test_mistakes(self, directory: Path, text: str, complaint: str) -> None:
        """A rule nobody knows, or a value out of its range, is refused with its line."""
        with pytest.raises(CohortError, match=complaint) as caught:
            self.written(directory, f"\n{text}\n")

        assert "cohort.toml:" in str(caught.value)
