"""What may come in with a hand-in: ordinary files within the caps, and nothing through a link."""

import json
import os
import random
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import notebooks
from grader.examination import read_record, take
from grader.intake import Caps, take_in
from tests.conftest import MINIATURE
from tests.figures import TRIED

SECRET = "the instructor's own words"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text(SECRET)
    made = tmp_path / "week01"
    made.mkdir()
    (made / "week01.ipynb").write_bytes(b"{}")
    (made / "timestamp.txt").write_text("2027-01-12 10:00:00 UTC")
    return made


class TestFiles:
    def test_ordinary_files_come_in_by_their_path(self, folder: Path) -> None:
        """A notebook and a data file in a folder are taken in as bytes."""
        (folder / "data").mkdir()
        (folder / "data/mine.csv").write_text("1\n")

        assert {"week01.ipynb": b"{}", "data/mine.csv": b"1\n"} == take_in(folder).files

    def test_the_exchanges_own_files_are_no_work(self, folder: Path) -> None:
        """The timestamp and the secret that nbgrader adds are not part of the submission."""
        assert {"week01.ipynb"} == set(take_in(folder).files)

    def test_no_link_is_followed(self, folder: Path) -> None:
        """A link to somebody else's file brings nothing in, and is named."""
        (folder / "notes.txt").symlink_to(folder.parent / "secret.txt")
        (folder / "up").symlink_to(folder.parent)
        taken = take_in(folder)

        assert SECRET.encode() not in taken.files.values()
        assert {"notes.txt", "up"} == set(taken.left_out)

    def test_a_second_name_of_another_file_is_left_out(self, folder: Path) -> None:
        """A hard link to a file outside is not the participant's own file."""
        os.link(folder.parent / "secret.txt", folder / "mine.txt")

        assert {"mine.txt": "it is a second name of another file"} == take_in(folder).left_out

    def test_a_pipe_and_a_socket_hold_nobody_up(self, folder: Path) -> None:
        """Neither a named pipe nor a socket is opened and waited for."""
        os.mkfifo(folder / "pipe")
        with socket.socket(socket.AF_UNIX) as made:
            before = Path.cwd()
            os.chdir(folder)
            made.bind("socket")
            os.chdir(before)
            taken = take_in(folder)

        assert {"pipe", "socket"} == set(taken.left_out)

    def test_a_folder_that_is_a_link_is_no_folder(self, folder: Path) -> None:
        """The submitted folder itself may not be a link either."""
        (folder.parent / "other").symlink_to(folder)

        assert {} == take_in(folder.parent / "other").files

    @pytest.mark.parametrize(
        ("caps", "words"),
        [
            (Caps(file_mib=0.001), "larger than 0.001 MiB"),
            (Caps(total_mib=0.001), "together"),
            (Caps(files=1), "more than 1 files"),
            (Caps(path_length=8), "too long"),
        ],
    )
    def test_caps_hold(self, folder: Path, caps: Caps, words: str) -> None:
        """What is over a cap is left out, with the cap named."""
        (folder / "x-large.bin").write_bytes(b"0" * 5000)

        assert words in take_in(folder, caps).left_out["x-large.bin"]

    def test_odd_names_are_names(self, folder: Path) -> None:
        """Spaces, accents, dashes and shell words are ordinary names; a newline is not."""
        for name in ("a b.txt", "é.txt", "-rf", "$(id)", "line\nbreak"):
            (folder / name).write_text("x")
        taken = take_in(folder)

        assert {"a b.txt", "é.txt", "-rf", "$(id)", "week01.ipynb"} == set(taken.files)
        assert 1 == len(taken.left_out)

    def test_a_deep_tree_ends(self, folder: Path) -> None:
        """Folders within folders are entered to a depth, then left out."""
        deep = folder
        for _ in range(30):
            deep = deep / "d"
            deep.mkdir()

        assert ["there are too many folders"] == list(take_in(folder).left_out.values())


class TestAnyFolder:
    @pytest.mark.parametrize("number", [150, pytest.param(6_000, marks=pytest.mark.sweep)])
    @pytest.mark.timeout(3600)
    def test_it_is_taken_in_or_told(self, number: int, tmp_path: Path) -> None:
        """Whatever lies in a folder, what comes in is the folder's own bytes and the rest is named."""
        record = read_record(
            "week01", MINIATURE / "solutions/week01", MINIATURE / "exercises/week01"
        )
        (tmp_path / "secret.txt").write_text(SECRET)
        for seed in range(number):
            TRIED["folders given to intake"] += 1
            folder = tmp_path / f"folder{seed}"
            folder.mkdir()
            _fill(folder, random.Random(seed))
            taken = take_in(folder)
            handed_in = take(folder, record)
            marked = json.dumps([handed_in.notebooks, handed_in.put_back, handed_in.reason])

            assert [] == [p for p in taken.files if ".." in p.split("/") or p.startswith("/")], seed
            assert not any(SECRET.encode() in content for content in taken.files.values()), seed
            assert SECRET not in marked, seed
            assert {"week01"} == {*handed_in.notebooks, *handed_in.missing}, seed
            shutil.rmtree(folder)


NAMES = (
    "week01.ipynb", "week01 (1).ipynb", "Week01.ipynb", "data.csv", "a b", "é", "-rf", "line\nbreak",
    "timestamp.txt", "marking-notes.json", ".hidden", "x" * 200, "week01_checks.py", "hints.toml",
)  # fmt: skip


def _fill(folder: Path, chance: random.Random, depth: int = 0) -> None:
    """Put anything at all into *folder*: files, folders, links, pipes, and notebooks that are none."""
    for name in chance.sample(NAMES, chance.randint(0, 6)):
        place = folder / name
        kind = chance.randrange(9)
        if kind == 0 and depth < 3:
            place.mkdir()
            _fill(place, chance, depth + 1)
        elif kind == 1:
            place.symlink_to(chance.choice(("../secret.txt", "..", "/etc/passwd", name, "nowhere")))
        elif kind == 2:
            os.mkfifo(place)
        elif kind == 3 and depth == 0:
            os.link(folder.parent / "secret.txt", place)
        else:
            place.write_bytes(_content(chance))


def _content(chance: random.Random) -> bytes:
    text = bytearray((MINIATURE / "exercises/week01/week01.ipynb").read_bytes())
    for _ in range(chance.choice((0, 0, 1, 3, 30))):
        place = chance.randrange(len(text))
        new = (
            chance.randbytes(1),
            b'"',
            b"{",
            b"null",
            b"-1",
            b'"solution": true',
            b"\\ud800",
            b"[]",
        )
        text[place : place + chance.choice((0, 1, 5, 40))] = chance.choice(new)
    return bytes(
        text[: chance.choice((len(text), len(text), len(text), chance.randrange(len(text))))]
    )


class TestParse:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b'{"cells": [', "stops in the middle"),
            (b"[1, 2]", "something else"),
            (b"not json", "not a notebook"),
            (b"[" * 100_000, "not a notebook"),
            (b'{"nbformat": 4}', "could open"),
            (b'{"nbformat": "x", "cells": []}', "could open"),
        ],
    )
    def test_what_is_no_notebook_is_told_kindly(self, content: bytes, words: str) -> None:
        """Each kind of broken file has a sentence for the person who handed it in."""
        with pytest.raises(ValueError, match=words):
            notebooks.parse(content)

    def test_an_old_notebook_is_upgraded(self) -> None:
        """A notebook of format 3 is read as one of today."""
        old = b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": '
        old += b'[{"cell_type": "code", "input": "x = 1", "language": "python", "outputs": [], '
        old += b'"collapsed": false, "metadata": {}, "prompt_number": 1}]}]}'

        assert ["x = 1"] == [cell.source for cell in notebooks.parse(old).cells]

    def test_nothing_but_text_and_ids_comes_through(self) -> None:
        """Outputs, tags and other metadata stay outside."""
        content = (
            b'{"nbformat": 4, "metadata": {"x": 1}, "cells": [{"cell_type": "code", "source": ["a\\n", '
            b'"b"], "outputs": [{"a": 1}], "metadata": {"tags": ["skip-execution"], "nbgrader": '
            b'{"grade_id": "t1"}}}, {"cell_type": "odd", "source": 7, "metadata": 3}, 5]}'
        )
        code, odd = notebooks.parse(content).cells

        assert ("a\nb", {"nbgrader": {"grade_id": "t1"}}, []) == (
            code.source,
            code.metadata,
            code.outputs,
        )
        assert ("raw", "", {}) == (odd.cell_type, odd.source, odd.metadata)

    @settings(max_examples=300, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(
                            [
                                "cells",
                                "cell_type",
                                "source",
                                "metadata",
                                "nbgrader",
                                "grade_id",
                                "nbformat",
                                "worksheets",
                                "solution",
                            ]
                        ),
                        inner,
                        max_size=5,
                    )
                ),
                max_leaves=20,
            ).map(lambda value: __import__("json").dumps(value).encode()),
        )
    )
    def test_any_bytes_are_a_notebook_or_a_sentence(self, content: bytes) -> None:
        """Whatever is handed in, parsing and rebuilding end in a notebook or in a ValueError."""
        record = notebooks.read(MINIATURE / "solutions/week01/week01.ipynb")
        try:
            submitted = notebooks.parse(content)
        except ValueError:
            return
        notebooks.text(notebooks.rebuild(record, submitted).notebook)
