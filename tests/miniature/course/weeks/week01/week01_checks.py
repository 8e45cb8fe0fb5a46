"""What the hidden checks of week01 compare with."""


def doubles() -> list[tuple[int, int]]:
    """List numbers with their doubles."""
    return [(-2, -4), (0, 0), (10, 20)]
