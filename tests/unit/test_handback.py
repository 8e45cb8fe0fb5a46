"""The page a participant gets back: it helps, it is readable, and nothing live or secret is on it."""

from __future__ import annotations

import base64
import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.marks import Outcome, Verdict
from grader.pages import advising, cleaning, handback, outputs, wording
from grader.pages.handback import (
    Advice,
    Cell,
    Check,
    Reflection,
    Shown,
    Task,
    own_frames,
    page,
)

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
COPY = Advice(
    "`recode` changed the table it was given.",
    "A table passed to a function is the same table as outside.",
    "Begin with a copy of `df`.",
    "W01.T3.M2",
    "Edits the table it was given",
)
CODE = "def recode(df):\n    return df['age'].replace(99, None)"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()


class Page(HTMLParser):
    """Read a page into its elements, headings, words and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.strange: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"comment {data}")

    def unknown_decl(self, data: str) -> None:
        self.strange.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"instruction {data}")

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


KNOWN = (
    cleaning.TAGS
    | {"html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer"}
    | {"section", "h1", "h2", "h3", "h4", "details", "summary", "bdi"}
)
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "tabindex"),
    *("role", "scope", "data-label", "rel", "aria-label", "aria-labelledby", "src", "alt"),
    *("colspan", "rowspan", "start"),
}


def live(html: str) -> list[str]:
    """List whatever on a page could run, load, send or restyle."""
    read = Page(html)
    found = list(read.strange)
    for tag, attributes in read.elements:
        found += [f"element {tag}"] if tag not in KNOWN else []
        found += [f"{tag} {name}" for name in attributes if name not in ATTRIBUTES]
        href, src = attributes.get("href", "#"), attributes.get("src", "data:image/png,")
        found += [] if re.match(r"#|https?://|mailto:", href) else [f"{tag} href {href}"]
        found += [] if re.match(r"data:image/(png|jpeg|gif|webp|svg\+xml)", src) else [f"src {src}"]
        found += [f"{tag} src {src}"] if "src" in attributes and tag != "img" else []
    found += ["a second style"] * (len(read.of("style")) - 1)
    found += ["another meta"] * (len(read.of("meta")) - 4)
    return found


def check(verdict: Verdict, name: str = "t3_check", **more: Any) -> Check:
    points = {Verdict.PASSED: 2.0, Verdict.PARTLY: 1.5}.get(verdict, 0.0)
    waits = verdict in {Verdict.UNDECIDED, Verdict.BY_HAND}
    return Check(name, more.pop("points", None if waits else points), 2, verdict, **more)


def task(*checks: Check, number: int = 3, cells: tuple[Cell, ...] = (Cell(CODE),)) -> Task:
    return Task(number, "recode missing values", checks, cells)


def shown(*tasks: Task, **more: Any) -> Shown:
    fixed: dict[str, Any] = {"points": 2.0, "out_of": 4, **more}
    return Shown(
        "p303", "Week 1: first honest numbers", "Newport", "Spring 2027", tasks=tasks, **fixed
    )


def words_of(page_shown: Shown) -> str:
    return Page(page(page_shown)).text


FULL = shown(
    task(
        check(Verdict.PASSED),
        check(Verdict.FAILED, "t3_more", hidden=True, advice=COPY),
        cells=(Cell(CODE, comment="Nearly *there*."), Cell("1/0", outputs=())),
    ),
    task(check(Verdict.FAILED, message="One\nTwo\nThree"), number=4),
    reflections=(Reflection("Reflection", Cell("# Big\n\n**Strong** words", prose=True), None, 6),),
    others=(Cell("df", outputs=({"output_type": "stream", "text": "hello"},)),),
    put_back=("The check of Task 2 had been changed.",),
    left_out={"week01-Copy1.ipynb": "it is a second notebook."},
    open_answers=1,
    late="It was 2 days late.",
)
EVERY_PAGE = [
    FULL,
    shown(),
    shown(task(check(Verdict.PASSED))),
    *(shown(outcome=outcome, points=None) for outcome in Outcome),
]


@pytest.mark.parametrize("values", EVERY_PAGE, ids=lambda values: values.outcome.value)
class TestEveryPage:
    def test_its_policy_comes_first_in_the_head(self, values: Shown) -> None:
        """The content security policy stands before everything it is to govern."""
        elements = Page(page(values)).elements
        expected = ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
        assert expected == elements[[tag for tag, _ in elements].index("head") + 1]

    def test_it_is_written_in_british_english(self, values: Shown) -> None:
        """A screen reader reads it with the right voice."""
        assert [{"lang": "en-GB"}] == Page(page(values)).of("html")

    def test_it_has_one_h1_and_skips_no_level(self, values: Shown) -> None:
        """The headings are a table of contents without holes."""
        levels = [
            int(tag[1]) for tag, _ in Page(page(values)).elements if re.fullmatch(r"h\d", tag)
        ]
        assert (1, 1) == (levels[0], levels.count(1))
        assert [] == [b for a, b in pairwise(levels) if b > a + 1]

    def test_each_link_within_it_has_a_target(self, values: Shown) -> None:
        """No link leads nowhere, and no two places share a name."""
        read = Page(page(values))
        names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
        links = {a["href"][1:] for a in read.of("a") if a["href"].startswith("#")}
        assert len(names) == len(set(names))
        assert set() == links - set(names)

    def test_what_scrolls_can_be_reached_by_keyboard(self, values: Shown) -> None:
        """A box that scrolls is focusable and says what it holds."""
        boxes = Page(page(values)).of("pre")
        assert [] == [box for box in boxes if box["tabindex"] != "0" or not box["aria-label"]]

    def test_nothing_on_it_is_live_or_foreign(self, values: Shown) -> None:
        """It opens from disk: nothing runs, nothing is fetched."""
        assert [] == live(page(values))


class TestWords:
    @pytest.mark.parametrize(
        ("expected", "found"),
        [
            ("Passed", check(Verdict.PASSED)),
            ("Not yet", check(Verdict.FAILED)),
            ("Partly: 1.5 of 2", check(Verdict.PARTLY)),
            ("Waiting for a person", check(Verdict.UNDECIDED)),
            ("Waiting for your mentor", check(Verdict.BY_HAND)),
            ("Marked by your mentor", check(Verdict.BY_HAND, points=1.0)),
            ("Not reached: the notebook stopped at Task 4", check(Verdict.NOT_REACHED)),
        ],
    )
    def test_a_verdict_is_told_in_words(self, expected: str, found: Check) -> None:
        """Each verdict has its words, and they are on the page."""
        assert expected == wording.verdict(found, "Task 4")
        assert expected in words_of(shown(task(found), stopped_at="Task 4"))

    def test_a_check_says_which_part_it_is(self) -> None:
        """Participants know which check they could run."""
        first, second = check(Verdict.PASSED), check(Verdict.PASSED, "t3_more", hidden=True)
        question = task(first, second)
        assert "Check 1 of 2 (the one you could run)" == wording.label(first, question)
        assert "Check 2 of 2 (more checks, run after you handed in)" == wording.label(
            second, question
        )

    def test_the_hint_comes_before_the_code(self) -> None:
        """What we saw, the likely cause, what to try, and only then what they wrote."""
        text = words_of(shown(task(check(Verdict.FAILED, advice=COPY))))
        text = text[text.index("What the checks found") :]
        order = ["What we saw", "Likely cause", "What to try", "W01.T3.M2", "What you wrote"]
        assert order == sorted(order, key=text.index)

    def test_the_same_hint_is_told_once_in_a_task(self) -> None:
        """A second check that saw the same mistake points to the first."""
        both = (check(Verdict.FAILED, advice=COPY), check(Verdict.FAILED, "t3_more", advice=COPY))
        text = words_of(shown(task(*both)))
        assert 1 == text.count("Likely cause")
        assert "It found the same as check 1." in text

    def test_a_visible_check_without_a_hint_speaks_for_itself(self) -> None:
        """Three lines of a check are what was seen, the cause and what to try, without its code."""
        found = check(Verdict.FAILED, message="Task 3: Saw.\nCause.\nTry.\n[W01.T3.M2]")
        assert Advice("Saw.", "Cause.", "Try.") == advising.advice(found)

    def test_an_unfilled_placeholder_is_never_shown(self) -> None:
        """A hint whose sentence was not filled does without that sentence."""
        hint = Advice("`{function}` gave {got}.", "Cause.", "Try.", "W01.T1.M1")
        text = words_of(shown(task(check(Verdict.FAILED, advice=hint))))
        assert "{" not in text
        assert "Cause." in text

    def test_a_mentors_comment_stands_with_the_answer(self) -> None:
        """The comment is rendered, and the top of the page leads to it."""
        text = words_of(FULL)
        assert "Your mentor writes Nearly there ." in text
        assert "Your mentor wrote to you: Task 3 ." in text

    def test_an_answer_that_waits_says_so(self) -> None:
        """A reflection nobody has marked is no zero."""
        assert "Worth 6 points. Your mentor has not marked this yet." in words_of(FULL)
        assert "1 answer waits for your mentor." in words_of(FULL)

    def test_points_so_far_leave_out_what_waits(self) -> None:
        """What waits for a person counts on neither side."""
        waiting = shown(
            task(check(Verdict.PASSED), check(Verdict.UNDECIDED, "t3_more")), points=None
        )
        assert "2 of 2 points so far" == wording.score(waiting)

    def test_headings_in_an_answer_do_not_break_the_page(self) -> None:
        """A participant's heading becomes a strong line."""
        assert "<p><strong>Big</strong></p>\n" == cleaning.safe_markdown("# Big")


class TestNextSteps:
    def test_at_most_three_in_the_order_of_the_tasks(self) -> None:
        """Three suggestions are a plan, seven are a list of faults."""
        hints = [Advice("", "", f"Try {n}.", f"W01.T{n}.M1") for n in range(1, 6)]
        tasks = [task(check(Verdict.FAILED, advice=h), number=n) for n, h in enumerate(hints, 1)]
        steps = advising.next_steps(shown(*tasks))
        assert ["Try 1.", "Try 2.", "Try 3."] == [step.words for step in steps]

    def test_a_check_that_knows_the_mistake_comes_first(self) -> None:
        """Of one task's checks the one with a hint gives the suggestion."""
        vague, sure = check(Verdict.FAILED), check(Verdict.FAILED, "t3_more", advice=COPY)
        assert [COPY.next] == [step.words for step in advising.next_steps(shown(task(vague, sure)))]

    def test_where_all_passed_the_stretch_is_suggested(self) -> None:
        """Somebody who got everything right is told so and offered more."""
        text = words_of(shown(task(check(Verdict.PASSED)), stretch="Now try traffic counts."))
        assert "Every check passed." in text
        assert "There is nothing to mend. Now try traffic counts." in text

    def test_a_check_that_was_not_reached_asks_for_a_run(self) -> None:
        """Where the notebook stopped by itself, running it whole comes first."""
        (step,) = advising.next_steps(shown(task(check(Verdict.NOT_REACHED))))
        assert "Restart Kernel and Run All Cells" in step.words

    def test_a_notebook_that_stopped_comes_first(self) -> None:
        """Nothing else helps before the notebook runs through."""
        failed = task(check(Verdict.FAILED, advice=COPY))
        steps = advising.next_steps(shown(failed, outcome=Outcome.TIMED_OUT))
        assert [None, failed] == [step.task for step in steps]


class TestOutcomes:
    @pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.FINISHED])
    def test_what_happened_and_what_comes_next_are_told(self, outcome: Outcome) -> None:
        """No ending is left without words, and none but a finished one is called complete."""
        text = words_of(shown(outcome=outcome, points=None, reason="It is on record."))
        assert "What happened" in text
        assert "It is on record." in text
        assert "nothing to mend" not in text

    def test_a_failure_of_the_machine_is_never_a_zero(self) -> None:
        """Whoever meets our failure reads that it is ours and what becomes of the work."""
        text = words_of(shown(outcome=Outcome.COULD_NOT_MARK, points=None))
        assert "No points yet" in text
        assert "A failure of the machine is never a zero" in text
        assert "There is nothing for you to do." in text

    def test_what_was_put_back_and_left_out_is_told(self) -> None:
        """Whatever we changed before marking is on the page."""
        text = words_of(FULL)
        assert "The check of Task 2 had been changed." in text
        assert "week01-Copy1.ipynb : it is a second notebook." in text


IPYTHON = """\x1b[31mValueError\x1b[39m   Traceback (most recent call last)
\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[9]\x1b[39m\x1b[32m, line 2\x1b[39m
\x1b[32m      1\x1b[39m SECRET_EXPECTED = 4217
\x1b[32m----> 2\x1b[39m assert recode(SECRET_TABLE) == SECRET_EXPECTED

\x1b[36mCell\x1b[39m \x1b[32mIn[3]\x1b[39m\x1b[32m, line 2\x1b[39m, in \x1b[36mrecode\x1b[39m\x1b[34m(df)
\x1b[32m      1\x1b[39m def recode(df):
\x1b[32m----> 2\x1b[39m     return df['age'].replace(99, None)

\x1b[36mFile \x1b[39m\x1b[32m/home/marker/p999/lib/core.py:7\x1b[39m, in get(self)
\x1b[32m----> 7\x1b[39m raise KeyError(SECRET_KEY)

\x1b[31mKeyError\x1b[39m: 'SECRET_AGE in /home/marker/p999/x.csv'"""
PYTHON = """Traceback (most recent call last):
  File "/srv/p999/week01_checks.py", line 8, in t3_more
    assert recode(SECRET_TABLE) == SECRET_EXPECTED
  File "<t3>", line 2, in recode
    return df['age'].replace(99, None)
           ~~^^^^^^^
KeyError: 'SECRET_AGE'"""
SECRET = re.compile(r"SECRET\w*|4217|p999|/home|/srv|marker")


class TestOwnFrames:
    def test_only_the_participants_frame_stays(self) -> None:
        """Of IPython's traceback the lines of their cell stay, with the kind of error."""
        expected = (
            "Your code, line 2, in recode\n"
            "      1 def recode(df):\n"
            "----> 2     return df['age'].replace(99, None)\n\n"
            "KeyError"
        )
        assert expected == own_frames(IPYTHON, [CODE], tell=False)

    def test_pythons_own_form_is_read_too(self) -> None:
        """Of Python's traceback likewise."""
        expected = (
            "Your code, line 2, in recode\n----> 2 return df['age'].replace(99, None)\n\nKeyError"
        )
        assert expected == own_frames(PYTHON, [CODE], tell=False)

    def test_what_the_error_said_stays_where_it_may(self) -> None:
        """In a cell of their own they read the message, without the path of a machine."""
        last = own_frames(IPYTHON, [CODE]).splitlines()[-1]
        assert "KeyError: 'SECRET_AGE in …/x.csv'" == last

    def test_a_frame_that_only_claims_to_be_theirs_goes(self) -> None:
        """A line counts as theirs at its own number only."""
        moved = IPYTHON.replace("----> 2\x1b[39m     return", "----> 1\x1b[39m     return")
        assert "KeyError" == own_frames(moved, [CODE], tell=False)

    def test_a_line_of_a_number_too_long_to_be_read_is_nobodys(self) -> None:
        """A traceback is a text like any other: its numbers may be of five thousand digits."""
        crafted = f"File a, line {'1' * 5000}\n{'1' * 5000} x = 1\nValueError: x"
        assert "ValueError: x" == own_frames(crafted, [CODE])

    def test_names_carry_nothing_out_of_a_hidden_check(self) -> None:
        """Neither a class of errors nor a function named after what it was given is told."""
        crafted = IPYTHON.replace("KeyError", "V4217Error").replace("mrecode\x1b", "mv4217\x1b")
        expected = ["Your code, line 2", "An error"]
        told = own_frames(crafted, [CODE], tell=False).splitlines()
        assert expected == [told[0], told[-1]]

    @given(st.text(alphabet=" \n>-0123456789:FileCell In[],line.py\x1b[m\"'SECRET", max_size=400))
    def test_no_line_that_they_did_not_write_appears(self, traceback: str) -> None:
        """Whatever a traceback looks like, each line of code in it is theirs."""
        code = re.findall(
            r"^(?:---->|     ) \d+ (.*)$", own_frames(traceback, [CODE]), re.MULTILINE
        )
        assert set() == {line.strip() for line in code} - {
            line.strip() for line in CODE.split("\n")
        }


class TestNothingElse:
    @pytest.mark.parametrize("traceback", [IPYTHON, PYTHON])
    def test_a_hidden_check_shows_its_verdict_and_hint_only(self, traceback: str) -> None:
        """Neither what it said, nor its lines, nor a path, nor somebody's id, nor an expected value."""
        hidden = check(
            Verdict.FAILED,
            hidden=True,
            message="AssertionError: SECRET_EXPECTED 4217\nin /home/marker/p999\nSECRET",
            traceback=traceback,
        )
        html = page(shown(task(hidden), reason="worker /home/marker/p999 ended"))
        assert [] == SECRET.findall(Page(html).text)
        assert "Your code, line 2, in recode" in html

    def test_a_hidden_check_with_a_hint_keeps_its_message_to_itself(self) -> None:
        """Beside a hint nothing else is told."""
        hidden = check(Verdict.PARTLY, hidden=True, advice=COPY, message="SECRET\n4217\np999")
        assert [] == SECRET.findall(page(shown(task(hidden))))

    @pytest.mark.parametrize("verdict", [v for v in Verdict if v not in {"failed", "partly"}])
    def test_other_verdicts_show_no_message(self, verdict: Verdict) -> None:
        """A check that passed, was not reached or waits has nothing more to say."""
        html = page(shown(task(check(verdict, message="SECRET\n4217\np999", hidden=True))))
        assert [] == SECRET.findall(html)

    def test_paths_of_the_machine_do_not_appear_in_outputs(self) -> None:
        """Warnings and errors name the file, not where it lay."""
        warning = "/tmp/ipykernel_12/9.py:3: FutureWarning\n  at C:\\Users\\p999\\x.csv"
        assert "…/9.py:3: FutureWarning\n  at …/x.csv" == cleaning.plain(warning)

    def test_an_address_on_the_web_is_no_path(self) -> None:
        """Links and fractions stay as they are."""
        text = "https://example.org/home/x 1/2 and/or </table>"
        assert text == cleaning.plain(text)


def one(output: dict[str, Any]) -> list[outputs.Piece]:
    return outputs.pieces([output], [CODE])


def data(**kinds: Any) -> dict[str, Any]:
    named = {kind.replace("__", "+").replace("_", "/", 1): value for kind, value in kinds.items()}
    return {"output_type": "display_data", "data": named}


class TestOutputs:
    def test_a_table_of_pandas_stays_a_table(self) -> None:
        """Headings say what they head, and its style sheet is gone."""
        table = pd.DataFrame({"team": ["A"]})
        (piece,) = one(data(text_html=table._repr_html_(), text_plain=repr(table)))
        read = Page(piece.body)
        assert ["col", "col", "row"] == [th["scope"] for th in read.of("th")]
        assert "team 0 A" == read.text

    def test_spans_of_cells_stay(self) -> None:
        """A table with two levels of columns keeps its shape."""
        html = '<table class="dataframe"><tr><th colspan="2" halign="left">x</th></tr></table>'
        (piece,) = one(data(text_html=html))
        assert 'colspan="2"' in piece.body

    @pytest.mark.parametrize("start", ["\x9d", "\x90", "\x98", "\x9e", "\x9f"])
    def test_a_million_commands_that_never_end_are_read_in_one_go(self, start: str) -> None:
        """The time a page takes grows with what was printed, not with its square (hours)."""
        assert "" == cleaning.plain(start * 1_000_000 + "\x1bx")

    def test_text_loses_what_steers_a_terminal(self) -> None:
        """Colours, links and movements of the cursor are not text."""
        text = "\x1b[31mred\x1b[0m \x1b]8;;javascript:x\x07link\x1b]8;;\x07 \x9b2Jdone\x00\u202e"
        assert "red link done" == cleaning.plain(text)

    def test_a_progress_bar_shows_its_last_state(self) -> None:
        """A line written over and over counts once."""
        assert "100%\nend" == cleaning.plain("1%\r50%\r100%\r\nend")

    def test_long_text_is_shortened_with_a_word(self) -> None:
        """What is missing is counted."""
        (piece,) = one({"output_type": "stream", "text": ["x" * 5_000, "y" * 3_200]})
        assert (4_000, "… 4,200 more characters") == (len(piece.body), piece.more)

    def test_many_lines_are_shortened_too(self) -> None:
        """A loop that prints does not bury the page."""
        (piece,) = one({"output_type": "stream", "text": "a\n" * 1_000})
        assert (30, "… 1,940 more characters") == (len(piece.body.splitlines()), piece.more)

    def test_many_outputs_are_counted(self) -> None:
        """After twenty outputs comes a word."""
        many = outputs.pieces([{"output_type": "stream", "text": "a"}] * 25, [])
        assert (21, "… 5 more outputs") == (len(many), many[-1].body)

    @pytest.mark.parametrize("kind", ["png", "jpeg"])
    def test_a_picture_is_shown_from_the_page_itself(self, kind: str) -> None:
        """PNG and JPEG pass if they are what they say."""
        raw = base64.b64encode(outputs.PICTURES[f"image/{kind}"] + b"...").decode()
        (piece,) = one(data(**{f"image_{kind}": raw + "\n", "text_plain": "<Figure>"}))
        assert ("picture", f"data:image/{kind};base64,{raw}") == (piece.kind, piece.body)

    def test_a_drawing_is_a_picture_and_never_part_of_the_page(self) -> None:
        """SVG stands in an img, where no script of it runs."""
        (piece,) = one(data(image_svg__xml="<svg onload='x()'/>"))
        assert "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9J3goKScvPg==" == piece.body

    @pytest.mark.parametrize("raw", ["not base64!", base64.b64encode(b"GIF89a").decode(), ""])
    def test_a_picture_that_is_none_is_left_out(self, raw: str) -> None:
        """What only claims to be a picture is replaced by a word."""
        assert [outputs.LEFT_OUT] == [piece.body for piece in one(data(image_png=raw))]

    def test_scripts_and_widgets_are_left_out_with_a_word(self) -> None:
        """Their stand-in text is kept only where it says something."""
        script = data(application_javascript="x()", text_plain="<IPython.core.display.Javascript>")
        widget = data(**{"application_vnd.jupyter.widget-view__json": {}, "text_plain": "Slider()"})
        assert [outputs.LEFT_OUT] == [piece.body for piece in one(script)]
        assert ["Slider()", outputs.LEFT_OUT] == [piece.body for piece in one(widget)]

    def test_a_formula_is_shown_as_text(self) -> None:
        """Nothing typesets it here."""
        assert [("text", "$x<1$")] == [(p.kind, p.body) for p in one(data(text_latex="$x<1$"))]

    def test_an_error_says_its_name_and_folds_the_rest(self) -> None:
        """The traceback keeps the participant's frames only."""
        error = {"output_type": "error", "ename": "KeyError", "evalue": "'age'"}
        (piece,) = one({**error, "traceback": IPYTHON.split("\n")})
        assert "KeyError: 'age'" == piece.body
        assert piece.trace.startswith("Your code, line 2, in recode\n")

    @pytest.mark.parametrize(
        "odd",
        [
            {},
            {"output_type": "stream"},
            {"output_type": "stream", "text": [1, None]},
            {"output_type": "display_data", "data": "text"},
            {"output_type": "display_data", "data": {"image/png": 7, "text/html": None}},
            {"output_type": "error", "ename": None, "evalue": [], "traceback": 3},
            {"output_type": "update_display_data", "data": {}},
        ],
    )
    def test_an_output_out_of_shape_stops_nothing(self, odd: dict[str, Any]) -> None:
        """A page is made whatever a notebook holds."""
        assert [] == live(page(shown(task(cells=(Cell("x", outputs=(odd,)),)))))


ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://x.test/a.js></sCrIpT >",
    "<<script>script>alert(1)<</script>/script>",
    "</code></pre></div><script>alert(1)</script>",
    "</style></title></textarea><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='x'onerror='alert(1)'//>",
    "<img/src=`x`onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "<img src=data:image/png;base64,AAAA onload=alert(1) style=position:fixed>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src=https://x.test/seen.gif srcset='https://x.test/2 2x'>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><td><img alt='<table><script>alert(1)</script>' src=x></td></table>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=https://x.test/>",
    "<link rel=stylesheet href=https://x.test/a.css>",
    "<style>@import 'https://x.test/a.css'; body{background:url(https://x.test)}</style>",
    "<p style=\"background:url('javascript:alert(1)')\" onmouseover=alert(1)>x</p>",
    "<form action=https://x.test><input autofocus onfocus=alert(1)><button>ok</button></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<body onload=alert(1)><html onclick=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' &#106;ava&#x0A;script:alert(1)'>x</a>",
    "<a href='jav\tascript:alert(1)'>x</a><a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=vbscript:x>x</a><a href=//x.test>x</a><a href=file:///etc/passwd>x</a>",
    "<a href=https://x.test target=_top ping=https://x.test id=next class=verdict>x</a>",
    "[x](javascript:alert(1)) [y](<javascript:alert(1)>) <javascript:alert(1)>",
    "[x](JaVaScRiPt&colon;alert(1)) [y](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [y](vbscript:x) [z](file:///etc/passwd)",
    "[x]\n\n[x]: javascript:alert(1) '\"onclick=alert(1)'",
    '![x](javascript:alert(1)) ![y](https://x.test/seen.gif) !["onerror=alert(1)](x)',
    '![x](data:image/svg+xml;base64,PHN2Zy8+) ![z](data:image/png;base64,AA"onerror=alert(1))',
    "[x](https://x.test 'a\"onclick=alert(1)') ![](data:image/png;base64,AAAA '\"onload=alert(1)')",
    "`<script>alert(1)</script>` ``` <img src=x onerror=alert(1)> ```",
    '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
    "|<script>|\n|---|\n|<img src=x onerror=alert(1)>|",
    "<xmp><p title='</xmp><script>alert(1)</script>'>",
    "<template><script>alert(1)</script></template><slot onslotchange=alert(1)>",
    "{{ 7 * 7 }}{% include 'style.css' %}{# x #}",
    "\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\ \x1b[31m<script>alert(1)</script>\x1b[0m",
    "<scr\x00ipt>alert(1)</scr\x00ipt><scr\x1b[0mipt>alert(1)</scr\x1b[0mipt>",
    "\ud800<script>alert(1)</script>\ufffe",
    "<div>" * 9_000 + "<script>alert(1)</script>",
    "[" * 9_000 + "<script>" + "](javascript:x)" * 900,
]


def everywhere(text: str) -> Shown:
    """Put *text* into every place that a participant, a machine or a mentor can write to."""
    kinds = ("html", "plain", "markdown", "latex", "javascript")
    shows: list[dict[str, Any]] = [data(**{f"text_{kind}": text}) for kind in kinds]
    shows += [data(image_svg__xml=text), data(image_png=text), data(text_html=f"<table>{text}")]
    shows += [{"output_type": "stream", "name": "stderr", "text": text}]
    shows += [{"output_type": "error", "ename": text, "evalue": text, "traceback": [text, IPYTHON]}]
    cells = (Cell(text, outputs=tuple(shows), comment=text), Cell(text, prose=True))
    failed = check(Verdict.FAILED, message=text, traceback=f"{text}\n{IPYTHON}")
    advised = check(Verdict.FAILED, text, advice=Advice(text, text, text, text, text))
    return Shown(
        text,
        text,
        text,
        text,
        None,
        4,
        (Task(1, text, (failed, advised), (*cells, Cell(CODE))),),
        (Reflection(text, Cell(text, prose=True, comment=text), None, 6),),
        (Cell(text, outputs=tuple(shows)),),
        Outcome.TIMED_OUT,
        *(text,) * 3,
        put_back=(text,),
        left_out={text: text},
        programme=text,
        stretch=text,
    )


class TestHostile:
    @pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
    def test_no_attempt_is_live_on_the_page(self, attack: str) -> None:
        """Put anywhere, none leaves an element, handler or address that acts."""
        html = page(everywhere(attack))
        assert [] == live(html)
        assert html == html.encode().decode()

    def test_a_template_in_an_answer_is_text(self) -> None:
        """What a participant wrote is never read as ours."""
        assert "{{ 7 * 7 }}" in words_of(shown(task(cells=(Cell("{{ 7 * 7 }}"),))))

    def test_harmless_links_work_and_lead_out_safely(self) -> None:
        """A link to the web stays a link, without a way back to the page."""
        (link,) = Page(cleaning.safe_markdown("[x](https://example.org/a?b=1)")).of("a")
        assert {"href": "https://example.org/a?b=1", "rel": "noopener noreferrer"} == link

    def test_a_picture_pasted_into_an_answer_stays(self) -> None:
        """A PNG within the text is shown, with its words."""
        (picture,) = Page(cleaning.safe_markdown(f"![a plan](data:image/png;base64,{PNG})")).of(
            "img"
        )
        assert {"src": f"data:image/png;base64,{PNG}", "alt": "a plan"} == picture

    def test_huge_outputs_make_a_page_quickly(self) -> None:
        """Ten megabytes of a line, of brackets or of tags cost seconds at most."""
        began = time.monotonic()
        for text in (
            "x" * 10_000_000,
            "<table><b>" * 500_000,
            "\x1b[" * 2_000_000,
            "\r" * 5_000_000,
        ):
            shows = ({"output_type": "stream", "text": text}, data(text_html=text))
            assert 400_000 > len(page(shown(others=(Cell("x", outputs=shows),))))
        assert 20 > time.monotonic() - began

    PARTS = st.sampled_from(
        [
            *(
                "<",
                ">",
                '"',
                "'",
                "`",
                "/",
                "=",
                " ",
                "\n",
                "\n\n",
                "&",
                "&#x6a;",
                "(",
                ")",
                "[",
                "]",
                "!",
            ),
            *(
                "<script>",
                "</script>",
                "<svg>",
                "<math>",
                "<style>",
                "</style>",
                "<img src=x ",
                "<a href=",
            ),
            *(
                "onerror=",
                "alert(1)",
                "javascript:",
                "data:text/html,",
                "data:image/png;base64,",
                "<!--",
            ),
            *(
                "-->",
                "<table>",
                "<td>",
                "<p title=",
                "<iframe ",
                "srcdoc=",
                "<form>",
                "```",
                "](",
                "![",
                "|",
            ),
            *(
                "---",
                "\x00",
                "\x1b[",
                "\x1b]8;;",
                "# ",
                "> ",
                "- ",
                "<noscript>",
                "<template>",
                "<xmp>",
            ),
        ]
    )

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.one_of(PARTS, st.text(max_size=6)), max_size=30).map("".join))
    def test_no_mixture_is_live(self, text: str) -> None:
        """Whatever is put together from HTML and Markdown stays dead."""
        assert [] == live(page(everywhere(text)))

    @given(st.lists(st.one_of(PARTS, st.text(max_size=6)), max_size=30).map("".join))
    def test_what_is_clean_stays_clean(self, text: str) -> None:
        """Cleaning what was cleaned changes nothing: a browser reads what the cleaner read."""
        once = cleaning.safe_html(text)
        assert once == cleaning.safe_html(once)

    def test_the_door_says_all_it_offers(self) -> None:
        """The journey finds the values and the function in one place."""
        assert all(hasattr(handback, name) for name in handback.__all__)
