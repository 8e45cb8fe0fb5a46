"""Read and write .ipynb files, and hold them to the canonical form."""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from grader.errors import CourseError

Notebook = Any  # nbformat's NotebookNode, which is untyped
Cell = Any

METADATA: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
MOST_CELLS = 50_000
_OLD_KEYS = {"cell_type", "input", "source", "metadata", "language", "level", "collapsed"}
NBGRADER_KEYS = ("grade", "grade_id", "locked", "points", "schema_version", "solution", "task")


def read(path: Path) -> Notebook:
    """Read a notebook as version 4; raise CourseError where it is none."""
    try:
        with quiet():
            return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError("there is no such notebook", where=str(path), do="Create it.") from error
    except Exception as error:
        raise CourseError(
            f"this is not a notebook: {error}",
            where=str(path),
            do="Open it in JupyterLab and save it.",
        ) from error


def parse(content: bytes) -> Notebook:
    """
    Read somebody's bytes as a notebook of version 4, keeping only what the format knows.

    Raises ValueError with a sentence for that person. Nothing in the bytes is trusted: every cell
    comes out with a known type, a text and plain metadata.
    """
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(_not_json(content)) from error
    if not isinstance(found, dict):
        raise ValueError("The file holds something else than a notebook.")
    try:
        cells = found["cells"] if int(found.get("nbformat", 0)) >= 4 else _upgraded(found)
        assert isinstance(cells, list)
    except Exception as error:
        raise ValueError("The file is not a notebook that Jupyter could open.") from error
    if len(cells) > MOST_CELLS:
        raise ValueError(f"The notebook has more than {MOST_CELLS:,} cells.")
    tidy = [_tidy(cell) for cell in cells if isinstance(cell, dict)]
    return nbformat.from_dict({"cells": tidy, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _upgraded(found: dict[str, Any]) -> Any:
    """Give the cells of a notebook of an older version in today's form, without what they showed."""
    sheets = found["worksheets"] if "worksheets" in found else [{"cells": found["cells"]}]
    old = [cell for sheet in sheets for cell in sheet["cells"]][: MOST_CELLS + 1]
    bare = [{k: v for k, v in cell.items() if k in _OLD_KEYS} | {"outputs": []} for cell in old]
    sheet = {"cells": bare, "metadata": {}}
    whole = {"nbformat": int(found["nbformat"]), "nbformat_minor": 0, "metadata": {}}
    return nbformat.convert(nbformat.from_dict(whole | {"worksheets": [sheet]}), 4).cells


def _not_json(content: bytes) -> str:
    if not content.strip():
        return "The file is empty."
    if content.lstrip().startswith(b"{"):
        return "The file is not a whole notebook: it stops in the middle or is damaged."
    return "The file is not a notebook."


def _tidy(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    tidy: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "source": _whole(source) if isinstance(source, str) else "",
        "metadata": {"nbgrader": _settings(own)} if isinstance(own, dict) else {},
    }
    if kind == "code":
        tidy |= {"outputs": [], "execution_count": None}
    if kind == "markdown" and isinstance(cell.get("attachments"), dict):
        tidy["attachments"] = dict(_attached(cell["attachments"]))
    return tidy


def _settings(own: dict[str, Any]) -> dict[str, Any]:
    """Keep of nbgrader's settings those it has, where they are a text, a number or a yes or no."""
    return {k: own[k] for k in NBGRADER_KEYS if isinstance(own.get(k), str | int | float)}


def _attached(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Keep of a cell's attachments what the format knows: for each name, texts by their type."""
    for name, bundle in found.items():
        if isinstance(bundle, dict):
            texts = {_whole(kind): text for kind, text in bundle.items() if isinstance(text, str)}
            yield _whole(name), {kind: _whole(text) for kind, text in texts.items()}


def _whole(text: str) -> str:
    """Replace halves of characters: JSON can spell them, and no file can hold them."""
    return text.encode("utf-8", "replace").decode()


def text(notebook: Notebook) -> str:
    """Write *notebook* as the text of a file."""
    with quiet():
        return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"


def dense(notebook: Notebook) -> bytes:
    """Write *notebook* as the bytes of a file that programs read: a fifth of the time of `text`."""
    return json.dumps(notebook, allow_nan=False).encode("ascii")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back what nbformat says of missing ids: the canonical form mends them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def canonical(notebook: Notebook) -> Notebook:
    """Give *notebook* in canonical form: no outputs, stable ids, ordered metadata, clean ends."""
    tidy = copy.deepcopy(notebook)
    tidy.nbformat, tidy.nbformat_minor = 4, 5
    tidy.metadata = nbformat.from_dict(dict(METADATA))
    for position, cell in enumerate(tidy.cells, start=1):
        own = cell.metadata.get("nbgrader")
        kind = {"markdown": "text"}.get(cell.cell_type, cell.cell_type)
        cell["id"] = own["grade_id"] if own and own.get("grade_id") else f"{kind}-{position}"
        cell.metadata = nbformat.from_dict(_cell_metadata(cell))
        cell.source = cell.source.rstrip()
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None) if cell.get("attachments") == {} else None
    return tidy


def _cell_metadata(cell: Cell) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    own = cell.metadata.get("nbgrader")
    if own and own.get("grade_id"):
        kept["nbgrader"] = {key: own[key] for key in NBGRADER_KEYS if key in own}
    if cell.metadata.get("tags"):
        kept["tags"] = sorted(cell.metadata["tags"])
    return kept


def grade_id(cell: Cell) -> str:
    """Name a cell of nbgrader's, or give an empty text for any other cell."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name if isinstance(name, str) else ""


def foreign(notebook: Notebook) -> str:
    """Name the language of a notebook that is not Python's; an empty text where it is, or says none."""
    kernel = notebook.metadata.get("kernelspec") or {}
    tongue = kernel.get("language") or (notebook.metadata.get("language_info") or {}).get("name")
    if not tongue and str(kernel.get("name", "")).startswith(("ir", "julia", "bash", "octave")):
        tongue = kernel["name"]
    is_python = not tongue or str(tongue).lower().startswith(("python", "ipython"))
    return "" if is_python else str(tongue)


def is_graded(cell: Cell) -> bool:
    """Tell whether a cell is worth points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade", False))


def is_answer(cell: Cell) -> bool:
    """Tell whether a participant writes in this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))
