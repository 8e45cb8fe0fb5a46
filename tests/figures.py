"""What long tests counted: told at the end of the run, so that a claim has its number."""

from collections import Counter

TRIED: Counter[str] = Counter()
TOLD: list[str] = []


def lines() -> list[str]:
    """List what was counted and told."""
    return [*(f"{number} {what}" for what, number in sorted(TRIED.items())), *TOLD]
