"""The mentors' pages say, in words a mentor would read, who needs whom and what waits."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader import digests, ledger
from grader.engine.tables import GradedCell
from grader.errors import CohortError
from grader.marks import Mark, Outcome, Verdict
from grader.programme import Cohort, Hub, Leave, Mentor, Participant, Programme, Timetable, Week
from grader.report import report
from grader.report.gathering import Found, work_of
from grader.thresholds import Reporting

LONDON = ZoneInfo("Europe/London")
DUE = datetime(2027, 1, 18, 18, tzinfo=LONDON)
NOW = datetime(2027, 1, 20, 9, 30, tzinfo=LONDON)
ON_TIME = DUE - timedelta(hours=5)
LATE = DUE + timedelta(hours=3)
KEY = ("p001", "week01")


@dataclass(frozen=True)
class Hint:
    """Stand in for a hint of the course."""

    title: str
    talking_point: str


HINTS = {"W01.T1.M1": Hint("Counts blanks as <zero>", "Ask what a blank & a nought mean.")}
PROGRAMME = Programme(
    "dsa",
    "Data Science Accelerator",
    (Week("week01", 1, "Tables"), Week("week02", 2, "Joins"), Week("week03", 3, "Pictures")),
)


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """Make a cohort of two hubs, one of them still empty."""
    people = ("p001", "m01"), ("p002", "m01"), ("p003", "m01"), ("p004", "m02"), ("p005", "")
    return Cohort(
        name="spring2027",
        title="Spring 2027",
        directory=tmp_path,
        course=tmp_path,
        exchange=tmp_path,
        timetable=Timetable(date(2027, 1, 12), LONDON),
        hubs=(Hub("sheffield", "Sheffield"), Hub("newport", "Newport")),
        participants=tuple(
            Participant(person, f"Name of {person}", hub="sheffield", mentor=mentor)
            for person, mentor in people
        ),
        mentors=(Mentor("m01", hubs=("sheffield",)), Mentor("m02", hubs=("sheffield",))),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Teach week 1 at Sheffield and open week 2; tests work on a copy.

    p001 has a low mark and a reflection to mark, p002 handed in nothing, p003's work is not marked
    yet, p004's could not be marked, p005 was three hours late and did well.
    """
    home = tmp_path_factory.mktemp("sheffield")
    for week in ("week01", "week02"):
        (home / "release" / week).mkdir(parents=True)
    for person in ("p001", "p003", "p004", "p005"):
        hand_in(home, person, LATE if person == "p005" else ON_TIME)
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic` by its bare name.
        programs = str(Path(sys.executable).parent)
        patch.setenv("PATH", os.pathsep.join([programs, os.environ["PATH"]]))
        mark_with_nbgrader(home, "sheffield-spring2027")
    low = Mark("week01", "t1_check", 0, 3, Verdict.FAILED, "W01.T1.M1")
    record(home, "p001", ON_TIME, marks=(low,))
    record(home, "p004", ON_TIME, outcome=Outcome.TIMED_OUT)
    record(home, "p005", LATE, marks=(low,))
    return home


@pytest.fixture
def taught(cohort: Cohort, made: Path) -> Cohort:
    """Give a cohort that was taught week 1, to do with as one likes."""
    shutil.copytree(made, cohort.home(cohort.hubs[0]))
    return cohort


def hand_in(home: Path, person: str, at: datetime) -> None:
    """Put a handed-in folder where `grader collect` leaves it."""
    folder = home / "submitted" / person / "week01"
    folder.mkdir(parents=True)
    stamp = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    (folder / "timestamp.txt").write_text(stamp)


def record(
    home: Path,
    person: str,
    at: datetime,
    outcome: Outcome = Outcome.FINISHED,
    marks: tuple[Mark, ...] = (),
) -> None:
    """Write the ledger's entry of one marking."""
    entry = ledger.Entry(
        NOW, "sheffield", person, "week01", at, "0" * 64, outcome, "", marks, {"nbgrader": "0.9.6"}
    )
    ledger.append(home / "ledger.db", entry)


def mark_with_nbgrader(home: Path, course_id: str) -> None:
    """Write p001's and p005's marks into a gradebook that nbgrader made."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{home / 'gradebook.db'}", course_id) as gradebook:
        gradebook.add_assignment("week01", course_id=course_id)
        gradebook.add_notebook("week01", "week01")
        gradebook.add_grade_cell("t1_check", "week01", "week01", max_score=3, cell_type="code")
        gradebook.add_grade_cell(
            "reflection", "week01", "week01", max_score=2, cell_type="markdown"
        )
        gradebook.add_solution_cell("reflection", "week01", "week01")
        for person, points, at in (("p001", 0.0, ON_TIME), ("p005", 2.0, LATE)):
            gradebook.add_student(person)
            moment = at.astimezone(UTC).replace(tzinfo=None)
            submission = gradebook.add_submission("week01", person, timestamp=moment)
            check, reflection = sorted(
                submission.notebooks[0].grades, key=lambda grade: grade.name, reverse=True
            )
            check.auto_score, check.needs_manual_grade = points, False
            if person == "p005":
                reflection.manual_score, reflection.needs_manual_grade = 2.0, False
        gradebook.db.commit()


class _Words(HTMLParser):
    """Collect the words of a page's main part."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"

    def handle_data(self, data: str) -> None:
        self.words += data.split() if self.inside else []


def words(hub: Path, page: str = "index.html") -> str:
    """Read what a page of the folder *hub* says, without any markup."""
    reader = _Words()
    reader.feed((hub / page).read_text(encoding="utf-8"))
    return " ".join(reader.words)


def written(cohort: Cohort, now: datetime = NOW) -> Path:
    """Write the pages and give Sheffield's folder."""
    return report(cohort, PROGRAMME, HINTS, now=now)[0].parent


class TestReport:
    def test_one_page_a_hub(self, taught: Cohort) -> None:
        """Each hub and who leads the programme have a folder, and nothing is left beside them."""
        pages = report(taught, PROGRAMME, HINTS, now=NOW)

        folder = taught.directory / "reports"
        names = "sheffield", "newport", "programme"
        assert tuple(folder / name / "index.html" for name in names) == pages
        assert sorted(names) == sorted(each.name for each in folder.iterdir())

    def test_a_folder_is_whole(self, taught: Cohort) -> None:
        """Every link of every page leads to a file of the same folder, or to the hub's from the lead's."""
        report(taught, PROGRAMME, HINTS, now=NOW)
        pages = sorted((taught.directory / "reports").rglob("*.html"))
        lost = [
            (page.name, target)
            for page in pages
            for target in re.findall(r'(?:href|src)="([^"#]+)"', page.read_text(encoding="utf-8"))
            if not target.startswith("https:") and not (page.parent / target).is_file()
        ]

        assert [] == lost

    def test_same_bytes_twice(self, taught: Cohort) -> None:
        """Written again at the same moment from the same work, every file is the same to the byte."""
        first = digests.of_folder(written(taught).parent)

        assert first == digests.of_folder(written(taught).parent)

    def test_what_is_no_longer_made_goes(self, taught: Cohort) -> None:
        """A page of an earlier report that is no longer made does not stay behind."""
        (written(taught) / "old.html").write_text("old")

        assert not (written(taught) / "old.html").exists()

    def test_summary(self, taught: Cohort) -> None:
        """The page opens with how many need help, what was due and what waits."""
        found = words(written(taught))

        assert "3 people need you this week , of 5 here." in found
        assert "Week 1 (Tables) was due on Monday 18 January 2027, 6pm: 4 of 5 submitted." in found
        assert "nothing has been submitted yet." in found
        assert "1 answer waits for you to mark , the oldest for 1 day." in found
        assert "1 piece of work could not be marked." in found

    def test_who_needs_you(self, taught: Cohort) -> None:
        """Each mentor finds their own people, with reasons and a way to begin."""
        found = words(written(taught))

        assert "Mentor m01 2 of 3 people: p002 Nothing submitted for week 1 (Tables)." in found
        assert "Last submission Nothing submitted yet" in found
        assert "p001 Earned 0 of 3 points so far in week 1 (Tables)." in found
        assert "Last submission Week 1: Monday 18 January 2027, 1pm" in found
        assert "Misunderstood in week 1 Counts blanks as <zero> (W01.T1.M1)" in found
        assert "You could begin with Ask what a blank & a nought mean." in found
        assert "Mentor m02 1 of 1 person: p004 The work for week 1 (Tables) could not be" in found
        assert "No mentor yet Nobody this week, of 1 person." in found

    def test_worth_a_word(self, taught: Cohort) -> None:
        """Who is doing well but misunderstood something is named below those who need a mentor."""
        found = words(written(taught))

        assert (
            "Also worth a word, for what they misunderstood: p005 , week 1: "
            "Counts blanks as <zero> (W01.T1.M1)" in found
        )

    def test_code_in_a_talking_point(self, taught: Cohort) -> None:
        """What stands between backticks in a hint is set as code, and all else stays text."""
        hints = {"W01.T1.M1": Hint("Forgets `sum`", "Ask what `sum(<all>)` gives; a ` alone.")}
        told = {"W01.T1.M1": Hint("Forgets `sum`", "Ask what `sum(<all>)` gives.")}

        odd, even = (
            report(taught, PROGRAMME, each, now=NOW)[0].read_text(encoding="utf-8")
            for each in (hints, told)
        )

        assert "Forgets <code>sum</code> (W01.T1.M1)" in even
        assert "Ask what <code>sum(&lt;all&gt;)</code> gives." in even
        assert "Ask what `sum(&lt;all&gt;)` gives; a ` alone." in odd

    def test_handed_in_again(self, taught: Cohort) -> None:
        """A3: work handed in after feedback has gone back is shown as kept, and is not marked."""
        inbound = taught.exchange / "sheffield-spring2027" / "inbound"
        for person, at in (("p005", NOW), ("p003", NOW), ("p005", ON_TIME)):
            stamp = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
            (inbound / f"{person}+week01+{stamp}+Y2hhbmNl").mkdir(parents=True)
        page = taught.home(taught.hubs[0]) / "feedback" / "p005" / "week01" / "week01.html"
        page.parent.mkdir(parents=True)
        page.write_text("feedback")

        found = words(written(taught), "everyone.html")

        again = "Handed in again on Wednesday 20 January 2027, 9:30am (kept, not marked)"
        assert f"p005 4 of 5 {again} Late by 3 hours" in found
        assert 1 == found.count("Handed in again")

    def test_everyone(self, taught: Cohort) -> None:
        """Silence, work not marked yet, failed marking and zero points read differently."""
        found = words(written(taught), "everyone.html")

        assert "p001 0 of 3 so far 1 to mark Not due yet" in found
        assert "p002 Nothing submitted Not due yet" in found
        assert "p003 Not marked yet Not due yet" in found
        assert "p004 Could not be marked Not due yet" in found
        assert "p005 4 of 5 Late by 3 hours Not due yet" in found

    def test_only_released_weeks(self, taught: Cohort) -> None:
        """A week that was never released is held against nobody, whatever the calendar says."""
        found = words(written(taught, NOW + timedelta(days=21)), "everyone.html")

        assert "Week 2" in found
        assert "Week 3" not in found

    def test_waiting_for_you(self, taught: Cohort) -> None:
        """What waits is listed with who, how many and how long; what failed stands apart."""
        found = words(written(taught), "marking.html")

        assert "p001 m01 1 1 1 day Monday 18 January 2027, 1pm" in found
        assert "Could not be marked This does not mean zero points." in found
        assert (
            "p004 m02 1 It ran longer than is allowed Look together for a loop that never ends; "
            "no mark is lost by this. 1 day" in found
        )
        assert "p003 , week 1: handed in Monday 18 January 2027, 1pm" in found

    def test_somebody_on_leave(self, taught: Cohort) -> None:
        """Somebody on agreed leave is not listed as needing a mentor."""
        away = replace(taught, leaves=(Leave("p002", date(2027, 1, 18), date(2027, 1, 31)),))

        page = written(away)

        assert "p002" not in words(page)
        assert "p002 On leave today Nothing submitted On agreed leave" in words(
            page, "everyone.html"
        )

    def test_work_follows_who_moves_hub(self, taught: Cohort) -> None:
        """Somebody who moves to another hub takes their earlier weeks along."""
        people = [
            replace(person, hub="newport") if person.id == "p005" else person
            for person in taught.participants
        ]

        _, newport, _ = report(
            replace(taught, participants=tuple(people)), PROGRAMME, HINTS, now=NOW
        )

        assert "p005 4 of 5 Late by 3 hours" in words(newport.parent, "everyone.html")

    def test_names(self, taught: Cohort) -> None:
        """Ids are shown unless the cohort says names."""
        assert "Name of p002" not in words(written(taught))
        assert "Name of p002" in words(written(replace(taught, shows="name")))

    def test_nobody_yet(self, taught: Cohort) -> None:
        """A hub without participants says so, and when the first week opens."""
        newport = report(taught, PROGRAMME, HINTS, now=NOW)[1].parent

        assert "Nobody is on the roster of this hub yet." in words(newport)
        assert "Week 1 (Tables) opens on Tuesday 12 January 2027, 9am." in words(newport)

    def test_nothing_released_yet(self, cohort: Cohort) -> None:
        """Before the first release nobody needs anybody, and the page says why."""
        page = written(cohort, NOW - timedelta(days=30))

        assert "No week has been released here yet." in words(page)
        assert "No week has been released yet, so nobody needs you yet." in words(page)

    def test_markup_stays_text(self, taught: Cohort) -> None:
        """Names, ids and titles that look like markup are shown as they are and do nothing."""
        sly = Participant("<img src=x>", "<script>x</script>", hub="sheffield", mentor="<b>m</b>")
        people = (*taught.participants, sly)

        for shows in ("id", "name"):
            page = written(replace(taught, participants=people, shows=shows))
            for file in page.rglob("*.html"):
                text = file.read_text(encoding="utf-8")
                assert not re.search(r"<(img|b|zero)\b|<script(?! src=)", text)
        assert "<script>x</script>" in words(page, "everyone.html")

    def test_strict_page(self, taught: Cohort) -> None:
        """A page needs nothing from elsewhere, no inline style, and no script but our own small one."""
        for page in written(taught).parent.rglob("*.html"):
            text = page.read_text(encoding="utf-8").replace(' href="https://', "")

            assert "default-src 'none'; style-src 'self'; script-src 'self';" in text
            assert not re.search(
                r"<script(?! src=\"(\.\./)?tables\.js\" defer></script>)|<(style|iframe)\b|\bstyle="
                r"|\bon\w+=|(src|href)=\"(http|//)",
                text,
            )
            assert '<html lang="en-GB"' in text


class TestParticipantsPage:
    def test_it_speaks_of_nobody_else(self, taught: Cohort) -> None:
        """A participant's page names no other person and leads to no page about others."""
        for page in (written(taught) / "participants").glob("p*.html"):
            text = page.read_text(encoding="utf-8")
            others = {f"p00{number}" for number in range(1, 6)} - {page.stem}

            assert set() == {other for other in others if other in text}
            assert {"accessibility.html", "privacy.html", "report.css", "tables.js"} >= {
                Path(target).name for target in re.findall(r'(?:href|src)="(\.\./[^"]+)"', text)
            }

    def test_silence_zero_and_failure(self, taught: Cohort) -> None:
        """Silence, zero, work not marked yet and failed marking read differently to their owner too."""
        folder = written(taught) / "participants"

        assert "1: Tables 0 of 3 so far 1 waiting for your mentor" in words(folder, "p001.html")
        assert "1: Tables Nothing submitted due Monday" in words(folder, "p002.html")
        assert "1: Tables Not marked yet" in words(folder, "p003.html")
        assert "Could not be marked It ran longer than is allowed." in words(folder, "p004.html")
        assert "1: Tables 4 of 5 Late by 3 hours" in words(folder, "p005.html")

    def test_feedback(self, taught: Cohort) -> None:
        """Feedback that went back lies beside the page and is linked from it."""
        page = taught.home(taught.hubs[0]) / "feedback" / "p005" / "week01" / "week01.html"
        page.parent.mkdir(parents=True)
        page.write_text("the feedback")
        folder = written(taught) / "participants"
        [target] = re.findall(r'href="(p005/[^"]+)"', (folder / "p005.html").read_text())

        assert "the feedback" == (folder / target).read_text()

    def test_overcome(self, taught: Cohort) -> None:
        """What an earlier attempt misunderstood, and the newest did not, is told as overcome."""
        home = taught.home(taught.hubs[0])
        hand_in_again = ON_TIME + timedelta(hours=1)
        shutil.rmtree(home / "submitted" / "p001")
        hand_in(home, "p001", hand_in_again)
        right = Mark("week01", "t1_check", 3, 3, Verdict.PASSED)
        record(home, "p001", hand_in_again, marks=(right,))

        told = words(written(taught) / "participants", "p001.html")

        assert "Week 1, Task 1: Counts blanks as <zero> (W01.T1.M1) overcome" in told


class TestOtherPages:
    def test_a_mentors_own_people_first(self, taught: Cohort) -> None:
        """A mentor's page begins with their own people, and the rest of the hub follows."""
        told = words(written(taught), "mentor-m02.html")

        assert "Your people 1 of 1 person, the most urgent first: p004" in told
        assert "Others at Sheffield 2 other people need somebody: p002 : Nothing" in told

    def test_links_into_formgrader(self, taught: Cohort) -> None:
        """An answer that waits leads to its submission in formgrader, under the hub's own address."""
        address = "https://hub.example.org/services/{hub}/formgrader"
        page = written(replace(taught, reporting=Reporting(formgrader=address))) / "marking.html"
        database = sqlite3.connect(taught.home(taught.hubs[0]) / "gradebook.db")
        [(submission,)] = database.execute(
            "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a "
            "ON a.id = n.assignment_id WHERE a.student_id = 'p001'"
        ).fetchall()
        database.close()

        link = f"https://hub.example.org/services/sheffield/formgrader/submissions/{submission}/"
        assert f'href="{link}"' in page.read_text(encoding="utf-8")

    def test_waiting_for_long(self, taught: Cohort) -> None:
        """An answer that waits for longer than the cohort allows is pointed out."""
        impatient = replace(taught, reporting=Reporting(waiting_days=1))

        assert "over 1 day" in words(written(impatient), "marking.html")
        assert "over" not in words(written(taught), "marking.html")

    def test_few_people_are_kept_back(self, taught: Cohort) -> None:
        """The lead's page keeps back what would speak of one of a few people; tables leave it empty."""
        few = replace(taught, reporting=Reporting(small=6))
        lead = written(taught).parent / "programme"
        assert "Sheffield 5 1 without a mentor 2 4 of 5 week 1 3" in words(lead)
        written(few)

        assert "Sheffield 5 2 Kept back: few people" in words(lead)
        assert "sheffield,5,2,1,week01,,,,," in (lead / "hubs.csv").read_text()

    def test_tasks_with_few_answers(self, taught: Cohort) -> None:
        """Two answers say nothing about a task, and all hubs' numbers would only repeat the hub's own."""
        told = words(written(taught), "tasks.html")

        assert "Task 1 2 Too few to say Too few to say Too few to say Kept back" in told

    def test_calendar(self, taught: Cohort) -> None:
        """Every week's dates are there, a hub's own due time is marked, the file has both dates of each."""
        own = {"week01": DUE + timedelta(days=1)}
        hubs = replace(taught.hubs[0], due=own), taught.hubs[1]
        folder = written(replace(taught, hubs=hubs))

        assert "Tuesday 19 January 2027, 6pm this hub’s own" in words(folder, "calendar.html")
        assert "this hub" not in words(folder.parent / "newport", "calendar.html")
        assert 6 == (folder / "calendar.ics").read_text().count("BEGIN:VEVENT")

    def test_own_statements(self, taught: Cohort) -> None:
        """The deploying body's own statement takes the template's place."""
        assert "This is a template." in words(written(taught), "privacy.html")
        (taught.directory / "privacy.md").write_text("# Ours\n\nAsk <us>.")

        assert "Ours Ask <us>." == words(written(taught), "privacy.html")

    def test_show_and_tell(self, taught: Cohort) -> None:
        """Projects stand by their slots, those without one last; a hub shows its own people's."""
        (taught.directory / "show-and-tell.csv").write_text(
            "participant,project,slot,summary\n"
            "p001,Last,,\np002,Second,2027-03-30 14:20,Says <b>more</b>\n"
            'p003,"=First, then",2027-03-30 14:00,\n'
        )
        folder = written(taught)
        told = words(folder, "show-and-tell.html")

        assert "=First, then p003, Sheffield: Tuesday 30 March 2027, 2pm Second p002" in told
        assert "Says <b>more</b> Last p001, Sheffield: no slot yet" in told
        assert '"\'=First, then"' in (folder / "show-and-tell.csv").read_text()
        assert "No project" in words(folder.parent / "newport", "show-and-tell.html")

    def test_mistakes_in_show_and_tell(self, taught: Cohort) -> None:
        """All mistakes in the file are told at once, each with its line, and nothing is written."""
        (taught.directory / "show-and-tell.csv").write_text(
            "participant,project,slot,summary\nnobody,A,,\np001,,,\np001,B,30 March,\n"
        )
        with pytest.raises(CohortError) as caught:
            written(taught)

        told = str(caught.value)
        assert [f"show-and-tell.csv:{line}" in told for line in (2, 3, 4)] == [True] * 3
        assert not (taught.directory / "reports").exists()


def cell(**changes: object) -> GradedCell:
    """Make a graded cell of p001's week 1, a check that earned one of two points."""
    plain = GradedCell(
        participant="p001",
        week="week01",
        notebook="week01",
        cell="t1_check",
        kind="code",
        by_hand=False,
        auto=1.0,
        manual=None,
        extra=None,
        needs_person=False,
        out_of=2.0,
        penalty=0.0,
        handed_in=ON_TIME,
        extension=None,
        commented=False,
    )
    return plain._replace(**changes)  # type: ignore[arg-type]


def entry(at: datetime | None = ON_TIME, outcome: Outcome = Outcome.FINISHED) -> ledger.Entry:
    """Make the ledger's entry of p001's week 1, with a hint."""
    mark = Mark("week01", "t1_check", 0.0, 2.0, Verdict.FAILED, "W01.T1.M1")
    return ledger.Entry(NOW, "sheffield", *KEY, at, "0" * 64, outcome, "", (mark,))


def found(
    *cells: GradedCell, entry: ledger.Entry | None = None, handed_in: datetime | None = ON_TIME
) -> Found:
    """Say what a hub's course directory holds of p001's week 1."""
    return Found({KEY: handed_in}, {KEY: cells} if cells else {}, {KEY: entry} if entry else {})


class TestWorkOf:
    def test_points_from_the_gradebook_and_hints_from_the_ledger(self) -> None:
        """A mark that a mentor changed counts, and the hint that the check gave is kept."""
        (mark,) = work_of(found(cell(manual=1.5), entry=entry()), KEY).marks

        assert (1.5, "W01.T1.M1") == (mark.points, mark.hint)

    def test_newer_work_waits(self) -> None:
        """Marks of an earlier hand-in do not stand for the newer one, which waits for marking."""
        newer = ON_TIME + timedelta(hours=1)

        work = work_of(found(cell(), entry=entry(), handed_in=newer), KEY)

        assert (newer, None, ()) == (work.handed_in, work.outcome, work.marks)

    def test_left_blank(self) -> None:
        """An answer for a person that was left blank is named; one that a person marked is not."""
        blank = cell(cell="reflection", kind="markdown", by_hand=True, auto=0.0)
        marked = cell(cell="summary", kind="markdown", by_hand=True, auto=None, manual=0.0)

        assert ("reflection",) == work_of(found(cell(), blank, marked), KEY).unwritten

    def test_parts_of_a_second(self) -> None:
        """Two clocks that differ in parts of a second speak of the same hand-in."""
        at = ON_TIME.replace(microsecond=250)

        assert Outcome.FINISHED == work_of(found(cell(), handed_in=at), KEY).outcome

    def test_a_time_that_is_not_known(self) -> None:
        """Marks stand where nobody knows when the work was handed in."""
        work = work_of(found(cell(handed_in=None), handed_in=None), KEY)

        assert (Outcome.FINISHED, 1.0) == (work.outcome, work.marks[0].points)

    def test_marking_broke_off_without_a_ledger(self) -> None:
        """Where plain nbgrader marked, a check without a score means that marking broke off."""
        crashed = cell(auto=None, needs_person=True)

        assert Outcome.COULD_NOT_MARK == work_of(found(crashed), KEY).outcome

    def test_the_newest_attempt_failed(self) -> None:
        """Where the newest attempt could not be marked, the older marks do not hide it."""
        newer = ON_TIME + timedelta(hours=1)
        failed = entry(newer, Outcome.TIMED_OUT)

        work = work_of(found(cell(), entry=failed, handed_in=newer), KEY)

        assert work.failed
        assert Outcome.TIMED_OUT == work.outcome

    def test_marked_again_by_plain_nbgrader(self) -> None:
        """Where nbgrader itself marked newer work, the ledger's older entry is past."""
        newer = ON_TIME + timedelta(hours=1)

        (mark,) = work_of(found(cell(handed_in=newer), entry=entry(), handed_in=newer), KEY).marks

        assert (1.0, None) == (mark.points, mark.hint)

    def test_a_penalty_is_taken_once_a_notebook(self) -> None:
        """A late penalty is taken once for each notebook, not for each of its cells."""
        cells = (
            cell(penalty=1.0),
            cell(cell="t2_check", penalty=1.0),
            cell(notebook="extra", penalty=0.5),
        )

        assert 1.5 == work_of(found(*cells), KEY).penalty

    def test_changed_since_marked(self) -> None:
        """Answers that changed after a person marked them are counted."""
        changed = cell(by_hand=True, manual=2.0, needs_person=True)

        assert (1, 1) == (
            work_of(found(changed), KEY).changed,
            work_of(found(changed), KEY).waiting,
        )
