"""Claims about a sentence: which words and numbers it must hold, whatever else it says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.claims.answers import Returned
from grader.claims.comparisons import equal_kind
from grader.claims.hints import Hint

_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:\s?(?:%|per ?cent))?", re.IGNORECASE)
_MOST_NUMBERS = 12  # in one text: whoever says every number there is says the right one too
_NONE: Mapping[str, float] = {}
_NOTHING: Mapping[str, object] = {}


def says(got: Returned, words: str) -> None:
    """Claim that a text holds *words*, exactly as they are spelt."""
    equal_kind(got, words)
    if words not in str(got.value):
        cause = f'We looked for "{words}" in it.'
        raise got.failed(None, Hint(got.phrase, cause, "Put it into the sentence as it is spelt."))


def says_number(
    got: Returned,
    expected: float,
    *,
    decimals: int = 0,
    per_cent: bool = False,
    wrong: Mapping[str, float] = _NONE,
    seen: Mapping[str, object] = _NOTHING,
) -> None:
    """
    Claim that a text holds *expected*, rounded to *decimals*, among the numbers in it.

    A text of more than twelve numbers says none of them.
    """
    equal_kind(got, "")
    if (many := len(_NUMBER.findall(str(got.value)))) > _MOST_NUMBERS:
        cause = f"It holds {many:,} numbers, so nobody could tell which of them is meant."
        raise got.failed(None, Hint(got.phrase, cause, "Say only the numbers that are asked for."))
    said = _numbers(str(got.value), per_cent)
    if any(_says(number, expected, decimals) for number in said):
        return
    for code, value in wrong.items():
        if any(_says(number, value, decimals) for number in said):
            raise got.failed(code, Hint(got.phrase, "", "Ask your mentor about this code."), seen)
    kind = "a percentage" if per_cent else "a number"
    places = f" with {decimals} decimal place" + "s" * (decimals != 1) if decimals else ""
    cause = f"We looked for {kind}{places}, followed by %," if per_cent else "We looked for a count"
    cause += " and did not find the one we get."
    if not got.hidden:
        cause = f"{cause[:-1]}: {expected:,.{decimals}f}{'%' * per_cent}."
    raise got.failed(None, Hint(got.phrase, cause, "Work it out by hand and compare."), seen)


def _numbers(text: str, per_cent: bool) -> list[str]:
    """List the numbers in *text* as written: those before a per cent sign, or the others."""
    found = [match.group().lower() for match in _NUMBER.finditer(text)]
    chosen = [number for number in found if number.endswith(("%", "t")) == per_cent]
    return [re.sub(r"[^\d.]", "", number) for number in chosen]


def _says(number: str, expected: float, decimals: int) -> bool:
    # A tie such as 12.25 may be shown as 12.2 or 12.3: both are within half of the last place.
    places = len(number.partition(".")[2])
    return places == decimals and abs(float(number) - expected) <= 0.5 * 10**-decimals + 1e-9
