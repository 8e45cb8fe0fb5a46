"""TOML with line numbers: what is wrong, where, and what to do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from grader import toml
from grader.errors import Complaint

TEXT = """\
# a comment

format = 1
[cohort]
name = "a"   # another
long = \"\"\"
[not.a.heading]
name = 3
\"\"\"
list = [
  1,
  2,
]

[[hub]]
name = "one"
due = { week01 = 2027-01-01, week02 = 2027-01-02 }
[[hub]]
name = "two"
[hub.due]
week01 = 2027-01-03
[weeks]
deep.dotted = 1
"""


class Inner(toml.Table):
    """A table in the file of the tests below."""

    name: toml.Text = Field(examples=['"a"'])
    when: datetime | None = Field(None, examples=["2027-01-01T18:00:00"])


class File(toml.Table):
    """The file of the tests below."""

    starts: date = Field(examples=["2027-01-11"])
    share: float = Field(0.5, ge=0, le=1, examples=["0.5"])
    words: list[str] = Field(default_factory=list, examples=['["a"]'])
    inner: list[Inner] = Field(min_length=1)


def complaints(text: str) -> list[tuple[int, str, str]]:
    """List line, what and do of each complaint about *text*, in order."""
    _, found = toml.check(toml.parse(text, "f.toml"), File)
    parts = [(c.where.rpartition(":"), c.what, c.do) for c in toml.in_order(found)]
    return [(int(where[2]), what, do) for where, what, do in parts]


class TestLine:
    @pytest.mark.parametrize(
        ("keys", "line"),
        [
            (("format",), 3),
            (("cohort",), 4),
            (("cohort", "name"), 5),
            (("cohort", "long"), 6),
            (("cohort", "list"), 10),
            (("cohort", "list", 1), 10),
            (("hub",), 15),
            (("hub", 0, "name"), 16),
            (("hub", 0, "due", "week02"), 17),
            (("hub", 1), 18),
            (("hub", 1, "name"), 19),
            (("hub", 1, "due"), 20),
            (("hub", 1, "due", "week01"), 21),
            (("weeks", "deep", "dotted"), 23),
        ],
    )
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_every_key_is_found(self, keys: toml.Keys, line: int, newline: str) -> None:
        """The line of a key is where it is written, in tables, lists of tables and inline."""
        assert line == toml.parse(TEXT.replace("\n", newline), "f.toml").line(keys)

    def test_a_missing_key_is_at_its_table(self) -> None:
        """A key that is not there is placed at the heading of its table, else on line 1."""
        document = toml.parse(TEXT, "f.toml")
        assert "f.toml:18" == document.where("hub", 1, "title")
        assert "f.toml:1" == document.where("nothing")


class TestParse:
    def test_a_line_that_is_not_toml_does_not_hide_the_rest(self) -> None:
        """Values that cannot be read are complained of one by one, and other mistakes too."""
        text = "starts = 2027-02-30\nshare = much\nextra = 1\n[[inner]]\nname = 'a'\n"
        assert [
            (1, "the value of `starts` cannot be read: 2027-02-30"),
            (2, "the value of `share` cannot be read: much"),
            (3, "unknown key `extra`"),
        ] == [(line, what) for line, what, _ in complaints(text)]

    def test_a_broken_heading_is_the_last_complaint(self) -> None:
        """After a broken heading nobody can tell what belongs where, so reading ends."""
        what = "this is not TOML: expected ']' at the end of a table declaration"
        assert [(2, what)] == [c[:2] for c in complaints("a = 1\n[inner\nname = 3\n")]

    def test_a_key_written_twice_is_named(self) -> None:
        """A key written twice is complained of at the second place."""
        text = "starts = 2027-01-11\nstarts = 2027-01-12\n[[inner]]\nname = 'a'\n"
        assert [(2, "`starts` is written twice")] == [c[:2] for c in complaints(text)]

    def test_what_is_very_deep_is_a_complaint(self) -> None:
        """A file nested too deeply to parse is a complaint, not a crash."""
        [complaint] = toml.parse("a = " + "[" * 100_000 + "\nb = 1", "f.toml").complaints
        assert "this is not TOML: too deeply nested" == complaint.what

    def test_what_ends_too_early_blames_no_other_line(self) -> None:
        """A list that is never closed is complained of once, at the end of the file."""
        text = "starts = 2027-01-11\nwords = [\nshare = 0.5"
        document = toml.parse(text, "f.toml")
        assert not document.whole
        assert ["f.toml:3"] == [complaint.where for complaint in document.complaints]

    @settings(deadline=None)
    @given(st.text(alphabet="ab=[]{}\"'.,#\n 1-:T\\"))
    def test_any_text_is_a_document(self, text: str) -> None:
        """Any text gives a document: whole or with a complaint, and every line in the file."""
        document = toml.parse(text, "f.toml")
        assert document.whole or document.complaints
        last = text.count("\n") + 1
        assert all(1 <= document.line(keys) <= last for keys in document._lines)


class TestReadText:
    def test_a_byte_order_mark_is_not_content(self, tmp_path: Path) -> None:
        """A file saved by a spreadsheet with a byte order mark reads like any other."""
        (tmp_path / "a").write_bytes(b"\xef\xbb\xbfid")
        assert "id" == toml.read_text(tmp_path / "a", "a")

    def test_the_first_line_that_is_not_utf8_is_named(self, tmp_path: Path) -> None:
        """A file in another encoding is complained of at its first bad line."""
        (tmp_path / "a").write_bytes("id\nx\nZoë\n".encode("latin-1"))
        found = toml.read_text(tmp_path / "a", "a")
        assert isinstance(found, Complaint)
        assert ("a:3", "the file is not UTF-8 text") == (found.where, found.what)

    def test_a_folder_or_nothing_is_a_complaint(self, tmp_path: Path) -> None:
        """A file that is not there, or is a folder, is a complaint."""
        assert isinstance(toml.read_text(tmp_path / "a", "a"), Complaint)
        assert isinstance(toml.read_text(tmp_path, "a"), Complaint)


class TestCheck:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", (1, "`starts` is missing", "Add `starts = 2027-01-11`.")),
            (
                "starts = '2027-01-11'",
                (
                    1,
                    '`starts` should be a date, and is "2027-01-11"',
                    "Write `starts = 2027-01-11`.",
                ),
            ),
            (
                "starts = 2027-01-11T18:00:00",
                (
                    1,
                    "`starts` should be a date, and is a date and a time, 2027-01-11 18:00:00",
                    "Write `starts = 2027-01-11`.",
                ),
            ),
            (
                "\nstart = 1",
                (
                    2,
                    "unknown key `start`; did you mean `starts`?",
                    "Known here: starts, share, words, inner.",
                ),
            ),
            (
                "share = 60",
                (1, "`share` should be less than or equal to 1", "Write `share = 0.5`."),
            ),
            ("share = nan", (1, "`share` should be a finite number", "Write `share = 0.5`.")),
            (
                "share = true",
                (1, "`share` should be a number, and is true", "Write `share = 0.5`."),
            ),
            (
                "words = ['a', 1]",
                (1, "`words` should be text, and is 1", 'Write `words = ["a"]`.'),
            ),
            ("words = 'a'", (1, '`words` should be a list, and is "a"', 'Write `words = ["a"]`.')),
            ("share = 1", (1, "`[[inner]]` is missing", "Add a `[[inner]]` table.")),
            (
                "[inner]",
                (
                    1,
                    "`[[inner]]` should be a list, and is a table",
                    "Write a `[[inner]]` table.",
                ),
            ),
            (
                "[[inner]]\nname = ' '",
                (2, "`name` is empty", "Write something between the quotes."),
            ),
            (
                "[[inner]]\nname = 'a'\nwhen = 2027-01-26",
                (
                    3,
                    "`when` should be a date and a time, and is a date without a time, 2027-01-26",
                    "Write `when = 2027-01-26T18:00:00`.",
                ),
            ),
        ],
    )
    def test_complaints_are_in_plain_words(self, text: str, expected: tuple[int, str, str]) -> None:
        """Each mistake is told with its line, in words, and with something to write instead."""
        assert expected in complaints(text)

    def test_a_very_large_number_is_no_trouble(self) -> None:
        """A number with more digits than Python prints is still only a complaint."""
        text = f"starts = 0x{'f' * 5000}"
        assert "`starts` should be a date, and is a very large number" in str(complaints(text))

    def test_a_good_file_is_given_back(self) -> None:
        """A file without mistakes gives the model and no complaint."""
        text = "starts = 2027-01-11\n[[inner]]\nname = ' a '\n"
        file, found = toml.check(toml.parse(text, "f.toml"), File)
        assert [] == found
        assert file is not None
        assert (date(2027, 1, 11), "a") == (file.starts, file.inner[0].name)


class TestRepeated:
    def test_the_second_is_complained_of_and_names_the_first(self) -> None:
        """A name given twice is complained of where it is given again."""
        document = toml.parse("[[hub]]\nname = 'a'\n[[hub]]\nname = 'a'\n", "f.toml")
        [complaint] = toml.repeated(document, "hub", "name")
        assert ("f.toml:4", '`name` is "a", which line 2 has already') == (
            complaint.where,
            complaint.what,
        )


class TestInOrder:
    def test_lines_are_numbers(self) -> None:
        """Line 9 comes before line 10, and what is said twice is said once."""
        nine, ten = Complaint("a:9", "x"), Complaint("a:10", "x")
        assert [nine, ten] == toml.in_order([ten, nine, ten])


class TestOrSimilar:
    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("week1", "; did you mean `week01`?"),
            ("week77", "; did you mean `week07`?"),
            ("lunch", ""),
            ("", ""),
        ],
    )
    def test_the_likeliest_word_is_suggested(self, word: str, expected: str) -> None:
        """The most similar word is suggested, the first of equals, and none that is far off."""
        assert expected == toml.or_similar(word, [f"week{n:02}" for n in range(1, 13)])

    def test_nothing_known_is_nothing_suggested(self) -> None:
        """Without known words there is no suggestion."""
        assert "" == toml.or_similar("week1", [])
