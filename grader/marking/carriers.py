"""
Carriers: how objects of libraries cross as data, so that isinstance, str and attributes answer.

What arrives in the examiner is an object of the library's own class holding plain values; what it
computes is computed in the candidate, and compiled parts are never rebuilt. Others can add one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.marking.trusted import class_named
from grader.marking.wire import Refused

Remote = Callable[[str], Callable[..., Any]]
"""Give a function that calls the named method of the object where it lives."""


@dataclass(frozen=True)
class Carrier:
    """
    Say how the objects of the library *name* cross: which, to data, still empty, and filled again.

    Where it *follows*, attributes that a check sets are set on the object where it lives.
    """

    name: str
    knows: Callable[[object], bool]
    to_data: Callable[[Any], dict[str, Any]]
    blank: Callable[[dict[str, Any]], Any]
    fill: Callable[[Any, dict[str, Any], Remote], None]
    follows: bool = True


# scikit-learn: estimators, pipelines, searches and splitters of its own classes

# These only read parameters, so they answer in the examiner.
_HERE = {"get_params", "get_metadata_routing", "named_steps", "named_transformers_", "steps"}


def _class(module: object, name: object) -> type | None:
    kind = class_named(module, name)
    if kind is None or not str(module).startswith("sklearn."):
        return None
    return kind if hasattr(kind, "get_params") or hasattr(kind, "split") else None


def _is_its_own(value: object) -> bool:
    kind = type(value)
    is_named_so = kind.__module__.startswith("sklearn.")
    return is_named_so and _class(kind.__module__, kind.__qualname__) is kind


def _described(value: Any) -> dict[str, Any]:
    kind = type(value)
    names = [name for name in dir(kind) if not name.startswith("_") and not _is_here(kind, name)]
    return {
        "class": [kind.__module__, kind.__qualname__],
        "state": {k: v for k, v in vars(value).items() if not k.startswith("__")},
        "methods": [name for name in names if _is_method(value, name)],
    }


def _empty(data: dict[str, Any]) -> Any:
    """Make an instance of the class without running any of its code."""
    kind = _class(*data["class"])
    if kind is None:
        raise Refused("not a class of scikit-learn's")
    return object.__new__(kind)


def _filled(value: Any, data: dict[str, Any], remote: Remote) -> None:
    """Set what *value* holds, and have the candidate compute what it computes."""
    kind, state = type(value), vars(value)
    state.clear()
    state.update({k: v for k, v in data["state"].items() if type(k) is str})
    for method in data["methods"]:
        # Found on the instance before the class: the library's own method never runs here.
        if type(method) is str and hasattr(kind, method) and not _is_here(kind, method):
            state[method] = remote(method)
    state["__deepcopy__"] = lambda memo: remote("__deepcopy__")()


def _is_here(kind: type, name: str) -> bool:
    """
    Tell whether a method runs in the examiner.

    A score is given what the check expects, so it is reckoned here, from predictions made there.
    """
    if name != "score":
        return name in _HERE
    from sklearn.base import ClassifierMixin, RegressorMixin
    from sklearn.pipeline import Pipeline

    reckoned = (ClassifierMixin.score, RegressorMixin.score, Pipeline.score)
    return getattr(kind, name, None) in reckoned


def _is_method(value: object, name: str) -> bool:
    try:
        found = inspect.getattr_static(type(value), name)
        return not isinstance(found, property) and callable(getattr(value, name, None))
    except Exception:  # a method that is only there for some parameters may say so in any way
        return False


CARRIERS = [Carrier("scikit-learn", _is_its_own, _described, _empty, _filled)]


def carrier_of(value: object) -> Carrier | None:
    """Give the carrier that knows *value*, or None."""
    return next((carrier for carrier in CARRIERS if carrier.knows(value)), None)


def carrier_named(name: object) -> Carrier:
    """Give the carrier called *name*."""
    for carrier in CARRIERS:
        if carrier.name == name:
            return carrier
    raise Refused("there is no such carrier")
