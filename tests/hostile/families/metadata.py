"""Work whose notebook says other things about itself than the one that was released."""

import copy

from tests.hostile.submission import (
    ALL,
    NOTHING,
    Json,
    Submission,
    but,
    cells_named,
    grade_id,
    right,
    wrong,
)
from tests.hostile.week import POINTS


def _checks(notebook: Json) -> list[Json]:
    return cells_named(notebook, POINTS)


def _all(notebook: Json, **own: object) -> None:
    for cell in notebook["cells"]:
        cell.get("metadata", {}).get("nbgrader", {}).update(own)


def _of_checks(notebook: Json, **own: object) -> None:
    for cell in _checks(notebook):
        cell["metadata"]["nbgrader"].update(own)


def _tags(*tags: str) -> object:
    def change(notebook: Json) -> None:
        for cell in notebook["cells"]:
            cell["metadata"]["tags"] = list(tags)

    return change


def _without_checks(notebook: Json) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) not in POINTS]


def _easy_checks(notebook: Json) -> None:
    for cell in _checks(notebook):
        cell["source"] = "pass"


def _as_markdown(notebook: Json) -> None:
    for cell in _checks(notebook):
        cell["cell_type"] = "markdown"


def _backwards(notebook: Json) -> None:
    notebook["cells"].reverse()


def _twice(notebook: Json) -> None:
    notebook["cells"] += copy.deepcopy(_checks(notebook))


def _answer_twice(last: str) -> object:
    def change(notebook: Json) -> None:
        one = copy.deepcopy(cells_named(notebook, ["t1"])[0])
        one["source"] = last
        notebook["cells"].append(one)

    return change


def _checks_as_answers(notebook: Json) -> None:
    for cell in _checks(notebook):
        cell["metadata"]["nbgrader"]["grade_id"] = "t1"
        cell["source"] = "def double(number): return number * 2"


def _own_check(notebook: Json) -> None:
    one = copy.deepcopy(_checks(notebook)[0])
    one["metadata"]["nbgrader"].update(grade_id="t9_check", points=1000)
    one["source"] = "pass"
    notebook["cells"].append(one)


def _outputs(notebook: Json) -> None:
    said = {
        "output_type": "execute_result",
        "data": {"text/plain": "2.0"},
        "metadata": {},
        "execution_count": 1,
    }
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [said], 10**12


def _ids(notebook: Json) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same id, and not even a valid one" * 10


def _set_up_changed(notebook: Json) -> None:
    cells_named(notebook, ["setup"])[0]["source"] = (
        "import numpy as np\nclass pd:\n    class testing:\n"
        "        assert_frame_equal = assert_series_equal = staticmethod(lambda *a: None)\nnumbers = None"
    )


def _set_up_gone(notebook: Json) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if grade_id(c) != "setup"]


_CHANGES = {
    "a thousand points for each check": lambda nb: _of_checks(nb, points=1000),
    "checks worth nothing, NaN or text": lambda nb: _of_checks(nb, points=float("nan")),
    "checks that are answers": lambda nb: _of_checks(nb, solution=True, grade=False),
    "everything a task": lambda nb: _all(nb, task=True),
    "nothing locked": lambda nb: _all(nb, locked=False),
    "a schema of another century": lambda nb: _all(nb, schema_version=99),
    "a schema of the past": lambda nb: _all(nb, schema_version=0),
    "settings of other types": lambda nb: _all(nb, grade="no", solution=[], points={}, locked=7),
    "a kernel that runs something else": lambda nb: nb["metadata"].update(
        kernelspec={"name": "bash", "display_name": "x", "argv": ["/bin/sh"]},
        language_info={"name": "R"},
    ),
    "the tag skip-execution": _tags("skip-execution"),
    "the tag raises-exception": _tags("raises-exception"),
    "the tags remove-cell, hide-input and own ones": _tags(
        "remove-cell", "candidate-only", "hidden", "parameters"
    ),
    "no checks": _without_checks,
    "easy checks": _easy_checks,
    "checks in words": _as_markdown,
    "every cell in reverse order": _backwards,
    "every check twice": _twice,
    "answers under the names of checks": _checks_as_answers,
    "a check of its own": _own_check,
    "results in every output": _outputs,
    "the same id everywhere": _ids,
    "no set-up": _set_up_gone,
    "a set-up of its own": _set_up_changed,
}
SUBMISSIONS = (
    *(Submission(f"wrong work with {n}", wrong(change=c), NOTHING) for n, c in _CHANGES.items()
      if "reverse" not in n and "under the names" not in n),
    *(Submission(f"right work with {n}", right(change=c), ALL) for n, c in _CHANGES.items()
      if n.startswith(("a schema", "the tag", "no ", "every", "a thousand", "settings", "a set-up"))),
    Submission("wrong work with answers under the names of checks", wrong(change=_checks_as_answers),
               but(NOTHING, t1_check=1.0, t1_more=2.0)),
    Submission("an answer twice, the last one right", wrong(change=_answer_twice("def double(n): return 2 * n")),
               but(NOTHING, t1_check=1.0, t1_more=2.0)),
    Submission("an answer twice, the last one wrong", right(change=_answer_twice("def double(n): return n")),
               but(ALL, t1_check=0.0, t1_more=0.0)),
    Submission("a hand-marked answer that says it is not an answer", right(
        change=lambda nb: [c["metadata"]["nbgrader"].update(solution=False, points=3)
                           for c in cells_named(nb, ["plan"])]), ALL),
    Submission("a hand-marked answer that says it is a check", wrong(
        plan="3.0", change=lambda nb: [c["metadata"]["nbgrader"].update(solution=False, locked=True)
                                       for c in cells_named(nb, ["plan", "reflection"])]), NOTHING),
)  # fmt: skip
