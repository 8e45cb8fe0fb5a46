"""
Receipts: the examiner's signature under each verdict, which the recorder asks to see.

One key a run, made where the marks are recorded and told to examiners only, over their own line:
no candidate, argument, environment or file ever holds it. It protects the way from the examiner to
the gradebook; it is no protection against the instructor, who has both.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass

from grader.marks import Giver, Mark, Verdict


class UnsignedMarkError(Exception):
    """A mark claims to be the examiner's, and its receipt does not hold."""


@dataclass(frozen=True)
class Key:
    """Sign what was decided in one run; its repr shows nothing."""

    secret: bytes

    def __repr__(self) -> str:
        return f"Key(of run {self.run})"

    @property
    def run(self) -> str:
        """Name the run: a fingerprint from which the key cannot be found."""
        return hashlib.sha256(b"run of " + self.secret).hexdigest()[:16]

    def sign(
        self,
        submission: str,
        notebook: str,
        cell: str,
        verdict: Verdict,
        points: float | None,
        hint: str | None,
    ) -> str:
        """Sign what one check decided of one *submission* (HMAC-SHA256, hex)."""
        exact = None if points is None else float(points).hex()
        said = json.dumps([submission, notebook, cell, verdict.value, exact, hint or ""])
        return hmac.new(self.secret, said.encode(), hashlib.sha256).hexdigest()

    def require(self, submission: str, mark: Mark, *, is_answer: bool) -> None:
        """
        Raise UnsignedMarkError unless the examiner signed *mark*, or the kit may give it itself.

        The kit may leave a cell to a person, and give 0 to a check that was not reached and to an
        answer (*is_answer*) that nobody wrote. What a check decided is the examiner's alone to say.
        """
        if mark.by is Giver.KIT and _is_the_kits_to_give(mark, is_answer):
            return
        wanted = self.sign(
            submission, mark.notebook, mark.cell, mark.verdict, mark.points, mark.hint
        )
        signed = mark.by in (Giver.EXAMINER, Giver.CANDIDATE) and hmac.compare_digest(
            wanted.encode(), mark.receipt.encode()
        )
        if not signed:
            raise UnsignedMarkError(
                f"the mark of {mark.cell} in {mark.notebook} came without the examiner's receipt"
            )


@dataclass(frozen=True)
class Seal:
    """Be what one examiner signs with: the run's key, and whose work it has before it."""

    key: Key
    submission: str
    notebook: str

    def sign(self, cell: str, verdict: Verdict, points: float | None, hint: str | None) -> str:
        """Sign what one check decided."""
        return self.key.sign(self.submission, self.notebook, cell, verdict, points, hint)


def _is_the_kits_to_give(mark: Mark, is_answer: bool) -> bool:
    if mark.points is None:
        return mark.verdict in (Verdict.BY_HAND, Verdict.UNDECIDED)
    return mark.points == 0 and (mark.verdict is Verdict.NOT_REACHED or is_answer)


def new_key() -> Key:
    """Make the key of one run."""
    return Key(secrets.token_bytes(32))
