"""
Shares and correlations with 95% intervals, by the methods that are usual for small numbers.

Wilson's score interval for a share: E. B. Wilson, "Probable inference, the law of succession, and
statistical inference", JASA 22 (1927); R. G. Newcombe, Statistics in Medicine 17 (1998), compares it
with others. Fisher's transformation for a correlation: R. A. Fisher, Metron 1 (1921).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959963984540054  # leaves 2.5% of the normal distribution on either side


@dataclass(frozen=True)
class Estimate:
    """Give a number with the ends of its 95% interval and how many answers it rests on."""

    value: float
    low: float
    high: float
    n: int


def share(count: int, n: int) -> Estimate:
    """Estimate a share by Wilson's score interval; *n* is not zero."""
    p = count / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Estimate(p, max(0.0, middle - half), min(1.0, middle + half), n)


def correlation(pairs: Sequence[tuple[float, float]]) -> Estimate | None:
    """Estimate Pearson's correlation by Fisher's transformation; None where one side never varies."""
    n = len(pairs)
    if n < 4:
        return None
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    sxx = sum((x - mean_x) ** 2 for x, _ in pairs)
    syy = sum((y - mean_y) ** 2 for _, y in pairs)
    if sxx < 1e-12 or syy < 1e-12:
        return None
    sxy = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    r = max(-1.0, min(1.0, sxy / math.sqrt(sxx * syy)))
    if abs(r) > 1 - 1e-12:  # the transformation has no value there
        return Estimate(r, r, r, n)
    z, half = math.atanh(r), Z / math.sqrt(n - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half), n)
