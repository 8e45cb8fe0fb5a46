"""
Every number on the pages is one that raw SQL finds too.

Nothing here is shared with the report: sqlite3 reads the gradebooks and ledgers, the statistics are
scipy's.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from tests.bench.worlds import HUBS, World
from tests.reports.reading import numbers, spreadsheet, table, words

WEEKS = ("week01", "week02", "week03", "week04")
CELLS = """
SELECT s.student_id AS person, a.name AS week, a.duedate AS due, s.timestamp AS at, b.name AS cell,
       c.max_score AS worth, coalesce(g.manual_score, g.auto_score) AS points,
       g.needs_manual_grade AS waits
FROM grade g
JOIN submitted_notebook n ON n.id = g.notebook_id
JOIN submitted_assignment s ON s.id = n.assignment_id
JOIN assignment a ON a.id = s.assignment_id
JOIN base_cell b ON b.id = g.cell_id
JOIN grade_cells c ON c.id = b.id
"""
pytestmark = pytest.mark.parametrize("hub", HUBS)


def ask(world: World, hub: str, sql: str, *given: object, file: str = "gradebook.db") -> list[Any]:
    """Ask a hub's database."""
    with closing(sqlite3.connect(world.cohort.directory / hub / file)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, given).fetchall()


def pages(world: World, hub: str) -> Path:
    """Give a hub's folder of pages."""
    return world.cohort.directory / "reports" / hub


def people(world: World, hub: str) -> list[str]:
    """List who is at the hub."""
    return [row["id"] for row in ask(world, hub, "SELECT id FROM student ORDER BY id")]


def submitted(world: World, hub: str) -> dict[tuple[str, str], Any]:
    """Sum up each submission by person and week."""
    sql = f"""SELECT person, week, due, at, sum(CASE waits WHEN 0 THEN points END) AS points,
              sum(CASE waits WHEN 0 THEN worth END) AS marked, sum(worth) AS worth, sum(waits) AS waits
              FROM ({CELLS}) GROUP BY person, week"""
    return {(row["person"], row["week"]): row for row in ask(world, hub, sql)}


def answers(world: World, hubs: tuple[str, ...], week: str, task: str) -> list[tuple[float, float]]:
    """List the share of one task's points and of all others' of the week, wholly marked answers only."""
    sql = f"""SELECT sum(CASE WHEN cell GLOB ? THEN points END) AS mine,
              sum(CASE WHEN cell GLOB ? THEN worth END) AS worth,
              sum(CASE WHEN cell NOT GLOB ? AND waits = 0 THEN points END) AS rest,
              sum(CASE WHEN cell NOT GLOB ? AND waits = 0 THEN worth END) AS others,
              sum(CASE WHEN cell GLOB ? THEN waits END) AS waits
              FROM ({CELLS}) WHERE week = ? GROUP BY person"""
    own = f"{task}*"
    return [
        (row["mine"] / row["worth"], row["rest"] / row["others"])
        for hub in hubs
        for row in ask(world, hub, sql, own, own, own, own, own, week)
        if not row["waits"]
    ]


def newest(world: World, hub: str) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Give the newest ledger entry's marks of each person's week."""
    sql = "SELECT participant, week, marks FROM attempt WHERE id IN "
    sql += "(SELECT max(id) FROM attempt GROUP BY participant, week)"
    for row in ask(world, hub, sql, file="ledger.db"):
        yield row["participant"], row["week"], json.loads(row["marks"])


def short_hints(world: World, hub: str) -> dict[tuple[str, str], dict[str, str]]:
    """Find by person and week the task and hint of each cell that has not every point."""
    points = {
        (row["person"], row["week"], row["cell"]): (row["points"], row["worth"], row["waits"])
        for row in ask(world, hub, CELLS)
    }
    found: dict[tuple[str, str], dict[str, str]] = {}
    for person, week, marks in newest(world, hub):
        for mark in marks:
            got, worth, waits = points[person, week, mark["cell"]]
            if mark["hint"] and (waits or got < worth):
                codes = found.setdefault((person, week), {})
                codes[mark["hint"]] = mark["cell"].partition("_")[0]
    return found


class TestEveryone:
    def test_points_and_what_waits(self, world: World, hub: str) -> None:
        """Each cell's points, what they are out of and the answers that wait are the gradebook's."""
        known = submitted(world, hub)
        expected, seen = {}, {}
        for row in table(pages(world, hub) / "everyone.html", "What each person"):
            for number, week in enumerate(WEEKS, 1):
                key, text = (row[""], week), row[f"Week {number}"]
                seen[key] = numbers(re.sub(r"Late by .*", "", text)) or text
                one = known.get(key)
                waits = [one["waits"]] if one and one["waits"] else []
                expected[key] = (
                    [one["points"], one["marked"], *waits] if one else "Nothing submitted"
                )

        assert expected == seen
        assert len(expected) == len(WEEKS) * len(people(world, hub))

    def test_lateness(self, world: World, hub: str) -> None:
        """The hours late in the table are those between the due time and the hand-in."""
        known = submitted(world, hub)
        expected = {}
        for key, one in known.items():
            at, due = (datetime.fromisoformat(one[name]) for name in ("at", "due"))
            hours = (at - due).total_seconds() / 3600
            expected[key] = f"{hours:.1f}" if hours > 0 else ""
        rows = spreadsheet(pages(world, hub) / "everyone.csv")
        seen = {(row["participant"], row["week"]): row["hours_late"] for row in rows}

        assert expected == {
            key: f"{float(hours):.1f}" if hours else ""
            for key, hours in seen.items()
            if key in known
        }
        assert {""} == {hours for key, hours in seen.items() if key not in known}

    def test_the_export(self, world: World, hub: str) -> None:
        """nbgrader's columns hold the gradebook's scores; what is missing or waits is empty."""
        known = submitted(world, hub)
        seen = {
            (row["student_id"], row["assignment"]): (row["score"], row["max_score"])
            for row in spreadsheet(pages(world, hub) / "grades.csv")
        }
        expected = {
            (person, week): (
                f"{one['points']:g}"
                if (one := known.get((person, week))) and not one["waits"]
                else "",
                "34",
            )
            for person in people(world, hub)
            for week in WEEKS
        }

        assert expected == seen


class TestFirstPage:
    def test_how_many_submitted(self, world: World, hub: str) -> None:
        """The first page counts who submitted the last two weeks."""
        text = words(pages(world, hub) / "index.html")
        here = len(people(world, hub))
        for number, week in ((3, "week03"), (4, "week04")):
            done = sum(key[1] == week for key in submitted(world, hub))
            found = re.search(
                rf"Week {number} \(Title {number}\) was due on [^:]*: (\d+) of (\d+)", text
            )

            assert found
            assert (str(done), str(here)) == found.groups()

    def test_what_waits(self, world: World, hub: str) -> None:
        """The first page counts the answers that wait for a person."""
        waits = sum(one["waits"] for one in submitted(world, hub).values())
        found = re.search(r"(\d+) answers? waits? for you", words(pages(world, hub) / "index.html"))

        assert found
        assert str(waits) == found[1]

    def test_numbers_in_reasons(self, world: World, hub: str) -> None:
        """How many weeks somebody submitted, and what they earned, is what the gradebook says."""
        known, rows = submitted(world, hub), spreadsheet(pages(world, hub) / "who-needs-you.csv")
        expected, seen = [], []
        for row in rows:
            person = row["participant"]
            if found := re.search(r"Submitted (\S+) of the 4 weeks", row["reasons"]):
                done = sum(key[0] == person for key in known)
                expected.append((person, str(done or "none")))
                seen.append((person, found[1]))
            if found := re.search(r"Earned (\S+) of (\S+) points.* in week (\d)", row["reasons"]):
                one = known[person, WEEKS[int(found[3]) - 1]]
                expected.append((person, f"{one['points']:g}", f"{one['marked']:g}"))
                seen.append((person, found[1], found[2]))

        assert expected == seen
        assert len(seen) > 0

    def test_each_who_is_counted_is_there(self, world: World, hub: str) -> None:
        """The number of people who need somebody is the number of cards."""
        page = pages(world, hub) / "index.html"
        found = re.search(r"(\d+) people need you", words(page))

        assert found
        assert int(found[1]) == page.read_text(encoding="utf-8").count('<article class="card')


class TestWaiting:
    def test_answers_oldest_first(self, world: World, hub: str) -> None:
        """Every answer that waits is listed with its number, the oldest hand-in first."""
        waiting = [one for one in submitted(world, hub).values() if one["waits"]]
        waiting.sort(key=lambda one: one["at"])
        rows = table(pages(world, hub) / "marking.html", "Answers that wait")

        assert sorted((o["person"], int(o["week"][-2:]), o["waits"]) for o in waiting) == sorted(
            (row[""], int(row["Week"]), int(numbers(row["Answers"])[0])) for row in rows
        )
        times = {(o["person"], int(o["week"][-2:])): o["at"] for o in waiting}
        assert [o["at"] for o in waiting] == [times[row[""], int(row["Week"])] for row in rows]

    def test_how_long(self, world: World, hub: str) -> None:
        """The hours an answer waits are counted from its hand-in."""
        known = submitted(world, hub)
        for row in spreadsheet(pages(world, hub) / "waiting.csv"):
            at = datetime.fromisoformat(known[row["participant"], row["week"]]["at"])
            hours = (world.now - at.replace(tzinfo=UTC)).total_seconds() / 3600

            assert hours == pytest.approx(float(row["hours_waiting"]), abs=0.051)


class TestTasks:
    def test_difficulty(self, world: World, hub: str) -> None:
        """Answers, the share with every point and Wilson's interval are scipy's of the same answers."""
        expected, seen = [], []
        for row in spreadsheet(pages(world, hub) / "tasks.csv"):
            given = answers(world, (hub,), row["week"], row["task"])
            full, n = sum(mine >= 1 for mine, _ in given), len(given)
            ends = stats.binomtest(full, n).proportion_ci(method="wilson")
            expected.append((n, full / n, ends.low, ends.high))
            names = "answers", "all_points_share", "all_points_low", "all_points_high"
            seen.append(tuple(float(row[name]) for name in names))

        assert 8 * len(WEEKS) == len(seen)
        assert seen == [pytest.approx(each, abs=6e-5) for each in expected]

    def test_discrimination(self, world: World, hub: str) -> None:
        """How a task goes with the rest, and Fisher's interval, are scipy's of the same answers."""
        expected, seen = [], []
        for row in spreadsheet(pages(world, hub) / "tasks.csv"):
            if not row["discrimination"]:
                continue
            given = answers(world, (hub,), row["week"], row["task"])
            r = stats.pearsonr([mine for mine, _ in given], [rest for _, rest in given])
            ends = r.confidence_interval()
            expected.append((r.statistic, ends.low, ends.high))
            names = "discrimination", "discrimination_low", "discrimination_high"
            seen.append(tuple(float(row[name]) for name in names))

        assert len(seen) > 20
        assert seen == [pytest.approx(each, abs=6e-5) for each in expected]

    def test_all_hubs(self, world: World, hub: str) -> None:
        """What stands beside a hub's numbers is counted over all hubs."""
        expected, seen = [], []
        for row in spreadsheet(pages(world, hub) / "tasks.csv"):
            given = answers(world, HUBS, row["week"], row["task"])
            expected.append((len(given), sum(mine >= 1 for mine, _ in given) / len(given)))
            seen.append((float(row["all_hubs_answers"]), float(row["all_hubs_all_points_share"])))

        assert seen == [pytest.approx(each, abs=6e-5) for each in expected]

    def test_the_commonest_misunderstanding(self, world: World, hub: str) -> None:
        """The commonest hint of a task is the one most answers were given, and so is its share."""
        hints = short_hints(world, hub)
        counts: dict[tuple[str, str], Counter[str]] = {}
        for (_, week), codes in hints.items():
            for code, task in codes.items():
                counts.setdefault((week, task), Counter())[code] += 1
        for row in spreadsheet(pages(world, hub) / "tasks.csv"):
            counted = counts.get((row["week"], row["task"]), Counter())
            most = max(counted.values(), default=0)

            assert (most == 0) == (row["misconception_code"] == "")
            if most:
                assert most == counted[row["misconception_code"]]
                n = len(answers(world, (hub,), row["week"], row["task"]))
                assert most / n == pytest.approx(float(row["misconception_share"]), abs=6e-5)

    def test_the_page_says_what_the_table_says(self, world: World, hub: str) -> None:
        """The page shows the table's numbers as whole per cents and two decimals."""
        rows = table(pages(world, hub) / "tasks.html", "How each task went")
        files = spreadsheet(pages(world, hub) / "tasks.csv")
        for shown, row in zip(rows, files, strict=True):
            share = [float(row[f"all_points_{name}"]) for name in ("share", "low", "high")]

            assert shown["Answers"] == row["answers"]
            assert numbers(shown["All points"]) == pytest.approx(
                [100 * each for each in share], abs=0.51
            )
            if row["discrimination"]:
                ends = [
                    row["discrimination"],
                    row["discrimination_low"],
                    row["discrimination_high"],
                ]
                assert numbers(shown["Goes with the rest"]) == pytest.approx(
                    [float(each) for each in ends], abs=0.0051
                )
            if row["misconception_code"]:
                assert float(row["misconception_share"]) * 100 == pytest.approx(
                    numbers(shown["Misunderstood most"].split(")")[1])[0], abs=0.51
                )

    def test_outcomes(self, world: World, hub: str) -> None:
        """How many people are how far with an outcome follows from the marks of its two tasks."""
        sql = f"""SELECT person, sum(points) / sum(worth) AS share, count(*) AS n FROM ({CELLS})
                  WHERE week = ? AND waits = 0 AND (cell GLOB ? OR cell GLOB ?) GROUP BY person"""
        for row in table(pages(world, hub) / "tasks.html", "How many people"):
            found = re.search(r"W(\d\d)\.O(\d)", row[""])
            assert found
            one, two = f"t{found[2]}_*", f"t{int(found[2]) + 1}_*"
            shares = [r["share"] for r in ask(world, hub, sql, f"week{found[1]}", one, two)]
            secure, nearly = sum(s >= 0.8 for s in shares), sum(0.5 <= s < 0.8 for s in shares)
            expected = secure, nearly, len(shares) - secure - nearly, 0
            labels = "Secure", "Nearly", "Revisit", "Too few to say"

            assert expected == tuple(int(row[label]) for label in labels)


class TestParticipants:
    def test_points(self, world: World, hub: str) -> None:
        """Somebody's own page shows the gradebook's points."""
        known = submitted(world, hub)
        expected, seen = {}, {}
        for person in people(world, hub):
            page = pages(world, hub) / "participants" / f"{person}.html"
            for row in table(page, "What was submitted"):
                week = WEEKS[int(row[""][0]) - 1]
                one = known.get((person, week))
                waits = [one["waits"]] if one and one["waits"] else []
                expected[person, week] = [one["points"], one["marked"], *waits] if one else []
                seen[person, week] = numbers(re.sub(r"Late by .*", "", row["Points"]))

        assert expected == seen

    def test_outcomes(self, world: World, hub: str) -> None:
        """Points and number of checks of each outcome are those of its tasks' cells."""
        sql = f"""SELECT sum(points) AS points, sum(worth) AS worth, count(*) AS n FROM ({CELLS})
                  WHERE person = ? AND week = ? AND waits = 0 AND (cell GLOB ? OR cell GLOB ?)"""
        rows = spreadsheet(pages(world, hub) / "outcomes.csv")
        for row in rows[:: max(1, len(rows) // 60)]:
            which = int(row["outcome"][-1])
            place = row["participant"], row["week"], f"t{which}_*", f"t{which + 1}_*"
            [one] = ask(world, hub, sql, *place)
            expected = one["points"], one["worth"], one["n"]

            assert expected == tuple(float(row[name]) for name in ("points", "out_of", "checks"))

    def test_misunderstandings(self, world: World, hub: str) -> None:
        """What is worth another look is every hint whose cell has not every point."""
        hints = short_hints(world, hub)
        for person in people(world, hub):
            text = words(pages(world, hub) / "participants" / f"{person}.html")
            seen = set(re.findall(r"\((W\d\d\.T\d\.M\d)\) worth another look", text))

            assert {
                code for key, codes in hints.items() if key[0] == person for code in codes
            } == seen

    def test_comments(self, world: World, hub: str) -> None:
        """Each comment that a mentor wrote is on its owner's page, and on no other."""
        sql = """SELECT s.student_id AS person, count(*) AS n FROM comment c
                 JOIN submitted_notebook n ON n.id = c.notebook_id
                 JOIN submitted_assignment s ON s.id = n.assignment_id
                 WHERE c.manual_comment IS NOT NULL GROUP BY s.student_id"""
        known = {row["person"]: row["n"] for row in ask(world, hub, sql)}
        seen = {
            person: words(pages(world, hub) / "participants" / f"{person}.html").count(
                "Well argued."
            )
            for person in people(world, hub)
        }

        assert {person: known.get(person, 0) for person in seen} == seen


class TestHubs:
    def test_counts(self, world: World, hub: str) -> None:
        """The lead's page counts people, submissions of the last week and what waits."""
        rows = spreadsheet(world.cohort.directory / "reports" / "programme" / "hubs.csv")
        [row] = [row for row in rows if row["hub"] == hub]
        known = submitted(world, hub)

        assert len(people(world, hub)) == int(row["participants"])
        assert sum(key[1] == "week04" for key in known) == int(row["submitted"])
        assert sum(one["waits"] for one in known.values()) == int(row["answers_waiting"])

    def test_the_page_says_what_the_table_says(self, world: World, hub: str) -> None:
        """The page shows the table's numbers."""
        folder = world.cohort.directory / "reports" / "programme"
        [row] = [r for r in spreadsheet(folder / "hubs.csv") if r["hub"] == hub]
        [shown] = [
            r for r in table(folder / "index.html", "People and what") if r[""].lower() == hub
        ]
        expected = [
            row[n] for n in ("participants", "submitted", "need_somebody", "answers_waiting")
        ]
        labels = "Participants", "Submitted last", "Need somebody", "Wait for a mark"

        assert [float(n) for n in expected] == [numbers(shown[label])[0] for label in labels]
