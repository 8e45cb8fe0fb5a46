"""
The kit of claims that a week's checks are written with.

A check is data and one comparison, each naming the hint a known mistake deserves:

    answer = claims.Answer("Task 2", "count_ksi", count_ksi)
    claims.equal(answer(table), 3, wrong={"W01.T2.M1": 5, "W01.T2.M2": 1})
    claims.passed("Task 2, first check")

It ships with the participants' environment: standard library, numpy and pandas only. It calls the
participant's function with plain data and reads plain results, so that a function which lives in
another process is checked in the same words.
"""

from grader.claims.answers import Answer, Returned
from grader.claims.comparisons import (
    close,
    column_is,
    differs,
    either,
    equal,
    holds,
    passed,
    raises,
    same_rows,
    same_series,
    unchanged,
)
from grader.claims.failures import ClaimFailed
from grader.claims.hints import hints_beside
from grader.claims.likeness import as_list, matches
from grader.claims.texts import says, says_number
from grader.claims.words import shown

__all__ = [
    "Answer",
    "ClaimFailed",
    "Returned",
    "as_list",
    "close",
    "column_is",
    "differs",
    "either",
    "equal",
    "hints_beside",
    "holds",
    "matches",
    "passed",
    "raises",
    "same_rows",
    "same_series",
    "says",
    "says_number",
    "shown",
    "unchanged",
]
