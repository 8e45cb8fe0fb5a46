"""
Find in a check what cannot cross to the participant's process, before it is run.

`grader check` tells the author; in marking such a check is undecided, whatever came of it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import lru_cache

_SHELL = {"In", "Out", "get_ipython", "_ih", "_oh", "_dh", "_", "__", "___"}
_HEARD = ("sys.stdout", "sys.stderr")  # what a call prints is there anyway


@lru_cache(maxsize=1024)
def cannot_cross(source: str) -> tuple[str, ...]:
    """Say, a sentence each, what *source* does that is not felt in another process."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()  # a magic, say: running it tells
    bound = {node.id for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}  # fmt: skip
    modules = {name for node in ast.walk(tree) for name in _imported(node)}
    found = [said for node in ast.walk(tree) for said in _said(node, bound, modules)]
    found += [said for node in tree.body for said in _rebound(node)]
    return tuple(dict.fromkeys(found))


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from ((name.asname or name.name).partition(".")[0] for name in node.names)


def _said(node: ast.AST, bound: set[str], modules: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Name) and node.id in _SHELL - bound and isinstance(node.ctx, ast.Load):
        yield f"It reads `{node.id}`, which lives in the notebook."
    if isinstance(node, ast.Call) and _patches(node):
        yield f"It patches {_patched(node)}, which the participant's code would not feel."
    targets = node.targets if isinstance(node, ast.Assign) else []
    for target in targets:
        base = target.value if isinstance(target, ast.Attribute | ast.Subscript) else None
        name = ast.unparse(target)
        if isinstance(target, ast.Attribute) and isinstance(base, ast.Name):
            if base.id in modules and name not in _HEARD:
                yield f"It sets `{name}`, which the participant's code would not feel."
        elif base is not None and ast.unparse(base) == "os.environ":
            yield f"It sets `{name}`, which the participant's code would not feel."


def _patches(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    patches = name in ("patch", "mock.patch", "unittest.mock.patch") or ".patch" in f".{name}."
    return patches and not any(f'"{heard}"' in _patched(call) for heard in _HEARD)


def _patched(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant):
        return f'"{first.value!s}"'
    return f"`{ast.unparse(first)}`" if first is not None else "something"


def _rebound(node: ast.stmt) -> Iterator[str]:
    """Tell of a function that takes the place of a builtin."""
    names: list[str] = []
    if isinstance(node, ast.FunctionDef):
        names = [node.name]
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    for name in names:
        if hasattr(builtins, name):
            yield f"It puts another `{name}` in place, which the participant's code would not feel."
