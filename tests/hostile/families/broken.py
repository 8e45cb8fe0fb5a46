"""Files that are no notebook, or hardly one."""

import json

from grader.marks import Outcome
from tests.hostile.submission import ALL, NOTHING, Json, Place, Submission, raw, right
from tests.hostile.week import RIGHT

NOT = (Outcome.NOT_A_NOTEBOOK,)


def _from_blank(write: object) -> object:
    """Write the right notebook in another way: *write* turns its JSON into bytes."""

    def make(place: Place) -> None:
        right()(place)
        place.file.write_bytes(write(json.loads(place.file.read_text(encoding="utf-8"))))  # type: ignore[operator]

    return make


def _version_3(notebook: Json) -> bytes:
    cells = []
    for cell in notebook["cells"]:
        kind = "input" if cell["cell_type"] == "code" else "source"
        cells.append({"cell_type": cell["cell_type"], kind: cell["source"], "metadata": cell["metadata"],
                      "language": "python", "outputs": [], "collapsed": False})  # fmt: skip
    return json.dumps(
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [{"cells": cells, "metadata": {}}],
        }
    ).encode()


def _lines(notebook: Json) -> bytes:
    for cell in notebook["cells"]:
        cell["source"] = (
            cell["source"].splitlines(keepends=True)
            if isinstance(cell["source"], str)
            else cell["source"]
        )
    return json.dumps(notebook).encode()


def _odd_cells(notebook: Json) -> bytes:
    notebook["cells"][:0] = [7, None, [], "x", {}, {"cell_type": 5}, {"cell_type": "code", "source": {"a": 1}},
                             {"cell_type": "code", "source": [1, None, "x = 1"], "metadata": []},
                             {"cell_type": "markdown", "source": "a", "metadata": {"nbgrader": "no"}},
                             {"cell_type": "code", "source": "y", "metadata": {"nbgrader": {"grade_id": ["t1"]}}},
                             {"cell_type": "code", "source": "y = 2", "metadata": {"nbgrader": {"grade_id": 7}}},
                             {"cell_type": "markdown", "source": "z", "attachments": {"a.png": 7}}]  # fmt: skip
    return json.dumps(notebook).encode()


def _with_junk(notebook: Json, junk: bytes) -> bytes:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "t1":
            cell["metadata"]["nbgrader"]["x"] = "JUNK"
    return json.dumps(notebook).encode().replace(b'"JUNK"', junk)


SUBMISSIONS = (
    *(
        Submission(f"the file {name}", raw(content), NOTHING, NOT)
        for name, content in {
            "is empty": b"",
            "holds blanks": b" \n\n ",
            "is a list": b"[]",
            "is a number": b"1e999",
            "is null": b"null",
            "is the word NaN": b"NaN",
            "has no cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "has cells that are a dict": b'{"nbformat": 4, "metadata": {}, "cells": {"a": 1}}',
            "is of version NaN": b'{"nbformat": NaN, "metadata": {}, "cells": 3}',
            "is of version infinity": b'{"nbformat": Infinity, "metadata": {}, "cells": []}',
            "is of version minus one": b'{"nbformat": -1, "metadata": {}, "cells": []}',
            "is of a version in words": b'{"nbformat": "four", "metadata": {}, "cells": []}',
            "is a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
            "is a zip archive": b"PK\x03\x04" + b"\0" * 400,
            "is a pickle": b"cos\nsystem\n(S'touch /tmp/x'\ntR.",
            "is of another encoding": '{"nbformat": 4}'.encode("utf-16"),
            "holds no UTF-8": b'{"nbformat": 4, "metadata": {}, "cells": [], "x": "\xff\xfe\xc3\x28"}',
            "is full of noughts": b"\0" * 5000,
            "is nested deeply": b'{"a":' * 100_000,
            "is a script": b"#!/bin/sh\ntouch /tmp/x\n",
        }.items()
    ),
    Submission("a notebook of six million empty cells",
               raw(b'{"nbformat": 4, "metadata": {}, "cells": [' + b"{}," * 6_000_000 + b"{}]}"), NOTHING, NOT),
    Submission("an old notebook of six million empty cells",
               raw(b'{"nbformat": 3, "worksheets": [{"cells": [' + b"{}," * 6_000_000 + b"{}]}]}"), NOTHING, NOT),
    Submission("settings of six million parts", _from_blank(lambda nb: _with_junk(nb, b"[" + b"{}," * 6_000_000 + b"{}]")), ALL),
    Submission("settings nested deeply", _from_blank(lambda nb: _with_junk(nb, b"[" * 900 + b"]" * 900)), ALL),
    Submission("half a notebook", _from_blank(lambda nb: json.dumps(nb).encode()[:2000]), NOTHING, NOT),
    Submission("a notebook twice in one file", _from_blank(lambda nb: json.dumps(nb).encode() * 2), NOTHING, NOT),
    Submission("a notebook with a conflict of git's in it",
               _from_blank(lambda nb: b"<<<<<<< HEAD\n" + json.dumps(nb).encode()), NOTHING, NOT),
    Submission("a notebook with a byte order mark",
               _from_blank(lambda nb: b"\xef\xbb\xbf" + json.dumps(nb).encode()), ALL),
    Submission("a notebook of version 3", _from_blank(_version_3), ALL),
    Submission("a notebook of version 5", _from_blank(lambda nb: json.dumps({**nb, "nbformat": 5}).encode()), ALL),
    Submission("a notebook of version 4.99",
               _from_blank(lambda nb: json.dumps({**nb, "nbformat_minor": 99}).encode()), ALL),
    Submission("a notebook with NaN and infinity in it",
               _from_blank(lambda nb: json.dumps({**nb, "metadata": {"a": float("nan"), "b": float("inf")}}).encode()), ALL),
    Submission("a notebook whose texts are lists of lines", _from_blank(_lines), ALL),
    Submission("a notebook with cells that are none", _from_blank(_odd_cells), ALL),
    Submission("a notebook with lone surrogates",
               right(after={"t1": "print('\ud800 and \udfff')\nx = '\ud83d'"},
                     reflection="half a character: \ud83d, and \u202e turned round"), ALL),
    Submission("a notebook with noughts and escapes in its answers",
               right(reflection="a\0b \x1b[2J \x1b]0;title\x07 \u2066", after={"t1": "print('\\0\\x1b[2J\\x9b31m')"}), ALL),
    Submission("answers that are not Python", right(t4="def shout(text:\n  return ((("),
               {**ALL, "t4_more": 0.0}),
    Submission("an answer with tabs, form feeds and Windows' line ends",
               right(t4=RIGHT["t4"].replace("\n", "\r\n").replace("    ", "\t")), ALL),
    Submission("keys twice, the last one right",
               _from_blank(lambda nb: b'{"cells": [], "nbformat": 1, ' + json.dumps(nb).encode()[1:]), ALL),
)  # fmt: skip
