"""
One sequence of random numbers for both sides, once a check has seeded it.

What the check drew is told to the candidate as a state. The candidate says only how many numbers
it drew, and the examiner passes over as many: a state of its own choosing would choose what the
check draws next.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

_WORDS = 624  # of the Mersenne Twister, which both generators are
_MOST_TURNS = 1_600  # a million numbers in one call
Place = tuple[bytes, int]


def states() -> list[Any]:
    """Give the states of `random` and `numpy.random`."""
    return [random.getstate(), np.random.get_state()]


def begin_at(given: list[Any]) -> None:
    """Set both generators to *given*."""
    random.setstate(given[0])
    np.random.set_state(given[1])


def places() -> list[Place]:
    """Say where in its sequence each generator is."""
    own, arrays = states()
    return [
        (np.array(own[1][:-1], dtype=np.uint32).tobytes(), own[1][-1]),
        (_key(arrays), arrays[2]),
    ]


def drawn(before: list[Place]) -> list[int]:
    """Count what each generator drew since *before*; nothing where it was seeded anew."""
    return [_between(*pair) for pair in zip(before, places(), strict=True)]


def pass_over(counts: Any) -> None:
    """Draw as many numbers as the other side did."""
    if type(counts) is not list or [type(count) for count in counts] != [int, int]:
        return
    own, arrays = (max(0, min(count, _MOST_TURNS * _WORDS)) for count in counts)
    if own:
        random.getrandbits(32 * own)
    np.random.bytes(4 * arrays)


def _key(state: Any) -> bytes:
    return bytes(state[1].tobytes())


def _between(before: Place, after: Place) -> int:
    key, turns = before[0], 0
    scratch = np.random.RandomState()
    while key != after[0] and turns < _MOST_TURNS:
        scratch.set_state(("MT19937", np.frombuffer(key, dtype=np.uint32), _WORDS, 0, 0.0))
        scratch.bytes(4)
        key, turns = _key(scratch.get_state()), turns + 1
    return turns * _WORDS + after[1] - before[1] if key == after[0] else 0
