"""
Cuts the rate after one decimal instead of rounding it.

earns: t7 0 W01.T7.M2; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    here = df[df["local_authority"] == area]
    if here.empty:
        raise ValueError(area)
    ksi = int((here["collision_severity"] <= 2).sum())
    rate = int(1000 * ksi / len(here)) / 10
    return f"{area}: {ksi} KSI collisions ({rate}%)."
