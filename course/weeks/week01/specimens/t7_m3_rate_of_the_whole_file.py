"""
Counts in the area and takes the rate from the whole table.

earns: t7 0 W01.T7.M3; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    here = df[df["local_authority"] == area]
    if here.empty:
        raise ValueError(area)
    ksi = int((here["collision_severity"] <= 2).sum())
    rate = 100 * (df["collision_severity"] <= 2).mean()
    return f"{area}: {ksi} KSI collisions ({rate:.1f}%)."
