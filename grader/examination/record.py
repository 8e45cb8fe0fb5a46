"""What the instructor released for one week: the record every submission is rebuilt from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader import intake, notebooks
from grader.notebooks import Notebook, grade_id

CODE_FILES = (".py", ".toml", ".json")


@dataclass(frozen=True)
class Record:
    """
    Hold a week as the instructor wrote and released it.

    *notebooks* are the sources by name, hidden checks included; *released* maps a notebook to the
    text of its cells as handed out, *ordinary* to its code cells that anybody may change, and
    *prose* to its texts;
    *files* lie beside the notebooks; *modules* are what only the examiner may import.
    """

    week: str
    notebooks: Mapping[str, Notebook]
    released: Mapping[str, Mapping[str, str]]
    ordinary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    modules: Mapping[str, bytes] = field(default_factory=dict)


def read_record(week: str, source: Path, released: Path, modules: Path | None = None) -> Record:
    """Read the week's folders: its *source*, its *released* form, and the checks' *modules*."""
    files = intake.take_in(source).files
    names = [name.removesuffix(".ipynb") for name in files if _is_notebook(name)]
    handed_out = {name: notebooks.read(released / f"{name}.ipynb") for name in names}
    return Record(
        week=week,
        notebooks={name: notebooks.read(source / f"{name}.ipynb") for name in names},
        released={name: _texts(notebook) for name, notebook in handed_out.items()},
        ordinary={name: _plain(notebook, "code") for name, notebook in handed_out.items()},
        prose={name: _plain(notebook, "markdown") for name, notebook in handed_out.items()},
        files={name: content for name, content in files.items() if not name.endswith(".ipynb")},
        modules=_modules(modules) if modules else {},
    )


def _is_notebook(name: str) -> bool:
    return name.endswith(".ipynb") and "/" not in name


def _texts(notebook: Notebook) -> dict[str, str]:
    return {grade_id(cell): cell.source for cell in notebook.cells if grade_id(cell)}


def _plain(notebook: Notebook, kind: str) -> tuple[str, ...]:
    return tuple(c.source for c in notebook.cells if c.cell_type == kind and not grade_id(c))


def _modules(folder: Path) -> dict[str, bytes]:
    # Not the specimens below: only what a check imports, and its hints.
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.glob("*"))
        if file.is_file() and file.suffix in CODE_FILES
    }
