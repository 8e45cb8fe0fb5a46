"""
Carriers: how objects of libraries cross as data, so that isinstance, str and attributes answer.

Each is (which objects, to data, from data). What arrives in the examiner is an object of the
library's own class holding plain values; what it computes is computed in the candidate, and
compiled parts are never rebuilt. Others can add one to CARRIERS.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from grader.marking.trusted import class_named
from grader.marking.wire import Refused


class Remote(Protocol):
    """Give a function that calls the named method of the object where it lives."""

    def __call__(self, method: str) -> Callable[..., Any]:
        """Bind *method*."""


class Carrier(Protocol):
    """Say how the objects of one library cross."""

    @property
    def name(self) -> str:
        """Name the library."""

    @property
    def follows(self) -> bool:
        """Tell whether attributes that a check sets are set on the object where it lives."""

    def knows(self, value: object) -> bool:
        """Tell whether *value* is carried this way."""

    def to_data(self, value: Any) -> dict[str, Any]:
        """Describe *value* in plain data and other carried objects."""

    def blank(self, data: dict[str, Any]) -> Any:
        """Make the object that *data* describes, still empty."""

    def fill(self, value: Any, data: dict[str, Any], remote: Remote) -> None:
        """Make *value* be what *data* describes."""


@dataclass(frozen=True)
class ScikitLearn:
    """Carry estimators, pipelines, searches and splitters whose class is scikit-learn's own."""

    name: str = "scikit-learn"
    follows: bool = True

    def knows(self, value: object) -> bool:
        """Tell whether *value* is an estimator or a splitter of scikit-learn's own."""
        kind = type(value)
        if not kind.__module__.startswith("sklearn."):
            return False
        return _class(kind.__module__, kind.__qualname__) is kind

    def to_data(self, value: Any) -> dict[str, Any]:
        """Describe the class, parameters, fitted attributes and methods of *value*."""
        kind = type(value)
        names = [
            name for name in dir(kind) if not name.startswith("_") and not _is_here(kind, name)
        ]
        methods = [name for name in names if _is_method(value, name)]
        return {
            "class": [kind.__module__, kind.__qualname__],
            "state": {k: v for k, v in vars(value).items() if not k.startswith("__")},
            "methods": methods,
        }

    def blank(self, data: dict[str, Any]) -> Any:
        """Make an instance of the class without running any of its code."""
        kind = _class(*data["class"])
        if kind is None:
            raise Refused("not a class of scikit-learn's")
        return object.__new__(kind)

    def fill(self, value: Any, data: dict[str, Any], remote: Remote) -> None:
        """Set what *value* holds, and have the candidate compute what it computes."""
        state = vars(value)
        state.clear()
        state.update({k: v for k, v in data["state"].items() if type(k) is str})
        for method in data["methods"]:
            # Found on the instance before the class: the library's own method never runs here.
            kind = type(value)
            if type(method) is str and hasattr(kind, method) and not _is_here(kind, method):
                state[method] = remote(method)
        state["__deepcopy__"] = lambda memo: remote("__deepcopy__")()


# These only read parameters, so they answer in the examiner.
_HERE = {"get_params", "get_metadata_routing", "named_steps", "named_transformers_", "steps"}


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


def _class(module: object, name: object) -> type | None:
    kind = class_named(module, name)
    if kind is None or not str(module).startswith("sklearn."):
        return None
    return kind if hasattr(kind, "get_params") or hasattr(kind, "split") else None


def _is_method(value: object, name: str) -> bool:
    try:
        found = inspect.getattr_static(type(value), name)
        return not isinstance(found, property) and callable(getattr(value, name, None))
    except Exception:  # a method that is only there for some parameters may say so in any way
        return False


CARRIERS: list[Carrier] = [ScikitLearn()]


def carrier_of(value: object) -> Carrier | None:
    """Give the carrier that knows *value*, or None."""
    return next((carrier for carrier in CARRIERS if carrier.knows(value)), None)


def carrier_named(name: object) -> Carrier:
    """Give the carrier called *name*."""
    for carrier in CARRIERS:
        if carrier.name == name:
            return carrier
    raise Refused("there is no such carrier")
