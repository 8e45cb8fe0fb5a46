"""
Counts in a loop and rounds with `round`.

earns: t7 4; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    total = severe = 0
    for name, severity in zip(df["local_authority"].tolist(), df["collision_severity"].tolist()):
        if name == area:
            total += 1
            if severity != 3:
                severe += 1
    if not total:
        raise ValueError(area + " is not in the table")
    return str(severe) + " collisions in " + area + ", " + str(round(severe / total * 100, 1)) + " %"
