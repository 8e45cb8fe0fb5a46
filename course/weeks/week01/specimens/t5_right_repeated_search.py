"""
Looks again and again for the worst area that is left; areas of one rate in reverse order.

earns: t5 4; outcome: finished
"""
# %% t5
def worst_areas(df: pd.DataFrame, n: int, min_collisions: int) -> list[str]:
    """List the *n* areas with the highest KSI rate among those with *min_collisions* or more."""
    left = {}
    for area in sorted(df["local_authority"].unique(), reverse=True):
        here = df[df["local_authority"] == area]
        if len(here) >= min_collisions:
            left[area] = float((here["collision_severity"] <= 2).mean())
    found = []
    while left and len(found) < n:
        worst = max(left, key=left.get)
        found.append(worst)
        del left[worst]
    return found
