"""What the instructor released for one week: the record every submission is rebuilt from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    *prose* to its texts; *foreign* names the language of those that are not Python;
    *may_be_forged* lets a check that cannot cross run beside the participant's code;
    *files* lie beside the notebooks; *modules* are what only the examiner may import. *before* holds
    the releases that were replaced when a check was mended: people may have worked on those.
    """

    week: str
    notebooks: Mapping[str, Notebook]
    released: Mapping[str, Mapping[str, str]]
    ordinary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    modules: Mapping[str, bytes] = field(default_factory=dict)
    before: Mapping[str, tuple[Notebook, ...]] = field(default_factory=dict)
    may_be_forged: bool = False

    def untouched(self, name: str, cell: str) -> frozenset[str]:
        """Give the texts that *cell* of the notebook *name* was handed out with, and none at all."""
        earlier = (_texts(notebook).get(cell, "") for notebook in self.before.get(name, ()))
        texts = ("", self.released[name].get(cell, ""), *earlier)
        return frozenset(text.strip() for text in texts)

    def instructors(self, name: str) -> frozenset[str]:
        """Give the texts of the instructor's cells that anybody may change, as ever handed out."""
        earlier = (
            cell.source
            for notebook in self.before.get(name, ())
            for cell in notebook.cells
            if not grade_id(cell)
        )
        return frozenset((*self.ordinary[name], *self.prose[name], *earlier))


def read_record(
    week: str,
    source: Path,
    released: Path,
    modules: Path | None = None,
    before: Sequence[Path] = (),
) -> Record:
    """
    Read the week's folders: its *source*, its *released* form, and the checks' *modules*.

    *before* are the folders of the releases that were replaced.
    """
    files = intake.take_in(source, intake.Caps(second_names=True)).files
    names = [name.removesuffix(".ipynb") for name in files if _is_notebook(name)]
    handed_out = {name: notebooks.read(released / f"{name}.ipynb") for name in names}
    return record_from(
        week,
        {name: notebooks.read(source / f"{name}.ipynb") for name in names},
        handed_out,
        {name: content for name, content in files.items() if not name.endswith(".ipynb")},
        modules_in(modules) if modules else {},
        {name: tuple(_there(before, name)) for name in names},
    )


def record_from(
    week: str,
    originals: Mapping[str, Notebook],
    handed_out: Mapping[str, Notebook],
    files: Mapping[str, bytes],
    modules: Mapping[str, bytes] | None = None,
    before: Mapping[str, tuple[Notebook, ...]] | None = None,
) -> Record:
    """Make a record of the *originals*, hidden checks included, and what was *handed_out*."""
    return Record(
        week=week,
        notebooks=originals,
        released={name: _texts(notebook) for name, notebook in handed_out.items()},
        ordinary={name: _plain(notebook, "code") for name, notebook in handed_out.items()},
        prose={name: _plain(notebook, "markdown") for name, notebook in handed_out.items()},
        foreign={n: tongue for n, nb in handed_out.items() if (tongue := notebooks.foreign(nb))},
        files=files,
        modules=modules or {},
        before=before or {},
    )


def _there(folders: Sequence[Path], name: str) -> Iterator[Notebook]:
    for folder in folders:
        if (folder / f"{name}.ipynb").is_file():
            yield notebooks.read(folder / f"{name}.ipynb")


def _is_notebook(name: str) -> bool:
    return name.endswith(".ipynb") and "/" not in name


def _texts(notebook: Notebook) -> dict[str, str]:
    return {grade_id(cell): cell.source for cell in notebook.cells if grade_id(cell)}


def _plain(notebook: Notebook, kind: str) -> tuple[str, ...]:
    return tuple(c.source for c in notebook.cells if c.cell_type == kind and not grade_id(c))


def modules_in(folder: Path) -> dict[str, bytes]:
    """Read what the checks of a week import, and its hints; not the specimens below."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.glob("*"))
        if file.is_file() and file.suffix in CODE_FILES
    }
