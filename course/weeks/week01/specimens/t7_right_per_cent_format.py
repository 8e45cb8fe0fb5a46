"""
Lets the `%` format multiply and round.

earns: t7 4; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    severities = df.loc[df["local_authority"].eq(area), "collision_severity"]
    if severities.empty:
        raise ValueError("unknown area")
    severe = severities.isin((1, 2))
    return "In {} {:.1%} of collisions were severe ({} in all).".format(area, severe.mean(), severe.sum())
