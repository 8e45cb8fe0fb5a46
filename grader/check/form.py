"""The notebook's form: canonical, its prompts and its checks in agreement, its hints all there."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader import notebooks
from grader.course import TASK_HINT
from grader.errors import Complaint
from grader.examination.roles import BESIDE
from grader.marking.crossing import cannot_cross
from grader.marks import Outcome
from grader.notebooks import Cell, Notebook, Task
from grader.progress import counted
from grader.specimens import Share, Specimen

WORDS = 2500
RIGHT_ANSWERS = 3
SNAKE = re.compile(r"[a-z][a-z0-9_]*")


def complaints(where: str, path: Path, notebook: Notebook) -> Iterator[Complaint]:
    """Yield what is wrong with the solution notebook at *path*, named *where* in complaints."""
    yield from _canonical(where, path, notebook)
    yield from _crossing(where, notebook)
    yield from _names(where, notebook)
    yield from _length(where, notebook)
    tasks = notebooks.tasks(notebook)
    if [task.number for task in tasks] != list(range(1, len(tasks) + 1)) or not tasks:
        yield Complaint(
            where,
            "the task headings are not numbered 1, 2, 3, …",
            "Write `## Task 1: … (2 points)`.",
        )
    given = _names_given(notebook)
    for task in tasks:
        yield from _task(where, task, given)
    in_tasks = {notebooks.grade_id(cell) for task in tasks for cell in task.checks}
    for cell in notebook.cells:
        name = notebooks.grade_id(cell)
        if notebooks.is_graded(cell) and not notebooks.is_answer(cell) and name not in in_tasks:
            yield Complaint(
                f"{where} [{name}]", "this check stands below no task heading", "Move it."
            )


def _crossing(where: str, notebook: Notebook) -> Iterator[Complaint]:
    """Yield what a check does that cannot cross, unless its author allows a mark that can be forged."""
    for cell in notebook.cells:
        is_check = notebooks.is_graded(cell) and not notebooks.is_answer(cell)
        if not is_check or BESIDE in cell.metadata.get("tags", []):
            continue
        for said in cannot_cross(cell.source):
            do = f"Give the function what it needs as an argument, or tag the cell `{BESIDE}`."
            yield Complaint(
                f"{where} [{notebooks.grade_id(cell)}]",
                f"this check would wait for a person. {said}",
                do,
            )


def why_not_run(notebook: Notebook) -> str:
    """Say what keeps the notebook from being marked at all, or nothing."""
    names = Counter(filter(None, map(notebooks.grade_id, notebook.cells)))
    tasks = notebooks.tasks(notebook)
    if not tasks:
        return "there is no task"
    if max(names.values(), default=0) > 1:
        return "two cells have one id"
    for task in tasks:
        if task.answer is None or notebooks.grade_id(task.answer) != task.name:
            return f"{task.name} has no answer cell"
        if [notebooks.grade_id(cell) for cell in task.checks] != _check_names(task):
            return f"{task.name} has not its two checks"
        if not all(map(_is_python, task.checks)):
            return f"a check of {task.name} is not Python"
    return ""


def specimen_complaints(
    root: Path, notebook: Notebook, specimens: Sequence[Specimen]
) -> Iterator[tuple[Specimen, Complaint]]:
    """Yield each specimen that speaks of a task or a cell that the notebook does not have."""
    graded = {notebooks.grade_id(cell) for cell in notebook.cells if notebooks.is_graded(cell)}
    tasks = {name.partition("_")[0] for name in graded}
    answers = {notebooks.grade_id(cell) for cell in notebook.cells if notebooks.is_answer(cell)}
    for specimen in specimens:
        place = specimen.file.relative_to(root).as_posix()
        for name in sorted(specimen.earns.keys() - tasks):
            do = f"The tasks are {', '.join(sorted(tasks))}."
            yield specimen, Complaint(place, f"its head names {name}, which is no task", do)
        for name in sorted(specimen.cells.keys() - answers):
            do = f"The answer cells are {', '.join(sorted(answers))}."
            yield specimen, Complaint(place, f"it fills {name}, which is no answer cell", do)


def changed_points(notebook: Notebook, specimens: Sequence[Specimen]) -> dict[str, float]:
    """Find the tasks whose checks are worth other points than the right answers say, with theirs."""
    said = {task.name: _said_right(task, specimens) for task in notebooks.tasks(notebook)}
    points = {task.name: task.points for task in notebooks.tasks(notebook)}
    return {name: best for name, best in said.items() if best and best != points[name]}


def hint_complaints(
    where: str, notebook: Notebook, hints: Mapping[str, object], specimens: Sequence[Specimen]
) -> Iterator[Complaint]:
    """Yield the hints that are cited but not written, or written but shown by no specimen."""
    cited = {code for cell in notebook.cells for code in TASK_HINT.findall(cell.source)}
    shown = {
        share.hint for specimen in specimens for share in specimen.earns.values() if share.hint
    }
    for code in sorted((cited | shown) - hints.keys()):
        yield Complaint(
            where, f"there is no hint {code}, but a check or specimen names it", "Write it."
        )
    for code in sorted(hints.keys() - shown):
        yield Complaint(
            where,
            f"no specimen earns the hint {code}",
            "Add the wrong answer it is meant for to specimens/.",
        )
    yield from _right_answers(where.replace("hints.toml", "specimens"), notebook, specimens)


def _right_answers(
    where: str, notebook: Notebook, specimens: Sequence[Specimen]
) -> Iterator[Complaint]:
    changed = changed_points(notebook, specimens)
    for task in notebooks.tasks(notebook):
        best = changed.get(task.name, task.points)
        if task.name in changed:
            yield Complaint(
                where,
                f"the right answers of {task.name} say {best:g} points, its checks are worth "
                f"{task.points:g}",
                "Write the new points into their heads; what they earn is compared then.",
            )
        right = [share for share in _hintless(task, specimens) if share.points == best]
        if len(right) < RIGHT_ANSWERS:
            yield Complaint(
                where,
                f"{task.name} has {counted(len(right), 'right answer')}, needs {RIGHT_ANSWERS}",
                "Add answers that are right and look different.",
            )


def _said_right(task: Task, specimens: Sequence[Specimen]) -> float:
    return max((share.points for share in _hintless(task, specimens)), default=0.0)


def _hintless(task: Task, specimens: Sequence[Specimen]) -> list[Share]:
    finished = [s for s in specimens if s.outcome is Outcome.FINISHED and task.name in s.earns]
    return [s.earns[task.name] for s in finished if s.earns[task.name].hint is None]


def _check_names(task: Task) -> list[str]:
    return [f"{task.name}_check", f"{task.name}_more"]


def _is_python(cell: Cell) -> bool:
    try:
        ast.parse(cell.source)
        ast.parse(notebooks.visible(cell.source))
    except SyntaxError:
        return False
    return True


def _canonical(where: str, path: Path, notebook: Notebook) -> Iterator[Complaint]:
    if notebooks.text(notebooks.canonical(notebook)) != path.read_text(encoding="utf-8"):
        yield Complaint(
            where,
            "it is not in canonical form (outputs, ids or metadata)",
            "Run `grader check --fix`.",
        )


def _names(where: str, notebook: Notebook) -> Iterator[Complaint]:
    names = Counter(filter(None, map(notebooks.grade_id, notebook.cells)))
    for name, number in names.items():
        if number > 1:
            yield Complaint(
                f"{where} [{name}]", f"{number} cells have this id", "Give each its own."
            )
        if not SNAKE.fullmatch(name):
            yield Complaint(
                f"{where} [{name}]", "the id is not snake_case", "Rename it, as in t3_check."
            )


def _length(where: str, notebook: Notebook) -> Iterator[Complaint]:
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    words = len(prose.split())
    if words > WORDS:
        yield Complaint(where, f"it has {words} words of prose", f"Keep it under {WORDS:,}.")


def _task(where: str, task: Task, given: set[str]) -> Iterator[Complaint]:
    place = f"{where} [{task.name}]"
    names = [notebooks.grade_id(cell) for cell in task.checks]
    if task.answer is None or notebooks.grade_id(task.answer) != task.name:
        yield Complaint(
            place, f"it has no answer cell called {task.name}", "Add one, below its prompt."
        )
    if names != _check_names(task):
        wanted = " and ".join(_check_names(task))
        yield Complaint(
            place, f"its checks are {', '.join(names) or 'missing'}", f"Name them {wanted}."
        )
    if task.promised != task.points:
        yield Complaint(
            place,
            f"the heading promises {task.promised:g} points, the checks are worth {task.points:g}",
            "Make them equal.",
        )
    for cell in task.checks:
        yield from _check_cell(f"{where} [{notebooks.grade_id(cell)}]", cell, task, given)


def _check_cell(place: str, cell: Cell, task: Task, given: set[str]) -> Iterator[Complaint]:
    try:
        tree = ast.parse(cell.source)
        seen = ast.parse(notebooks.visible(cell.source))
    except SyntaxError as error:
        yield Complaint(place, f"this is not Python: {error.msg}, line {error.lineno}", "Mend it.")
        return
    if "raises-exception" not in cell.metadata.get("tags", []):
        yield Complaint(
            place,
            "it lacks the tag raises-exception, so Run All stops at it",
            "Add the tag to the cell.",
        )
    if (
        tree.body
        and isinstance(tree.body[-1], ast.Expr)
        and not isinstance(tree.body[-1].value, ast.Call)
    ):
        yield Complaint(
            place, "it ends in an expression, which nbgrader may take for a mark", "End in a call."
        )
    if place.endswith("_more]") and notebooks.BEGIN_HIDDEN not in cell.source:
        yield Complaint(place, "it has no hidden part", f"Add {notebooks.BEGIN_HIDDEN} … END.")
    for module in sorted(_imports(seen)):
        if module.startswith("week"):
            yield Complaint(
                place, f"participants do not have {module}", "Import it in the hidden part."
            )
    promised = set(re.findall(r"`([A-Za-z_]\w*)", task.prompt)) | given
    for name in sorted(_reads(tree) - promised):
        yield Complaint(
            place, f"it reads `{name}`, which the prompt does not name", "Name it, in backticks."
        )


def _names_given(notebook: Notebook) -> set[str]:
    given: set[str] = set(dir(builtins))
    for cell in notebook.cells:
        locked = cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("locked")
        if locked and not notebooks.is_graded(cell):
            given |= _binds(ast.parse(cell.source))
    return given


def _imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _binds(tree: ast.AST) -> set[str]:
    bound = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            bound.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return bound


def _reads(tree: ast.AST) -> set[str]:
    loaded = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    return loaded - _binds(tree) - set(dir(builtins))
