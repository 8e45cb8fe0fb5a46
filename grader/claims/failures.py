"""The one way a check fails: a few kind lines and a code, never a traceback."""

from __future__ import annotations


class ClaimFailed(AssertionError):  # noqa: N818  people read it as what happened
    """
    Say what was seen, the likely cause and what to try.

    *code* is a hint's code such as W01.T2.M1, or None where no listed mistake was recognised;
    *seen* is the first line alone.
    """

    def __init__(self, text: str, *, code: str | None = None, seen: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.seen = seen

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this: a traceback would show the hidden sources and expected values.
        return str(self).splitlines()
