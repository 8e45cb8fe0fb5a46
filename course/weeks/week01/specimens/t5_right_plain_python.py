"""
Counts with dictionaries; areas of one rate in alphabetical order.

earns: t5 4; outcome: finished
"""
# %% t5
def worst_areas(df: pd.DataFrame, n: int, min_collisions: int) -> list[str]:
    """List the *n* areas with the highest KSI rate among those with *min_collisions* or more."""
    total, severe = {}, {}
    for area, severity in zip(df["local_authority"], df["collision_severity"]):
        total[area] = total.get(area, 0) + 1
        severe[area] = severe.get(area, 0) + (severity < 3)
    areas = [area for area in total if total[area] >= min_collisions]
    areas.sort(key=lambda area: (-severe[area] / total[area], area))
    return areas[:n]
